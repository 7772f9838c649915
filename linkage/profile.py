"""One row for every identity of the cascade so far: what its rows say together, for comparing identities.

Writes the temp tables `profile` (one row per identity), `profile_group` (the source households that name it) and
`number_home` (who lives with the owner of a number that an open identity claims). Belongs here: laying rows together. Comparing is `candidates` and `score`.
"""

import duckdb

from linkage.pinyin import spell_names

# A source's number on more people than live in any house is no household (a village's own number, a clerk's 0).
_MOST_IN_GROUP = 30

_MENTIONS = """
create or replace temp table profiled as
select p.identity, starts_with(p.identity, 'id:') as proven, p.match_method,
    m.mention_key, m.record_key, bare_name(m.name) as name, m.id_number, m.id_quality, m.id_raw,
    coalesce(m.sex, sex_of_relation(m.relation)) as sex, m.birth_date, m.village_code, m.phone, m.relation, m.unique_source,
    case when m.household_source = 'medical_insurance'
        then m.household_source || ':' || m.household_no || '@' || coalesce(m.village_code, '')
        else m.household_source || ':' || m.household_no end as group_no,
    -- a guardian's place in the school roll is another thing than a pupil's
    m.extract || case when starts_with(m.role, 'guardian') then ':guardian' else '' end as source
from placed p join intermediate.int_mention m using (mention_key);

create or replace temp table source_bit as
select source, (row_number() over (order by source) - 1)::int as bit
from (select distinct source from profiled);
"""

_PROFILES = """
create or replace temp table profile as
with
name_votes as (
    select identity, name, count(*) as votes from profiled where name is not null group by all
),
names as (
    select identity, arg_min(name, (-votes, name)) as name, list(name order by votes desc, name) as names
    from name_votes group by identity
),
-- the row that says most stands for an identity that no number proves
told as (
    select identity, any_value(proven) as proven, count(*) as mentions,
        arg_min(mention_key, (birth_date is null, village_code is null, mention_key)) as mention_key,
        arg_min(source, (birth_date is null, village_code is null, mention_key)) as source,
        arg_min(relation, (birth_date is null, village_code is null, mention_key)) as relation,
        mode(birth_date order by birth_date) as row_birth_date, mode(sex order by sex) as row_sex,
        list(distinct village_code order by village_code) filter (village_code is not null) as villages,
        list(distinct left(village_code, 9) order by left(village_code, 9)) filter (village_code is not null) as townships,
        list(distinct phone order by phone) filter (phone is not null) as phones,
        min(id_raw) filter (id_quality = 'damaged' and length(id_raw) >= 15) as damaged_number,
        min(id_number) filter (not proven) as claimed_number,
        coalesce(bit_or(1::bigint << bit), 0) as sources
    from profiled join source_bit using (source)
    group by identity
)
select row_number() over (order by identity) as record_no, identity, proven, mentions, mention_key, source, relation,
    name, names, s.sound,
    coalesce(id_birth_date, row_birth_date) as birth_date, coalesce(id_sex, row_sex) as sex,
    villages, townships, phones, damaged_number, claimed_number,
    case when proven then substr(identity, 4) end as id_number, sources
from (
    select *,
        case when proven then try_cast(substr(identity, 10, 4) || '-' || substr(identity, 14, 2) || '-'
            || substr(identity, 16, 2) as date) end as id_birth_date,
        case when proven then case when substr(identity, 20, 1)::int % 2 = 1 then '男' else '女' end end as id_sex
    from told
)
left join names using (identity)
left join spelled s using (name);

create or replace temp table profile_group as
select record_no, group_no
from (select distinct identity, group_no from profiled where group_no is not null)
join profile using (identity)
qualify count(*) over (partition by group_no) <= {most_in_group};

-- who lives with the owner of a number that another row claims
create or replace temp table number_home as
select distinct c.record_no, theirs.record_no as known  -- several sources may say so
from profile c
join profile owner on owner.id_number = c.claimed_number
join profile_group home on home.record_no = owner.record_no
join profile_group theirs on theirs.group_no = home.group_no
where theirs.record_no not in (c.record_no, owner.record_no);
"""


def write_profiles(con: duckdb.DuckDBPyConnection) -> None:
    """Lay the rows of each identity in `placed` (mention_key, identity, match_method) together."""
    con.execute(_MENTIONS)
    spell_names(con, "profiled", "spelled")
    con.execute(_PROFILES.format(most_in_group=_MOST_IN_GROUP))
