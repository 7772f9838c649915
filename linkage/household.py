"""Households out of persons: the strongest source that names a household, without chaining through weak links.

Order of trust: registry household, assistance family, insurance family, a student's guardians, alone.
An insurance family number that several house owners share is several families (`shared_number`), one of an institution none
(`institution`).
Homes that guardians or a telephone tie together are joined at the end (`tie`).
Whoever gets assistance as a family of one is asked about in the weaker sources first.
Whom the registry still lists and other sources show elsewhere (`moved_out`) lives where these name him.
A member unknown to a stronger source joins the household where most of his co-members of the weaker source are, unless the
registry would have to have forgotten more grown-ups than `household.yaml` allows or a child of some years, or he lives in
another village, has a house of his own, or she is a daughter of the age to have left (docs/decisions/0027, 0033).
Writes `linkage.household` and `linkage.household_member`.
"""

from functools import cache
from importlib import resources
from typing import Any

import duckdb
import yaml

from linkage.family_number import tell_families_apart
from linkage.institution import part_institutions
from linkage.keys import key_sql
from linkage.moved_out import tell_who_moved_out
from linkage.shared_number import part_by_houses
from linkage.stability import keep_keys
from linkage.tie import join_by_ties

# A million rows are counted by a number in half the time of a text; numbers stand in the order of the keys.
_RESIDENTS = """
create or replace temp table resident as
select n.person_no, person_key, p.village_code, p.birth_date, p.sex,
    case when contains(p.name, '·') then split_part(p.name, '·', 1) else left(p.name, 1) end as surname,
    coalesce(p.birth_date < youngest - interval {grown} year, true) as grown,
    coalesce(p.birth_date >= youngest - interval {newborn} year, false) as newborn,
    coalesce(p.birth_date < youngest - interval {elder} year, false) as elder,
    coalesce(p.sex = '女' and p.birth_date < youngest - interval {daughter_gone} year, false) as gone_if_daughter
from (select *, max(birth_date) over () as youngest from linkage.person) p join numbered_person n using (person_key);

create or replace temp table house_owner as
select distinct person_no from person_mention where extract = 'dwellings'  -- one may own two
    and person_no not in (select person_no from person_mention where extract = 'deaths');

-- a telephone that a family shares; one on many people is a clerk's or a cadre's
create or replace temp table shared_telephone as
select phone, village_code, person_no
from (select distinct phone, person_no from person_mention where phone is not null) join resident using (person_no)
qualify count(*) over (partition by phone) between 2 and {sharers};
"""

_GROUPS = """
-- one row per person and household that a source names for him
create or replace temp table household_claim as
with
named as (
    select m.person_no, m.household_source as source, m.household_no, m.relation, coalesce(m.unique_source, false) as listed,
        case when m.household_source = 'medical_insurance'
            then m.household_no || '@' || coalesce(t.village_code, s.village, m.village_code, f.village_code, '') else m.household_no end as group_no,
        coalesce(t.is_vouched, true) as is_vouched
    from person_mention m
    left join strayed s on s.mention_no = m.mention_no
    left join family_seat t on t.person_no = m.person_no and t.household_no = m.household_no
    left join family_place f on f.person_no = m.person_no and f.household_no = m.household_no
    where m.household_no is not null
),
told as (
    select person_no, source, household_no, arg_min(relation, (not listed, relation)) filter (relation is not null) as relation,
        bool_or(listed) as listed, bool_and(is_vouched) as is_vouched
    from named group by person_no, source, household_no
)
select person_no, source, g.group_no, household_no, t.relation, t.listed, t.is_vouched
from told t
-- a person may stand twice in one group (two schemes, two roles)
join (select distinct person_no, source, household_no, group_no from named) g using (person_no, source, household_no);
"""

_LISTED = """
-- the registry's own households. Its list of persons tells where somebody lives today: a household number that only
-- another extract repeats (work away from home) may be last year's.
create or replace temp table listed_claim as
select *, count(*) over (partition by person_no) as households
from (
    select *, bool_or(listed) over (partition by person_no) as listed_anywhere
    from household_claim where source = 'registry'
)
where listed or not listed_anywhere;
"""

