-- Persons that the insurance bureau names: the insured, those who must be covered, and the patients of settled bills.

with

enrolment as (

    select * from {{ ref('stg_medical_insurance__enrolment') }}

),

coverage_ledger as (

    select * from {{ ref('stg_medical_insurance__coverage_ledger') }}

),

settlements as (

    select * from {{ ref('stg_medical_insurance__settlements') }}

),

insured as (

    select
        record_key || ':self' as mention_key,
        record_key,
        'medical_insurance' as department,
        'enrolment' as extract,
        data_date,
        delivery_id,
        row_number,
        'self' as role,
        name,
        id_number,
        id_number_quality as id_quality,
        id_number_raw as id_raw,
        sex,
        birth_date,
        village_code,
        cast(null as string) as village_group,
        phone,
        'insured_no' as key_kind,
        insured_no as key_no,
        case when family_no is not null then 'medical_insurance' end as household_source,
        family_no as household_no,
        cast(null as string) as relation,
        cast(null as string) as provider,
        false as unique_source
    from enrolment

),

to_be_covered as (

    select
        record_key || ':self' as mention_key,
        record_key,
        'medical_insurance' as department,
        'coverage_ledger' as extract,
        data_date,
        delivery_id,
        row_number,
        'self' as role,
        name,
        id_number,
        id_number_quality as id_quality,
        id_number_raw as id_raw,
        cast(null as string) as sex,
        cast(null as date) as birth_date,
        cast(null as string) as village_code,
        cast(null as string) as village_group,
        cast(null as string) as phone,
        cast(null as string) as key_kind,
        cast(null as string) as key_no,
        cast(null as string) as household_source,
        cast(null as string) as household_no,
        cast(null as string) as relation,
        cast(null as string) as provider,
        false as unique_source
    from coverage_ledger

),

patients as (

    select
        record_key || ':self' as mention_key,
        record_key,
        'medical_insurance' as department,
        'settlements' as extract,
        data_date,
        delivery_id,
        row_number,
        'self' as role,
        name,
        id_number,
        id_number_quality as id_quality,
        id_number_raw as id_raw,
        cast(null as string) as sex,
        cast(null as date) as birth_date,
        cast(null as string) as village_code,
        cast(null as string) as village_group,
        cast(null as string) as phone,
        case when insured_no is not null then 'insured_no' end as key_kind,
        insured_no as key_no,
        cast(null as string) as household_source,
        cast(null as string) as household_no,
        cast(null as string) as relation,
        provider,
        false as unique_source
    from settlements

)

select * from insured
union all
select * from to_be_covered
union all
select * from patients
