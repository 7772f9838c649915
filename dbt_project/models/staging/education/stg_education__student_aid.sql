-- One row per payment of student aid.

with

source as (

    select * from {{ source('raw', 'raw_education__student_aid') }}

)

select
    source.record_key,
    source.delivery_id,
    source.data_date,
    source.delivery_number,
    source.row_number,
    source.aid_no,
    source.student_no,
    source.name,
    source.id_number,
    source.id_number_quality,
    source.id_number_raw,
    source.programme,
    source.term,
    source.amount,
    source.paid_on
from source
