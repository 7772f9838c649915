-- One row per renovation of an unsafe dwelling.

with

source as (

    select * from {{ source('raw', 'raw_housing__renovations') }}

)

select
    source.record_key,
    source.delivery_id,
    source.data_date,
    source.delivery_number,
    source.row_number,
    source.renovation_no,
    source.dwelling_no,
    source.head_name,
    source.head_id_number,
    source.head_id_number_quality,
    source.head_id_number_raw,
    source.method,
    source.started_on,
    source.completed_on,
    source.accepted_on,
    source.subsidy
from source
