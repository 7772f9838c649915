-- One row per household of the registry (household_no), read from its members' rows.
-- The household's columns repeat on each row: the head's row speaks first, then the others by person_no; the first value that is not blank counts.

{%- set risks = {
    'illness': '因病', 'schooling': '因学', 'disability': '因残', 'housing': '因安全住房', 'water': '因安全饮水'
} %}
{%- set measures = [
    'health', 'education', 'compulsory_education', 'housing', 'relocation', 'social_security', 'charity'
] %}

with

persons as (

    select * from {{ ref('stg_registry__persons') }}

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

households as (

    select
        household_no,
        count(*) as registered_persons,
        {{ first_known('township_name', 'position') }} as township_name,
        {{ first_known('village_name', 'position') }} as village_name,
        {{ first_known('household_kind', 'position') }} as household_kind,
        {{ first_known('monitoring_category', 'position') }} as monitoring_category,
        {{ first_known('risk_eliminated', 'position') }} as risk_eliminated,
        {{ first_known('elimination_mode', 'position') }} as elimination_mode,
        {{ first_known('identified_month', 'position') }} as identified_month,
        {{ first_known('eliminated_month', 'position') }} as eliminated_month,
        {% for k in range(1, 6) -%}
        {{ first_known('risk_' ~ k, 'position') }} as risk_{{ k }},
        {% endfor -%}
        {% for risk, word in risks.items() -%}
        bool_or(
            {%- for k in range(1, 6) %}
            coalesce(risk_{{ k }} = '{{ word }}', false){{ ' or' if not loop.last }}
            {%- endfor %}
        ) as risk_{{ risk }},
        {% endfor -%}
        {% for measure in measures -%}
        bool_or({{ is_filled('measure_' ~ measure) }}) as has_measure_{{ measure }},
        {% endfor -%}
        {{ first_known('unsafe_dwelling', 'position') }} as registry_unsafe_dwelling,
        {{ first_known('water_safe', 'position') }} as water_safe,
        bool_or({{ is_filled('measure_water') }}) as has_water_measure,
        {{ first_known('income_per_capita', 'position') }} as income_per_capita,
        {{ first_known('income_per_capita_last_year', 'position') }} as income_per_capita_last_year,
        bool_or(contact_name is not null) as has_contact,
        bool_or(helper_name is not null) as has_helper
    from ordered
    group by household_no

)

select
    household_no,
    registered_persons,
    township_name,
    village_name,
    household_kind,
    monitoring_category,
    coalesce(household_kind = '脱贫户', false) or monitoring_category is not null as is_target,
    monitoring_category is not null and not coalesce(risk_eliminated, false) as is_monitored,
    monitoring_category is not null and coalesce(risk_eliminated, false) as is_eliminated,
    elimination_mode,
    identified_month,
    eliminated_month,
    risk_1,
    risk_2,
    risk_3,
    risk_4,
    risk_5,
    {% for risk in risks -%}
    risk_{{ risk }},
    {% endfor -%}
    {% for measure in measures -%}
    has_measure_{{ measure }},
    {% endfor -%}
    registry_unsafe_dwelling,
    water_safe,
    has_water_measure,
    income_per_capita,
    income_per_capita_last_year,
    has_contact,
    has_helper
from households
