-- One row per flag of a registry rule on the run date: a row of the registry's own export that the rule finds wrong or doubtful.

with

hits as (

    select * from {{ source('policies', 'rule_hit') }}

),

rules as (

    select * from {{ source('policies', 'rule_result') }}

)

select
    cast(hits.rule_id as string) as rule_id,
    cast(rules.title as string) as title,
    cast(hits.class as string) as class,
    cast(hits.run_date as date) as run_date,
    cast(hits.subject_kind as string) as subject_kind,
    cast(hits.subject_key as string) as subject_key,
    cast(hits.person_key as string) as person_key,
    cast(hits.household_key as string) as household_key,
    cast(hits.township_name as string) as township_name,
    cast(hits.village_code as string) as village_code
from hits
inner join rules
    on hits.rule_id = rules.rule_id
