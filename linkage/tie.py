"""Families held together by ties: a child and his guardians in a school roll, people of one village under one telephone.

An insurance family number often covers half a family. Whether a guardian of a relation (父亲, 祖母 …) lives with the child,
or two people of one telephone together, is not assumed: it is counted on those whose homes the registry knows, and only a
kind of tie that holds there joins homes. Reads the temp table `shared_telephone` and changes `placed`, both of `household`;
registry households are never joined, nor two homes with a house each.
"""

import duckdb

# The kind of tie that is no relation: it too has to hold on those whom the registry knows.
_TELEPHONE = "电话"
# A home joins another directly; a second round lets what was joined be found by a third.
_ROUNDS = 2

_TIES = """
create or replace temp table tie as
select distinct child.person_no as child, guardian.person_no as guardian, guardian.relation  -- a child may stand in two rows
from person_mention child
join person_mention guardian on guardian.row_hash = child.row_hash and starts_with(guardian.role, 'guardian')
join resident p on p.person_no = child.person_no
join resident q on q.person_no = guardian.person_no
where child.role = 'self' and child.person_no <> guardian.person_no and p.village_code = q.village_code
union
select one.person_no, other.person_no, '{telephone}'
from shared_telephone one join shared_telephone other using (phone, village_code)
where one.person_no < other.person_no;

create or replace temp table trusted_relation as
select relation from (
    select t.relation, count(a.home) filter (b.home is not null) as pairs,
        count(*) filter (a.home = b.home) as together
    from tie t
    left join placed a on a.person_no = t.child and a.source = 'registry'
    left join placed b on b.person_no = t.guardian and b.source = 'registry'
    group by t.relation
)
where (together + {imagined} * case when forebear_years(relation) is not null then 0.95 else 0.5 end)
    / (pairs + {imagined}) >= {trusted};
"""

_JOIN = """
create or replace temp table home_size as
select home, count(*) as members, min(person_no) as first_member, starts_with(home, 'registry:') as registered,
    bool_or(person_no in (from parting_owner)) as has_house
from placed group by home;

-- the smaller home moves to the one with the most ties; a home that others move to stays
create or replace temp table move as
with
bond as (
    select a.home as one, b.home as other, count(*) as ties
    from tie t join placed a on a.person_no = t.child join placed b on b.person_no = t.guardian
    where a.home <> b.home and t.relation in (select relation from trusted_relation)
    group by all
),
both_ways as (
    select one as home, other as target, sum(ties) as ties
    from (select * from bond union all select other, one, ties from bond) group by all
),
wish as (
    select w.home, w.target, w.ties, h.first_member
    from both_ways w join home_size h on h.home = w.home join home_size t on t.home = w.target
    where not h.registered and not t.registered and h.members + t.members <= {largest}
        and not (h.has_house and t.has_house)  -- one household, one house
        -- the homes' names end both sides, lest all sizes be compared with all before ties are asked
        and (t.members, t.first_member, w.target) > (h.members, h.first_member, w.home)
    qualify row_number() over (partition by w.home order by w.ties desc, t.members desc, t.first_member) = 1
)
select home, target, ties from (
    select w.*, h.members + t.members + coalesce(sum(h.members) over (
            partition by w.target order by w.ties desc, w.first_member rows between unbounded preceding and 1 preceding
        ), 0) as grown
    from wish w join home_size h on h.home = w.home join home_size t on t.home = w.target
    where w.target not in (select home from wish)
)
where grown <= {largest};

update placed set home = move.target, decided = true,
    evidence = move.ties || case when move.ties = 1 then ' tie' else ' ties' end || ' of guardian or telephone'
from move where move.home = placed.home;
"""


def join_by_ties(con: duckdb.DuckDBPyConnection, trusted: float, imagined: int, largest_home: int) -> None:
    """Join homes of `placed` (person_no, home, source, decided, relation, evidence) that trusted ties hold together.

    `trusted` is the share of pairs of a kind of tie, of those whom the registry knows and `imagined` ones, that must live
    together; `largest_home` is the most people of a home.
    """
    con.execute(_TIES.format(imagined=imagined, trusted=trusted, telephone=_TELEPHONE))
    for _ in range(_ROUNDS):
        con.execute(_JOIN.format(largest=largest_home))
