-- One row per person with an enrolment row, of any year and status, that names a village of the county.

with

enrolments as (

    select * from {{ ref('stg_medical_insurance__enrolment') }}
    where village_code is not null

),

links as (

    select mention_key, person_key from {{ source('linkage', 'mention_link') }}

)

select distinct links.person_key -- distinct: one enrolment a year, scheme and number
from enrolments
inner join links
    on enrolments.record_key || ':self' = links.mention_key
