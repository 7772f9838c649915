-- One row per person who was paid student aid for the term asked about.

with

payments as (

    select * from {{ ref('stg_education__student_aid') }}

),

links as (

    select mention_key, person_key from {{ source('linkage', 'mention_link') }}

),

paid_in_term as (

    select
        links.person_key,
        payments.programme,
        payments.amount
    from payments
    inner join links
        on payments.record_key || ':self' = links.mention_key
    where payments.term = '{{ var("term") }}'

)

select
    person_key,
    bool_or(coalesce(programme = '义务教育生活补助', false)) as aid_compulsory_in_term,
    bool_or(coalesce(programme in ('普通高中国家助学金', '免学杂费'), false)) as aid_senior_in_term,
    bool_or(coalesce(programme = '雨露计划', false)) as aid_yulu_in_term,
    count(*) filter (where programme = '雨露计划' and amount > 0) as yulu_payments_in_term
from paid_in_term
group by person_key
