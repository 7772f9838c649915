-- One row per registry person (household_no + person_no); household columns repeat on each member's row.

with

source as (

    select * from {{ source('raw', 'raw_registry__persons') }}

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
    source.county_name,
    source.township_name,
    source.village_name,
    source.village_group,
    source.household_no,
    source.person_no,
    source.name,
    source.id_type,
    source.id_number,
    source.id_number_quality,
    source.id_number_raw,
    source.relation_to_head,
    source.sex,
    source.ethnicity,
    source.birth_date,
    source.phone,
    source.education_level,
    source.student_status,
    source.dropout_reason,
    source.health_status,
    source.labour_ability,
    source.resident_insured,
    source.employee_insured,
    source.critical_illness_insured,
    source.medical_aid,
    source.pension_insured,
    source.dibao_status,
    source.tekun_status,
    source.employed_at,
    source.months_employed,
    source.public_post,
    source.public_post_months,
    source.household_kind,
    source.monitoring_category,
    source.household_phone,
    source.no_labour_household,
    source.unsafe_dwelling,
    source.water_safe,
    source.dwelling_area,
    source.has_power,
    source.paved_road,
    source.sanitary_toilet,
    source.km_to_road,
    source.arable_mu,
    source.forest_mu,
    source.returned_forest_mu,
    source.orchard_mu,
    source.pasture_mu,
    source.water_mu,
    source.wage_income,
    source.business_income,
    source.property_income,
    source.transfer_income,
    source.income_per_capita,
    source.income_per_capita_last_year,
    source.compliant_self_paid,
    source.claims_income,
    source.risk_1,
    source.risk_2,
    source.risk_3,
    source.risk_4,
    source.risk_5,
    source.identified_month,
    source.risk_eliminated,
    source.elimination_mode,
    source.eliminated_month,
    source.measure_industry,
    source.measure_employment,
    source.measure_finance,
    source.measure_public_post,
    source.measure_health,
    source.measure_education,
    source.measure_compulsory_education,
    source.measure_housing,
    source.measure_water,
    source.measure_relocation,
    source.measure_social_security,
    source.measure_charity,
    source.contact_name,
    source.contact_title,
    source.contact_phone,
    source.helper_name,
    villages.village_code
from source
left join villages
    on source.township_name = villages.township_name
    and source.village_name = villages.village_name
