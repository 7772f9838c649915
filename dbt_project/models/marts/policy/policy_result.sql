-- One row per policy and run date: how many it was about, and what it found.

with

asked as (

    select * from {{ source('policies', 'result') }}

),

earlier as (

    select * from {{ source('policies', 'earlier_result') }}

),

results as (

    select * from asked
    union all
    select * from earlier

)

select
    cast(policy_id as string) as policy_id,
    cast(run_date as date) as run_date,
    cast(subject_kind as string) as subject_kind,
    cast(department as string) as department,
    cast(severity as string) as severity,
    cast(kind as string) as kind,
    cast(applicable as bigint) as applicable,
    cast(met as bigint) as met,
    cast(gap as bigint) as gap,
    cast(unknown as bigint) as unknown,
    cast(evaluated as boolean) as evaluated,
    cast(reason as string) as reason,
    cast(checked as bigint) as checked,
    cast(confirmed as bigint) as confirmed,
    cast(yield_share as double) as yield_share,
    cast(needs_review as boolean) as needs_review
from results
