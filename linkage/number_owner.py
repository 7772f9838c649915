"""Whose a contested number is: the name that speaks for it.

Reads `id_mention`; writes the temp tables `id_name` (each number's own name and its votes) and `borrowed_number` (rows that
have no vote). Which rows of other names are the owner's all the same belongs to `other_name`, which of his name are not to
`another_bearer`.
"""

import duckdb

_OWNER = """
-- a row whose own number is also its guardian's carries the guardian's number, unless the number bears its birth date
create or replace temp table borrowed_number as
select s.mention_no
from id_mention s join id_mention g on s.row_hash = g.row_hash and s.id_number = g.id_number
where s.role = 'self' and g.role <> 'self' and not s.birth_same and not names_agree(s.name, s.bare, g.name, g.bare);

-- who of several names has another number has borrowed this: the surest where it stands under his department key or in a
-- household beside a row of this number, less so in the village, hardly anywhere else
create or replace temp table has_another_number as
with
named as (
    select id_number, bare, village_code, key_kind, key_no from id_mention
    where bare is not null and id_number in (select id_number from id_mention group by id_number having min(bare) <> max(bare))
),
another as (
    select n.id_number, n.bare, case when o.key_kind = n.key_kind and o.key_no = n.key_no then 3 when o.village_code = n.village_code then 2 else 1 end as sureness
    from named n join mention o on o.bare = n.bare and o.id_number <> n.id_number
    union all
    -- from the households outwards: a number on thousands of names must not be laid beside itself
    select g.id_number, o.bare, 3
    from mention g
    join mention o on o.household_source = g.household_source and o.household_no = g.household_no
        and o.id_number <> g.id_number and o.bare <> g.bare
    where g.id_number in (select id_number from named) and (g.id_number, o.bare) in (select (id_number, bare) from named)
)
select id_number, bare, max(sureness) as sureness from another group by all;

-- the most frequent name of a number speaks for it; rows that contradict the number have no vote, and a row that
-- knows the number's birth date is worth three that only repeat the number. The bills of one department key repeat what was
-- typed once: they have one vote together. Of equals the one that has no other number. A name whose row tells quite another
-- birth date comes last, however many rows repeat it and however like the others it is: of 88 such names that agreed with another
-- one beside the number, on six counties, none was the owner's
create or replace temp table number_vote as
with
-- the bills of a woman whom the insurance knows by this number, with another birth date and sex, say no more than it does
denied_key as (
    select distinct id_number, bare, key_kind, key_no from id_mention
    where birth_far and sex_differs and key_no is not null and key_kind <> 'dwelling_no'
),
witness as (
    select id_number, bare, max(name) as dotted,  -- with its middle dot, where a row has it
        coalesce(max(case when birth_same and not sex_differs then 3 else 1 end)
            filter (not birth_far and (not sex_differs or birth_same) and b.mention_no is null and d.key_no is null), 0) as votes,
        count(*) as rows_named, bool_or(birth_same) as knows_birth, bool_or(birth_far) as tells_another
    from id_mention left join borrowed_number b using (mention_no)
    left join denied_key d using (id_number, bare, key_kind, key_no)
    group by id_number, bare, case when key_no is not null and key_kind <> 'dwelling_no' then key_kind || key_no else mention_no::text end
)
select id_number, bare, dotted, votes, rows_named, coalesce(sureness, 0) as another, is_denied,
    bool_or(knows_birth) over (partition by id_number) as knows_birth
from (
    select id_number, bare, max(dotted) as dotted, sum(votes) as votes, sum(rows_named) as rows_named, bool_or(knows_birth) as knows_birth,
        bool_or(tells_another) and not bool_or(knows_birth) as is_denied
    from witness group by id_number, bare
)
left join has_another_number using (id_number, bare);

create or replace temp table id_name as
with
ranked as (
    select * from number_vote
    qualify row_number() over (partition by id_number order by is_denied, votes desc, rows_named desc, another, bare) = 1
),
-- of quite other names each has another number and none knows this one: it is nobody's
claimed as (
    select distinct r.id_number
    from ranked r join number_vote o on o.id_number = r.id_number and o.bare <> r.bare
    where r.another > 0 and not r.knows_birth and (o.votes, o.rows_named, o.another) = (r.votes, r.rows_named, r.another)
        and not names_agree_beside_number(o.dotted, o.bare, r.dotted, r.bare)
)
select id_number, bare as id_name, dotted, case when c.id_number is null then votes else 0 end as votes
from ranked left join claimed c using (id_number);
"""


def name_owners(con: duckdb.DuckDBPyConnection) -> None:
    """Write `id_name`: id_number, id_name, dotted (the name with its middle dot), votes; 0 votes: the number is nobody's."""
    con.execute(_OWNER)