_REGISTERED = """
create or replace temp table placed (
    person_no int, home text, source text, decided boolean, relation text, evidence text
);

-- a household that nobody else would be left in stays as it is listed: it must not vanish
create or replace temp table registry_claim as
select * from listed_claim
where person_no not in (from moved_out)
    or household_no not in (select household_no from listed_claim anti join moved_out using (person_no));

-- a person in two of them is placed in one and marked: where those are whom other sources name beside him, else where his
-- other rows say that he lives, else where he keeps the household and is not a child who has left it
create or replace temp table torn_claim as
with
torn as (select * from registry_claim where households > 1),
beside as (
    select t.person_no, t.household_no, count(distinct r.person_no) as co_members
    from torn t
    join household_claim mine on mine.person_no = t.person_no and mine.source <> 'registry'
    join household_claim theirs
        on theirs.source = mine.source and theirs.group_no = mine.group_no and theirs.person_no <> t.person_no
    join registry_claim r on r.person_no = theirs.person_no and r.household_no = t.household_no
    group by all
),
seat as (
    select household_no, min(village_code) as village_code from person_mention
    where extract = 'persons' and household_no in (select household_no from torn) group by household_no
),
there as (
    select t.person_no, t.household_no, count(*) as rows_there
    from torn t
    join seat s using (household_no)
    join person_mention m on m.person_no = t.person_no and m.extract <> 'persons' and m.village_code = s.village_code
    group by all
)
select t.person_no, t.household_no
from torn t
left join beside using (person_no, household_no)
left join there using (person_no, household_no)
qualify row_number() over (
    partition by t.person_no
    order by coalesce(co_members, 0) desc, coalesce(rows_there, 0) desc, coalesce(is_keeper(relation), false) desc, t.household_no
) = 1;

insert into placed
select person_no, 'registry:' || household_no, 'registry', households > 1, relation,
    case when households > 1 then households || ' registry households' end
from registry_claim r
where households = 1 or (person_no, household_no) in (select (person_no, household_no) from torn_claim);
"""

# A disabled man or an orphan gets assistance alone (单人保) and lives with his family; an old man without a house may live alone.
_ONE_OF_FAMILY = """
create or replace temp table one_of_family as
select distinct c.person_no  -- a person may stand in two groups
from household_claim c join resident p using (person_no)
where c.source = 'medical_insurance' and c.is_vouched and (not p.elder or c.person_no in (from house_owner))
    and c.group_no in (select group_no from household_claim where source = 'medical_insurance' group by group_no having count(distinct person_no) > 1);
"""

_JOIN_CO_MEMBERS = """
create or replace temp table seeking as
select c.* from household_claim c anti join placed using (person_no) where c.source = '{source}';

-- groups stand in the order of their members: a pupil's household number is hashed with the home's secret
create or replace temp table source_group as
select group_no, {{'first': min(person_no), 'last': max(person_no), 'group': group_no}} as turn, count(distinct person_no) as members
from household_claim where source = '{source}' group by group_no;

create or replace temp table left_out as
select s.group_no, count(distinct s.person_no) as grown from seeking s join resident r using (person_no)
where r.grown group by s.group_no;

-- co-members who are already at home somewhere, counted per home
create or replace temp table co_member as
select s.person_no, s.group_no, p.home, count(*) as at_home,
    any_value(g.members) - 1 as others, any_value(g.turn) as turn
from seeking s
join household_claim c on c.source = s.source and c.group_no = s.group_no and c.person_no <> s.person_no
join placed p on p.person_no = c.person_no
join source_group g on g.group_no = s.group_no
group by s.person_no, s.group_no, p.home;

-- whom a registered household has left out, since he lives in another village or nobody knows where, has his own house, or
-- she has married; a booklet's child of some years would be listed
create or replace temp table outsider as
select c.person_no, c.home
from co_member c join resident p on p.person_no = c.person_no join placed m on m.home = c.home join resident q on q.person_no = m.person_no
where starts_with(c.home, 'registry:') and {keeps_who_left}
group by c.person_no, c.home
having bool_and(p.village_code <> q.village_code) or bool_or(p.grown and p.village_code is null and q.village_code is not null)
    or '{source}' = 'medical_insurance' and not bool_or(p.grown or p.newborn)
    or bool_or(c.person_no in (from house_owner) and m.person_no in (from house_owner))
    or bool_or(p.gone_if_daughter and q.surname = p.surname and q.birth_date < p.birth_date - interval {parent} year)
        and c.person_no not in (
            select g.person_no from person_mention g join person_mention w
                on w.row_hash = g.row_hash and w.role = 'self' and starts_with(g.role, 'guardian')
            join placed home on home.person_no = w.person_no where home.home = c.home
        );

insert into placed
select person_no, home, '{source}', true, relation, at_home || ' of ' || others || ' co-members'
from co_member join seeking using (person_no, group_no) left join left_out using (group_no)
where 2 * at_home >= others and is_vouched and not (starts_with(home, 'registry:') and coalesce(grown, 0) > {forgotten})
    and (person_no, home) not in (select (person_no, home) from outsider)
qualify row_number() over (partition by person_no order by at_home desc, home, turn) = 1;

-- whoever is left in a group of this source is a household of it
insert into placed
select person_no, '{source}' || ':' || group_no, '{source}', groups > 1 or houses is not null, relation,
    case when groups > 1 then groups || ' families' when houses is not null then '1 of ' || houses || ' houses' end
from (
    select *, count(*) over (partition by person_no) as groups
    from seeking join source_group using (group_no) left join part_home using (group_no) anti join placed using (person_no)
    -- a family of one that gets assistance is no household where another source tells with whom he lives
    where not ('{source}' = 'civil_affairs' and members = 1 and person_no in (from one_of_family))
)
qualify row_number() over (partition by person_no order by turn) = 1;
"""

