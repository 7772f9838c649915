-- One row per administrative village with what the registry's quality rules judge of it.

with

villages as (

    select * from {{ ref('stg_registry__villages') }}

)

select
    village_code,
    township_name,
    coalesce(village_kind = '脱贫村', false) as is_lifted_out,
    households,
    population
from villages
