-- One row per person insured in the premium year: enrolled with status 正常 in any scheme.
-- The row that speaks is of 城乡居民 before 城镇职工, then the most subsidised, the latest paid, the lowest number.

with

enrolments as (

    select * from {{ ref('stg_medical_insurance__enrolment') }}

),

links as (

    select mention_key, person_key from {{ source('linkage', 'mention_link') }}

),

in_force as (

    select
        links.person_key,
        enrolments.scheme,
        enrolments.paid_on,
        enrolments.subsidy_amount,
        enrolments.subsidy_category,
        row_number() over (
            partition by links.person_key
            order by
                case when enrolments.scheme = '城乡居民' then 0 else 1 end,
                coalesce(enrolments.subsidy_amount, 0) desc,
                enrolments.paid_on desc nulls last,
                enrolments.insured_no,
                enrolments.record_key
        ) as position
    from enrolments
    inner join links
        on enrolments.record_key || ':self' = links.mention_key
    where enrolments.year = {{ var('premium_year') }}
        and enrolments.status = '正常'

)

select
    person_key,
    bool_or(coalesce(scheme = '城乡居民', false)) as insured_resident,
    bool_or(coalesce(scheme = '城镇职工', false)) as insured_employee,
    count(distinct scheme) as schemes, -- distinct: two numbers in one scheme are one scheme
    max(case when position = 1 then scheme end) as scheme,
    max(case when position = 1 then paid_on end) as enrolment_paid_on,
    max(case when position = 1 then subsidy_amount end) as subsidy_amount,
    max(case when position = 1 then subsidy_category end) as subsidy_category
from in_force
group by person_key
