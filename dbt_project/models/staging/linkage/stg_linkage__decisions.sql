-- One row per decision on a pair (decision_no).

with

source as (

    select * from {{ source('raw', 'raw_linkage__decisions') }}

)

select
    source.record_key,
    source.delivery_id,
    source.data_date,
    source.delivery_number,
    source.row_number,
    source.decision_no,
    source.left_record_key,
    source.left_role,
    source.right_record_key,
    source.right_role,
    source.right_person_key,
    source.decision,
    source.decided_on,
    source.decided_by,
    source.purpose,
    source.match_method,
    source.match_score,
    source.note
from source
