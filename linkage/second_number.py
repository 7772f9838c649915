"""A second sound number of one person: a clerk's slip that ends in another sound number, or a number that was given anew.

Two sound numbers are two persons. But where one of them is known to hardly anybody, and name, village and birth date (in it
or beside it) are those of one other number, it is that one's: nobody else of the village is called so and was born that day.
Not where a department has a number of its own for each: they are twins, one of them written with the other's name.
Reads `mention` and `assigned`.
"""

import duckdb

from linkage.reassign import give_to_known

# All of 177 such numbers were one person's (seven counties of another hand; on three of ours there is none). Two people of one
# name, village and birth date were seen once, and then each was known to four extracts by his number.
_EXTRACTS = 2
_SCORE = 0.99

_SECOND = """
-- of hundreds of thousands of names few stand beside two numbers of one birth date; looked for by hash, told by text below
create or replace temp table told_birth as
select mention_no, hash(id_number) as number, hash(bare, substr(id_number, 7, 8)) as said from mention where id_number is not null
union all
select mention_no, hash(id_number), hash(bare, strftime(birth_date, '%Y%m%d')) from mention semi join contested_number using (id_number)
where birth_date <> birth_in(id_number);

create or replace temp table numbered_bearer as
select m.id_number, list(distinct m.bare) as names, count(*) as rows_named, count(distinct m.extract) as extracts,
    list_distinct([birth_in(m.id_number), case when min(m.birth_date) = max(m.birth_date) then min(m.birth_date) end]) as birth_dates,
    list(distinct m.village_code) filter (m.village_code is not null) as villages,
    list(distinct m.key_kind) filter (m.key_kind <> 'dwelling_no') as key_kinds,
    list(distinct m.key_kind || ':' || m.key_no) filter (m.key_kind <> 'dwelling_no') as keys
from (
    select * from mention where id_number in (
        select id_number from mention join told_birth using (mention_no)
        where said in (select said from told_birth group by said having min(number) <> max(number))
    )
) m
join assigned a on a.mention_no = m.mention_no and a.identity = 'id:' || m.id_number
group by m.id_number;

create or replace temp table second_number as
select s.id_number, min(k.id_number) as known_number
from numbered_bearer s
join (select *, unnest(names) as name from numbered_bearer) k
    on k.name = s.names[1] and k.id_number <> s.id_number and list_contains(s.birth_dates, birth_in(k.id_number))
where s.extracts <= {extracts} and len(s.names) = 1 and list_has_any(k.villages, s.villages)
    -- a department numbers a person once: twins under one name
    and not coalesce(list_has_any(k.key_kinds, s.key_kinds) and not list_has_any(k.keys, s.keys), false)
    and (s.extracts, s.rows_named, s.id_number) < (k.extracts, k.rows_named, k.id_number)
group by s.id_number having count(*) = 1;

-- a second number leads to a first one, never to another second one
delete from second_number where known_number in (select id_number from second_number);
"""


def join_second_numbers(con: duckdb.DuckDBPyConnection) -> None:
    """Give the rows of a person's second number to the number that more extracts know him by; needs `identify_by_number`."""
    con.execute(_SECOND.format(extracts=_EXTRACTS))
    give_to_known(con, "second_number", _SCORE)
