-- One row per allocation of linking funds (衔接资金) by source level.

with

source as (

    select * from {{ source('raw', 'raw_funds__allocations') }}

)

select
    source.record_key,
    source.delivery_id,
    source.data_date,
    source.delivery_number,
    source.row_number,
    source.allocation_no,
    source.year,
    source.source_level,
    source.amount,
    source.allocated_on
from source
