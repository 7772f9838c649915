"""The number of before the police put a birth date right, beside the new one: one name, the same people at home.

A corrected birth date brings another number, and offices learn of it at different times: one list has the old, others the new.
Numbers of one name, place and sex whose birth dates are nearly the same are one person's where somebody stands with both at
home, or both have one telephone or department key, or one is part of the pupil's number beside the other. Where a county shows
many such, also where nobody else in the village bears the name. Not where a department has a number of its own for each. Reads
`mention`, `assigned` and the `named_number` of `second_number`. How sure this is: docs/decisions/0028.
"""

import duckdb

from linkage.reassign import give_to_known

# Of 280 numbers on five counties by a tenth hand 278 were the person's, and all 184 with somebody at home, a telephone or a key.
_SCORE = 0.97
# Birth dates that differ in one part, or by no more days than this, are nearly the same.
_DAYS_APART = 62
# A name on more numbers of one place and sex than this says nothing of who somebody is.
_MOST_NAMESAKES = 200
# More people than this in one household of a list are an institution.
_MOST_AT_HOME = 12
# Without anybody at home: so many days lie between a lunar date and its solar one, or so many years in a date of one day and month.
_CALENDARS_APART = (15, 52)
_YEARS_APART = 3
# So many pairs with somebody at home, and one for each two without, show that a county has such numbers.
_SHOWN = 10

_BEARERS = """
create or replace temp table nearly_born as
with
said as (select named, id_number, hash(named, left(id_number, 6), sex_in(id_number)) as said from named_number),
born as (
    select *, birth_in(id_number) as birth_date from said
    where said in (select said from said group by said having count(*) between 2 and {most_namesakes})
)
select a.named, a.id_number, b.id_number as other, abs(date_diff('day', a.birth_date, b.birth_date)) as days,
    one_part_apart(a.birth_date, b.birth_date) as is_one_part
from born a join born b on b.said = a.said and b.birth_date <> a.birth_date
where abs(date_diff('day', a.birth_date, b.birth_date)) <= {days_apart} or one_part_apart(a.birth_date, b.birth_date);

-- all rows of a number, under whatever writing of the name
create or replace temp table bearer_of_number as
select m.id_number, count(distinct m.extract) as extracts, list(distinct m.bare) as names,
    list(distinct m.village_code) filter (m.village_code is not null) as villages,
    list(distinct m.phone) filter (m.phone is not null) as phones,
    list(distinct m.key_kind) filter (m.key_kind <> 'dwelling_no') as key_kinds,
    list(distinct m.key_kind || ':' || m.key_no) filter (m.key_kind <> 'dwelling_no') as keys,
    list(distinct number_in_key(m.key_no)) filter (m.key_no is not null) as numbers_in_keys
from mention m
join assigned a on a.mention_no = m.mention_no and a.identity = 'id:' || m.id_number
where m.id_number in (select id_number from nearly_born)
group by m.id_number;

-- whoever stands in one household of a list, or signs for the same child; family numbers are reused between villages
create or replace temp table seat as
with
place as (
    select id_number, household_hash(household_source, household_no, village_code) as home
    from mention where id_number is not null and household_no is not null
    union all
    select id_number, row_hash from mention where id_number is not null
)
select distinct home, id_number from place
where home in (select home from place semi join bearer_of_number using (id_number));

create or replace temp table mate as
select distinct a.id_number, b.id_number as mate
from (select * from seat where home in (select home from seat group by home having count(*) <= {most_at_home})) a
join seat b on b.home = a.home and b.id_number <> a.id_number
where a.id_number in (select id_number from bearer_of_number);
"""

_CORRECTED = """
create or replace temp table number_pair as
select s.id_number, k.id_number as known_number, n.days, n.is_one_part, list_intersect(s.names, k.names) as names, s.villages || k.villages as villages,
    list_has_any(k.villages, s.villages) as shares_village,
    coalesce(list_has_any(k.phones, s.phones), false) or coalesce(list_has_any(k.keys, s.keys), false)
        -- a pupil's number is his ID number, as a rule: the roll put the one right and kept the other
        or coalesce(list_contains(k.numbers_in_keys, s.id_number) or list_contains(s.numbers_in_keys, k.id_number), false)
        or exists (
            from mate o join mate t on t.mate = o.mate
            where o.id_number = s.id_number and t.id_number = k.id_number
        ) as is_shown
from (select distinct id_number, other, days, is_one_part from nearly_born) n  -- two writings of a name may be borne by both
join bearer_of_number s using (id_number)
join bearer_of_number k on k.id_number = n.other
-- the one that more extracts know stays; bills that come in every day do not turn them round
where list_has_any(s.names, k.names) and (s.extracts, s.id_number) < (k.extracts, k.id_number)
    -- a department numbers a person once
    and not coalesce(list_has_any(k.key_kinds, s.key_kinds) and not list_has_any(k.keys, s.keys), false);

-- nobody else in the village bears the name, and the dates are as far apart as the two calendars' are, or in month or year
create or replace temp table likely_pair as
with alone as (
    select * from number_pair
    where shares_village and (days between {calendars_from} and {calendars_to} or is_one_part and days between 27 and {years_apart} * 366)
)
select id_number, known_number from alone
anti join (
    select a.id_number, a.known_number
    from (select *, unnest(names) as bare from alone) a join mention o using (bare)
    where o.id_number not in (a.id_number, a.known_number) and list_contains(a.villages, o.village_code)
) using (id_number, known_number);

create or replace temp table corrected_number as
with
pair as (select p.id_number, p.known_number, p.is_shown, l.id_number is not null as is_likely from number_pair p left join likely_pair l using (id_number, known_number)),
county as (select count(*) filter (is_shown) >= greatest({shown}, count(*) filter (is_likely) // 2) as shows_it from pair)
select id_number, min(known_number) as known_number
from pair cross join county
where is_shown or is_likely and shows_it
group by id_number having count(*) = 1;

-- an old number leads to the one that he is known by, never to another old one
delete from corrected_number where known_number in (select id_number from corrected_number);

create or replace temp table row_of_corrected_number as
select a.mention_no, c.known_number from assigned a join corrected_number c on a.identity = 'id:' || c.id_number;
"""


def join_corrected_numbers(con: duckdb.DuckDBPyConnection) -> None:
    """Give the rows of a number from before a correction to the number that its person is known by; needs `identify_by_number`."""
    con.execute(
        _BEARERS.format(days_apart=_DAYS_APART, most_namesakes=_MOST_NAMESAKES, most_at_home=_MOST_AT_HOME)
    )
    calendars_from, calendars_to = _CALENDARS_APART
    con.execute(
        _CORRECTED.format(
            calendars_from=calendars_from, calendars_to=calendars_to, years_apart=_YEARS_APART, shown=_SHOWN
        )
    )
    give_to_known(con, "row_of_corrected_number", _SCORE)
