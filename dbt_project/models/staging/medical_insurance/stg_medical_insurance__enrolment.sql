-- One row per insured number, scheme and premium year.

with

source as (

    select * from {{ source('raw', 'raw_medical_insurance__enrolment') }}

),

villages as (

    select village_code
    from {{ ref('stg_registry__villages') }}

)

select
    source.record_key,
    source.delivery_id,
    source.data_date,
    source.delivery_number,
    source.row_number,
    source.insured_no,
    source.name,
    source.id_number,
    source.id_number_quality,
    source.id_number_raw,
    source.sex,
    source.birth_date,
    source.scheme,
    source.year,
    source.status,
    source.paid_on,
    source.subsidy_category,
    source.subsidy_amount,
    source.self_paid_premium,
    source.family_no,
    villages.village_code,
    source.village_code as delivered_village_code,
    source.phone
from source
left join villages
    on source.village_code = villages.village_code
