-- One row per assisted family: the head and up to ten members sideways.

with

source as (

    select * from {{ source('raw', 'raw_civil_affairs__assistance') }}

),

-- a pair of names that two villages share resolves to neither
villages as (

    select
        township_name,
        village_name,
        max(village_code) as village_code
    from {{ ref('stg_registry__villages') }}
    group by township_name, village_name
    having count(*) = 1

)

select
    source.record_key,
    source.delivery_id,
    source.data_date,
    source.delivery_number,
    source.row_number,
    source.assistance_no,
    source.category,
    source.support_mode,
    source.status,
    source.from_date,
    source.to_date,
    source.monthly_amount,
    source.township_name,
    source.village_name,
    source.bank_account,
    source.head_name,
    source.head_id_number,
    source.head_id_number_quality,
    source.head_id_number_raw,
    source.member_1_name,
    source.member_1_id_number,
    source.member_1_id_number_quality,
    source.member_1_id_number_raw,
    source.member_1_relation,
    source.member_2_name,
    source.member_2_id_number,
    source.member_2_id_number_quality,
    source.member_2_id_number_raw,
    source.member_2_relation,
    source.member_3_name,
    source.member_3_id_number,
    source.member_3_id_number_quality,
    source.member_3_id_number_raw,
    source.member_3_relation,
    source.member_4_name,
    source.member_4_id_number,
    source.member_4_id_number_quality,
    source.member_4_id_number_raw,
    source.member_4_relation,
    source.member_5_name,
    source.member_5_id_number,
    source.member_5_id_number_quality,
    source.member_5_id_number_raw,
    source.member_5_relation,
    source.member_6_name,
    source.member_6_id_number,
    source.member_6_id_number_quality,
    source.member_6_id_number_raw,
    source.member_6_relation,
    source.member_7_name,
    source.member_7_id_number,
    source.member_7_id_number_quality,
    source.member_7_id_number_raw,
    source.member_7_relation,
    source.member_8_name,
    source.member_8_id_number,
    source.member_8_id_number_quality,
    source.member_8_id_number_raw,
    source.member_8_relation,
    source.member_9_name,
    source.member_9_id_number,
    source.member_9_id_number_quality,
    source.member_9_id_number_raw,
    source.member_9_relation,
    source.member_10_name,
    source.member_10_id_number,
    source.member_10_id_number_quality,
    source.member_10_id_number_raw,
    source.member_10_relation,
    villages.village_code
from source
left join villages
    on source.township_name = villages.township_name
    and source.village_name = villages.village_name
