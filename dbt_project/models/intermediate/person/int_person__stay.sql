-- One row per person with a stay in hospital in the twelve months that end with the run date, settled while he was assisted as 低保 or 特困.
-- Of each stay counts what basic and critical illness insurance left over.

with

settlements as (

    select * from {{ ref('stg_medical_insurance__settlements') }}
    where visit_type = '住院'
        and {{ in_last_12_months('settled_on') }}

),

links as (

    select mention_key, person_key from {{ source('linkage', 'mention_link') }}

),

spells as (

    select * from {{ ref('int_person__assistance_spell') }}
    where category in ('农村低保', '城市低保', '特困供养')

),

stays as (

    select
        links.person_key,
        settlements.settled_on,
        settlements.total_cost - coalesce(settlements.basic_paid, 0) - coalesce(settlements.critical_illness_paid, 0) as left_over,
        coalesce(settlements.medical_aid_paid, 0) > 0 as is_aided
    from settlements
    inner join links
        on settlements.record_key || ':self' = links.mention_key

)

select
    stays.person_key,
    max(stays.left_over) as assisted_stay_left_over,
    max(case when not stays.is_aided then stays.left_over end) as unaided_stay_left_over
from stays
inner join spells
    on stays.person_key = spells.person_key
where {{ assisted_on('spells', 'stays.settled_on', blank_from_counts=false) }}
group by stays.person_key
