-- One row per gap ever found, with its state on the run date.

with

gaps as (

    select * from {{ source('policies', 'gap') }}

),

in_hand as (

    select * from {{ source('policies', 'clue_order') }}

)

select
    cast(gaps.gap_id as string) as gap_id,
    cast(gaps.policy_id as string) as policy_id,
    cast(gaps.subject_kind as string) as subject_kind,
    cast(gaps.subject_key as string) as subject_key,
    cast(gaps.person_key as string) as person_key,
    cast(gaps.household_key as string) as household_key,
    cast(gaps.township_name as string) as township_name,
    cast(gaps.village_code as string) as village_code,
    cast(gaps.department as string) as department,
    cast(gaps.severity as string) as severity,
    cast(gaps.kind as string) as kind,
    cast(gaps.status as string) as status,
    cast(gaps.reason as string) as reason,
    cast(gaps.first_seen as date) as first_seen,
    cast(gaps.last_seen as date) as last_seen,
    cast(gaps.resolved_on as date) as resolved_on,
    cast(gaps.exempt_until as date) as exempt_until,
    cast(gaps.due_on as date) as due_on,
    cast(gaps.doubt as string) as doubt,
    cast(gaps.doubt_score as double) as doubt_score,
    cast(gaps.opened_on as date) as opened_on,
    cast(gaps.evidence as string) as evidence,
    cast(gaps.parameters as string) as parameters,
    cast(gaps.sent_on as date) as sent_on,
    cast(in_hand.is_doubtful as boolean) as is_doubtful,
    cast(in_hand.place as integer) as place_in_household
from gaps
left join in_hand
    on gaps.gap_id = in_hand.gap_id
