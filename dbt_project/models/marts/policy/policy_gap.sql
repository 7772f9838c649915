-- One row per gap ever found, with its state on the run date.

with

gaps as (

    select * from {{ source('policies', 'gap') }}

)

select
    cast(gap_id as string) as gap_id,
    cast(policy_id as string) as policy_id,
    cast(subject_kind as string) as subject_kind,
    cast(subject_key as string) as subject_key,
    cast(person_key as string) as person_key,
    cast(household_key as string) as household_key,
    cast(township_name as string) as township_name,
    cast(village_code as string) as village_code,
    cast(department as string) as department,
    cast(severity as string) as severity,
    cast(kind as string) as kind,
    cast(status as string) as status,
    cast(reason as string) as reason,
    cast(first_seen as date) as first_seen,
    cast(last_seen as date) as last_seen,
    cast(resolved_on as date) as resolved_on,
    cast(exempt_until as date) as exempt_until,
    cast(due_on as date) as due_on,
    cast(doubt as string) as doubt,
    cast(doubt_score as double) as doubt_score,
    cast(opened_on as date) as opened_on,
    cast(evidence as string) as evidence,
    cast(parameters as string) as parameters,
    cast(sent_on as date) as sent_on
from gaps
