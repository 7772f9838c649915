-- One row per spell of work away from home (person_no + from_month) of a person whom the registry lists.
-- The person is found by person_no; where it stands in two households, the one that the spell names counts, then the lowest number.

with

spells as (

    select * from {{ ref('stg_registry__migrant_work') }}

),

persons as (

    select * from {{ ref('int_registry_rule__person') }}

),

matched as (

    select
        spells.*,
        persons.household_no as registry_household_no,
        row_number() over (
            partition by spells.record_key
            order by case when spells.household_no = persons.household_no then 0 else 1 end, persons.household_no
        ) as position
    from spells
    inner join persons
        on spells.person_no = persons.person_no

),

-- the first day after which nothing that began earlier is known to go on: an open spell never ends
in_sequence as (

    select
        record_key,
        count(*) over (partition by person_no) as spells,
        max(coalesce(to_month, cast('9999-12-01' as date))) over (
            partition by person_no order by from_month rows between unbounded preceding and 1 preceding
        ) as earlier_to_month
    from spells

)

select
    persons.registry_key || '/' || cast(matched.from_month as string) as spell_key,
    persons.household_no,
    persons.person_no,
    persons.person_key,
    persons.household_key,
    persons.township_name,
    persons.village_code,
    persons.is_target,
    persons.is_lifted_out,
    persons.is_on_list,
    persons.is_monitored,
    persons.identified_month,
    persons.birth_date,
    {{ whole_years('persons.birth_date', 'matched.from_month') }} as age_at_start,
    matched.from_month,
    matched.to_month,
    matched.to_month is null or matched.to_month >= cast({{ dbt.date_trunc('month', run_date()) }} as date) as is_open,
    matched.county,
    {{ is_this_county('matched.county', 'persons.county_name') }} as is_inside,
    matched.county is not null and persons.county_name is not null
    and not {{ is_this_county('matched.county', 'persons.county_name') }} as is_outside,
    matched.monthly_income,
    matched.transport_allowance,
    {{ text_parts('matched.channel') }} as channels,
    matched.channel is not null as has_channel,
    in_sequence.spells,
    in_sequence.earlier_to_month
from matched
inner join persons
    on matched.registry_household_no = persons.household_no and matched.person_no = persons.person_no
inner join in_sequence
    on matched.record_key = in_sequence.record_key
where matched.position = 1
