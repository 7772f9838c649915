"""The certain part of the cascade: mentions joined by a sound ID number, then by department keys.

Reads `intermediate.int_mention`, fills `linkage.assigned` (mention → identity). An identity is a text that
stands for one person until keys are made (`link`): `id:<number>` or `key:<kind>:<no>:<name>` or `mention:<key>`.
A number alone never joins: the names must agree (a child's row often carries a parent's number).
Damaged numbers and everything doubtful belong to later stages of the cascade.
"""

import duckdb

# One number on this many names that do not agree with its most frequent name is a placeholder that somebody
# typed (an office's own number, a form's example), not a person's number: nobody is joined by it.
_POISONED_NAMES = 4

# A rounded number found again by fifteen digits and the whole name is as good as sure; not 1.0, for it was not read.
_ROUNDED_SCORE = 0.999

_ID_VOTES = """
-- what a relation says of sex: 之女婿 is a man, 之儿媳 a woman; 配偶 and 户主 say nothing
create or replace temp macro sex_of_relation(relation) as
    case
        when regexp_matches(relation, '婿') then '男'
        when regexp_matches(relation, '[母女媳婆妻姐妹奶姑姨]') then '女'
        when regexp_matches(relation, '[父子公爷夫兄弟叔伯舅]') then '男'
    end;

create or replace temp table id_mention as
select
    m.mention_key, m.record_key, m.role, m.extract, m.id_number, m.id_quality, m.name, bare_name(m.name) as bare,
    m.village_code, m.key_kind, m.key_no,
    -- what the row says against the number: another birth date by more than a slip, or the other sex
    coalesce(m.birth_date is not null and abs(date_diff('day', m.birth_date, b.id_birth)) > 366
             and month(m.birth_date) <> month(b.id_birth), false) as birth_far,
    coalesce(m.birth_date = b.id_birth, false) as birth_same,
    coalesce(coalesce(m.sex, sex_of_relation(m.relation)) <> b.id_sex, false) as sex_differs
from intermediate.int_mention m
join (
    select distinct id_number,
        try_cast(substr(id_number, 7, 4) || '-' || substr(id_number, 11, 2) || '-' || substr(id_number, 13, 2) as date) as id_birth,
        case when try_cast(substr(id_number, 17, 1) as int) % 2 = 1 then '男' else '女' end as id_sex
    from intermediate.int_mention where id_number is not null
) b using (id_number)
where m.id_number is not null;

-- a row whose own number is also its guardian's carries the guardian's number
create or replace temp table borrowed_number as
select s.mention_key
from id_mention s join id_mention g on s.record_key = g.record_key and s.id_number = g.id_number
where s.role = 'self' and g.role <> 'self' and not names_agree(s.name, g.name);

-- the most frequent name of a number speaks for it; rows that contradict the number have no vote, and a row that
-- knows the number's birth date is worth three that only repeat the number
create or replace temp table id_name as
select id_number, bare as id_name, votes
from (
    select id_number, bare,
        coalesce(sum(case when birth_same then 3 else 1 end)
            filter (not birth_far and not sex_differs and b.mention_key is null), 0) as votes,
        count(*) as rows_named
    from id_mention left join borrowed_number b using (mention_key)
    group by id_number, bare
)
qualify row_number() over (partition by id_number order by votes desc, rows_named desc, bare) = 1;

-- a row of another name, when just this name is known under another number with the same department key or in the
-- villages of this number: a brother or a son whose row carries this person's number
create or replace temp table other_name as
select v.mention_key, v.id_number, v.bare, v.village_code, v.key_kind, v.key_no
from id_mention v join id_name n using (id_number) where v.bare <> n.id_name;

create or replace temp table known_elsewhere as
with
place as (
    select o.mention_key, o.id_number, o.bare, coalesce(o.village_code, v.village_code) as village_code
    from other_name o left join id_mention v on v.id_number = o.id_number and v.bare <> o.bare
)
select distinct p.mention_key  -- several rows may know him
from place p join id_mention e on e.bare = p.bare and e.village_code = p.village_code and e.id_number <> p.id_number
union
select o.mention_key
from other_name o join id_mention e on e.bare = o.bare and e.key_kind = o.key_kind and e.key_no = o.key_no
    and e.id_number <> o.id_number;

create or replace temp table id_verdict as
select v.mention_key, v.id_number, v.id_quality, v.name, v.bare,
    case
        when b.mention_key is not null or n.votes = 0 then false
        when v.bare = n.id_name then true
        else names_agree(v.name, n.id_name) and not v.birth_far and not v.sex_differs and k.mention_key is null
    end as agrees
from id_mention v
join id_name n using (id_number)
left join borrowed_number b using (mention_key)
left join known_elsewhere k using (mention_key);

create or replace temp table poisoned_number as
select id_number from id_verdict where not agrees
group by id_number having count(distinct name) >= {poisoned};

create or replace table linkage.assigned as
select mention_key, 'id:' || id_number as identity,
    case when id_quality = 'upgraded' then 'id_upgraded' else 'id_exact' end as match_method,
    1.0::double as match_score, null::text as model_version
from id_verdict
where agrees and id_number not in (select id_number from poisoned_number);

-- A spreadsheet's rounding leaves three zeros whose check digit fits by chance in one case of eleven. Where exactly one
-- other number shares the surviving fifteen digits and the name to the letter, the row is that person's; alone, a
-- number that ends in three zeros stays sound.
create or replace temp table rounded as
select v.mention_key, min(o.id_number) as id_number
from id_verdict v
join id_name o on left(o.id_number, 15) = left(v.id_number, 15) and o.id_number not like '%000' and o.id_name = v.bare
where v.id_number like '%000'
group by v.mention_key having count(distinct o.id_number) = 1;

delete from linkage.assigned where mention_key in (select mention_key from rounded);
insert into linkage.assigned
select mention_key, 'id:' || id_number, 'damaged_id', {rounded_score}, null from rounded;

create or replace table linkage.id_conflict as
select mention_key from id_verdict
where (not agrees or id_number in (select id_number from poisoned_number))
    and mention_key not in (select mention_key from rounded);
"""

