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
"""


def name_owners(con: duckdb.DuckDBPyConnection) -> None:
    """Write `id_name`: id_number, id_name, dotted (the name with its middle dot), votes; 0 votes: the number is nobody's."""
    con.execute(_OWNER)
