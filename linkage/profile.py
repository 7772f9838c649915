"""One row for every identity of the cascade so far: what its rows say together, for comparing identities.

Writes the temp tables `profile` (one row per identity), `profiled` (one row per mention) and `stale` (the records that have
just been laid together).
Belongs here: laying rows together. Comparing is `candidates` and `score`.
"""

import duckdb

from linkage.pinyin import spell_names

# A guardian's place in the school roll is another thing than a pupil's.
_SOURCE = "m.extract || case when starts_with(m.role, 'guardian') then ':guardian' else '' end"

_MENTIONS = """
-- a row that stands alone says what it says, a guardian's also who the ward is
create or replace temp table lone as
select p.identity, m.row_hash, m.role, concat_ws('|', m.department, m.extract, m.role, m.name, m.birth_date, m.sex, m.id_raw,
    m.village_code, m.phone, m.relation, case when hash(m.household_no) <> m.row_hash then m.household_no end) as said
from placed p join mention m using (mention_no) where starts_with(p.identity, 'mention:');

create or replace temp table lone_ward as
select row_hash, concat_ws('|', name, birth_date, id_raw, key_no) as said, phone from mention
where role = 'self' and row_hash in (select row_hash from lone where role <> 'self');

-- numbered by what is said, not by keys: those are hashed with a home's secret, and of equals the first may win
create or replace temp table record as
select (row_number() over (order by said nulls first, identity))::int as record_no, identity, starts_with(identity, 'id:') as proven
from (
    select distinct identity, null as said from placed where not starts_with(identity, 'mention:')
    union all
    select l.identity, concat_ws('|', l.said, case when l.role <> 'self' then w.said end)
    from lone l left join lone_ward w using (row_hash)
);

create or replace temp type source_word as enum (
    select {source} as source from mention m union select '' order by source
);

create or replace temp table profiled as
select r.record_no, r.proven, p.match_method,
    m.mention_no, m.row_hash, m.key_kind, m.key_no, m.bare as name,
    -- what an office types where it knows no number says nothing of a person
    case when m.id_number not in (select id_number from poisoned_number) then m.id_number end as id_number, m.id_quality, m.id_raw,
    coalesce(m.sex, sex_of_relation(m.relation)) as sex, m.birth_date, m.village_code, m.village_group, m.phone, m.relation,
    -- numbers, not texts: they are only compared
    case when m.household_no is not null
        then household_hash(m.household_source, m.household_no, m.village_code) end as group_no,
    case when m.household_no is not null then hash(m.household_source, m.household_no) end as list_no,
    ({source})::source_word as source
from placed p join record r using (identity) join mention m using (mention_no);

-- a school calls the family, and that is the guardian's telephone as often as not
create or replace temp table ward_telephone as
select r.record_no, [w.phone] as ward_phones
from lone l join lone_ward w using (row_hash) join record r using (identity)
where starts_with(l.role, 'guardian') and w.phone is not null;

create or replace temp table stale (record_no int);

create or replace temp table source_bit as
select source, (row_number() over (order by source) - 1)::int as bit
from (select distinct source from profiled);
"""

_ROWS = """
with
said as (select * from profiled where {which}),
-- nearly every identity has one name, one village and one phone: only the others are sorted
span as (
    select record_no, count(*) as mentions, coalesce(bit_or(1::bigint << bit), 0) as sources, arg_min(mention_no, row_hash) as mention_no,
        min(name) as name, max(name) as last_name, min(village_code) as village,
        max(village_code) as last_village, min(phone) as phone, max(phone) as last_phone
    from said join source_bit using (source) group by record_no
),
several_names as (
    -- a clan's name alone is no name of his: the whole village bears it
    select record_no, list_filter(names, lambda one: length(one) > 2
        or len(list_filter(names, lambda other: length(other) >= 4 and starts_with(other, one))) = 0) as names
    from (select record_no, list(name order by votes desc, name) as names
    from (
        select record_no, name, count(*) as votes from said
        where name is not null and record_no in (select record_no from span where name <> last_name) group by all
    ) group by record_no)
),
several_villages as (
    select record_no, list(distinct village_code order by village_code) as villages from said
    where village_code is not null and record_no in (select record_no from span where village <> last_village)
    group by record_no
),
several_phones as (
    select record_no, list(distinct phone order by phone) as phones from said
    where phone is not null and record_no in (select record_no from span where phone <> last_phone)
    group by record_no
),
-- an identity that no number proves is what its rows say; the row that says most stands for it
open_told as (
    select record_no,
        arg_min(mention_no, (birth_date is null, village_code is null, source, relation, row_hash)) as mention_no,
        arg_min(source, (birth_date is null, village_code is null, source)) as source,
        arg_min(coalesce(relation, ''), (birth_date is null, village_code is null, source, relation)) as relation,
        mode(birth_date order by birth_date) as birth_date, mode(sex order by sex) as sex,
        min(id_raw) filter (id_quality = 'damaged' and length(id_raw) >= 11) as damaged_number,
        min(id_number) as claimed_number
    from said where not proven group by record_no
),
told as (
    select t.record_no, r.identity, r.proven, t.mentions, coalesce(o.mention_no, t.mention_no) as mention_no, o.source, o.relation,
        coalesce(n.names, case when t.name is not null then [t.name] end) as names,
        case when r.proven then substr(r.identity, 4) end as id_number, o.birth_date, o.sex,
        coalesce(v.villages, case when t.village is not null then [t.village] end) as villages,
        coalesce(list_distinct(list_transform(v.villages, lambda v: left(v, 9))), case when t.village is not null then [left(t.village, 9)] end)
            as townships,
        coalesce(h.phones, case when t.phone is not null then [t.phone] end) as phones,
        w.ward_phones, o.damaged_number, o.claimed_number, t.sources
    from span t
    join record r using (record_no)
    left join several_names n using (record_no)
    left join several_villages v using (record_no)
    left join several_phones h using (record_no)
    left join open_told o using (record_no)
    left join ward_telephone w using (record_no)
)
select t.record_no, identity, proven, mentions, mention_no, source, relation, names[1] as name, names, s.sound, s.syllables,
    coalesce(birth_in(id_number), birth_date) as birth_date,
    coalesce(case when substr(id_number, 17, 1)::int % 2 = 1 then '男' when proven then '女' end, sex) as sex,
    villages, townships, phones, ward_phones, damaged_number, claimed_number, id_number, sources
from told t left join spelled s on s.name = names[1]
"""

# `chosen` says which open record is which other; only these two have changed (`stale`).
_MOVE = """
create or replace temp table moved as
select c.record_no, r.record_no as target, r.proven from chosen c join record r on r.identity = c.known_identity;

update profiled set record_no = moved.target, proven = moved.proven, match_method = null
from moved where moved.record_no = profiled.record_no;

create or replace temp table stale as select record_no from moved union select target from moved;
delete from profile where record_no in (from stale);
"""


def write_profiles(con: duckdb.DuckDBPyConnection) -> None:
    """Lay the rows of each identity in `placed` (mention_no, identity, match_method) together."""
    con.execute(_MENTIONS.format(source=_SOURCE))
    spell_names(con, "profiled", "spelled")
    con.execute("create or replace temp table profile as " + _ROWS.format(which="true"))


def move_profiles(con: duckdb.DuckDBPyConnection) -> None:
    """Lay the rows of the records in `chosen` (record_no, known_identity) to those of the identities they are."""
    con.execute(_MOVE)
    con.execute("insert into profile " + _ROWS.format(which="record_no in (select target from moved)"))
