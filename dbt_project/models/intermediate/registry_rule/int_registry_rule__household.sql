-- One row per household of the registry (household_no) with the household columns that its quality rules judge.
-- The columns repeat on each member's row: the head's row speaks first, then the others by person_no; the first value that is not blank counts.

{%- set values = [
    'county_name', 'township_name', 'village_code', 'household_phone', 'contact_name', 'contact_phone', 'no_labour_household',
    'unsafe_dwelling', 'water_safe', 'dwelling_area', 'has_power', 'paved_road', 'sanitary_toilet', 'km_to_road',
    'arable_mu', 'forest_mu', 'returned_forest_mu', 'orchard_mu', 'pasture_mu', 'water_mu',
    'wage_income', 'business_income', 'transfer_income', 'income_per_capita', 'compliant_self_paid',
    'risk_1', 'risk_2', 'risk_3', 'risk_4', 'risk_5', 'identified_month', 'elimination_mode',
] %}
{%- set measures = [
    'measure_industry', 'measure_employment', 'measure_finance', 'measure_public_post', 'measure_health', 'measure_education',
    'measure_compulsory_education', 'measure_housing', 'measure_water', 'measure_relocation', 'measure_social_security', 'measure_charity',
] %}

with

persons as (

    select * from {{ ref('stg_registry__persons') }}

),

households as (

    select household_no, household_kind, is_target, is_monitored, is_eliminated from {{ ref('int_household__registry') }}

),

linked_households as (

    select household_no, min(household_key) as household_key
    from {{ source('linkage', 'household') }}
    where household_no is not null
    group by household_no

),

ordered as (

    select
        *,
        row_number() over (
            partition by household_no
            order by case when relation_to_head = '户主' then 0 else 1 end, person_no, record_key
        ) as position
    from persons

),

known as (

    select
        household_no,
        {% for column in values -%}
        {{ first_known(column, 'position') }} as {{ column }},
        {% endfor -%}
        {% for column in measures -%}
        {{ first_known('case when ' ~ is_filled(column) ~ ' then ' ~ column ~ ' end', 'position') }} as {{ column }}{{ "," if not loop.last }}
        {% endfor %}
    from ordered
    group by household_no

)

select
    known.household_no,
    linked_households.household_key,
    known.township_name,
    known.village_code,
    known.county_name,
    households.is_target,
    coalesce(households.household_kind = '脱贫户', false) as is_lifted_out,
    households.is_monitored or households.is_eliminated as is_on_list,
    households.is_monitored,
    households.is_eliminated as is_cleared,
    known.elimination_mode,
    known.identified_month,
    known.risk_1,
    {{ text_parts("concat_ws(',', risk_1, risk_2, risk_3, risk_4, risk_5)") }} as risks,
    known.contact_name is not null as has_contact_name,
    known.contact_phone is not null as has_contact_phone,
    {{ is_mobile_phone('known.household_phone') }} as has_mobile_phone,
    known.no_labour_household,
    known.unsafe_dwelling,
    known.water_safe,
    known.dwelling_area,
    known.has_power,
    known.paved_road,
    known.sanitary_toilet,
    known.km_to_road,
    known.arable_mu,
    known.forest_mu,
    known.returned_forest_mu,
    known.orchard_mu,
    known.pasture_mu,
    known.water_mu,
    known.wage_income,
    known.business_income,
    known.transfer_income,
    known.income_per_capita,
    known.compliant_self_paid,
    {% for column in measures -%}
    {{ list_or_empty('known.' ~ column) }} as {{ column }}{{ "," if not loop.last }}
    {% endfor %}
from known
inner join households
    on known.household_no = households.household_no
left join linked_households
    on known.household_no = linked_households.household_no
