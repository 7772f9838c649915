-- One row per registered death.

with

source as (

    select * from {{ source('raw', 'raw_civil_affairs__deaths') }}

)

select
    source.record_key,
    source.delivery_id,
    source.data_date,
    source.delivery_number,
    source.row_number,
    source.death_no,
    source.name,
    source.id_number,
    source.id_number_quality,
    source.id_number_raw,
    source.died_on
from source
