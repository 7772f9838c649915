-- One row per person who was assisted, in whatever category, on the day his premium was paid.

with

insurance as (

    select person_key, enrolment_paid_on from {{ ref('int_person__insurance') }}
    where enrolment_paid_on is not null

),

spells as (

    select * from {{ ref('int_person__assistance_spell') }}

)

select distinct insurance.person_key -- distinct: a person may stand in two assisted families
from insurance
inner join spells
    on insurance.person_key = spells.person_key
where {{ assisted_on('spells', 'insurance.enrolment_paid_on', blank_from_counts=true) }}
