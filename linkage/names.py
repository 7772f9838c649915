"""Do two Chinese names agree? Compared by characters, as SQL macros on the linking connection.

DuckDB's own string distances count bytes, so one differing Chinese character is a distance of three
and they cannot be used on names. Traditional forms are read as simplified ones, and the writings of one name of another
language as one (`characters.yaml`).
Pinyin and what an agreement is worth belong to scoring, not here.
"""

from dataclasses import dataclass
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

-- first or last part of a long name whose middle dot nobody wrote: 洛桑 for 扎西洛桑. Many bear it: only where more is shared
create or replace temp macro undotted_part(part, whole) as
    length(whole) >= 4 and length(part) between 2 and length(whole) - 2
    and (starts_with(whole, part) or ends_with(whole, part));

-- a woman called by her surname, or by her husband's and her own: 何氏 or 盛何氏 for 何仙珍
create or replace temp macro called_by_surname(a, b) as
    ends_with(a, '氏') and length(a) between 2 and 5 and not ends_with(b, '氏')
    and (starts_with(b, a[-2]) or length(a) >= 4 and starts_with(b, a[-3] || a[-2]));

-- what a village calls somebody, behind his surname or alone: 狗娃 or 薛狗娃 for 薛代林
create or replace temp macro milk_name(a, b) as
    regexp_full_match(a, '.{{0,2}}({milk_names})') and (length(a) = 2 or left(a, length(a) - 2) = left(b, length(a) - 2));

-- what colleagues and neighbours call somebody: 小雅, 阿雅 or 老雅 for 胡子雅. Beside one number only: many are called so.
-- (Of 241 such rows on four counties of one hand 240 were the number's owner's; other hands have none.)
create or replace temp macro pet_name(a, b) as
    length(a) = 2 and length(b) >= 2 and regexp_matches(a, '^[{pet_names}]') and a[2] = b[-1];

-- a bare name of another language in one of its writings
create or replace temp macro one_writing(a) as {one_writing};

-- two bare names
create or replace temp macro bare_names_agree(a, b) as
    a = b or one_writing(a) = one_writing(b) or called_by_surname(a, b) or called_by_surname(b, a)
    or one_character_apart(a, b) or characters_swapped(a, b) or cut_short(a, b);

-- two names as written and bare: making a name bare costs more, in every place where it stands here, than all comparisons
create or replace temp macro names_agree(a, bare_a, b, bare_b) as
    bare_names_agree(bare_a, bare_b) or part_of_name(a, b) or part_of_name(b, a);

-- the same beside one number, which few share: a part is enough. (Of 827 such parts on four counties by another hand 826
-- were the number's owner.)
create or replace temp macro is_part_of_name(a, bare_a, b, bare_b) as
    part_of_name(a, b) or part_of_name(b, a) or cut_short(bare_a, bare_b)
    or undotted_part(bare_a, bare_b) or undotted_part(bare_b, bare_a);

create or replace temp macro names_agree_beside_number(a, bare_a, b, bare_b) as
    names_agree(a, bare_a, b, bare_b) or undotted_part(bare_a, bare_b) or undotted_part(bare_b, bare_a)
    or pet_name(bare_a, bare_b) or pet_name(bare_b, bare_a);
"""

_CHARACTERS = "select distinct unnest(string_split(name, '')) from (select distinct name from {names} where name is not null)"
_LATIN = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
_BRACKETS = set("（(")


@dataclass(frozen=True)
class _Writings:
    """Traditional → simplified form, the marks of an unreadable character, writing → first writing of a name, milk names, and
    what stands before the last character in a pet name."""

    simplified: dict[str, str]
    unreadable: str
    transliterated: dict[str, str]
    milk_names: list[str]
    pet_names: str


@cache
def _data() -> _Writings:
    content = yaml.safe_load((resources.files("linkage") / "characters.yaml").read_text(encoding="utf-8"))
    names = [line.split() for line in content["transliterated"].splitlines()]
    return _Writings(
        {pair[0]: pair[1] for pair in content["traditional"].split()},
        content["unreadable"],
        {other: first for first, *others in names for other in others},
        content["milk_names"].split(),
        content["pet_names"],
    )


def install_name_macros(con: duckdb.DuckDBPyConnection, names: str | None = None) -> None:
    """Create `bare_name`, `one_writing`, `one_character_apart`, `characters_swapped`, `same_but_unreadable`, `part_of_name`,
    `cut_short`, `undotted_part`, `is_part_of_name`, `called_by_surname`, `milk_name`, `pet_name`, `bare_names_agree`, `names_agree` and
    `names_agree_beside_number` here.

    `bare_name` (text → text) leaves out the middle dot and a remark in brackets, writes traditional forms as simplified ones
    and the pinyin of a character (贾梦xuan) as an unreadable one; `one_writing` (text → text) writes a bare name of another
    language in the first of its writings; the others compare two bare names, or two names each with its bare one (→ bool). `names` is the table whose column `name`
    they will be used on: only what occurs there is looked for, since thousands of forms would be slow in every comparison.
    Without it, none is.
    """
    data = _data()
    occurring = (
        {letter for (letter,) in con.execute(_CHARACTERS.format(names=names)).fetchall()} if names else set()
    )
    bare = "replace(a, '·', '')"
    if occurring & _BRACKETS:
        bare = f"regexp_replace({bare}, '[（(][^）)]*[）)]?', '', 'g')"
    if occurring & _LATIN:
        bare = f"case when regexp_matches(a, '[一-龥]') then regexp_replace({bare}, '[A-Za-z]+', '□', 'g') else {bare} end"
    found = sorted(occurring & data.simplified.keys())
    if found:
        bare = (
            f"translate({bare}, '{''.join(found)}', '{''.join(data.simplified[letter] for letter in found)}')"
        )
    bare = f"nullif({bare}, '')"  # a dot or a remark alone is no name
    one_writing, others = "a", [other for other in data.transliterated if occurring.issuperset(other)]
    for other in others:
        one_writing = f"replace({one_writing}, '{other}', '{data.transliterated[other]}')"
    if others:  # most names are of no such language, and one look tells
        one_writing = f"case when regexp_matches(a, '{'|'.join(others)}') then {one_writing} else a end"
    con.execute(
        _MACROS.format(
            bare=bare,
            one_writing=one_writing,
            unreadable=f"[{data.unreadable}]",
            milk_names="|".join(data.milk_names),
            pet_names=data.pet_names,
        )
    )
