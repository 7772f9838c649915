-- One row per person with a medical bill settled in the twelve months that end with the run date.

with

settlements as (

    select * from {{ ref('stg_medical_insurance__settlements') }}

),

links as (

    select mention_key, person_key from {{ source('linkage', 'mention_link') }}

)

select
    links.person_key,
    coalesce(sum(settlements.self_paid), 0) as self_paid_12m
from settlements
inner join links
    on settlements.record_key || ':self' = links.mention_key
where {{ in_last_12_months('settlements.settled_on') }}
group by links.person_key
