-- One row per surveyed rural dwelling.

with

source as (

    select * from {{ source('raw', 'raw_housing__dwellings') }}

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
    source.dwelling_no,
    source.head_name,
    source.head_id_number,
    source.head_id_number_quality,
    source.head_id_number_raw,
    villages.village_code,
    source.village_code as delivered_village_code,
    source.address,
    source.structure,
    source.safety_grade,
    source.assessed_on,
    source.only_dwelling,
    source.occupancy
from source
left join villages
    on source.village_code = villages.village_code
