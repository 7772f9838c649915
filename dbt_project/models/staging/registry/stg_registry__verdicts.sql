-- One row per answer to a clue (gap_id + verified_on).

with

source as (

    select * from {{ source('raw', 'raw_registry__verdicts') }}

)

select
    source.record_key,
    source.delivery_id,
    source.data_date,
    source.delivery_number,
    source.row_number,
    source.gap_id,
    source.verified_on,
    source.verdict,
    source.reason,
    source.exempt_until,
    source.verified_by,
    source.note
from source
