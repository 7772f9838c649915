"""A second sound number of one person: a clerk's slip that ends in another sound number, or a number that was given anew.

Two sound numbers are two persons. But two numbers whose rows share a name and a village are one person's where hardly anybody
knows one of them and both say one birth date, or, one part of it apart, all else that a number says; and where the rows of
one tell the birth date of the other: an office has the wrong number, or another's, and repeats it in all its lists. Not where
a department has a number of its own for each: they are twins, one of them written with the other's name. Reads `mention`,
`borne_number` and `assigned`. How sure this is: docs/decisions/0028.
"""

import duckdb

from linkage.reassign import give_to_known

# Two people of one name, village and birth date were seen once, and then each was known to four extracts by his number; of pairs
# of which both are known to more than this all four that share a telephone were one person, on four counties by two hands.
_EXTRACTS = 2
_SCORE = 0.99

# Without a village a pair is believed only where, of the county's pairs with villages, this many share one for one that does not.
_SHARED_TO_APART = 10

_SECOND = """
-- of hundreds of thousands of names few stand beside two numbers of one birth date, or of one place and order;
-- looked for by hash, told by text below
create or replace temp table named_number as
select hash(id_number) as number, hash(bare) as named, id_number from borne_number where has_one_name
union all
select hash(id_number), hash(bare), any_value(id_number)
from mention semi join (select id_number from borne_number where not has_one_name) using (id_number) where bare is not null group by all;

create or replace temp table told_of_number as
select number, named, hash(named, substr(id_number, 7, 8)) as said from named_number
union all
select number, named, hash(named, place_and_order(id_number)) from named_number
union all
select hash(m.id_number), hash(m.bare), hash(hash(m.bare), strftime(m.birth_date, '%Y%m%d'))
from id_mention v join mention m using (mention_no)
where case when not v.birth_same then m.birth_date <> birth_in(m.id_number) end;

-- a name beside a number: the number may be another's, and all that an office writes of this name says one thing
create or replace temp table bearer_of_number as
select m.id_number, m.bare, count(*) as rows_named, count(distinct m.extract) as extracts,
    any_value(birth_in(m.id_number)) as birth_date, any_value(place_and_order(m.id_number)) as place_and_order,
    bool_and(id_quality = 'upgraded' and length(id_raw) = 15) as is_old,
    case when min(m.birth_date) = max(m.birth_date) and min(m.birth_date) <> any_value(birth_in(m.id_number))
        then min(m.birth_date) end as told_birth_date,
    count(a.mention_no) > 0 as is_own,
    list(distinct m.village_code) filter (m.village_code is not null) as villages,
    list(distinct m.phone) filter (m.phone is not null) as phones,
    list(distinct m.key_kind) filter (m.key_kind <> 'dwelling_no') as key_kinds,
    list(distinct m.key_kind || ':' || m.key_no) filter (m.key_kind <> 'dwelling_no') as keys
from (
    select * from mention where (hash(id_number), hash(bare)) in (
        select (number, named) from told_of_number
        where said in (select said from told_of_number group by said having min(number) <> max(number))
    )
) m
left join assigned a on a.mention_no = m.mention_no and a.identity = 'id:' || m.id_number
group by m.id_number, m.bare;

create or replace temp table number_pair as
select s.id_number, s.bare, k.id_number as known_number,
    -- none where a row has no village
    case when list_has_any(k.keys, s.keys) then true else list_has_any(k.villages, s.villages) end as shares_place,
    coalesce(s.told_birth_date = k.birth_date, false) as tells_the_other,
    coalesce(list_has_all(k.villages, s.villages), s.villages is null) as only_there,
    coalesce(k.told_birth_date = s.birth_date, false) as is_told_by_the_other, k.told_birth_date is null as is_not_told,
    s.birth_date = k.birth_date as same_birth_date,
    left(s.id_number, 6) = left(k.id_number, 6) and s.birth_date = k.birth_date
        or s.place_and_order = k.place_and_order and one_part_apart(s.birth_date, k.birth_date) as is_near,
    -- hardly anybody knows it, or both have one telephone; of two such, fifteen digits, which nothing checks, give way first
    (s.extracts <= {extracts} or coalesce(list_has_any(k.phones, s.phones), false))
        and (not s.is_old, s.extracts, s.rows_named, s.id_number) < (not k.is_old, k.extracts, k.rows_named, k.id_number) as is_lesser,
    s.is_own
from bearer_of_number s
join bearer_of_number k on k.bare = s.bare and k.id_number <> s.id_number
    and (k.birth_date = s.birth_date or k.birth_date = s.told_birth_date or k.place_and_order = s.place_and_order)
where k.is_own
    -- a department numbers a person once: twins under one name
    and not coalesce(list_has_any(k.key_kinds, s.key_kinds) and not list_has_any(k.keys, s.keys), false);

create or replace temp table second_number as
with
-- rows without a village: only in a county where such numbers are slips and not namesakes
is_slip as (
    select count(*) filter (shares_place) >= {shared_to_apart} * greatest(1, count(*) filter (not shares_place)) as here
    from number_pair where is_lesser and is_near
),
pair as (
    select * from number_pair cross join is_slip
    where tells_the_other and is_not_told and (only_there and shares_place or shares_place is null)
        or shares_place and is_own and is_lesser and same_birth_date
        or (is_lesser and not is_told_by_the_other or tells_the_other) and is_near and coalesce(shares_place, here)
)
select id_number, bare, min(known_number) as known_number
from pair group by id_number, bare having count(*) = 1;

-- a second number leads to a first one, never to another second one
delete from second_number where (known_number, bare) in (select (id_number, bare) from second_number);

create or replace temp table row_of_second_number as
select m.mention_no, s.known_number from mention m join second_number s using (id_number, bare);
"""


def join_second_numbers(con: duckdb.DuckDBPyConnection) -> None:
    """Give the rows of a person's second number to the number that he is known by; needs `identify_by_number`."""
    con.execute(_SECOND.format(extracts=_EXTRACTS, shared_to_apart=_SHARED_TO_APART))
    give_to_known(con, "row_of_second_number", _SCORE)