_DEPARTMENT_KEYS = """
create or replace temp table keyed_person as
select m.key_kind, m.key_no, a.identity, m.name, min(m.birth_date) as birth_date, count(*) as rows_named
from intermediate.int_mention m join linkage.assigned a using (mention_key)
where m.key_no is not null
group by all;

create or replace temp table keyed_open as
select m.mention_key, m.key_kind, m.key_no, m.name, m.birth_date, m.extract, m.unique_source
from intermediate.int_mention m anti join linkage.assigned a using (mention_key)
where m.key_no is not null;

-- a row of another name is not a slip where just this name is known in the same village: a wife's or a son's bill
create or replace temp table keyed_other_name as
with
slip as (
    select distinct o.mention_key, bare_name(o.name) as bare, p.identity  -- a key's person may be named in many rows
    from keyed_open o join keyed_person p using (key_kind, key_no)
    where names_agree(o.name, p.name) and bare_name(o.name) <> bare_name(p.name)
),
seen as (
    select distinct a.identity, bare_name(m.name) as bare, m.village_code  -- a person's rows repeat his name
    from linkage.assigned a join intermediate.int_mention m using (mention_key)
    where bare_name(m.name) in (select bare from slip) or a.identity in (select identity from slip)
)
select distinct s.mention_key, s.identity
from slip s join seen home on home.identity = s.identity
join seen n on n.bare = s.bare and n.village_code = home.village_code and n.identity <> s.identity
where s.bare not in (select own.bare from seen own where own.identity = s.identity);

-- an open row joins the one known person of its department key whose name agrees
insert into linkage.assigned
select mention_key, min(identity), 'department_key', 1.0, null
from keyed_open o join keyed_person p using (key_kind, key_no)
anti join keyed_other_name n on n.mention_key = o.mention_key and n.identity = p.identity
where names_agree(o.name, p.name)
    and (o.birth_date is null or p.birth_date is null or o.birth_date = p.birth_date
         or bare_name(o.name) = bare_name(p.name))
group by mention_key
having count(distinct identity) = 1;
"""

# Rows of one department key and one name are one identity, though no number says whose; any other row stands alone.
_OPEN = """
create or replace temp table open_identity as
select mention_key, identity,
    case when row_number() over (partition by identity order by unique_source desc, mention_key) = 1
        then 'unmatched' else 'department_key' end as match_method,
    null::double as match_score, null::text as model_version
from (
    select m.mention_key, m.unique_source,
        case when m.key_no is not null then 'key:' || m.key_kind || ':' || m.key_no || ':' || coalesce(bare_name(m.name), '')
            else 'mention:' || m.mention_key end as identity
    from intermediate.int_mention m anti join linkage.assigned using (mention_key)
);

update open_identity set match_score = 1.0 where match_method = 'department_key';
"""

_UNMATCHED = """
insert into linkage.assigned
select mention_key, identity, match_method, match_score, model_version
from open_identity anti join linkage.assigned using (mention_key);
"""


def identify_by_number(con: duckdb.DuckDBPyConnection) -> None:
    """Assign every mention with a sound number whose name agrees; list the rest of them as ID conflicts."""
    con.execute("create schema if not exists linkage")
    con.execute(_ID_VOTES.format(poisoned=_POISONED_NAMES, rounded_score=_ROUNDED_SCORE))


def identify_by_department_key(con: duckdb.DuckDBPyConnection) -> None:
    """Assign open mentions through department keys (学籍号, 个人编号, 人编号), guarded by the name."""
    con.execute(_DEPARTMENT_KEYS)


def list_open_identities(con: duckdb.DuckDBPyConnection) -> None:
    """Write the temp table `open_identity` (mention_key, identity, match_method …): what no number and no key has assigned."""
    con.execute(_OPEN)


def leave_unmatched(con: duckdb.DuckDBPyConnection) -> None:
    """Every identity still open becomes a person of its own: nobody vanishes because a form was filled in badly."""
    con.execute(_UNMATCHED)
