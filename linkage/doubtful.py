"""Whom each doubtful row may speak of: the rows that nothing proves, the conflicts and the rows that could not be read.

Reads the linked mentions, `linkage.person`, `linkage.review_pair`, what people called different (`forbidden`, left by
`link`) and the rows kept out of the tables; writes `linkage.doubtful_candidate`. It holds keys, files' rows and a reason,
never a name or a number. What hangs on such a row is not asked here: policies do (`expectations`).
"""

from functools import cache
from importlib import resources
from typing import Any

import duckdb
import yaml

from linkage.damaged import SLIPPED, one_slip_query
from linkage.id_number import install_number_macros
from linkage.names import install_name_macros

# A row is doubtful when nothing proves whose it is (no sound number among its person's rows), when it was linked by
# weight only, when it carries a number that belongs to another name, and when its number is known from this extract
# alone: a relative's number or an old one makes a person whom nobody else knows. So are all rows of two persons who share
# name, birth date and village: one person may have two numbers.
_ROWS = """
create or replace temp table doubtful_row as
with
known_once as (
    select l.person_key from linkage.mention_link l join intermediate.int_mention m using (mention_key)
    group by l.person_key having min(m.extract) = max(m.extract)
),
alike as (
    select person_key from linkage.person where name is not null and birth_date is not null and village_code is not null
    qualify count(*) over (partition by bare_name(name), birth_date, village_code) > 1
)
select l.mention_key, l.person_key as own_person_key, p.id_number is null or o.person_key is not null as own_unproven, m.department || '/' || m.extract as extract, m.delivery_id,
    m.row_number, m.role, bare_name(m.name) as name,
    -- a number's birth date says nothing of a row that may carry another's number
    coalesce(m.birth_date, case when p.id_number is null then p.birth_date end) as birth_date, m.village_code,
    m.key_kind, m.key_no,
    case when m.id_quality = 'damaged' and length(m.id_raw) >= 12 then number_part(m.id_raw) end as damaged_number,
    case when c.mention_key is not null then m.id_number end as claimed_number,
    -- a link by weight leaves what is missing to certainty for everybody else
    case when l.match_method = 'probabilistic' then 1 - l.match_score else 1 end as open_share,
    p.id_number is not null and l.match_method in ('id_exact', 'id_upgraded') as proven
from linkage.mention_link l
join intermediate.int_mention m using (mention_key)
join linkage.person p on p.person_key = l.person_key
left join linkage.id_conflict c using (mention_key)
left join known_once o on o.person_key = l.person_key
left join alike a on a.person_key = l.person_key
where p.id_number is null or l.match_method = 'probabilistic' or c.mention_key is not null
    or o.person_key is not null or a.person_key is not null or (m.name <> p.name and bare_name(m.name) <> bare_name(p.name));

create or replace temp table bearer as
select person_key, bare_name(name) as name, birth_date, village_code, id_number,
    count(*) over (partition by bare_name(name)) as namesakes
from linkage.person;
"""

