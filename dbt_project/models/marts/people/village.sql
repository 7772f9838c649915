-- One row per administrative village of the registry's list, with who lives and who works there.

with

villages as (

    select * from {{ ref('stg_registry__villages') }}

),

teams as (

    select * from {{ ref('stg_registry__village_teams') }}

),

persons as (

    select * from {{ ref('linked_person') }}

),

households as (

    select * from {{ ref('int_household__facts') }}

),

people_by_village as (

    select
        village_code,
        count(*) as linked_persons
    from persons
    where not is_deceased
    group by village_code

),

households_by_village as (

    select
        village_code,
        count(*) as linked_households,
        count(*) filter (where is_target) as target_households,
        count(*) filter (where is_monitored) as monitored_households
    from households
    where living_members > 0
    group by village_code

),

teams_by_village as (

    select
        village_code,
        count(*) filter (where role = '第一书记') as first_secretaries,
        count(*) filter (where role = '工作队员') as team_members
    from teams
    where {{ in_force('from_date', 'to_date', blank_from_counts=false) }}
    group by village_code

)

select
    villages.village_code,
    villages.village_name,
    villages.township_code,
    villages.township_name,
    villages.village_kind,
    cast(villages.households as integer) as households,
    cast(villages.population as integer) as population,
    cast(coalesce(households_by_village.linked_households, 0) as integer) as linked_households,
    cast(coalesce(people_by_village.linked_persons, 0) as integer) as linked_persons,
    cast(coalesce(households_by_village.target_households, 0) as integer) as target_households,
    cast(coalesce(households_by_village.monitored_households, 0) as integer) as monitored_households,
    cast(coalesce(teams_by_village.first_secretaries, 0) as integer) as first_secretaries,
    cast(coalesce(teams_by_village.team_members, 0) as integer) as team_members,
    coalesce(teams_by_village.first_secretaries, 0) > 0 as has_first_secretary,
    coalesce(teams_by_village.first_secretaries + teams_by_village.team_members, 0) > 0 as has_team
from villages
left join households_by_village
    on villages.village_code = households_by_village.village_code
left join people_by_village
    on villages.village_code = people_by_village.village_code
left join teams_by_village
    on villages.village_code = teams_by_village.village_code
