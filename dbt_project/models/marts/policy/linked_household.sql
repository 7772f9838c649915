-- One row per linked household: its facts, its card and its clues.

with

facts as (

    select * from {{ ref('int_household__facts') }}

),

cards as (

    select * from {{ source('policies', 'card') }}

),

visits as (

    select * from {{ ref('visit_due') }}

),

gaps_by_household as (

    select
        household_key,
        count(*) as open_gaps,
        count(*) filter (where severity = 'C') as open_critical_gaps
    from {{ ref('policy_gap') }}
    where household_key is not null
        and {{ is_open('status') }}
    group by household_key

)

select
    facts.household_key,
    facts.household_no,
    facts.village_code,
    facts.village_name,
    facts.township_name,
    facts.household_kind,
    facts.monitoring_category,
    facts.is_target,
    facts.is_monitored,
    facts.is_eliminated,
    facts.identified_month,
    facts.elimination_mode,
    facts.eliminated_month,
    facts.identified_on,
    facts.risk_1,
    facts.risk_2,
    facts.risk_3,
    facts.risk_4,
    facts.risk_5,
    facts.risk_illness,
    facts.risk_schooling,
    facts.risk_disability,
    facts.risk_housing,
    facts.risk_water,
    facts.has_measure_health,
    facts.has_measure_education,
    facts.has_measure_compulsory_education,
    facts.has_measure_housing,
    facts.has_measure_relocation,
    facts.has_measure_social_security,
    facts.has_measure_charity,
    facts.members,
    facts.living_members,
    facts.children_6_14,
    facts.children_under_18,
    facts.elderly_60,
    facts.disabled,
    facts.students,
    facts.insured,
    facts.uninsured,
    facts.assisted_members,
    facts.assisted_dibao,
    facts.assisted_tekun,
    facts.assisted_dibao_edge,
    facts.assisted_rigid,
    facts.rural_dibao_since,
    facts.able_members,
    facts.no_labour_members,
    facts.living_heads,
    facts.head_died_on,
    facts.head_before_died_on,
    facts.occupied_dwellings,
    facts.worst_safety_grade,
    facts.unsafe_dwelling,
    facts.graded_unsafe_though_renovated,
    facts.last_renovation_on,
    facts.renovation_before_on,
    facts.renovation_at_work_since,
    facts.registry_unsafe_dwelling,
    facts.water_safe,
    facts.has_water_measure,
    facts.income_per_capita,
    facts.self_paid_12m,
    facts.highest_self_paid_12m,
    facts.last_visit_on,
    facts.has_contact,
    facts.has_helper,
    facts.formed_from,
    facts.decided_members,
    facts.members_in_conflict,
    cast(cards.card as string) as card,
    visits.next_visit_due,
    cast(coalesce(gaps_by_household.open_gaps, 0) as integer) as open_gaps,
    cast(coalesce(gaps_by_household.open_critical_gaps, 0) as integer) as open_critical_gaps
from facts
left join cards
    on facts.household_key = cards.household_key
left join visits
    on facts.household_key = visits.household_key
left join gaps_by_household
    on facts.household_key = gaps_by_household.household_key
