"""The certain part of the cascade: mentions joined by a sound ID number, guarded by the name.

Reads `mention`, fills `assigned` (mention → identity). An identity is a text that
stands for one person until keys are made (`link`); here `id:<number>`.
A number alone never joins: the names must agree (a child's row often carries a parent's number).
Department keys, damaged numbers and everything doubtful belong to later stages of the cascade.
"""

import duckdb

# One number on this many names that do not agree with its most frequent name is a placeholder that somebody
# typed (an office's own number, a form's example), not a person's number: nobody is joined by it.
_POISONED_NAMES = 4

# A rounded number found again by fifteen digits and the whole name is as good as sure; not 1.0, for it was not read.
_ROUNDED_SCORE = 0.999

# Nobody is a parent before this age (years).
PARENT_YEARS = 13

_ID_VOTES = """
-- two birth dates that are no slip of one another: not one part wrong, not swapped, not one year off, and further apart
-- than the lunar calendar's date is from the solar one's
create or replace temp macro dates_far(a, b) as
    abs(date_diff('day', a, b)) > 60 and abs(abs(date_diff('day', a, b)) - 365) > 1
    and (year(a) = year(b))::int + (month(a) = month(b))::int + (day(a) = day(b))::int < 2
    and not (year(a) = year(b) and month(a) = day(b) and day(a) = month(b))
    -- the first of January is what a form fills in where only the year is known
    and not (year(a) = year(b) and (month(a) = 1 and day(a) = 1 or month(b) = 1 and day(b) = 1));

create or replace temp macro birth_in(number) as
    try_cast(substr(number, 7, 4) || '-' || substr(number, 11, 2) || '-' || substr(number, 13, 2) as date);

create or replace temp macro sex_in(number) as
    case when try_cast(substr(number, 17, 1) as int) % 2 = 1 then '男' else '女' end;

-- a father, mother or grandparent younger than his ward, or hardly older, carries another's number: often the ward's
create or replace temp table too_young as
select g.mention_no
from mention g
join mention s on s.record_key = g.record_key and s.role = 'self'
where starts_with(g.role, 'guardian') and g.id_number is not null and is_forebear(g.relation)
    and birth_in(g.id_number) > greatest(s.birth_date, birth_in(s.id_number)) - interval {parent_years} year;

create or replace temp table related_sex as
select relation, sex_of_relation(relation) as sex from (select distinct relation from mention where relation is not null);

-- a department key with several numbers
create or replace temp table torn_key as
select key_no from mention where key_no is not null and id_number is not null
group by key_no having min(id_number) <> max(id_number);

-- nearly every number is borne by rows of one name that say nothing against it: only the others are looked into
create or replace temp table contested_number as
select id_number from (
    select m.id_number, count(m.bare) < count(*) or min(m.bare) <> max(m.bare)
        or bool_or(coalesce(m.birth_date <> birth_in(m.id_number), false))
        or bool_or(coalesce(coalesce(m.sex, r.sex) <> sex_in(m.id_number), false)) as contested
    from mention m left join related_sex r using (relation) where m.id_number is not null group by m.id_number
)
where contested
union
select id_number from mention
where id_number is not null and (id_number like '%000' or key_no in (select key_no from torn_key))
union
select id_number from mention semi join too_young using (mention_no);

create or replace temp table id_mention as
select
    m.mention_no, m.record_key, m.role, m.id_number, m.id_quality, m.name, m.bare, m.village_code, m.key_kind, m.key_no,
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

-- a row whose own number is also its guardian's carries the guardian's number, unless the number bears its birth date
create or replace temp table borrowed_number as
select s.mention_no
from id_mention s join id_mention g on s.record_key = g.record_key and s.id_number = g.id_number
where s.role = 'self' and g.role <> 'self' and not s.birth_same and not names_agree(s.name, g.name);

-- the most frequent name of a number speaks for it; rows that contradict the number have no vote, and a row that
-- knows the number's birth date is worth three that only repeat the number. Of equals the one that has no other number
-- in the village or under its department key: who has one has borrowed this
create or replace temp table has_another_number as
select v.id_number, v.bare from id_mention v join mention o on o.bare = v.bare and o.village_code = v.village_code
where o.id_number <> v.id_number
union
select v.id_number, v.bare from id_mention v join mention o on o.bare = v.bare and o.key_kind = v.key_kind and o.key_no = v.key_no
where o.id_number <> v.id_number;

create or replace temp table id_name as
with
-- the bills of a woman whom the insurance knows by this number, with another birth date and sex, say no more than it does
denied_key as (
    select distinct id_number, bare, key_kind, key_no from id_mention
    where birth_far and sex_differs and key_no is not null and key_kind <> 'dwelling_no'
)
select id_number, bare as id_name, dotted, votes
from (
    select id_number, bare, max(name) as dotted,  -- with its middle dot, where a row has it
        coalesce(sum(case when birth_same then 3 else 1 end)
            filter (not birth_far and not sex_differs and b.mention_no is null and d.key_no is null), 0) as votes,
        count(*) as rows_named
    from id_mention left join borrowed_number b using (mention_no)
    left join denied_key d using (id_number, bare, key_kind, key_no)
    group by id_number, bare
)
left join (select id_number, bare, true as has_another from has_another_number) a using (id_number, bare)
qualify row_number() over (
    partition by id_number order by votes desc, rows_named desc, has_another is not null, bare
) = 1;

-- a row of another name, when just this name is known beside this number: with the same department key or in the
-- villages of this number. It is a brother's or a son's row that carries this person's number
create or replace temp table other_name as
select v.mention_no, v.id_number, v.bare, v.village_code, v.key_kind, v.key_no,
    -- a part of a long name is a slip of forms, and many bear it
    part_of_name(v.name, n.dotted) or cut_short(v.bare, n.id_name) as is_part
from id_mention v join id_name n using (id_number)
where v.bare <> n.id_name and names_agree(v.name, n.dotted);

create or replace temp table known_elsewhere as
with
place as (
    select o.mention_no, o.id_number, o.bare, coalesce(o.village_code, v.village_code) as village_code
    from other_name o left join id_mention v on v.id_number = o.id_number and v.bare <> o.bare
    where not o.is_part
),
bearer as (
    select bare, village_code, key_kind, key_no, id_number from mention where bare in (select bare from other_name)
)
select distinct p.mention_no  -- several rows may know him
from place p join bearer e on e.bare = p.bare and e.village_code = p.village_code
    and e.id_number <> p.id_number
union
select o.mention_no
from other_name o join bearer e on e.bare = o.bare and e.key_kind = o.key_kind and e.key_no = o.key_no
    and e.id_number <> o.id_number;

-- a row of nearly the name whose own department key is not the one that this number's rows have: a department numbers
-- a person once, so it is a brother's row
create or replace temp table key_differs as
with
owner_key as (
    select distinct v.id_number, v.key_kind, v.key_no
    from id_mention v join id_name n on n.id_number = v.id_number and n.id_name = v.bare
    where v.key_no is not null and v.id_number in (select id_number from other_name)
)
select o.mention_no
from other_name o join owner_key k on k.id_number = o.id_number and k.key_kind = o.key_kind
where o.key_kind <> 'dwelling_no'  -- one man may own two houses
group by o.mention_no having not bool_or(k.key_no = o.key_no);

-- a row whose number, birth date, sex and own department key are those of this number's rows: its person under a new name
create or replace temp table renamed as
with other as materialized (
    select v.mention_no, v.id_number, n.id_name, v.key_kind, v.key_no
    from id_mention v join id_name n on n.id_number = v.id_number and n.id_name <> v.bare
    where v.birth_same and not v.sex_differs and v.key_kind <> 'dwelling_no'
)
select distinct v.mention_no  -- several rows may share key and number
from other v join id_mention o on o.id_number = v.id_number and o.bare = v.id_name and o.key_kind = v.key_kind and o.key_no = v.key_no;

-- another name of the number's own person (a former one, a nickname): a row bears the number's birth date or its own
-- department key besides the number, nothing it says is against it, and nobody of that name has another number there
create or replace temp table alias as
with
owner as (
    select v.id_number, n.id_name, list(distinct v.village_code) filter (v.village_code is not null) as villages
    from id_mention v join id_name n on n.id_number = v.id_number and n.id_name = v.bare
    group by all
),
owner_key as (
    select v.id_number, v.key_kind, list(distinct v.key_no) as keys
    from id_mention v join id_name n on n.id_number = v.id_number and n.id_name = v.bare
    where v.key_no is not null and v.key_kind <> 'dwelling_no'
    group by all
),
other as (
    select v.id_number, v.bare, coalesce(o.villages, []) || case when v.village_code is null then [] else [v.village_code] end as villages,
        v.birth_same and coalesce(list_contains(o.villages, v.village_code), true) or list_contains(k.keys, v.key_no) as is_borne,
        v.birth_far or v.sex_differs or coalesce(not list_contains(k.keys, v.key_no), false) as is_denied
    from id_mention v
    join owner o on o.id_number = v.id_number and o.id_name <> v.bare and left(o.id_name, 1) = left(v.bare, 1)
    left join owner_key k on k.id_number = v.id_number and k.key_kind = v.key_kind
),
named as (
    select id_number, bare, list_distinct(flatten(list(villages))) as villages
    from other group by id_number, bare having bool_or(is_borne) and not bool_or(is_denied)
),
known as (select distinct bare, village_code, id_number from mention where id_number is not null and bare in (select bare from named))
select n.id_number, n.bare from named n
where not exists (
    select 1 from known e where e.bare = n.bare and e.id_number <> n.id_number and list_contains(n.villages, e.village_code)
);

-- a row whose department key and whole name are known by another number, which more rows bear out, when nobody but
-- rows of this key carries the number that it has: a slip of the clerk who wrote the bill
create or replace temp table slipped_from_key as
with
torn_name as (
    select key_kind, key_no, bare from id_mention
    where key_no in (select key_no from torn_key) and bare is not null
    group by all having min(id_number) <> max(id_number)
),
torn as (
    select key_kind, key_no, bare, id_number, max(unique_source::int) as is_listed
    from id_mention join torn_name using (key_kind, key_no, bare)
    group by all
),
borne as (
    select t.key_kind, t.key_no, t.bare, t.id_number, t.is_listed, count(v.mention_no) as bearers,
        count(v.mention_no) filter (v.key_kind = t.key_kind and v.key_no = t.key_no and v.bare = t.bare) as own_bearers
    from torn t join id_mention v on v.id_number = t.id_number and names_agree(v.bare, t.bare)
    group by all
),
main as (
    select key_kind, key_no, bare, id_number as main_number from borne
    qualify row_number() over (partition by key_kind, key_no, bare order by bearers desc, is_listed desc, id_number) = 1
        and not coalesce(
            lead((bearers, is_listed)) over (
                partition by key_kind, key_no, bare order by bearers desc, is_listed desc, id_number
            ) = (bearers, is_listed), false)
)
select v.mention_no
from borne b join main m using (key_kind, key_no, bare)
join id_mention v on v.key_kind = b.key_kind and v.key_no = b.key_no and v.bare = b.bare and v.id_number = b.id_number
where b.id_number <> m.main_number and b.bearers = b.own_bearers;

-- a key whose row has the whole name and contradicts the number's birth date, beside another key of the kind that does not:
-- a son who bears his father's name and carries his number, in all rows of the key
create or replace temp table named_after as
with
denied as (
    select v.id_number, v.bare, v.key_kind, v.key_no
    from id_mention v join id_name n on n.id_number = v.id_number and n.id_name = v.bare
    where v.key_no is not null and v.key_kind <> 'dwelling_no'
    group by all having bool_or(v.birth_far) and not bool_or(v.birth_same)
),
sons as (
    select distinct d.*  -- the father has several rows
    from denied d
    join id_mention o on o.id_number = d.id_number and o.bare = d.bare and o.key_kind = d.key_kind
    anti join denied other on other.id_number = o.id_number and other.bare = o.bare and other.key_kind = o.key_kind and other.key_no = o.key_no
)
select v.mention_no from id_mention v join sons using (id_number, bare, key_kind, key_no);

-- of two people whom one row names under one number, the one who is not called as the number is carries the other's
create or replace temp table beside_its_owner as
select distinct o.mention_no  -- a child may have two guardians
from id_mention v join id_name n on n.id_number = v.id_number and n.id_name = v.bare
join id_mention o on o.record_key = v.record_key and o.id_number = v.id_number and o.bare <> v.bare;

-- a guardian who may bear his ward's whole name: a number that a pupil has is not his
create or replace temp table pupils_number as
select distinct g.mention_no  -- a pupil may stand in two rolls
from mention g semi join too_young using (mention_no)
join mention s on s.id_number = g.id_number and s.extract = g.extract and s.role = 'self' and s.bare = g.bare;

create or replace temp table not_his as
select mention_no from pupils_number union select mention_no from borrowed_number union select mention_no from beside_its_owner
union select mention_no from slipped_from_key union select mention_no from named_after;

create or replace temp table no_slip as
select mention_no from known_elsewhere union select mention_no from key_differs;

-- 王贝贝 may be milk name or name: who bears it under another number or none is not this number's owner
create or replace temp table named_elsewhere as
select distinct v.id_number, v.bare from id_mention v join mention e on e.bare = v.bare
where length(v.bare) > 2 and milk_name(v.bare, v.bare) and e.id_number is distinct from v.id_number;

create or replace temp table id_verdict as
select v.mention_no, v.id_number, v.id_quality, v.name, v.bare,
    case
        when a.mention_no is not null or n.votes = 0 then false
        when v.bare = n.id_name or r.mention_no is not null or l.bare is not null then true
        when v.birth_far or v.sex_differs then false
        when (milk_name(v.bare, n.id_name) or milk_name(n.id_name, v.bare))
            and (v.id_number, v.bare) not in (select (id_number, bare) from named_elsewhere)
            and (v.id_number, n.id_name) not in (select (id_number, bare) from named_elsewhere) then true
        else names_agree(v.name, n.dotted) and k.mention_no is null
    end as agrees
from id_mention v
join id_name n using (id_number)
left join not_his a using (mention_no)
left join no_slip k using (mention_no)
left join renamed r using (mention_no)
left join alias l on l.id_number = v.id_number and l.bare = v.bare;

create or replace temp table poisoned_number as
select id_number from id_verdict where not agrees
group by id_number having count(distinct name) >= {poisoned};

create or replace temp table assigned as
select mention_no, 'id:' || id_number as identity,
    case when id_quality = 'upgraded' then 'id_upgraded' else 'id_exact' end as match_method,
    1.0::double as match_score, null::text as model_version
from id_verdict anti join poisoned_number using (id_number)
where agrees
union all
select mention_no, 'id:' || id_number, case when id_quality = 'upgraded' then 'id_upgraded' else 'id_exact' end, 1.0, null
from mention anti join contested_number using (id_number)
where id_number is not null;

-- the name that every number stands for
create or replace temp table named_number as
select id_number, id_name from id_name
union all
select id_number, any_value(bare) from mention anti join contested_number using (id_number)
where left(id_number, 15) in (select left(id_number, 15) from id_mention where id_number like '%000')
group by id_number;

-- A spreadsheet's rounding leaves three zeros whose check digit fits by chance in one case of eleven. Where exactly one
-- other number shares the surviving fifteen digits and a name that agrees, the row is that person's; alone, a number
-- that ends in three zeros stays sound.
create or replace temp table rounded as
select v.mention_no, min(o.id_number) as id_number
from id_verdict v
join named_number o on left(o.id_number, 15) = left(v.id_number, 15) and o.id_number not like '%000'
    and names_agree(o.id_name, v.bare) and left(o.id_name, 1) = left(v.bare, 1)
where v.id_number like '%000'
group by v.mention_no having count(distinct o.id_number) = 1;

delete from assigned where mention_no in (select mention_no from rounded);
insert into assigned
select mention_no, 'id:' || id_number, 'damaged_id', {rounded_score}, null from rounded;

create or replace table linkage.id_conflict as
select m.mention_key
from id_verdict v join mention m using (mention_no)
where (not v.agrees or v.id_number in (select id_number from poisoned_number))
    and mention_no not in (select mention_no from rounded);
"""


def identify_by_number(con: duckdb.DuckDBPyConnection) -> None:
    """Assign every mention with a sound number whose name agrees; list the rest of them as ID conflicts."""
    con.execute("create schema if not exists linkage")
    con.execute(
        _ID_VOTES.format(poisoned=_POISONED_NAMES, rounded_score=_ROUNDED_SCORE, parent_years=PARENT_YEARS)
    )
