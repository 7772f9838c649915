-- One row per figure of the report with what the delivered rows say (figure_id, found).
-- Registry figures count the registry's own rows, as the report does; shares count linked, living persons.

{%- set year = (var('run_date') | string)[:4] | int %}

with

villages as (

    select
        sum(population) as registered_persons,
        count(distinct township_name) as townships, -- distinct: a township stands on each of its villages
        count(*) filter (where village_kind = '脱贫村') as lifted_out_villages,
        count(*) filter (where village_kind = '乡村振兴重点帮扶村') as key_villages
    from {{ ref('stg_registry__villages') }}

),

registry as (

    select
        count(*) filter (where household_kind = '脱贫户') as lifted_out_households,
        sum(registered_persons) filter (where household_kind = '脱贫户') as lifted_out_persons,
        count(*) filter (where is_monitored) as monitored_households,
        sum(registered_persons) filter (where is_monitored) as monitored_persons,
        {{ weighted_mean('income_per_capita', 'registered_persons', "household_kind = '脱贫户'") }} as income,
        {{ weighted_mean('income_per_capita_last_year', 'registered_persons', "household_kind = '脱贫户'") }} as income_last_year
    from {{ ref('int_household__registry') }}

),

teams as (

    select count(*) as team_members
    from {{ ref('stg_registry__village_teams') }}
    where {{ in_force('from_date', 'to_date', blank_from_counts=false) }}

),

projects as (

    select
        count(*) filter (where year = 2024) as projects_2024,
        sum(planned_total) filter (where year = 2024) as projects_2024_yuan,
        count(*) filter (where year = {{ year }}) as projects_this_year
    from {{ ref('stg_funds__projects') }}

),

allocations as (

    select
        coalesce(sum(amount) filter (where year = {{ year }} and source_level in ('中央', '省')), 0) as upper_funds,
        coalesce(sum(amount) filter (where year = {{ year - 1 }} and source_level in ('中央', '省')), 0) as upper_funds_before,
        coalesce(sum(amount) filter (where year = {{ year }} and source_level = '县'), 0) as county_funds,
        sum(amount) filter (where year = {{ year - 1 }} and source_level = '县') as county_funds_before
    from {{ ref('stg_funds__allocations') }}
    where allocated_on is null
        or allocated_on <= {{ run_date() }}

),

assets as (

    select
        count(*) as assets,
        sum(original_value) as assets_yuan
    from {{ ref('stg_funds__assets') }}

),

-- A row of his own or a sound number makes a resident of who is named with a village; a guardian or head without a number
-- is most likely somebody who is counted already.
residents as (

    select count(distinct links.person_key) as linked_residents -- distinct: a person is named by many rows
    from {{ ref('int_mention') }} as mentions
    inner join {{ source('linkage', 'mention_link') }} as links
        on mentions.mention_key = links.mention_key
    left join {{ ref('int_person__death') }} as deaths
        on links.person_key = deaths.person_key
    where mentions.village_code is not null
        and (mentions.role = 'self' or mentions.id_number is not null)
        and deaths.person_key is null

),

lifted_out as (

    select
        count(*) as persons,
        count(*) filter (where persons.insured) as insured,
        count(*) filter (where persons.school_age between 6 and 14) as children,
        count(*) filter (where persons.school_age between 6 and 14 and persons.on_roll) as children_on_roll
    from {{ ref('linked_person') }} as persons
    inner join {{ ref('int_person__registry') }} as registered
        on persons.person_key = registered.person_key
    where registered.household_kind = '脱贫户'
        and not persons.is_deceased

)

select 'registered_persons' as figure_id, cast(coalesce(registered_persons, 0) as double) as found from villages
union all
select 'linked_residents', cast(linked_residents as double) from residents
union all
select 'townships', cast(townships as double) from villages
union all
select 'lifted_out_villages', cast(lifted_out_villages as double) from villages
union all
select 'key_villages', cast(key_villages as double) from villages
union all
select 'lifted_out_households', cast(lifted_out_households as double) from registry
union all
select 'lifted_out_persons', cast(coalesce(lifted_out_persons, 0) as double) from registry
union all
select 'monitored_households', cast(monitored_households as double) from registry
union all
select 'monitored_persons', cast(coalesce(monitored_persons, 0) as double) from registry
union all
select 'lifted_out_income_per_capita', round(income, 2) from registry
union all
select 'lifted_out_income_growth', round(100 * (income / nullif(income_last_year, 0) - 1), 2) from registry
union all
select 'team_members', cast(team_members as double) from teams
union all
select 'projects_2024', cast(projects_2024 as double) from projects
union all
select 'projects_2024_yuan', cast(coalesce(projects_2024_yuan, 0) as double) from projects
union all
select 'central_provincial_funds', cast(upper_funds as double) from allocations
union all
select 'central_provincial_funds_change', cast(upper_funds - upper_funds_before as double) from allocations
union all
select 'county_funds', cast(county_funds as double) from allocations
union all
select
    'county_funds_growth',
    round(100 * (cast(county_funds as double) / nullif(cast(county_funds_before as double), 0) - 1), 2)
from allocations
union all
select 'assets', cast(assets as double) from assets
union all
select 'assets_yuan', cast(coalesce(assets_yuan, 0) as double) from assets
union all
select 'projects_this_year', cast(projects_this_year as double) from projects
union all
select
    'lifted_out_children_on_roll_share',
    round(100.0 * cast(children_on_roll as double) / nullif(children, 0), 2)
from lifted_out
union all
select
    'lifted_out_insured_share',
    round(100.0 * cast(insured as double) / nullif(persons, 0), 2)
from lifted_out
