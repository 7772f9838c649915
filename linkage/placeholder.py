"""Numbers, keys and names that stand for nobody: on so many people that somebody must have typed or copied them.

Reads `mention`; takes such an ID number, department key or name out of it, and writes the temp table `beside_placeholder` (the
mentions whose ID number it was, or whose number has such a name beside it). What is borne by a few names only is asked about later, name by name: `number_owner`.
"""

import duckdb

# A number on this many names, or rows without one, is an office's own or a form's example. One on fewer is asked about name
# by name (`identify`): then it still tells that each of them may have a number of his own, which an office did not know.
_NAMES = 200
# Nor is a name on this many numbers, and on this share of all, anybody's: the commonest name of a county is on one in a thousand.
_NUMBERS = 50
_NAME_SHARE = 0.01
# A person's rows have two or three department keys, slips and all, and a key's rows two or three names.
_TOO_MANY = 12

# What many bear is counted where it stands on many rows: nearly everything stands on fewer.
_PLACEHOLDER = """
create or replace temp table beside_placeholder as
with often as materialized (
    select mention_no, id_number, bare, key_kind, key_no, birth_date = birth_in(id_number) as tells_birth
    from mention
    semi join (select id_number from mention where id_number is not null group by id_number having count(*) >= {too_many}) using (id_number)
),
-- a name under as many keys was pulled down the column with its number
copied_name as (
    select id_number, bare from often
    -- one man may own a dozen houses, but a department numbers a person once
    where key_no is not null and key_kind <> 'dwelling_no'
    group by all having count(distinct (key_kind, key_no)) >= {too_many}
),
placeholder as (
    select id_number from often group by id_number
    having count(distinct bare) >= {names} or count(*) filter (bare is null) >= {names}
    union
    select id_number from copied_name
),
-- a clerk who typed his own number for all: of all names his alone has a row that tells its birth date
clerk as (
    select id_number, min(bare) as bare from often where tells_birth group by id_number having count(distinct bare) = 1
)
select o.mention_no, c.bare is not null as is_name_copied
from often o semi join placeholder using (id_number)
left join copied_name c on c.id_number = o.id_number and c.bare = o.bare
left join clerk k on k.id_number = o.id_number and k.bare = o.bare
where k.bare is null or c.bare is not null;

create or replace temp table placeholder_key as
select key_kind, key_no
from mention
semi join (select key_kind, key_no from mention where key_no is not null group by all having count(*) >= {too_many}) using (key_kind, key_no)
group by all having count(distinct bare) >= {too_many} or count(distinct id_number) >= {too_many};

create or replace temp table placeholder_name as
with least as (select greatest({numbers}, {name_share} * count(distinct id_number)) as numbers from mention)
select bare from mention semi join (select bare from mention group by bare having count(*) >= (select numbers from least)) using (bare)
where id_number is not null
group by bare having count(distinct id_number) >= (select numbers from least);

update mention set id_number = null where mention_no in (select mention_no from beside_placeholder);
insert into beside_placeholder select mention_no, true from mention semi join placeholder_name using (bare) where id_number is not null;
update mention set name = null, bare = null
where mention_no in (select mention_no from beside_placeholder where is_name_copied) or bare in (from placeholder_name);
update mention set key_kind = null, key_no = null where (key_kind, key_no) in (from placeholder_key);
"""


def take_out_placeholders(con: duckdb.DuckDBPyConnection) -> None:
    """Forget what many bear in `mention`: ID numbers, names copied with them, keys; write `beside_placeholder` (mention_no …)."""
    con.execute(
        _PLACEHOLDER.format(names=_NAMES, numbers=_NUMBERS, name_share=_NAME_SHARE, too_many=_TOO_MANY)
    )
