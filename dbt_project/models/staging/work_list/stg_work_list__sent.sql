-- One row per clue and day on which a township was sent it (gap_id + sent_on).

with

source as (

    select * from {{ source('raw', 'raw_work_list__sent') }}

)

select
    source.record_key,
    source.delivery_id,
    source.data_date,
    source.delivery_number,
    source.row_number,
    source.gap_id,
    source.sent_on,
    source.township_name,
    source.sent_by
from source
