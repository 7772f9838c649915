"""Whom the registry still lists in a household that he has left: a married daughter, a son in town, a father with a house of his own.

Reads the temp tables `listed_claim`, `household_claim`, `house_owner`, `resident` and `person_mention` of `household`; writes `moved_out`.
Where whoever has left lives now is asked of the other sources by `household`. Why and how sure: docs/decisions/0027.
"""

import duckdb

_MOVED_OUT = """
create or replace temp table may_have_left as
select l.person_no, l.household_no, l.relation, p.sex = '女' as is_woman
from listed_claim l join resident p using (person_no)
where l.households = 1 and p.grown and not coalesce(is_keeper(l.relation), false);

-- with whom he is insured: with others at all, with somebody of the household
create or replace temp table co_insured as
select c.person_no, bool_or(home.person_no is not null) as at_home
from may_have_left c
join household_claim mine on mine.person_no = c.person_no and mine.source = 'medical_insurance' and mine.is_vouched
join household_claim theirs
    on theirs.source = mine.source and theirs.group_no = mine.group_no and theirs.person_no <> c.person_no
left join listed_claim home on home.person_no = theirs.person_no and home.household_no = c.household_no
group by c.person_no;

-- whose own rows all name other villages than the household's
create or replace temp table seen_elsewhere as
with seat as (
    select household_no, arg_min(village_code, (-n, village_code)) as village_code
    from (select household_no, village_code, count(*) as n from person_mention where extract = 'persons' and village_code is not null group by all)
    group by household_no
)
select c.person_no
from may_have_left c join seat using (household_no)
join person_mention m on m.person_no = c.person_no and m.role in ('self', 'head') and m.extract <> 'persons'
group by c.person_no having bool_and(m.village_code <> seat.village_code);

-- who signs for children, none of whom the household has
create or replace temp table parent_elsewhere as
select c.person_no
from may_have_left c
join person_mention g on g.person_no = c.person_no and starts_with(g.role, 'guardian')
join person_mention w on w.row_hash = g.row_hash and w.role = 'self'
left join listed_claim home on home.person_no = w.person_no and home.household_no = c.household_no
group by c.person_no having count(home.person_no) = 0;

-- an old man who has his own house and pays for himself, beside the house of the son with whom he is listed
create or replace temp table keeps_house as
with
owner as (select l.person_no, l.household_no from listed_claim l semi join house_owner using (person_no)),
-- by the number itself: one that two owners share has been parted
insured as (
    select l.household_no, l.person_no, c.household_no as insured_no
    from household_claim c join listed_claim l using (person_no) where c.source = 'medical_insurance'
)
select distinct c.person_no  -- he may have two numbers
from may_have_left c semi join house_owner using (person_no) join insured i using (person_no, household_no)
where exists (select 1 from owner o where o.household_no = c.household_no and o.person_no <> c.person_no)
    and not exists (
        select 1 from insured o
        where o.household_no = c.household_no and o.insured_no = i.insured_no and o.person_no <> c.person_no
    );

create or replace temp table moved_out as
select c.person_no
from may_have_left c
left join co_insured i using (person_no)
left join seen_elsewhere s on s.person_no = c.person_no
left join parent_elsewhere p on p.person_no = c.person_no
left join keeps_house k on k.person_no = c.person_no
where case
    when i.at_home then false
    when k.person_no is not null then true
    -- insured with another family
    when i.person_no is not null then c.is_woman and is_leaver(c.relation) or s.person_no is not null or p.person_no is not null
    else s.person_no is not null and p.person_no is not null
end;
"""


def tell_who_moved_out(con: duckdb.DuckDBPyConnection) -> None:
    """Write `moved_out` (person_no): grown members of one registered household each, who live elsewhere."""
    con.execute(_MOVED_OUT)
