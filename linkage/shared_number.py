"""Families that share an insurance family number though they live apart: one household, one house.

A booklet is kept for life: brothers who have built houses of their own are insured under their parents' number still. Where
people of one number own several houses, they are as many homes, and everybody else of the number lives with the owner whom
he belongs to. Reads the temp tables `household_claim`, `house_owner`, `shared_telephone`, `resident` and `person_mention` of
`household`; changes `group_no` in `household_claim`, writes `part_home` (group_no, houses) and `parting_owner` (person_no).
Why and how sure: docs/decisions/0029.
"""

import duckdb

# Who signs for one child says more than who is called under one number.
_ROW_BOND = 100
# A bond found leads to the next; the second turn comes when couples are together.
_ROUNDS = 3

_OWNERS = """
create or replace temp table part_claim as
select source, source || ':' || group_no as group_no, person_no from household_claim where source in ('medical_insurance', 'registry');

-- owners of several houses under one number; a couple's two, or those of one telephone, are one home
create or replace temp table part_owner as
select c.group_no, c.person_no, r.person_key, r.birth_date, r.sex,
    row_number() over (partition by c.group_no order by r.birth_date, c.person_no) as turn
from part_claim c join house_owner using (person_no) join resident r using (person_no)
qualify count(*) over (partition by c.group_no) > 1;

create or replace temp table part_telephone as
select distinct c.group_no, c.person_no, t.phone
from part_claim c join shared_telephone t using (person_no)
where c.group_no in (select group_no from part_owner);

create or replace temp table part_seat as
with alike as (
    select a.group_no, a.turn, min(b.turn) as first
    from part_owner a join part_owner b on b.group_no = a.group_no and b.turn < a.turn
    where coalesce(a.sex <> b.sex, true) and coalesce(abs(date_diff('month', a.birth_date, b.birth_date)) <= 12 * {couple}, true)
        or exists (
            select 1 from part_telephone x join part_telephone y using (group_no, phone)
            where group_no = a.group_no and x.person_no = a.person_no and y.person_no = b.person_no
        )
    group by all
),
-- three of one home: the third may be alike only with the second
first_alike as (
    select a.group_no, a.turn, least(a.first, coalesce(b.first, a.first)) as first
    from alike a left join alike b on b.group_no = a.group_no and b.turn = a.first
)
select o.group_no, o.person_no, coalesce(f.first, o.turn)::int as seat
from part_owner o left join first_alike f using (group_no, turn);

-- where households of the registry, who do live together, have a second house about as often, a house parts nobody
create or replace temp table parting_owner as
with
owned as (select c.source, count(distinct c.group_no) as n from part_claim c join house_owner using (person_no) group by c.source),
several as (
    select source, count(*) as n
    from (select group_no from part_seat group by group_no having count(distinct seat) > 1)
    join (select distinct source, group_no from part_claim) using (group_no) group by source
),
share as (
    select max(several.n) filter (source = 'registry') as registered,
        max(several.n / owned.n) filter (source = 'registry') as of_registered,
        max(several.n / owned.n) filter (source = 'medical_insurance') as of_insured
    from several join owned using (source)
)
select person_no from house_owner cross join share
where coalesce(registered <= {few} or of_insured > {times} * of_registered, true);

delete from part_seat where starts_with(group_no, 'registry:') or person_no not in (from parting_owner)
    or group_no in (select group_no from part_seat group by group_no having count(distinct seat) = 1);

create or replace temp table part_member as
select c.group_no, c.person_no, r.birth_date, r.sex
from part_claim c join resident r using (person_no)
where c.group_no in (select group_no from part_seat);

-- who stand in one row (a pupil and those who sign for him, an assisted family), and who share a telephone
create or replace temp table part_bond as
with
row_of as (
    select distinct p.group_no, p.person_no, m.row_hash from part_member p join person_mention m using (person_no)
),
bond as (
    select a.group_no, a.person_no, b.person_no as other, {row_bond} as weight
    from row_of a join row_of b using (group_no, row_hash) where a.person_no <> b.person_no
    union all
    select a.group_no, a.person_no, b.person_no, 1
    from part_telephone a join part_telephone b using (group_no, phone) where a.person_no <> b.person_no
)
select group_no, person_no, other, sum(weight) as weight from bond group by all;
"""

