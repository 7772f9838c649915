-- One row per person who must be covered and year.

with

source as (

    select * from {{ source('raw', 'raw_medical_insurance__coverage_ledger') }}

)

select
    source.record_key,
    source.delivery_id,
    source.data_date,
    source.delivery_number,
    source.row_number,
    source.name,
    source.id_number,
    source.id_number_quality,
    source.id_number_raw,
    source.year,
    source.coverage
from source
