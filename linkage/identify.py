"""The certain part of the cascade: mentions joined by a sound ID number, guarded by the name.

Reads `mention`, fills `assigned` (mention → identity). An identity is a text that
stands for one person until keys are made (`link`); here `id:<number>`.
A number alone never joins: the names must agree (a child's row often carries a parent's number).
Department keys, damaged numbers and everything doubtful belong to later stages of the cascade.
"""

import duckdb

from linkage.another_bearer import tell_other_bearers
from linkage.contested_number import list_contested_numbers
from linkage.number_owner import name_owners
from linkage.other_name import tell_other_names
from linkage.placeholder import take_out_placeholders
from linkage.spouse_name import tell_spouse_names

# One number on this many names that do not agree with its most frequent name is a placeholder that somebody
# typed (an office's own number, a form's example), not a person's number: nobody is joined by it.
POISONED_NAMES = 4

# A rounded number found again by fifteen digits and the whole name is as good as sure; not 1.0, for it was not read.
_ROUNDED_SCORE = 0.999

# Another name beside a number that nobody else in the county bears, or in a row of the owner's family, is nearly always a
# former one (`other_name`); a husband's or wife's name is a slip where the row tells (`spouse_name`).
_OTHER_NAME_SCORE = 0.97

_VERDICT = """
create or replace temp table id_verdict as
select v.mention_no, v.id_number, v.id_quality, v.name, v.bare,
    case
        when a.mention_no is not null or n.votes = 0 then false
        when v.bare = n.id_name or r.mention_no is not null or l.bare is not null then true
        -- the number's birth date beside it weighs more than a slip of the sex
        when v.birth_far or v.sex_differs and not v.birth_same then false
        when (milk_name(v.bare, n.id_name) or milk_name(n.id_name, v.bare))
            and (v.id_number, v.bare) not in (select (id_number, bare) from named_elsewhere)
            and (v.id_number, n.id_name) not in (select (id_number, bare) from named_elsewhere) then true
        else names_agree_beside_number(v.name, v.bare, n.dotted, n.id_name) and k.mention_no is null
    end as agrees
from id_mention v
join id_name n using (id_number)
left join not_his a using (mention_no)
left join no_slip k using (mention_no)
left join renamed r using (mention_no)
left join alias l on l.id_number = v.id_number and l.bare = v.bare;

create or replace temp table poisoned_number as
select id_number from id_verdict where not agrees
group by id_number having count(distinct name) >= {poisoned};

-- a village clerk's own number, typed for many: of all names his alone has a row that tells its birth date
create or replace temp table clerks_row as
with clerk as (
    select id_number, min(bare) as bare from id_mention semi join poisoned_number using (id_number)
    where birth_same group by id_number having count(distinct bare) = 1
)
select v.mention_no from id_mention v semi join clerk using (id_number, bare) where not v.birth_far and not v.sex_differs;

create or replace temp type method_word as enum (
    'damaged_id', 'decision', 'department_key', 'id_exact', 'id_upgraded', 'probabilistic', 'unmatched'
);

create or replace temp table assigned as
select mention_no, 'id:' || id_number as identity,
    (case when id_quality = 'upgraded' then 'id_upgraded' else 'id_exact' end)::method_word as match_method,
    1.0::double as match_score, null::text as model_version
from id_verdict
where agrees and id_number not in (select id_number from poisoned_number) or mention_no in (from clerks_row)
union all
select mention_no, 'id:' || id_number, case when id_quality = 'upgraded' then 'id_upgraded' else 'id_exact' end, 1.0, null
from mention anti join contested_number using (id_number)
where id_number is not null;
"""

_ROUNDED = """
-- the name that every number stands for
create or replace temp table named_number as
select id_number, id_name from id_name
union all
select id_number, any_value(bare) from mention anti join contested_number using (id_number)
where left(id_number, 15) in (select left(id_number, 15) from id_mention where id_number like '%000')
group by id_number;

-- A spreadsheet's rounding leaves three zeros whose check digit fits by chance in one case of eleven. Where exactly one
-- other number shares the surviving fifteen digits and a name that agrees, the row is that person's; alone, a number
-- that ends in three zeros stays sound.
create or replace temp table rounded as
select v.mention_no, min(o.id_number) as id_number
from id_verdict v
join named_number o on left(o.id_number, 15) = left(v.id_number, 15) and o.id_number not like '%000'
    and bare_names_agree(o.id_name, v.bare) and left(o.id_name, 1) = left(v.bare, 1)
where v.id_number like '%000'
group by v.mention_no having count(distinct o.id_number) = 1;

delete from assigned where mention_no in (select mention_no from rounded);
insert into assigned
select mention_no, 'id:' || id_number, 'damaged_id', {score}, null from rounded;
"""

_OTHER_NAME = """
insert into assigned
select v.mention_no, 'id:' || v.id_number, 'probabilistic', {score}, null
from id_verdict v anti join poisoned_number using (id_number) anti join not_his using (mention_no)
where (
        (v.id_number, v.bare) in (select (id_number, bare) from sole_name)
        or v.mention_no in (from name_at_home union from spouse_row union select mention_no from number_and_key)
    )
    and not v.agrees and v.mention_no not in (select mention_no from rounded);
"""

_CONFLICT = """
create or replace temp table in_conflict as
select mention_no from id_verdict v
where (not v.agrees or v.id_number in (select id_number from poisoned_number))
    and mention_no not in (select mention_no from rounded union all from clerks_row)
union  -- a name that is nobody's may stand beside a contested number
select mention_no from beside_placeholder;
"""


def identify_by_number(con: duckdb.DuckDBPyConnection) -> None:
    """Assign every mention with a sound number whose name agrees; list the rest of them as ID conflicts (`in_conflict`)."""
    take_out_placeholders(con)
    list_contested_numbers(con)
    name_owners(con)
    tell_other_bearers(con)
    tell_other_names(con)
    con.execute(_VERDICT.format(poisoned=POISONED_NAMES))
    tell_spouse_names(con)
    con.execute(_ROUNDED.format(score=_ROUNDED_SCORE))
    con.execute(_OTHER_NAME.format(score=_OTHER_NAME_SCORE))
    con.execute(_CONFLICT)
