"""Other names of a number's own person: a former one, a nickname, a milk name.

Reads `mention`, `id_mention`, `id_name`, `owner_key` and `not_his`; writes the temp tables `number_and_key` (rows whose key is the
owner's), `renamed` (those whose birth date is too), `alias` (names borne out by a row), `sole_name` (names that nobody else
bears), `name_at_home` (names in a row of the owner's family) and `named_elsewhere` (milk names that may be somebody's real one).
"""

import duckdb

_OTHER_NAMES = """
-- a row whose number and own department key are those of this number's rows, and whose birth date and sex are not against it:
-- its person under another name (all but 3 of 6,393 such rows on eleven counties by four hands); where the birth date is the
-- number's too, under a new one
create or replace temp table number_and_key as
with other as materialized (
    select v.mention_no, v.id_number, n.id_name, v.key_kind, v.key_no, v.birth_same
    from id_mention v join id_name n on n.id_number = v.id_number and n.id_name <> v.bare
    where not v.birth_far and not v.sex_differs and v.key_kind <> 'dwelling_no'
)
select distinct v.mention_no, v.birth_same  -- several rows may share key and number
from other v join id_mention o on o.id_number = v.id_number and o.bare = v.id_name and o.key_kind = v.key_kind and o.key_no = v.key_no;

create or replace temp table renamed as select mention_no from number_and_key where birth_same;

-- another name of the number's own person (a former one, a nickname): a row bears the number's birth date or its own
-- department key besides the number, nothing it says is against it, and nobody of that name has another number there
create or replace temp table alias as
with
owner as (
    select v.id_number, n.id_name, list(distinct v.village_code) filter (v.village_code is not null) as villages
    from id_mention v join id_name n on n.id_number = v.id_number and n.id_name = v.bare
    group by all
),
other as (
    select v.id_number, v.bare, coalesce(o.villages, []) || case when v.village_code is null then [] else [v.village_code] end as villages,
        v.birth_same and coalesce(list_contains(o.villages, v.village_code), true) or list_contains(k.keys, v.key_no) as is_borne,
        v.birth_far or v.sex_differs or coalesce(not list_contains(k.keys, v.key_no), false) or a.mention_no is not null as is_denied
    from id_mention v
    join owner o on o.id_number = v.id_number and o.id_name <> v.bare and left(o.id_name, 1) = left(v.bare, 1)
    left join owner_key k on k.id_number = v.id_number and k.key_kind = v.key_kind
    left join not_his a using (mention_no)
),
named as (
    select id_number, bare, list_distinct(flatten(list(villages))) as villages
    from other group by id_number, bare having bool_or(is_borne) and not bool_or(is_denied)
),
known as (select distinct bare, village_code, id_number from mention where id_number is not null and bare in (select bare from named))
select n.id_number, n.bare from named n
where not exists (
    select 1 from known e where e.bare = n.bare and e.id_number <> n.id_number and list_contains(n.villages, e.village_code)
);

-- 王贝贝 may be milk name or name: who bears it under another number or none is not this number's owner
create or replace temp table named_elsewhere as
select distinct v.id_number, v.bare from id_mention v join mention e on e.bare = v.bare
where length(v.bare) > 2 and milk_name(v.bare, v.bare) and e.id_number is distinct from v.id_number;

-- a name that stands beside this number and nowhere else: nearly everybody stands in a list, so a brother or a son would be
-- known by another number. Not where the owner is dead or a child who has a house, and not where somebody of nearly that name
-- lives with him: his name was mistaken, and the number is the brother's. Nor where the department numbers the row as somebody
-- else: twins entered under one number (31 of 32 such rows on eleven counties by three hands). (Of 324 such rows on ten counties by two hands
-- 315 were the owner's; where somebody at home is nearly called so, 14 of 38.)
create or replace temp table unexplained_name as
select v.id_number, v.bare, any_value(v.name) as name,
    bool_or(v.birth_far or v.sex_differs or coalesce(not list_contains(k.keys, v.key_no), false) or a.mention_no is not null
        or v.role = 'head' and birth_in(v.id_number) > (select max(birth_date) from mention) - head_years() * interval 1 year) as is_denied
from id_mention v join id_name n on n.id_number = v.id_number and n.id_name <> v.bare and left(n.id_name, 1) = left(v.bare, 1)
left join owner_key k on k.id_number = v.id_number and k.key_kind = v.key_kind
left join not_his a using (mention_no)
where n.votes > 0 and not names_agree_beside_number(v.name, v.bare, n.dotted, n.id_name)
group by all;

create or replace temp table sole_bearer as
select u.id_number, u.bare, any_value(u.name) as name, bool_or(is_denied) as is_denied
from mention m join unexplained_name u using (bare)
group by u.id_number, u.bare having bool_and(m.id_number is not distinct from u.id_number);

create or replace temp table home_of_owner as
select distinct s.id_number, s.bare, s.name, left(s.bare, 1) as surname, m.household_source, m.household_no  -- from several rows
from sole_bearer s join mention m using (id_number) where m.household_no is not null;

create or replace temp table sole_name as
select s.id_number, s.bare
from sole_bearer s
where not coalesce(s.is_denied, false)
    and id_number not in (select id_number from mention where extract = 'deaths' and id_number is not null)
    and (id_number, bare) not in (
        select (h.id_number, h.bare)
        from home_of_owner h join mention e on e.household_source = h.household_source and e.household_no = h.household_no
            and left(e.bare, 1) = h.surname
        where e.id_number is distinct from h.id_number and names_agree(e.name, e.bare, h.name, h.bare)
    );

-- a name in a row beside people who live with the number's owner by other rows: his, for a relative's row names the relative,
-- and he would be known at home. Not where somebody there is called at all like it. (Of 508 such rows of another given name on
-- four counties by two hands 495 were the owner's, and all but two of the others bear a birth date or a relation against it.)
create or replace temp table name_at_home as
with
asked as (
    select m.mention_no, u.id_number, u.bare, m.household_source, m.household_no
    from unexplained_name u join mention m using (id_number, bare)
    where not coalesce(u.is_denied, false) and m.household_source in ('registry', 'civil_affairs', 'education')
        and id_number not in (select id_number from mention where extract = 'deaths' and id_number is not null)
),
-- two villages may have one family number
seat as (
    select distinct n.id_number, m.household_source, m.household_no,
        case when m.household_source = 'medical_insurance' then m.village_code end as family_village
    from id_name n join mention m on m.id_number = n.id_number and m.bare = n.id_name
    where m.household_no is not null and n.id_number in (select id_number from asked)
),
mate as (
    select distinct s.id_number, s.household_source, s.household_no, e.id_number as other, e.bare
    from seat s join mention e using (household_source, household_no)
    where e.id_number is distinct from s.id_number and coalesce(e.village_code = s.family_village, s.family_village is null)
),
known_here as (
    select distinct a.mention_no, a.id_number, a.bare, a.household_source, a.household_no
    from asked a
    join mention e on e.household_source = a.household_source and e.household_no = a.household_no
    join mate f on f.id_number = a.id_number and f.other = e.id_number
        and (f.household_source, f.household_no) <> (a.household_source, a.household_no)
),
called as (
    select k.mention_no, f.bare from known_here k join mate f using (id_number)
    union
    select k.mention_no, e.bare from known_here k join mention e using (household_source, household_no)
    where e.mention_no <> k.mention_no and e.id_number is distinct from k.id_number
    union
    -- who stands elsewhere beside the same people: the father, under the grandfather's number
    select k.mention_no, o.bare
    from known_here k
    join mention e on e.household_source = k.household_source and e.household_no = k.household_no and e.mention_no <> k.mention_no
    join mention f on f.id_number = e.id_number and f.household_no is not null
    join mention o on o.household_source = f.household_source and o.household_no = f.household_no and o.bare = k.bare
    where o.mention_no <> k.mention_no and o.id_number is distinct from k.id_number
)
select mention_no from known_here
anti join (
    select k.mention_no from known_here k join called c using (mention_no)
    where left(c.bare, 1) = left(k.bare, 1) and (substr(c.bare, 2, 1) = substr(k.bare, 2, 1) or right(c.bare, 1) = right(k.bare, 1))
) using (mention_no);
"""


def tell_other_names(con: duckdb.DuckDBPyConnection) -> None:
    """Write `renamed` and `name_at_home` (mention_no), `alias`, `sole_name` and `named_elsewhere` (id_number, bare); needs `name_owners`."""
    con.execute(_OTHER_NAMES)
