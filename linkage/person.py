"""Persons out of assigned mentions: one row per person with a stable key and the best of what his rows say.

Reads `intermediate.int_mention` and `linkage.assigned`; writes `linkage.mention_link` and `linkage.person`.
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
    from (select distinct identity from linkage.assigned)  -- one key per person, not per mention
);

"""

_MENTION_LINK = """
create or replace table linkage.mention_link as
select m.mention_key, m.record_key, p.person_key, a.match_method,
    a.match_score, a.model_version
from intermediate.int_mention m
join linkage.assigned a using (mention_key)
join person_of_identity p using (identity);
"""

_PERSONS = """
create or replace temp table person_mention as
select l.person_key, l.match_method, m.*, c.mention_key is not null as in_conflict
from linkage.mention_link l
join intermediate.int_mention m using (mention_key)
left join linkage.id_conflict c using (mention_key);

create or replace temp table person_number as
select person_key, any_value(id_number) as id_number
from person_mention
where match_method in ('id_exact', 'id_upgraded')
group by person_key;

create or replace table linkage.person as
with
-- the most frequent value represents a person better than the smallest; of equals, the smallest
name as ({name}),
sex as ({sex}),
birth as ({birth_date}),
village as ({village_code}),
insured_village as ({insured_village_code}),
counted as (
    select person_key, count(distinct department) as departments,
        min(phone) as phone,
        min(village_code) filter (extract = 'persons') as registry_village_code,
        bool_or(id_quality = 'valid' and match_method = 'id_exact') as has_valid,
        bool_or(id_quality = 'upgraded' and match_method = 'id_upgraded') as has_upgraded,
        bool_or(in_conflict) as in_conflict,
        bool_or(id_quality = 'damaged') as has_damaged
    from person_mention
    group by person_key
),
numbered as (
    select c.*, n.id_number, name.value as name, sex.value as row_sex, birth.value as row_birth_date,
        coalesce(c.registry_village_code, insured_village.value, village.value) as village_code,
        try_cast(substr(n.id_number, 7, 4) || '-' || substr(n.id_number, 11, 2) || '-'
            || substr(n.id_number, 13, 2) as date) as id_birth_date,
        case try_cast(substr(n.id_number, 17, 1) as int) % 2 when 1 then '男' when 0 then '女' end as id_sex
    from counted c
    left join person_number n using (person_key)
    left join name using (person_key)
    left join sex using (person_key)
    left join birth using (person_key)
    left join village using (person_key)
    left join insured_village using (person_key)
)
select person_key,
    case
        when in_conflict and id_number is null then 'conflict'
        when has_valid then 'valid'
        when has_upgraded then 'upgraded'
        when has_damaged then 'damaged'
        else 'absent'
    end as identity_quality,
    id_number, name,
    coalesce(id_sex, row_sex) as sex,
    coalesce(id_birth_date, row_birth_date) as birth_date,
    village_code, departments::int as departments, phone
from numbered;
"""


def write_persons(con: duckdb.DuckDBPyConnection, secret: bytes, previous: str | None = None) -> None:
    """Write `linkage.mention_link` (one row per mention) and `linkage.person` (one row per person).

    `previous` names the attached last day: whoever was found there under a later key keeps that key.
    """
    con.execute(_LINKS.format(person_key=key_sql("p", "key_text", secret)))
    keep_keys(con, previous, "person", "person_of_identity", "person_key")
    con.execute(_MENTION_LINK)
    con.execute(
        _PERSONS.format(
            name=_most_frequent("name"),
            sex=_most_frequent("sex"),
            birth_date=_most_frequent("birth_date"),
            village_code=_most_frequent("village_code"),
            insured_village_code=_most_frequent("village_code", "and department = 'medical_insurance'"),
        )
    )


def _most_frequent(column: str, condition: str = "") -> str:
    """A query for person_key and the most frequent non-null value of a column of `person_mention`."""
    return (
        f"select person_key, arg_min({column}, (-rows_with, {column})) as value"
        f" from (select person_key, {column}, count(*) as rows_with from person_mention"
        f" where {column} is not null {condition} group by all) group by person_key"
    )
