"""Which family an insurance family number means: the same number stands in several villages, and villages are wrong or blank.

Reads `person_mention` and `resident`; writes the temp tables `family_place` (blank villages), `strayed` (rows whose village
is a slip) and `family_seat` (numbers that every village counts from one). Households are `household`'s.
"""

import duckdb

# Where more numbers than this share have two families, villages count their families each from one.
_EXCEPTION = 0.2

_FAMILIES = """
-- family numbers are reused between villages: one that stands in two villages is two families. A row alone in its
-- village is a slip of the village, and stays with the others of its number, unless its person's other rows bear it out.
-- A blank village is not a village of its own: the number's only village, else what the person's other insurance rows
-- say, else where he lives when the number stands there. (15 % blank villages: co-membership F1 0.963 without this,
-- 0.996 with it, on a county by another hand.)
create or replace temp table family_place as
with said as (
    select distinct m.person_no, m.household_no, m.village_code
    from person_mention m
    where m.household_source = 'medical_insurance' and m.household_no is not null
),
place as (
    select household_no, min(village_code) as sole, count(distinct village_code) as places,
        list(distinct village_code) as villages
    from said where village_code is not null group by household_no
),
mine as (select person_no, household_no, min(village_code) as village_code from said group by all)
select person_no, household_no,
    case when places = 1 then sole
        else coalesce(mine.village_code, case when list_contains(villages, p.village_code) then p.village_code end, '')
    end as village_code
from mine left join place using (household_no) left join resident p using (person_no);

create or replace temp table family_side as
select m.household_no, coalesce(m.village_code, '') as village, count(distinct m.person_no) as members
from person_mention m
where m.household_source = 'medical_insurance' and m.village_code is not null
group by all;

-- a number that two families have is reused; so is one with several lone rows, where numbers of two families are no exception
create or replace temp table family_main as
with
number as (
    select household_no, arg_min(village, (-members, village)) as village, max(members) as members, count(*) as sides,
        count(*) filter (members > 1) as families
    from family_side group by household_no
)
select household_no, village, members,
    families > 1 or sides > 2 and (select avg((families > 1)::int) from number where families > 0) > {exception} as reused
from number where sides > 1;

-- of sides of one member each, the village that the members' other rows bear out is the family's
create or replace temp table family_borne_out as
with
pair as (
    select f.person_no, f.household_no from person_mention f semi join (select household_no from family_main where members = 1 and not reused) m
        on m.household_no = f.household_no
    where f.household_source = 'medical_insurance' group by all
)
select s.household_no, s.village, count(distinct o.person_no) as voters
from pair p join family_side s using (household_no)
join person_mention o on o.person_no = p.person_no and o.village_code = s.village
where o.household_source is distinct from 'medical_insurance' or o.household_no <> s.household_no
group by s.household_no, s.village
qualify row_number() over (partition by s.household_no order by voters desc, s.village) = 1
    and voters > coalesce(lead(voters) over (partition by s.household_no order by voters desc, s.village), 0);

-- where every village counts its families from one, a village that is wrong or blank leads to strangers: there most of a
-- person's rows tell his village, of equals the one where a namesake of his family has the number, else he is alone
create or replace temp table family_seat as
with
listed as (
    select m.* from person_mention m semi join (select household_no from family_main where reused) r using (household_no)
    where m.household_source = 'medical_insurance'
),
asked as (select distinct person_no, household_no from listed),
vote as (
    select person_no, village_code, count(*) as votes
    from person_mention semi join asked using (person_no) where village_code is not null group by all
),
surname as (
    select household_no, village_code, left(name, 1) as surname, min(person_no) as one, max(person_no) as other
    from listed where village_code is not null group by all
),
borne as (
    select a.person_no, a.household_no, v.village_code, v.votes, coalesce(bool_or(s.one <> s.other or s.one <> a.person_no), false) as has_kin
    from asked a
    join vote v using (person_no)
    join (select distinct person_no, household_no, left(name, 1) as surname from listed) n using (person_no, household_no)
    left join surname s using (household_no, village_code, surname)
    group by all
),
best as (
    select * from borne
    window mine as (partition by person_no, household_no order by votes desc, has_kin desc, village_code)
    qualify row_number() over mine = 1 and (votes, has_kin) is distinct from lead((votes, has_kin)) over mine
)
select person_no, household_no, coalesce(b.village_code, r.person_key) as village_code,
    -- one row alone, and nobody of his family there: it may be the village that is wrong
    coalesce(b.votes > 1 or b.has_kin, false) as is_vouched
from asked join resident r using (person_no) left join best b using (person_no, household_no);

create or replace temp table strayed as
select m.mention_no, f.village
from person_mention m
join family_side s on s.household_no = m.household_no and s.village = m.village_code and s.members = 1
join (
    select household_no, village from family_main where members > 1 and not reused
    union all
    select household_no, village from family_borne_out
) f on f.household_no = m.household_no and f.village <> s.village
where m.household_source = 'medical_insurance' and not exists (
    select 1 from person_mention o
    where o.person_no = m.person_no and o.village_code = m.village_code and o.mention_no <> m.mention_no
);
"""


def tell_families_apart(con: duckdb.DuckDBPyConnection) -> None:
    """Find for every person and family number the village whose family is meant."""
    con.execute(_FAMILIES.format(exception=_EXCEPTION))
