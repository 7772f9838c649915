"""A number that no list of persons knows, beside the name of one whom the village knows: a late wife's, or an old one of his own.

Who owns a house or signs for a child stands in a list of persons, with a number. A row whose number stands in none, and whose
whole name one known person of the village bears, is that person's where the name says the other sex than the number, or the
number is like his but for a birth date that was put right (docs/decisions/0028). Reads `mention` and `borne_number`, changes `assigned` and
`linkage.id_conflict`. What a name says of the sex is counted on the county's own persons, character by character of the given
names.
"""

import duckdb

from linkage.reassign import give_to_known

# Of 91 such rows 90 were the namesake's, on six counties (two of ours, four by two other hands; docs/linkage.md); on a seventh,
# not counted whole, one more was another's.
_SCORE = 0.97
# So sure must the name be of the namesake's sex; of names that either may bear every second row was not his.
_SURE = 0.95
# A birth date put right is hardly more than a year off.
_DAYS_APART = 400

_UNKNOWN = """
create or replace temp table unknown_number as
select id_number, bare from borne_number where has_one_name and not is_listed;

create or replace temp table known_bearer as
select distinct m.bare, m.village_code, m.id_number
from (select * from mention where bare in (select bare from unknown_number)) m
anti join unknown_number using (id_number)
join assigned a on a.mention_no = m.mention_no and a.identity = 'id:' || m.id_number;

-- in the villages of the number's rows, or in the county where these tell none
create or replace temp table only_bearer as
select u.id_number, u.bare, min(b.id_number) as known_number, any_value(v.villages) is not null as has_village
from unknown_number u
join (select id_number, list(distinct village_code) filter (village_code is not null) as villages from mention
      semi join unknown_number using (id_number) group by id_number) v using (id_number)
join known_bearer b on b.bare = u.bare and coalesce(list_contains(v.villages, b.village_code), v.villages is null)
group by u.id_number, u.bare
having count(distinct b.id_number) = 1;

create or replace temp table letter_sex as
select letter, (count(*) filter (sex_in(id_number) = '男') + 1) / (count(*) + 2) as male_share
from (
    select distinct id_number, letter
    from (
        select id_number, unnest(string_split(substr(bare, 2), '')) as letter
        from mention anti join unknown_number using (id_number) where id_number is not null and bare is not null
    )
    where letter in (select unnest(string_split(substr(bare, 2), '')) from only_bearer where sex_in(known_number) <> sex_in(id_number))
)
group by letter;

create or replace temp table not_its_name as
with told as (
    select o.id_number, o.known_number
    from (select *, unnest(list_distinct(string_split(substr(bare, 2), ''))) as letter from only_bearer) o
    join letter_sex using (letter)
    where sex_in(o.known_number) <> sex_in(o.id_number)
    group by o.id_number, o.known_number
    having 1 / (1 + exp(case sex_in(o.known_number) when '男' then -1 else 1 end
        * list_sum(list(ln(male_share / (1 - male_share)) order by letter)))) >= {sure}
    union all
    -- the police put a birth date right and gave a new number with it: one part of the date differs, and the order of the day
    select id_number, known_number from only_bearer
    where sex_in(known_number) = sex_in(id_number) and left(known_number, 6) = left(id_number, 6) and has_village
        and one_part_apart(birth_in(known_number), birth_in(id_number))
        and abs(date_diff('day', birth_in(known_number), birth_in(id_number))) < {days_apart}
)
select m.mention_no, t.known_number
from mention m join told t using (id_number)
join assigned a on a.mention_no = m.mention_no and a.identity = 'id:' || m.id_number;
"""


def identify_by_name_beside_unknown_number(con: duckdb.DuckDBPyConnection) -> None:
    """Give the rows of a number that nobody is known by to the namesake whose it must be; needs `identify_by_number`."""
    con.execute(_UNKNOWN.format(sure=_SURE, days_apart=_DAYS_APART))
    give_to_known(con, "not_its_name", _SCORE)
