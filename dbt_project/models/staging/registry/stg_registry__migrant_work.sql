-- One row per spell of work away from home (person_no + from_month).

with

source as (

    select * from {{ source('raw', 'raw_registry__migrant_work') }}

)

select
    source.record_key,
    source.delivery_id,
    source.data_date,
    source.delivery_number,
    source.row_number,
    source.household_no,
    source.person_no,
    source.name,
    source.id_number,
    source.id_number_quality,
    source.id_number_raw,
    source.from_month,
    source.to_month,
    source.province,
    source.county,
    source.monthly_income,
    source.channel,
    source.transport_allowance
from source