# Each way in which a row may be somebody's, by equality joins only; the number's slips as in `damaged`.
_PAIRS = """
create or replace temp table doubtful_pair as
with
fragment as (
    select mention_key, damaged_number as raw, coalesce(surviving_digits(damaged_number), damaged_number) as digits
    from doubtful_row where damaged_number is not null
),
slipped as (select mention_key, raw as id_raw from fragment where length(raw) between {shortest} and {longest}),
near_number as (
    select n.mention_key, b.person_key from ({one_slip}
    ) n join bearer b using (id_number)
),
told as (
    select mention_key, person_key, 'number_slip' as why from near_number
    union all
    select f.mention_key, b.person_key, 'number_digits'
    from fragment f join bearer b on left(f.digits, 12) = left(b.id_number, 12)
    where length(f.digits) between 12 and 16 and starts_with(b.id_number, left(f.digits, 15))
    union all
    select r.mention_key, b.person_key, 'number_claimed'
    from doubtful_row r join bearer b on b.id_number = r.claimed_number
    union all
    select r.mention_key, l.person_key, 'department_key'
    from doubtful_row r
    join (select * from intermediate.int_mention where key_no is not null) m using (key_kind, key_no)
    join linkage.mention_link l on l.mention_key = m.mention_key
    union all
    select r.mention_key, b.person_key,
        case when r.village_code = b.village_code then 'name_birth_date_village' else 'name_birth_date' end
    from doubtful_row r join bearer b using (name, birth_date)
    union all
    select r.mention_key, b.person_key, 'name_village' from doubtful_row r join bearer b using (name, village_code)
    where r.birth_date is null or b.birth_date is null
        or (year(r.birth_date) = year(b.birth_date))::int + (month(r.birth_date) = month(b.birth_date))::int
            + (day(r.birth_date) = day(b.birth_date))::int >= 2
    union all
    -- whom a family list or a row brought into the household as one more member, and whose name a member nearly bears
    select r.mention_key, b.person_key, 'name_household'
    from doubtful_row r
    join linkage.household_member mine on mine.person_key = r.own_person_key
    join linkage.household_member theirs on theirs.household_key = mine.household_key
    join bearer b on b.person_key = theirs.person_key
    where r.own_unproven and bare_names_agree(r.name, b.name)
        and (r.birth_date is null or b.birth_date is null or r.birth_date = b.birth_date)
    union all
    select r.mention_key, b.person_key, 'name' from doubtful_row r join bearer b using (name)
    where b.namesakes <= {most_namesakes} and r.birth_date is null
        and (r.village_code is null or b.village_code is null)
)
select distinct t.mention_key, t.person_key, t.why  -- two rows of one key may lead to the same person
from told t join doubtful_row r using (mention_key)
where t.person_key <> r.own_person_key;
"""

# Cells of rows that were kept out, of deliveries in force: a row of a key that another row of the file has is no loss.
_UNREAD = r"""
create or replace temp table unread_row as
select q.delivery_id, q.department || '/' || q.extract as extract, q.row_number,
    upper(regexp_replace(unnest(from_json(q.raw_row, '["VARCHAR"]')), '[\s\x{3000}\x{a0}'']', '', 'g')) as cell
from raw.quarantined_row q
join (select distinct delivery_id from raw.delivery where status = 'accepted') d using (delivery_id)
where q.raw_row is not null and q.rule <> 'duplicate_key';

create or replace temp table unread_pair as
with
cells as (select distinct * from unread_row where length(cell) between 2 and 40),
born as (
    select delivery_id, row_number, try_cast(y || '-' || lpad(m, 2, '0') || '-' || lpad(d, 2, '0') as date) as birth_date
    from (
        select delivery_id, row_number, unnest(regexp_extract(cell, '^(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?$', ['y', 'm', 'd']))
        from cells
    )
    where y <> ''
),
named as (
    select c.delivery_id, c.extract, c.row_number, b.person_key, b.name, b.birth_date, b.village_code
    from cells c join bearer b on b.name = bare_name(c.cell)
)
select c.delivery_id, c.extract, c.row_number, b.person_key, 'unread_number' as why
from cells c join bearer b on b.id_number = regexp_extract(c.cell, '[1-9]\d{16}[\dX]')
union
select n.delivery_id, n.extract, n.row_number, n.person_key, 'unread_name' from named n
where not exists (  -- the namesake whose number stands there is meant
    select 1 from cells c join bearer b on b.id_number = regexp_extract(c.cell, '[1-9]\d{16}[\dX]')
    where c.delivery_id = n.delivery_id and c.row_number = n.row_number and b.name = n.name
) and (exists (select 1 from born o where o.delivery_id = n.delivery_id and o.row_number = n.row_number and o.birth_date = n.birth_date)
    or exists (select 1 from cells v where v.delivery_id = n.delivery_id and v.row_number = n.row_number and v.cell = n.village_code));
"""

