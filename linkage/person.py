"""Persons out of assigned mentions: one row per person with a stable key and the best of what his rows say.

Reads `mention`, `assigned` and `in_conflict`; writes `linkage.mention_link`, `linkage.id_conflict` and `linkage.person`, and for the households the temp table
`person_mention` (the mentions with their persons).
`linkage.person` holds identities and stays in the restricted zone.
"""

import duckdb

from linkage.keys import key_sql
from linkage.stability import keep_keys

_LINKS = """
create or replace temp table person_of_identity as
select identity, {person_key} as person_key
from (
    select identity,
        -- the number where there is one, else the first department key, else the row itself
        case when identity like 'id:%' then substr(identity, 4) else identity end as key_text
    from (select distinct identity from assigned)  -- one key per person, not per mention
);

"""

# Persons are numbered here: a count over a million rows by a number takes half the time of one by a text. The order is that
# of the records, which is the same in every home; keys are hashed with its secret.
_MENTION_LINK = """
create or replace temp table numbered_person as
select person_key, (row_number() over (order by record_no, person_key))::int as person_no
from (
    select person_key, min(record_no) as record_no  -- none for whom people's decisions parted
    from person_of_identity left join record using (identity) group by person_key
);

create or replace temp table person_mention as
select m.* exclude (bare, id_raw, key_kind, key_no), p.person_no, a.match_method
from mention m
join assigned a using (mention_no)
join (select identity, person_no from person_of_identity join numbered_person using (person_key)) p using (identity);

create or replace table linkage.mention_link as
select mention_key, record_key, person_key, match_method::text as match_method, match_score, model_version
from key_of_mention join assigned using (mention_no) join person_of_identity using (identity);

create or replace table linkage.id_conflict as
select mention_key from key_of_mention semi join in_conflict using (mention_no);
"""

_PERSONS = """
create or replace temp table conflicting_person as
select distinct p.person_no from person_mention p semi join in_conflict using (mention_no);

create or replace temp table department_bit as
select department, 1::bigint << (row_number() over (order by department) - 1) as bit
from (select distinct department from person_mention);

create or replace temp table counted_person as
select person_no, bit_count(bit_or(b.bit)) as departments,
    min(phone) as phone,
    any_value(id_number) filter (match_method in ('id_exact', 'id_upgraded')) as id_number,
    min(village_code) filter (extract = 'persons') as registry_village_code,
    bool_or(id_quality = 'valid' and match_method = 'id_exact') as has_valid,
    bool_or(id_quality = 'upgraded' and match_method = 'id_upgraded') as has_upgraded,
    bool_or(id_quality = 'damaged') as has_damaged,
    {spans}
from person_mention join department_bit b using (department)
group by person_no;

create or replace table linkage.person as
with
-- the most frequent value represents a person better than the smallest; of equals, the smallest
{votes},
numbered as (
    select c.*, k.person_key, f.person_no is not null as in_conflict,
        {values},
        birth_in(c.id_number) as id_birth_date,
        case when c.id_number is not null then sex_in(c.id_number) end as id_sex
    from counted_person c
    join numbered_person k using (person_no)
    left join conflicting_person f using (person_no)
    {joins}
)
select person_key,
    case
        when in_conflict and id_number is null then 'conflict'
        when has_valid then 'valid'
        when has_upgraded then 'upgraded'
        when has_damaged then 'damaged'
        else 'absent'
    end as identity_quality,
    id_number, row_name as name,
    coalesce(id_sex, row_sex) as sex,
    coalesce(id_birth_date, row_birth_date) as birth_date,
    coalesce(registry_village_code, insured_village, row_village)::text as village_code,
    departments::int as departments, phone
from numbered;
"""

# Columns whose most frequent value speaks for a person, and the rows that are asked.
_VOTED = {
    "row_name": ("name", "true"),
    "row_sex": ("sex", "true"),
    "row_birth_date": ("birth_date", "true"),
    "row_village": ("village_code", "true"),
    "insured_village": ("village_code", "department = 'medical_insurance'"),
}


def write_persons(con: duckdb.DuckDBPyConnection, secret: bytes, previous: str | None = None) -> None:
    """Write `linkage.mention_link` (one row per mention), `linkage.id_conflict` (those in conflict) and `linkage.person` (one row per person).

    `previous` names the attached last day: whoever was found there under a later key keeps that key.
    """
    con.execute(_LINKS.format(person_key=key_sql("p", "key_text", secret)))
    keep_keys(con, previous, "person", "person_of_identity", "person_key")
    con.execute(_MENTION_LINK)
    con.execute(
        _PERSONS.format(
            spans=",\n    ".join(_span(alias, *asked) for alias, asked in _VOTED.items()),
            votes=",\n".join(_vote(alias, *asked) for alias, asked in _VOTED.items()),
            values=",\n        ".join(
                f"coalesce({alias}.value, lowest_{alias}) as {alias}" for alias in _VOTED
            ),
            joins="\n    ".join(f"left join {alias} using (person_no)" for alias in _VOTED),
        )
    )


def _span(alias: str, column: str, rows: str) -> str:
    """Smallest and largest value of a column: where they are equal, which is nearly always, nothing has to be counted."""
    values = (f"{extreme}({column}) filter ({rows})" for extreme in ("min", "max"))
    return "{} as lowest_{alias}, {} as highest_{alias}".format(*values, alias=alias)


def _vote(alias: str, column: str, rows: str) -> str:
    """A named query for person_no and the most frequent value of a column, of the persons with several."""
    return (
        f"{alias} as (select person_no, arg_min({column}, (-rows_with, {column})) as value from ("
        f"select person_no, {column}, count(*) as rows_with from person_mention"
        f" where {column} is not null and {rows} and person_no in ("
        f"select person_no from counted_person where lowest_{alias} <> highest_{alias}) group by all) group by person_no)"
    )
