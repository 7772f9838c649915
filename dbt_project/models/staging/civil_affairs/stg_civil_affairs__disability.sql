-- One row per disability certificate; id_number comes from the certificate number.

with

source as (

    select * from {{ source('raw', 'raw_civil_affairs__disability') }}

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
    source.certificate_no,
    source.id_number,
    source.id_number_quality,
    source.id_number_raw,
    source.name,
    source.class,
    source.grade,
    source.living_allowance,
    source.nursing_allowance,
    villages.village_code,
    source.village_code as delivered_village_code
from source
left join villages
    on source.village_code = villages.village_code
