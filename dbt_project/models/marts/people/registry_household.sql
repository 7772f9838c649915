-- One row per household of the registry, as the registry's own rows tell it: what the county's report counts.

with

registry as (

    select * from {{ ref('int_household__registry') }}

),

households as (

    select household_key, household_no from {{ source('linkage', 'household') }}
    where household_no is not null

)

select
    registry.household_no,
    households.household_key,
    registry.township_name,
    registry.household_kind,
    registry.monitoring_category,
    registry.is_target,
    registry.is_monitored,
    registry.is_eliminated,
    cast(registry.registered_persons as integer) as registered_persons,
    cast(registry.income_per_capita as decimal(14, 2)) as income_per_capita,
    cast(registry.income_per_capita_last_year as decimal(14, 2)) as income_per_capita_last_year,
    registry.water_safe,
    registry.has_contact,
    registry.has_helper
from registry
left join households
    on registry.household_no = households.household_no
