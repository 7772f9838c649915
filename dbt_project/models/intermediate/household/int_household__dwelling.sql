-- One row per household with a linked dwelling.

with

dwellings as (

    select * from {{ ref('int_household__dwelling_survey') }}
    where household_key is not null

)

select
    household_key,
    count(*) filter (where is_occupied) as occupied_dwellings,
    max(case when is_occupied then safety_grade end) as worst_safety_grade,
    bool_or(is_unsafe) as unsafe_dwelling,
    bool_or(is_graded_unsafe_though_renovated) as graded_unsafe_though_renovated
from dwellings
group by household_key
