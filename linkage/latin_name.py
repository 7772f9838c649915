"""Names in Latin letters, as a system writes that could not take the characters: HE HUAYONG for 贺化勇.

Such a name is read as the Chinese one of its sound that stands beside the same number or department key, or else, where there
is only one, in the same village; and as another row of that number or key was read. Changes `bare` in `mention`; the name as
written stays. Names of people who have no other are left alone.
"""

import duckdb

from linkage.pinyin import spell_names

_LATIN = "regexp_full_match(bare, '[A-Za-z ]+')"

# Where a row may find its name, the surest place first.
_PLACES = ("coalesce(id_number, id_raw)", "key_kind || ':' || key_no", "village_code")
_LATIN_NAME = "select mention_no, lower(replace(bare, ' ', '')) as letters, {place} as place, {text} as said from mention where {latin} and {text} is not null"
_NAME_BESIDE = "select bare as name, {text} as said from mention where bare is not null and not {latin} and {text} in (select said from latin_name where place = {place})"

_READ = """
create or replace temp table reading as
with beside as (select b.name, b.said, replace(s.sound, ' ', '') as letters from name_beside b join sound_beside s using (name))
select mention_no, min(name) as name from latin_name join beside using (letters, said)
group by mention_no, place having min(name) = max(name)
qualify row_number() over (partition by mention_no order by place) = 1;

-- a bill has no village, and is read as the insured row of its number
insert into reading
with read as (select distinct letters, said, name from latin_name join reading using (mention_no) where place < 3)
select mention_no, min(name) from latin_name join read using (letters, said) anti join reading using (mention_no)
group by mention_no having min(name) = max(name);

update mention set bare = reading.name from reading where reading.mention_no = mention.mention_no;
"""


def read_latin_names(con: duckdb.DuckDBPyConnection) -> None:
    """Give every mention with a name in Latin letters the bare name that it must be, where one is."""
    if con.execute(f"select 1 from written_name where {_LATIN} limit 1").fetchone() is None:
        return
    for table, rows in (("latin_name", _LATIN_NAME), ("name_beside", _NAME_BESIDE)):
        places = (rows.format(place=place, text=text, latin=_LATIN) for place, text in enumerate(_PLACES, 1))
        con.execute(f"create or replace temp table {table} as {' union '.join(places)}")
    spell_names(con, "name_beside", "sound_beside")
    con.execute(_READ)
