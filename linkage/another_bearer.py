"""Rows that carry the number of somebody of their name, or nearly so, and are another's: a brother's, a son's, a ward's.

Reads `id_mention` and `id_name`; writes the temp tables `owner_key` (the department keys of each number's owner), `no_slip` (rows of
nearly the owner's name whose bearer is known elsewhere) and `not_his` (rows that are not the owner's whatever they are called).
"""

import duckdb

_NEARLY_HIS_NAME = """
-- a row of another name, when just this name is known beside this number: with the same department key or in the
-- villages of this number. It is a brother's or a son's row that carries this person's number
create or replace temp table other_name as
select v.mention_no, v.id_number, v.bare, v.village_code, v.key_kind, v.key_no,
    -- a part of a long name is a slip of forms, and many bear it
    is_part_of_name(v.name, v.bare, n.dotted, n.id_name) as is_part
from id_mention v join id_name n using (id_number)
where v.bare <> n.id_name and names_agree_beside_number(v.name, v.bare, n.dotted, n.id_name);

create or replace temp table known_elsewhere as
with
place as (
    select o.mention_no, o.id_number, o.bare, coalesce(o.village_code, v.village_code) as village_code
    from other_name o left join id_mention v on v.id_number = o.id_number and v.bare <> o.bare
    where not o.is_part
),
bearer as (
    select bare, village_code, key_kind, key_no, id_number from mention where bare in (select bare from other_name)
)
select distinct p.mention_no  -- several rows may know him
from place p join bearer e on e.bare = p.bare and e.village_code = p.village_code
    and e.id_number <> p.id_number
union
select o.mention_no
from other_name o join bearer e on e.bare = o.bare and e.key_kind = o.key_kind and e.key_no = o.key_no
    and e.id_number <> o.id_number;

create or replace temp table owner_key as
select v.id_number, v.key_kind, list(distinct v.key_no) as keys
from id_mention v join id_name n on n.id_number = v.id_number and n.id_name = v.bare
where v.key_no is not null and v.key_kind <> 'dwelling_no'  -- one man may own two houses
group by all;

-- a row of nearly the name whose own department key is not the one that this number's rows have: a department numbers
-- a person once, so it is a brother's row
create or replace temp table key_differs as
select o.mention_no
from other_name o join owner_key k on k.id_number = o.id_number and k.key_kind = o.key_kind
where not list_contains(k.keys, o.key_no);

create or replace temp table no_slip as
select mention_no from known_elsewhere union select mention_no from key_differs;
"""

