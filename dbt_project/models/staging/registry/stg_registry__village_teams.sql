-- One row per member of a village's work team; staff, never linked to persons.

with

source as (

    select * from {{ source('raw', 'raw_registry__village_teams') }}

),

villages as (

    select village_code
    from {{ ref('stg_registry__villages') }}

)

select
    source.record_key,
    source.delivery_id,
    source.data_date,
    source.delivery_number,
    source.row_number,
    villages.village_code,
    source.village_code as delivered_village_code,
    source.name,
    source.role,
    source.dispatched_by,
    source.from_date,
    source.to_date
from source
left join villages
    on source.village_code = villages.village_code
