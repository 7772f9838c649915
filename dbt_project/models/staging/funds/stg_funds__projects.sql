-- One row per project of the project store.

with

source as (

    select * from {{ source('raw', 'raw_funds__projects') }}

)

select
    source.record_key,
    source.delivery_id,
    source.data_date,
    source.delivery_number,
    source.row_number,
    source.project_no,
    source.project_name,
    source.project_kind,
    source.year,
    source.township_name,
    source.planned_total,
    source.planned_fund,
    source.started_on,
    source.due_on,
    source.completed_on,
    source.status
from source
