"""Pinyin of names by distinct character: homophones are the commonest slip of a clerk who types by sound.

Belongs here: the look-up of characters. What a homophone is worth is the model's.
"""

import duckdb
import pyarrow as pa

# Of distinct names: in one statement DuckDB would ask for a name's letters before it sees that they are the same name.
_NAMES = (
    "create or replace temp table spelled_name as select distinct name from {names} where name is not null"
)

_CHARACTERS = "select distinct unnest(string_split(name, '')) as letter from spelled_name order by letter"

# Nearly all names have four characters at most: they are looked up side by side, and only longer ones laid apart and together.
_SPELLED = """
-- one bit of 63 for a syllable; none for none
create or replace temp macro syllable_bit(sound) as case when sound is null then 0 else 1::bigint << (hash(sound) % 63)::int end;

-- names whose syllables have no bit in common have no syllable in common, and most pairs need no other look
create or replace temp macro syllable_in_common(syllables, sound, other_syllables, other_sound) as
    case when (syllables & other_syllables) = 0 then false
        else list_has_any(string_split(sound, ' '), string_split(other_sound, ' ')) end;

create or replace temp table {table} as
with
written as materialized (
    select name, string_split(one_writing(name), '') as letters from spelled_name
),
short as (
    select name, coalesce(a.sound, letters[1]) as a, coalesce(b.sound, letters[2]) as b, coalesce(c.sound, letters[3]) as c,
        coalesce(d.sound, letters[4]) as d
    from written
    left join syllable a on a.letter = letters[1]
    left join syllable b on b.letter = letters[2]
    left join syllable c on c.letter = letters[3]
    left join syllable d on d.letter = letters[4]
    where len(letters) <= 4
)
select name, concat_ws(' ', a, b, c, d) as sound, syllable_bit(a) | syllable_bit(b) | syllable_bit(c) | syllable_bit(d) as syllables
from short
union all
select name, string_agg(coalesce(s.sound, letter), ' ' order by place), bit_or(syllable_bit(coalesce(s.sound, letter)))
from (
    select name, unnest(letters) as letter, generate_subscripts(letters, 1) as place from written where len(letters) > 4
) left join syllable s using (letter)
group by name
"""


def spell_names(con: duckdb.DuckDBPyConnection, names: str, table: str) -> None:
    """Write the temp table (name, sound, syllables): toneless syllables of every distinct `name` in the table `names`, names
    of other languages in one of their writings, and one bit for each; create the macro `syllable_in_common`.

    Characters are looked up once each: 0.3 s where spelling name by name takes 15 s.
    """
    from pypinyin import Style, lazy_pinyin

    con.execute(_NAMES.format(names=names))
    letters = [row[0] for row in con.execute(_CHARACTERS).fetchall() if row[0]]
    sounds = [lazy_pinyin(letter, style=Style.NORMAL)[0] for letter in letters]
    letter_table = pa.table(
        {"letter": pa.array(letters, pa.string()), "sound": pa.array(sounds, pa.string())}
    )
    con.register("spelled_letters", letter_table)
    con.execute("create or replace temp table syllable as select * from spelled_letters")
    con.unregister("spelled_letters")
    con.execute(_SPELLED.format(table=table))
