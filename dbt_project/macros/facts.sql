{#
  What the calendar facts and the words of the policies mean, once.
  Belongs here: definitions that more than one model uses. Does not belong here: syntax of one engine (macros/engine.sql).
#}

{# The run date as a date. Given by the run: nothing reads the clock. #}
{% macro run_date() %}cast('{{ var("run_date") }}' as date){% endmacro %}

{# The 31 August before or on the run date: school age is counted on it. #}
{% macro school_age_date() -%}
    {%- set date = var("run_date") | string -%}
    {%- set year = date[:4] | int -%}
    {%- set year = year if date[5:] >= "08-31" else year - 1 -%}
    cast('{{ year }}-08-31' as date)
{%- endmacro %}

{# Whole years from `birth_date` to `date`, null for the unborn; who is born on 29 February completes a year on 1 March of a common year. #}
{% macro whole_years(birth_date, date) -%}
    case
        when {{ birth_date }} <= {{ date }}
            then cast(
                year({{ date }}) - year({{ birth_date }})
                - case
                    when month({{ date }}) * 100 + day({{ date }}) < month({{ birth_date }}) * 100 + day({{ birth_date }}) then 1
                    else 0
                end as integer
            )
    end
{%- endmacro %}

{# True where something that began on `from_date` and ended on `to_date` holds on the run date: the last day is no longer in it. #}
{% macro in_force(from_date, to_date, blank_from_counts) -%}
    (
        {% if blank_from_counts -%}
        ({{ from_date }} is null or {{ from_date }} <= {{ run_date() }})
        {%- else -%}
        coalesce({{ from_date }} <= {{ run_date() }}, false)
        {%- endif %}
        and ({{ to_date }} is null or {{ to_date }} > {{ run_date() }})
    )
{%- endmacro %}

{# True where a spell of assistance was in force on `date`; one that was stopped without saying when does not count. #}
{% macro assisted_on(spell, date, blank_from_counts) -%}
    (
        {% if blank_from_counts -%}
        ({{ spell }}.from_date is null or {{ spell }}.from_date <= {{ date }})
        {%- else -%}
        coalesce({{ spell }}.from_date <= {{ date }}, false)
        {%- endif %}
        and ({{ spell }}.to_date is null or {{ spell }}.to_date > {{ date }})
        and ({{ spell }}.status = '在保' or {{ spell }}.to_date is not null)
    )
{%- endmacro %}

{# True where `date` lies in the twelve months that end with the run date: (D - 12 months, D]. #}
{% macro in_last_12_months(date) -%}
    ({{ date }} > {{ add_months(run_date(), -12) }} and {{ date }} <= {{ run_date() }})
{%- endmacro %}

{# True where a gap's status means that it is open. `unknown` is not: its extract is stale. #}
{% macro is_open(status) %}({{ status }} in ('open', 'sent', 'confirmed')){% endmacro %}

{# Aggregate: the mean of `column` weighted by `weight` over the rows that meet `condition` and know the value; a double, null without rows. #}
{% macro weighted_mean(column, weight, condition) -%}
    cast(sum({{ column }} * {{ weight }}) filter (where {{ condition }}) as double)
    / nullif(sum({{ weight }}) filter (where {{ condition }} and {{ column }} is not null), 0)
{%- endmacro %}

{# The birth date that a sound ID number of 18 characters carries (GB 11643), null without one. #}
{% macro number_birth_date(number) -%}
    try_cast(substr({{ number }}, 7, 4) || '-' || substr({{ number }}, 11, 2) || '-' || substr({{ number }}, 13, 2) as date)
{%- endmacro %}

{# The sex that a sound ID number of 18 characters carries: its seventeenth digit is odd for men. #}
{% macro number_sex(number) -%}
    case
        when {{ number }} is null then cast(null as string)
        when cast(substr({{ number }}, 17, 1) as integer) % 2 = 1 then '男'
        else '女'
    end
{%- endmacro %}