_ALONE = """
insert into placed
select person_no, 'alone:' || person_key, null, false, null, null
from resident anti join placed using (person_no);
"""

_KEYS = """
create or replace temp table home_key as
select home, {household_key} as household_key
from (select distinct home from placed);  -- one key per household, not per member
"""

_WRITE = """
create or replace table linkage.household_member as
select household_key, person_key, relation, source, decided, evidence
from placed join home_key using (home) join resident using (person_no);

-- the most frequent village of the members whom the forming source names, else of all members; of equals, the smallest
create or replace table linkage.household as
with
member as (
    select h.home, p.village_code, m.source = split_part(h.home, ':', 1) as is_named, count(*) as members
    from home_key h
    join placed m using (home)
    join resident p using (person_no)
    group by all
)
select h.household_key,
    case when h.home like 'registry:%' then substr(h.home, 10) end as household_no,
    split_part(h.home, ':', 1) as formed_from,
    v.village_code
from home_key h
join (
    select home, coalesce(
            arg_min(village_code, (-members, village_code)) filter (is_named and village_code is not null),
            arg_min(village_code, (-everyone, village_code)) filter (village_code is not null)
        ) as village_code
    from (select *, sum(members) over (partition by home, village_code) as everyone from member)
    group by home
) v using (home);
"""


@cache
def _decided() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(
        (resources.files("linkage") / "household.yaml").read_text(encoding="utf-8")
    )
    return content


def write_households(con: duckdb.DuckDBPyConnection, secret: bytes, previous: str | None = None) -> None:
    """Write `linkage.household` (one row per household) and `linkage.household_member` (one row per person).

    `previous` names the attached last day: a household found there under a later key keeps that key.
    """
    decided = _decided()
    con.execute(
        _RESIDENTS.format(
            grown=decided["grown_years"],
            newborn=decided["newborn_years"],
            elder=decided["elder_years"],
            daughter_gone=decided["daughter_gone_years"],
            sharers=decided["ties"]["largest_home"],
        )
    )
    tell_families_apart(con)
    con.execute(_GROUPS)
    part_institutions(con, **decided["institutions"])
    part_by_houses(con, **decided["houses"])
    con.execute(_LISTED)
    tell_who_moved_out(con)
    con.execute(_REGISTERED)
    con.execute(_ONE_OF_FAMILY)
    for source, forgotten in decided["sources"].items():
        con.execute(
            _JOIN_CO_MEMBERS.format(
                source=source,
                forgotten=forgotten,
                keeps_who_left=source in decided["keep_who_left"],
                parent=decided["parent_years"],
            )
        )
    con.execute(_ALONE)
    join_by_ties(con, **decided["ties"])
    con.execute(_KEYS.format(household_key=key_sql("h", "home", secret)))
    keep_keys(con, previous, "household", "home_key", "household_key")
    con.execute(_WRITE)
