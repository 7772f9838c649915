-- One row per linked household: everything that is known of it before the policies are asked.

with

households as (

    select * from {{ source('linkage', 'household') }}

),

members as (

    select * from {{ ref('int_household__members') }}

),

registry as (

    select * from {{ ref('int_household__registry') }}

),

dwellings as (

    select * from {{ ref('int_household__dwelling') }}

),

renovations as (

    select * from {{ ref('int_household__renovation') }}

),

heads as (

    select * from {{ ref('int_household__head') }}

),

visits as (

    select * from {{ ref('int_household__visit') }}

),

villages as (

    select * from {{ ref('stg_registry__villages') }}

)

select
    households.household_key,
    households.household_no,
    households.village_code,
    coalesce(villages.village_name, registry.village_name) as village_name,
    coalesce(villages.township_name, registry.township_name) as township_name,
    registry.household_kind,
    registry.monitoring_category,
    coalesce(registry.is_target, false) as is_target,
    coalesce(registry.is_monitored, false) as is_monitored,
    coalesce(registry.is_eliminated, false) as is_eliminated,
    registry.identified_month,
    registry.elimination_mode,
    registry.eliminated_month,
    last_day(registry.identified_month) as identified_on,
    registry.risk_1,
    registry.risk_2,
    registry.risk_3,
    registry.risk_4,
    registry.risk_5,
    coalesce(registry.risk_illness, false) as risk_illness,
    coalesce(registry.risk_schooling, false) as risk_schooling,
    coalesce(registry.risk_disability, false) as risk_disability,
    coalesce(registry.risk_housing, false) as risk_housing,
    coalesce(registry.risk_water, false) as risk_water,
    coalesce(registry.has_measure_health, false) as has_measure_health,
    coalesce(registry.has_measure_education, false) as has_measure_education,
    coalesce(registry.has_measure_compulsory_education, false) as has_measure_compulsory_education,
    coalesce(registry.has_measure_housing, false) as has_measure_housing,
    coalesce(registry.has_measure_relocation, false) as has_measure_relocation,
    coalesce(registry.has_measure_social_security, false) as has_measure_social_security,
    coalesce(registry.has_measure_charity, false) as has_measure_charity,
    cast(coalesce(members.members, 0) as integer) as members,
    cast(coalesce(members.living_members, 0) as integer) as living_members,
    cast(coalesce(members.children_6_14, 0) as integer) as children_6_14,
    cast(coalesce(members.children_under_18, 0) as integer) as children_under_18,
    cast(coalesce(members.elderly_60, 0) as integer) as elderly_60,
    cast(coalesce(members.disabled, 0) as integer) as disabled,
    cast(coalesce(members.students, 0) as integer) as students,
    cast(coalesce(members.insured, 0) as integer) as insured,
    cast(coalesce(members.uninsured, 0) as integer) as uninsured,
    cast(coalesce(members.assisted_members, 0) as integer) as assisted_members,
    coalesce(members.assisted_dibao, false) as assisted_dibao,
    coalesce(members.assisted_tekun, false) as assisted_tekun,
    coalesce(members.assisted_dibao_edge, false) as assisted_dibao_edge,
    coalesce(members.assisted_rigid, false) as assisted_rigid,
    members.rural_dibao_since,
    cast(coalesce(members.able_members, 0) as integer) as able_members,
    cast(coalesce(members.no_labour_members, 0) as integer) as no_labour_members,
    cast(coalesce(heads.living_heads, 0) as integer) as living_heads,
    heads.head_died_on,
    heads.head_before_died_on,
    cast(coalesce(dwellings.occupied_dwellings, 0) as integer) as occupied_dwellings,
    dwellings.worst_safety_grade,
    coalesce(dwellings.unsafe_dwelling, false) as unsafe_dwelling,
    coalesce(dwellings.graded_unsafe_though_renovated, false) as graded_unsafe_though_renovated,
    renovations.last_renovation_on,
    renovations.renovation_before_on,
    renovations.renovation_at_work_since,
    registry.registry_unsafe_dwelling,
    registry.water_safe,
    coalesce(registry.has_water_measure, false) as has_water_measure,
    cast(registry.income_per_capita as decimal(14, 2)) as income_per_capita,
    cast(coalesce(members.self_paid_12m, 0) as decimal(18, 2)) as self_paid_12m,
    cast(coalesce(members.highest_self_paid_12m, 0) as decimal(18, 2)) as highest_self_paid_12m,
    visits.last_visit_on,
    coalesce(registry.has_contact, false) as has_contact,
    coalesce(registry.has_helper, false) as has_helper,
    households.formed_from,
    cast(coalesce(members.decided_members, 0) as integer) as decided_members,
    cast(coalesce(members.members_in_conflict, 0) as integer) as members_in_conflict
from households
left join members
    on households.household_key = members.household_key
left join registry
    on households.household_no = registry.household_no
left join dwellings
    on households.household_key = dwellings.household_key
left join renovations
    on households.household_key = renovations.household_key
left join heads
    on households.household_no = heads.household_no
left join visits
    on households.household_no = visits.household_no
left join villages
    on households.village_code = villages.village_code
