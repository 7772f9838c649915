{#
  A data test of ours: a column names one row each, and no row goes without.
  Belongs here: `unique` and `not_null` in one question. Every test costs dbt some hundredths of a second, whatever it reads, so that
  the two of every table were several seconds of the day. Published tables promise not_null in their contract, which asks nothing.
#}

{# Rows: each value that stands twice or is missing. #}
{% test is_key(model, column_name) %}
select {{ column_name }} as repeated_or_missing, count(*) as times
from {{ model }}
group by {{ column_name }}
having count(*) > 1 or {{ column_name }} is null
{% endtest %}