_BY_BONDS = """
insert into part_seat
with pull as (
    select b.group_no, b.person_no, s.seat, sum(b.weight) as weight
    from part_bond b
    join part_seat s on s.group_no = b.group_no and s.person_no = b.other
    anti join part_seat mine on mine.group_no = b.group_no and mine.person_no = b.person_no
    group by all
)
select group_no, person_no, seat from pull
window mine as (partition by group_no, person_no order by weight desc, seat)
qualify row_number() over mine = 1 and weight > coalesce(lead(weight) over mine, 0);
"""

_COUPLES = """
insert into part_seat
with
lonely as (
    select o.group_no, o.person_no, s.seat, o.birth_date, o.sex
    from part_owner o join part_seat s using (group_no, person_no)
    where not exists (
        select 1 from part_seat t join part_member p using (group_no, person_no)
        where t.group_no = o.group_no and t.seat = s.seat and p.sex <> o.sex
            and abs(date_diff('month', p.birth_date, o.birth_date)) <= 12 * {couple}
    )
),
fitting as (
    select p.group_no, p.person_no, l.seat, l.person_no as partner, abs(date_diff('day', p.birth_date, l.birth_date)) as apart
    from part_member p join lonely l on l.group_no = p.group_no and l.sex <> p.sex
    where abs(date_diff('month', p.birth_date, l.birth_date)) <= 12 * {couple}
        and (p.group_no, p.person_no) not in (select (group_no, person_no) from part_seat)
)
select group_no, person_no, seat from fitting
qualify row_number() over (partition by group_no, person_no order by apart, seat) = 1
    and row_number() over (partition by group_no, partner order by apart, person_no) = 1;
"""

_REST = """
-- a child belongs to the owner a generation older; of several, to the one whose age fits best
insert into part_seat
select p.group_no, p.person_no, s.seat
from part_member p
join part_owner o using (group_no)
join part_seat s on s.group_no = o.group_no and s.person_no = o.person_no
where date_diff('year', o.birth_date, p.birth_date) between {parent} and 2 * {generation} - {parent}
    and (p.group_no, p.person_no) not in (select (group_no, person_no) from part_seat)
qualify row_number() over (
    partition by p.group_no, p.person_no
    order by abs(date_diff('year', o.birth_date, p.birth_date) - {generation}), s.seat
) = 1;

-- whom nothing leads anywhere stays under the number, with the eldest owner
insert into part_seat
select group_no, person_no, 1 from part_member
where (group_no, person_no) not in (select (group_no, person_no) from part_seat);

-- the eldest owner's home keeps the number, another is named after its owner
create or replace temp table part_home as
select s.group_no as whole_no, s.seat, s.houses,
    substr(s.group_no, length('medical_insurance:') + 1) || case when s.seat > 1 then '/' || o.person_key else '' end as group_no
from (select group_no, seat, count(*) over (partition by group_no) as houses from part_seat group by group_no, seat) s
join part_owner o on o.group_no = s.group_no and o.turn = s.seat;

update household_claim set group_no = h.group_no
from part_seat s join part_home h on h.whole_no = s.group_no and h.seat = s.seat
where household_claim.source = 'medical_insurance' and s.group_no = 'medical_insurance:' || household_claim.group_no
    and household_claim.person_no = s.person_no;
"""


def part_by_houses(
    con: duckdb.DuckDBPyConnection, couple: int, parent: int, generation: int, times: float, few: int
) -> None:
    """Part insurance families whose members own several houses, in `household_claim`; `part_home` tells which are parts.

    `couple` is the most years between a man and a woman who own a house each and are taken for one home, `parent` the
    least between a parent and a child, `generation` the usual ones. Nobody is parted where insurance families of several
    homes are not `times` as common as households of the registry, of which more than `few` have several.
    """
    con.execute(_OWNERS.format(couple=couple, row_bond=_ROW_BOND, times=times, few=few))
    for _ in range(_ROUNDS):
        con.execute(_BY_BONDS)
    con.execute(_COUPLES.format(couple=couple))
    for _ in range(_ROUNDS):
        con.execute(_BY_BONDS)
    con.execute(_REST.format(parent=parent, generation=generation))
