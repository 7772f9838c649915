-- One row per payment to a project.

with

source as (

    select * from {{ source('raw', 'raw_funds__disbursements') }}

)

select
    source.record_key,
    source.delivery_id,
    source.data_date,
    source.delivery_number,
    source.row_number,
    source.disbursement_no,
    source.project_no,
    source.paid_on,
    source.amount
from source
