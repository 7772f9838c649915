"""Numbers with something to settle: borne by rows of several names, or by rows that speak against them.

Reads `mention`; writes the temp tables `borne_number`, `contested_number` and `id_mention` (their rows, with what each says against its
number). Nearly every number is borne by rows of one name; those are looked into no further.
"""

import duckdb

_CONTESTED = """
-- a father, mother or grandparent younger than his ward, or hardly older, carries another's number: often the ward's
create or replace temp table too_young as
select g.mention_no
from mention g
join mention s on s.row_hash = g.row_hash and s.role = 'self'
where starts_with(g.role, 'guardian') and g.id_number is not null
    and birth_in(g.id_number) > greatest(s.birth_date, birth_in(s.id_number)) - forebear_years(g.relation) * interval 1 year;

create or replace temp table related_sex as
select relation, sex_of_relation(relation) as sex from (select distinct relation from mention where relation is not null);

-- a department key with several numbers
create or replace temp table torn_key as
select key_no from mention where key_no is not null and id_number is not null
group by key_no having min(hash(id_number)) <> max(hash(id_number));

-- what the rows of each number say together: the name that all of them have, and whether a list of persons knows it
create or replace temp table borne_number as
select id_number, min(bare) as bare, count(bare) = count(*) and min(hash(bare)) = max(hash(bare)) as has_one_name,
    bool_or(unique_source or birth_date is not null) as is_listed
from mention where id_number is not null group by id_number;

-- nearly every number is borne by rows of one name that say nothing against it: only the others are looked into
create or replace temp table contested_number as
select id_number from borne_number where not has_one_name
union
select m.id_number from mention m left join related_sex r using (relation)
where m.id_number is not null and (strftime(m.birth_date, '%Y%m%d') <> substr(m.id_number, 7, 8)
    or coalesce(m.sex, r.sex) <> sex_in(m.id_number) or m.id_number like '%000' or m.key_no in (select key_no from torn_key))
union
select id_number from mention semi join too_young using (mention_no);

create or replace temp table id_mention as
select
    m.mention_no, m.row_hash, m.role, m.id_number, m.id_quality, m.name, m.bare, m.village_code, m.key_kind, m.key_no,
    m.unique_source,
    -- what the row says against the number: another birth date by more than a slip, or the other sex
    w.mention_no is not null or coalesce(
        case when m.birth_date <> birth_in(m.id_number) then dates_far(m.birth_date, birth_in(m.id_number)) end, false
    ) as birth_far,
    coalesce(m.birth_date = birth_in(m.id_number), false) as birth_same,
    coalesce(coalesce(m.sex, r.sex) <> sex_in(m.id_number), false) as sex_differs
from mention m
semi join contested_number using (id_number)
left join related_sex r using (relation)
left join too_young w using (mention_no);
"""


def list_contested_numbers(con: duckdb.DuckDBPyConnection) -> None:
    """Write `borne_number` (each number), `contested_number` (id_number), `id_mention` (their rows), `torn_key` (keys with several numbers) and `too_young` (guardians)."""
    con.execute(_CONTESTED)
