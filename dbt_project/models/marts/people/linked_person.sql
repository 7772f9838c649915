-- One row per person that linking found, with what every department knows of him.

with

persons as (

    select
        *,
        {{ whole_years('birth_date', run_date()) }} as age,
        {{ whole_years('birth_date', school_age_date()) }} as school_age
    from {{ source('linkage', 'person') }}

),

memberships as (

    select * from {{ source('linkage', 'household_member') }}

),

households as (

    select household_key, village_code from {{ source('linkage', 'household') }}

),

villages as (

    select * from {{ ref('stg_registry__villages') }}

),

registry as (

    select * from {{ ref('int_person__registry') }}

),

education as (

    select * from {{ ref('int_person__education') }}

),

aid as (

    select * from {{ ref('int_person__aid') }}

),

insurance as (

    select * from {{ ref('int_person__insurance') }}

),

coverage as (

    select * from {{ ref('int_person__coverage') }}

),

settlements as (

    select * from {{ ref('int_person__settlements') }}

),

payment_assistance as (

    select * from {{ ref('int_person__payment_assistance') }}

),

enrolment_village as (

    select * from {{ ref('int_person__enrolment_village') }}

),

stays as (

    select * from {{ ref('int_person__stay') }}

),

assistance as (

    select * from {{ ref('int_person__assistance') }}

),

disability as (

    select * from {{ ref('int_person__disability') }}

),

deaths as (

    select * from {{ ref('int_person__death') }}

),

residents as (

    select * from {{ ref('int_person__resident') }}

)

select
    persons.person_key,
    memberships.household_key,
    persons.sex,
    cast(year(persons.birth_date) as integer) as birth_year,
    persons.age,
    persons.school_age,
    persons.identity_quality,
    cast(persons.departments as integer) as departments,
    coalesce(persons.village_code, households.village_code) as village_code,
    villages.village_name,
    villages.township_name,
    coalesce(registry.is_target, false) as is_target,
    coalesce(registry.is_monitored, false) as is_monitored,
    coalesce(registry.is_eliminated, false) as is_eliminated,
    deaths.died_on is not null as is_deceased,
    deaths.died_on,
    registry.person_key is not null as in_registry,
    registry.relation_to_head,
    registry.registry_student_status,
    registry.registry_dibao,
    registry.registry_tekun,
    registry.registry_resident_insured,
    registry.labour_ability,
    registry.health_status,
    registry.identified_month,
    cast(coalesce(registry.registry_households, 0) as integer) as registry_households,
    coalesce(education.on_roll, false) as on_roll,
    coalesce(education.on_leave, false) as on_leave,
    education.student_status,
    education.stage,
    coalesce(education.dropped_out_compulsory, false) as dropped_out_compulsory,
    coalesce(education.has_vocational_row, false) as has_vocational_row,
    coalesce(aid.aid_compulsory_in_term, false) as aid_compulsory_in_term,
    coalesce(aid.aid_senior_in_term, false) as aid_senior_in_term,
    coalesce(aid.aid_yulu_in_term, false) as aid_yulu_in_term,
    cast(coalesce(aid.yulu_payments_in_term, 0) as integer) as yulu_payments_in_term,
    insurance.person_key is not null as insured,
    coalesce(insurance.insured_resident, false) as insured_resident,
    coalesce(insurance.insured_employee, false) as insured_employee,
    cast(coalesce(insurance.schemes, 0) as integer) as schemes,
    insurance.scheme,
    insurance.enrolment_paid_on,
    cast(insurance.subsidy_amount as decimal(14, 2)) as subsidy_amount,
    insurance.subsidy_category,
    payment_assistance.person_key is not null as assisted_on_payment,
    enrolment_village.person_key is not null as has_enrolment_village,
    coverage.coverage,
    cast(coalesce(settlements.self_paid_12m, 0) as decimal(18, 2)) as self_paid_12m,
    settlements.last_settled_on,
    cast(stays.assisted_stay_left_over as decimal(18, 2)) as assisted_stay_left_over,
    cast(stays.unaided_stay_left_over as decimal(18, 2)) as unaided_stay_left_over,
    assistance.person_key is not null as assisted,
    coalesce(assistance.assisted_dibao, false) as assisted_dibao,
    coalesce(assistance.assisted_tekun, false) as assisted_tekun,
    coalesce(assistance.assisted_dibao_edge, false) as assisted_dibao_edge,
    coalesce(assistance.assisted_rigid, false) as assisted_rigid,
    assistance.assistance_categories,
    assistance.dibao_from,
    assistance.tekun_from,
    assistance.rural_dibao_since,
    disability.person_key is not null as is_disabled,
    disability.disability_grade,
    coalesce(disability.is_severely_disabled, false) as is_severely_disabled,
    coalesce(disability.living_allowance, false) as living_allowance,
    coalesce(disability.nursing_allowance, false) as nursing_allowance,
    registry.household_kind as registry_household_kind,
    residents.person_key is not null as is_resident
from persons
left join memberships
    on persons.person_key = memberships.person_key
left join households
    on memberships.household_key = households.household_key
-- a person without a village of his own stands where his household stands
left join villages
    on coalesce(persons.village_code, households.village_code) = villages.village_code
left join registry
    on persons.person_key = registry.person_key
left join education
    on persons.person_key = education.person_key
left join aid
    on persons.person_key = aid.person_key
left join insurance
    on persons.person_key = insurance.person_key
left join coverage
    on persons.person_key = coverage.person_key
left join settlements
    on persons.person_key = settlements.person_key
left join payment_assistance
    on persons.person_key = payment_assistance.person_key
left join enrolment_village
    on persons.person_key = enrolment_village.person_key
left join stays
    on persons.person_key = stays.person_key
left join assistance
    on persons.person_key = assistance.person_key
left join disability
    on persons.person_key = disability.person_key
left join deaths
    on persons.person_key = deaths.person_key
left join residents
    on persons.person_key = residents.person_key