_WRITE = """
create or replace table linkage.doubtful_candidate as
with
paired as (
    select p.mention_key, p.person_key, p.why,
        scores.score * r.open_share * case when r.proven then {proven_factor} else 1 end / count(*) over (partition by p.mention_key, p.why)
            * case when p.why in ('number_slip', 'number_digits', 'number_claimed', 'department_key')
                    and not share_a_character(r.name, b.name) then {other_name_factor} else 1 end as score
    from doubtful_pair p
    join doubtful_row r using (mention_key)
    join bearer b on b.person_key = p.person_key
    join (values {scores}) scores (why, score) on scores.why = p.why
),
best as (
    -- a probability weighs everything that the ways see one by one; they still say what is alike
    select mention_key, person_key, coalesce(min(p.why order by p.score desc, p.why), 'weighed') as why,
        coalesce(any_value(v.probability), max(p.score)) as score
    from paired p full join linkage.review_pair v using (mention_key, person_key)
    group by mention_key, person_key
),
kept_apart as (
    select distinct l.person_key, o.person_key as other  -- several decisions may part the same two
    from forbidden f
    join key_of_mention mine on mine.mention_no = f.mention_no join key_of_mention theirs on theirs.mention_no = f.other_mention
    join linkage.mention_link l on l.mention_key = mine.mention_key join linkage.mention_link o on o.mention_key = theirs.mention_key
)
select r.extract, r.delivery_id, r.row_number, r.role, r.own_person_key, r.own_unproven, b.person_key, b.why, round(b.score, 4) as score
from best b
join doubtful_row r using (mention_key)
where b.score >= {least_score} and r.own_person_key <> b.person_key
    and not exists (
        select 1 from kept_apart k where k.person_key in (r.own_person_key, b.person_key)
            and k.other in (r.own_person_key, b.person_key) and k.person_key <> k.other
    )
union all
select u.extract, u.delivery_id, u.row_number, null, null, false, u.person_key, min(u.why order by scores.score desc),
    max(scores.score)
from unread_pair u join (values {scores}) scores (why, score) on scores.why = u.why
group by all
order by all;

create or replace table linkage.weak_link as
select l.person_key, m.department || '/' || m.extract as extract, m.delivery_id, m.row_number, m.role,
    l.match_method, l.match_score
from linkage.mention_link l
join intermediate.int_mention m using (mention_key)
where l.match_method = 'probabilistic' or (l.match_method = 'damaged_id' and l.match_score < {certain})
order by all;
"""

# A damaged number that the name bears out to the letter (0.999, `damaged`) is as good as a number.
_CERTAIN = 0.999

_MACROS = """
create or replace temp macro share_a_character(a, b) as list_has_any(string_split(a, ''), string_split(b, ''));
"""


@cache
def scale() -> dict[str, Any]:
    """The scores that people set: `scores` by way, `other_name_factor`, `least_score`."""
    text = (resources.files("linkage") / "doubtful.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))


def write_doubtful(con: duckdb.DuckDBPyConnection) -> int:
    """Write `linkage.doubtful_candidate` and `linkage.weak_link`; returns the number of candidates.

    `doubtful_candidate` has one row per doubtful row and person whom it may speak of: extract (`department/extract`),
    delivery_id, row_number, role and own_person_key (null for a row that could not be read), own_unproven (no sound
    number, or one that no other extract knows), person_key, why (a key of `doubtful.yaml`, or `weighed` by the model),
    score (0 to 1). `weak_link` has one row per link that no number and no
    key bears out: person_key, extract, delivery_id, row_number, role, match_method, match_score.

    Call it on the connection that has just run `link` and `write_review`; needs `raw.delivery` and `raw.quarantined_row`.
    """
    install_name_macros(con)
    install_number_macros(con)
    con.execute(_MACROS)
    con.execute(_ROWS)
    values = scale()
    shortest, longest = SLIPPED
    one_slip = one_slip_query("slipped", "mention_key", "bearer")
    con.execute(
        _PAIRS.format(
            most_namesakes=values["most_namesakes"], shortest=shortest, longest=longest, one_slip=one_slip
        )
    )
    con.execute(_UNREAD)
    con.execute(
        _WRITE.format(
            scores=", ".join(f"('{why}', {score})" for why, score in values["scores"].items()),
            proven_factor=values["proven_factor"],
            other_name_factor=values["other_name_factor"],
            least_score=values["least_score"],
            certain=_CERTAIN,
        )
    )
    for table in ("doubtful_row", "doubtful_pair", "bearer", "unread_row", "unread_pair"):
        con.execute(f"drop table temp.{table}")
    row = con.execute("select count(*) from linkage.doubtful_candidate").fetchone()
    assert row is not None
    return int(row[0])
