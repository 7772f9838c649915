"""Do two Chinese names agree? Compared by characters, as SQL macros on the linking connection.

DuckDB's own string distances count bytes, so one differing Chinese character is a distance of three
and they cannot be used on names. Traditional forms are read as simplified ones (`characters.yaml`).
Pinyin and what an agreement is worth belong to scoring, not here.
"""

from functools import cache
from importlib import resources

import duckdb
import yaml

_MACROS = """
create or replace temp macro bare_name(a) as {bare};

create or replace temp macro one_character_replaced(a, b) as
    length(a) = length(b) and length(a) >= 2
    and list_sum(list_transform(range(1, length(a) + 1), lambda i: (a[i] <> b[i])::int)) <= 1;

create or replace temp macro one_character_dropped(longer, shorter) as
    length(longer) = length(shorter) + 1 and length(shorter) >= 2
    and list_contains(
        list_transform(range(1, length(longer) + 1), lambda i: left(longer, i - 1) || substr(longer, i + 1)),
        shorter
    );

create or replace temp macro one_character_apart(a, b) as
    one_character_replaced(a, b) or one_character_dropped(a, b) or one_character_dropped(b, a);

-- the same characters in another order: a clerk's fingers were faster than one another
create or replace temp macro characters_swapped(a, b) as
    length(a) = length(b) and length(a) >= 2 and a <> b
    and list_sort(string_split(a, '')) = list_sort(string_split(b, ''));

-- one character could not be written and left its mark
create or replace temp macro same_but_unreadable(a, b) as
    one_character_replaced(a, b) and (regexp_matches(a, '{unreadable}') or regexp_matches(b, '{unreadable}'));

-- one whole part of a name with a middle dot: 伍果 for 曲比·伍果, with or without the dot
create or replace temp macro part_of_name(part, whole) as
    length(trim(part, '·')) >= 2
    and (starts_with(whole, trim(part, '·') || '·') or ends_with(whole, '·' || trim(part, '·')));

-- a long name cut at the end, as narrow forms do
create or replace temp macro cut_short(a, b) as
    greatest(length(a), length(b)) >= 5 and least(length(a), length(b)) >= 3
    and (starts_with(a, b) or starts_with(b, a));

create or replace temp macro names_agree(a, b) as
    bare_name(a) = bare_name(b) or one_character_apart(bare_name(a), bare_name(b))
    or characters_swapped(bare_name(a), bare_name(b))
    or part_of_name(a, b) or part_of_name(b, a) or cut_short(bare_name(a), bare_name(b));
"""

_CHARACTERS = "select distinct unnest(string_split(name, '')) from (select distinct name from {names} where name is not null)"


@cache
def _data() -> tuple[dict[str, str], str]:
    """Traditional → simplified form, and the marks of an unreadable character."""
    content = yaml.safe_load((resources.files("linkage") / "characters.yaml").read_text(encoding="utf-8"))
    return {pair[0]: pair[1] for pair in content["traditional"].split()}, content["unreadable"]


def install_name_macros(con: duckdb.DuckDBPyConnection, names: str | None = None) -> None:
    """Create `bare_name`, `one_character_apart`, `characters_swapped`, `same_but_unreadable`, `part_of_name`,
    `cut_short` and `names_agree` here.

    `bare_name` (text → text) leaves out the middle dot and writes traditional forms as simplified ones; the others
    compare two texts (→ bool). `names` is the table whose column `name` they will be used on: only the forms that occur
    there are looked for, since thousands of them would be slow in every comparison. Without it, none is.
    """
    simplified, unreadable = _data()
    occurring = (
        {letter for (letter,) in con.execute(_CHARACTERS.format(names=names)).fetchall()} if names else set()
    )
    found = sorted(occurring & simplified.keys())
    bare = "replace(a, '·', '')"
    if found:
        bare = f"translate({bare}, '{''.join(found)}', '{''.join(simplified[letter] for letter in found)}')"
    con.execute(_MACROS.format(bare=bare, unreadable=f"[{unreadable}]"))
