-- One row per settled medical bill, in its latest version.

with

source as (

    select * from {{ source('raw', 'raw_medical_insurance__settlements') }}

)

select
    source.record_key,
    source.delivery_id,
    source.data_date,
    source.delivery_number,
    source.row_number,
    source.settlement_no,
    source.insured_no,
    source.name,
    source.id_number,
    source.id_number_quality,
    source.id_number_raw,
    source.settled_on,
    source.provider,
    source.visit_type,
    source.diagnosis,
    source.total_cost,
    source.basic_paid,
    source.critical_illness_paid,
    source.medical_aid_paid,
    source.self_paid
from source
