"""Mentions joined by a department's own number of a person (学籍号, 个人编号, 人编号), guarded by the name.

Reads `mention`; adds to `assigned` the open rows whose key leads to one known person. Rows whose key leads to nobody known
are `open_identity`'s.
"""

import duckdb

_DEPARTMENT_KEYS = """
create or replace temp table keyed_open as
select m.mention_no, m.key_kind, m.key_no, m.name, m.bare, m.birth_date
from open_mention m anti join assigned a using (mention_no)
where m.key_no is not null;

create or replace temp table keyed_person as
select m.key_kind, m.key_no, a.identity, m.name, m.bare, min(m.birth_date) as birth_date
from mention m join assigned a using (mention_no)
where m.key_no in (select key_no from keyed_open)
group by all;

-- a row of another name is not a slip where just this name is known in the same village: a wife's or a son's bill
create or replace temp table keyed_other_name as
with
slip as (
    select distinct o.mention_no, o.bare, p.identity  -- a key's person may be named in many rows
    from keyed_open o join keyed_person p using (key_kind, key_no)
    where names_agree(o.name, o.bare, p.name, p.bare) and o.bare <> p.bare and not is_part_of_name(o.name, o.bare, p.name, p.bare)
),
seen as (
    select a.identity, m.bare, m.village_code from mention m join assigned a using (mention_no)
    where m.bare in (select bare from slip)
    union  -- a person's rows repeat his name
    select a.identity, m.bare, m.village_code from assigned a join mention m using (mention_no)
    where a.identity in (select identity from slip)
)
select distinct s.mention_no, s.identity
from slip s join seen home on home.identity = s.identity
join seen n on n.bare = s.bare and n.village_code = home.village_code and n.identity <> s.identity
where s.bare not in (select own.bare from seen own where own.identity = s.identity);

-- an open row joins the one known person of its department key whose name agrees
insert into assigned
select mention_no, min(identity), 'department_key', 1.0, null
from keyed_open o join keyed_person p using (key_kind, key_no)
anti join keyed_other_name n on n.mention_no = o.mention_no and n.identity = p.identity
where names_agree_beside_number(o.name, o.bare, p.name, p.bare)
    and (o.birth_date is null or p.birth_date is null or o.birth_date = p.birth_date
         or o.bare = p.bare)
group by mention_no
having count(distinct identity) = 1;
"""


def identify_by_department_key(con: duckdb.DuckDBPyConnection) -> None:
    """Assign open mentions through department keys (学籍号, 个人编号, 人编号), guarded by the name."""
    con.execute(_DEPARTMENT_KEYS)
