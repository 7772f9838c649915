-- One row per registry rule on the run date: how many rows it is about, and how many it flags.

with

results as (

    select * from {{ source('policies', 'rule_result') }}

)

select
    cast(rule_id as string) as rule_id,
    cast(run_date as date) as run_date,
    cast(title as string) as title,
    cast(class as string) as class,
    cast(subject_kind as string) as subject_kind,
    cast(applicable as bigint) as applicable,
    cast(flagged as bigint) as flagged,
    cast(evaluated as boolean) as evaluated,
    cast(reason as string) as reason
from results
