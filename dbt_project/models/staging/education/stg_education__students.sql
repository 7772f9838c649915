-- One row per school registration (学籍号), with up to two guardians sideways.

with

source as (

    select * from {{ source('raw', 'raw_education__students') }}

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
    source.student_no,
    source.name,
    source.id_number,
    source.id_number_quality,
    source.id_number_raw,
    source.sex,
    source.birth_date,
    source.school_code,
    source.school_name,
    source.stage,
    source.grade,
    source.status,
    villages.village_code,
    source.village_code as delivered_village_code,
    source.address,
    source.phone,
    source.guardian1_name,
    source.guardian1_relation,
    source.guardian1_id_number,
    source.guardian1_id_number_quality,
    source.guardian1_id_number_raw,
    source.guardian2_name,
    source.guardian2_relation,
    source.guardian2_id_number,
    source.guardian2_id_number_quality,
    source.guardian2_id_number_raw
from source
left join villages
    on source.village_code = villages.village_code
