-- One row per person with a medical bill settled by the run date.

with

settlements as (

    select * from {{ ref('stg_medical_insurance__settlements') }}

),

links as (

    select mention_key, person_key from {{ source('linkage', 'mention_link') }}

)

select
    links.person_key,
    coalesce(sum(case when {{ in_last_12_months('settlements.settled_on') }} then settlements.self_paid end), 0) as self_paid_12m,
    max(settlements.settled_on) as last_settled_on
from settlements
inner join links
    on settlements.record_key || ':self' = links.mention_key
where settlements.settled_on <= {{ run_date() }}
group by links.person_key
