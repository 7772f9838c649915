-- One row per visit to a registry household; names no person of the household.

with

source as (

    select * from {{ source('raw', 'raw_registry__visits') }}

)

select
    source.record_key,
    source.delivery_id,
    source.data_date,
    source.delivery_number,
    source.row_number,
    source.visit_no,
    source.household_no,
    source.visited_on,
    source.visitor_name,
    source.visit_mode,
    source.findings
from source