_NOT_HIS = """
-- a department key under which one name stands with several numbers
create or replace temp table torn_name as
with
torn as (
    select key_kind, key_no, bare from id_mention
    where key_no in (select key_no from torn_key) and bare is not null
    group by all having min(id_number) <> max(id_number)
)
select key_kind, key_no, bare, id_number, max(unique_source::int) as is_listed, bool_or(birth_same) as knows_birth
from id_mention join torn using (key_kind, key_no, bare)
group by all;

-- the number of a namesake, picked by name: the department knows this key with another number and its birth date, and the
-- namesake has his own key there; or the row itself tells the other number's birth date
create or replace temp table namesakes_number as
with
key_of_number as (
    select distinct v.id_number, v.bare, v.key_kind, v.key_no from id_mention v semi join torn_name using (id_number, bare, key_kind)
    where v.key_no is not null and v.key_kind <> 'dwelling_no'
),
many_keys as (select id_number, bare, key_kind from key_of_number group by all having count(*) > 1)
select distinct v.mention_no  -- a key may have three numbers
from torn_name b
join torn_name a on a.key_kind = b.key_kind and a.key_no = b.key_no and a.bare = b.bare and a.id_number <> b.id_number
join id_mention v on v.id_number = b.id_number and v.bare = b.bare and v.key_kind = b.key_kind and v.key_no = b.key_no
join mention m using (mention_no)
where m.birth_date = birth_in(a.id_number) and m.birth_date <> birth_in(b.id_number)
    or coalesce(m.birth_date <> birth_in(b.id_number), true) and a.knows_birth
        and (b.id_number, b.bare, b.key_kind) in (select (id_number, bare, key_kind) from many_keys)
        and (a.id_number, a.bare, a.key_kind) not in (select (id_number, bare, key_kind) from many_keys);

-- a row whose department key and whole name are known by another number, which more rows bear out, when nobody but
-- rows of this key carries the number that it has: a slip of the clerk who wrote the bill
create or replace temp table slipped_from_key as
with
borne as (
    select t.key_kind, t.key_no, t.bare, t.id_number, t.is_listed, t.knows_birth, count(v.mention_no) as bearers,
        count(v.mention_no) filter (v.key_kind = t.key_kind and v.key_no = t.key_no and v.bare = t.bare) as own_bearers
    from torn_name t join id_mention v on v.id_number = t.id_number and bare_names_agree(v.bare, t.bare)
    group by all
),
main as (
    select key_kind, key_no, bare, id_number as main_number from borne
    qualify row_number() over (partition by key_kind, key_no, bare order by bearers desc, is_listed desc, knows_birth desc, id_number) = 1
        and not coalesce(
            lead((bearers, is_listed, knows_birth)) over (
                partition by key_kind, key_no, bare order by bearers desc, is_listed desc, knows_birth desc, id_number
            ) = (bearers, is_listed, knows_birth), false)
)
select v.mention_no
from borne b join main m using (key_kind, key_no, bare)
join id_mention v on v.key_kind = b.key_kind and v.key_no = b.key_no and v.bare = b.bare and v.id_number = b.id_number
where b.id_number <> m.main_number and b.bearers = b.own_bearers;

-- a key whose row has the whole name and contradicts the number's birth date, beside another key of the kind that does not:
-- a son who bears his father's name and carries his number, in all rows of the key
create or replace temp table named_after as
with
denied as (
    select v.id_number, v.bare, v.key_kind, v.key_no
    from id_mention v join id_name n on n.id_number = v.id_number and n.id_name = v.bare
    where v.key_no is not null and v.key_kind <> 'dwelling_no'
    group by all having bool_or(v.birth_far) and not bool_or(v.birth_same)
),
sons as (
    select distinct d.*  -- the father has several rows
    from denied d
    join id_mention o on o.id_number = d.id_number and o.bare = d.bare and o.key_kind = d.key_kind
    anti join denied other on other.id_number = o.id_number and other.bare = o.bare and other.key_kind = o.key_kind and other.key_no = o.key_no
)
select v.mention_no from id_mention v join sons using (id_number, bare, key_kind, key_no);

-- of two people whom one row names, the one who is not called as his number is carries the other's, whose own cell has it too
-- or is empty
create or replace temp table beside_its_owner as
select distinct o.mention_no  -- a child may have two guardians
from id_mention o join id_name n on n.id_number = o.id_number and n.id_name <> o.bare
join mention v on v.row_hash = o.row_hash and v.bare = n.id_name and v.mention_no <> o.mention_no
where coalesce(v.id_number = o.id_number, true);

-- a guardian who may bear his ward's whole name: a number that a pupil has is not his
create or replace temp table pupils_number as
with young as materialized (select g.* from mention g semi join too_young using (mention_no))
select distinct g.mention_no  -- a pupil may stand in two rolls
from young g join mention s on s.id_number = g.id_number and s.bare = g.bare and s.role = 'self'
where s.extract = g.extract;

-- a row of the owner's name whose birth date is that of a namesake in the village, where a row that has not its department
-- key speaks of the owner too: a son who is called as his father is
create or replace temp table namesakes_row as
with denied as materialized (
    select v.mention_no, v.id_number, v.bare, v.village_code, v.key_no, m.birth_date, strftime(m.birth_date, '%Y%m%d') as born
    from id_mention v join id_name n on n.id_number = v.id_number and n.id_name = v.bare
    join mention m using (mention_no)
    where m.birth_date <> birth_in(v.id_number)
)
select distinct d.mention_no  -- a namesake has several rows
from denied d
join mention o on o.bare = d.bare and o.village_code = d.village_code and substr(o.id_number, 7, 8) = d.born
join mention w on w.id_number = d.id_number and w.bare = d.bare and w.birth_date is distinct from d.birth_date
    and coalesce(w.key_no <> d.key_no, true);

create or replace temp table not_his as
select mention_no from pupils_number union select mention_no from borrowed_number union select mention_no from beside_its_owner
union select mention_no from slipped_from_key union select mention_no from named_after
union select mention_no from namesakes_row union select mention_no from namesakes_number;
"""


def tell_other_bearers(con: duckdb.DuckDBPyConnection) -> None:
    """Write `no_slip` and `not_his` (mention_no); needs `list_contested_numbers` and `name_owners`."""
    con.execute(_NEARLY_HIS_NAME)
    con.execute(_NOT_HIS)
