"""Do two Chinese names agree? Compared by characters, as SQL macros on the linking connection.

DuckDB's own string distances count bytes, so one differing Chinese character is a distance of three
and they cannot be used on names. Pinyin and minority-name variants belong to scoring, not here.
"""

import duckdb

_MACROS = """
create or replace temp macro bare_name(a) as replace(a, '·', '');

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

create or replace temp macro names_agree(a, b) as
    bare_name(a) = bare_name(b) or one_character_apart(bare_name(a), bare_name(b));
"""


def install_name_macros(con: duckdb.DuckDBPyConnection) -> None:
    """Create `bare_name`, `one_character_apart` and `names_agree` (text, text → bool) on this connection."""
    con.execute(_MACROS)
