{#
  The few places where DuckDB's and Spark's SQL differ, one dispatched macro each.
  Belongs here: syntax. Does not belong here: what a fact means (macros/facts.sql).
#}

{# The date `months` months after `date` (negative: before); the month's last day where the day does not exist. #}
{% macro add_months(date, months) %}{{ return(adapter.dispatch('add_months')(date, months)) }}{% endmacro %}
{% macro default__add_months(date, months) %}add_months({{ date }}, {{ months }}){% endmacro %}
{% macro duckdb__add_months(date, months) %}cast({{ date }} + to_months({{ months }}) as date){% endmacro %}

{# The date `days` days after `date`. #}
{% macro add_days(date, days) %}{{ return(adapter.dispatch('add_days')(date, days)) }}{% endmacro %}
{% macro default__add_days(date, days) %}date_add({{ date }}, cast({{ days }} as int)){% endmacro %}
{% macro duckdb__add_days(date, days) %}({{ date }} + cast({{ days }} as integer)){% endmacro %}

{# Whole days from `first` to `last`, negative when `last` is earlier. #}
{% macro days_between(first, last) %}{{ return(adapter.dispatch('days_between')(first, last)) }}{% endmacro %}
{% macro default__days_between(first, last) %}datediff({{ last }}, {{ first }}){% endmacro %}
{% macro duckdb__days_between(first, last) %}date_diff('day', {{ first }}, {{ last }}){% endmacro %}

{# Aggregate: the first `column` that is not null when the group's rows stand in the order of `position` (unique in the group). #}
{% macro first_known(column, position) %}{{ return(adapter.dispatch('first_known')(column, position)) }}{% endmacro %}
{% macro default__first_known(column, position) %}min_by({{ column }}, case when {{ column }} is not null then {{ position }} end){% endmacro %}
{% macro duckdb__first_known(column, position) %}arg_min({{ column }}, {{ position }}){% endmacro %}

{# True where a list column holds at least one value; never null. #}
{% macro is_filled(column) %}{{ return(adapter.dispatch('is_filled')(column)) }}{% endmacro %}
{% macro default__is_filled(column) %}(coalesce(size({{ column }}), 0) > 0){% endmacro %}
{% macro duckdb__is_filled(column) %}(coalesce(len({{ column }}), 0) > 0){% endmacro %}

{# A list column as text, its values joined by commas in the delivered order. #}
{% macro joined_list(column) %}{{ return(adapter.dispatch('joined_list')(column)) }}{% endmacro %}
{% macro default__joined_list(column) %}array_join({{ column }}, ','){% endmacro %}
{% macro duckdb__joined_list(column) %}array_to_string({{ column }}, ','){% endmacro %}

{# Aggregate: the different values of a text column in their order, joined by commas; null where there is none. #}
{% macro joined_distinct(column) %}{{ return(adapter.dispatch('joined_distinct')(column)) }}{% endmacro %}
{% macro default__joined_distinct(column) %}nullif(array_join(sort_array(collect_set({{ column }})), ','), ''){% endmacro %}
{% macro duckdb__joined_distinct(column) %}string_agg(distinct {{ column }}, ',' order by {{ column }}){% endmacro %}
