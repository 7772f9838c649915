{#
  The figures of the county's report as queries over published tables, once: the model of what is found runs them, and
  report_figure shows them, so that a reader runs the same.
  Belongs here: one query with one value per figure. Does not belong here: their names and order (seeds/report_figure_catalogue.csv).
#}

{#
  Figure id → query, in the catalogue's order.
  tables: name of a published table → how to write it in the query (a relation, or `marts.<name>`).
  year: calendar year of the run date; day: the run date as text.
#}
{% macro report_figures(tables, year, day) %}
{%- set queries = {} -%}
{%- set sql -%}
select coalesce(sum(population), 0) from {{ tables.village }}
{%- endset -%}
{%- do queries.update({'registered_persons': sql}) -%}
{%- set sql -%}
select count(*) from {{ tables.linked_person }} where is_resident
{%- endset -%}
{%- do queries.update({'linked_residents': sql}) -%}
{%- set sql -%}
select count(distinct township_name) from {{ tables.village }}
{%- endset -%}
{%- do queries.update({'townships': sql}) -%}
{%- set sql -%}
select count(*) from {{ tables.village }} where village_kind = '脱贫村'
{%- endset -%}
{%- do queries.update({'lifted_out_villages': sql}) -%}
{%- set sql -%}
select count(*) from {{ tables.village }} where village_kind = '乡村振兴重点帮扶村'
{%- endset -%}
{%- do queries.update({'key_villages': sql}) -%}
{%- set sql -%}
select count(*) from {{ tables.registry_household }} where household_kind = '脱贫户'
{%- endset -%}
{%- do queries.update({'lifted_out_households': sql}) -%}
{%- set sql -%}
select coalesce(sum(registered_persons), 0) from {{ tables.registry_household }} where household_kind = '脱贫户'
{%- endset -%}
{%- do queries.update({'lifted_out_persons': sql}) -%}
{%- set sql -%}
select count(*) from {{ tables.registry_household }} where is_monitored
{%- endset -%}
{%- do queries.update({'monitored_households': sql}) -%}
{%- set sql -%}
select coalesce(sum(registered_persons), 0) from {{ tables.registry_household }} where is_monitored
{%- endset -%}
{%- do queries.update({'monitored_persons': sql}) -%}
{%- set sql -%}
select round(cast(sum(income_per_capita * registered_persons) as double) / sum(registered_persons), 2) from {{ tables.registry_household }} where household_kind = '脱贫户' and income_per_capita is not null
{%- endset -%}
{%- do queries.update({'lifted_out_income_per_capita': sql}) -%}
{%- set sql -%}
select round(100 * (income / nullif(income_last_year, 0) - 1), 2) from (select cast(sum(income_per_capita * registered_persons) as double) / nullif(sum(case when income_per_capita is not null then registered_persons end), 0) as income, cast(sum(income_per_capita_last_year * registered_persons) as double) / nullif(sum(case when income_per_capita_last_year is not null then registered_persons end), 0) as income_last_year from {{ tables.registry_household }} where household_kind = '脱贫户') as incomes
{%- endset -%}
{%- do queries.update({'lifted_out_income_growth': sql}) -%}
{%- set sql -%}
select count(*) from {{ tables.village_team }} where is_in_post
{%- endset -%}
{%- do queries.update({'team_members': sql}) -%}
{%- set sql -%}
select count(*) from {{ tables.fund_progress }} where year = 2024
{%- endset -%}
{%- do queries.update({'projects_2024': sql}) -%}
{%- set sql -%}
select coalesce(sum(planned_total), 0) from {{ tables.fund_progress }} where year = 2024
{%- endset -%}
{%- do queries.update({'projects_2024_yuan': sql}) -%}
{%- set sql -%}
select coalesce(sum(amount), 0) from {{ tables.fund_allocation }} where is_allocated and source_level in ('中央', '省') and year = {{ year }}
{%- endset -%}
{%- do queries.update({'central_provincial_funds': sql}) -%}
{%- set sql -%}
select coalesce(sum(case when year = {{ year }} then amount else -amount end), 0) from {{ tables.fund_allocation }} where is_allocated and source_level in ('中央', '省') and year in ({{ year }}, {{ year - 1 }})
{%- endset -%}
{%- do queries.update({'central_provincial_funds_change': sql}) -%}
{%- set sql -%}
select coalesce(sum(amount), 0) from {{ tables.fund_allocation }} where is_allocated and source_level = '县' and year = {{ year }}
{%- endset -%}
{%- do queries.update({'county_funds': sql}) -%}
{%- set sql -%}
select round(100 * (cast(coalesce(sum(case when year = {{ year }} then amount end), 0) as double) / nullif(cast(sum(case when year = {{ year - 1 }} then amount end) as double), 0) - 1), 2) from {{ tables.fund_allocation }} where is_allocated and source_level = '县'
{%- endset -%}
{%- do queries.update({'county_funds_growth': sql}) -%}
{%- set sql -%}
select count(*) from {{ tables.asset_ledger }}
{%- endset -%}
{%- do queries.update({'assets': sql}) -%}
{%- set sql -%}
select coalesce(sum(original_value), 0) from {{ tables.asset_ledger }}
{%- endset -%}
{%- do queries.update({'assets_yuan': sql}) -%}
{%- set sql -%}
select count(*) from {{ tables.fund_progress }} where year = {{ year }}
{%- endset -%}
{%- do queries.update({'projects_this_year': sql}) -%}
{%- set sql -%}
select round(100.0 * count(case when on_roll then 1 end) / nullif(count(*), 0), 2) from {{ tables.linked_person }} where registry_household_kind = '脱贫户' and not is_deceased and school_age between 6 and 14
{%- endset -%}
{%- do queries.update({'lifted_out_children_on_roll_share': sql}) -%}
{%- set sql -%}
select round(100.0 * count(case when insured then 1 end) / nullif(count(*), 0), 2) from {{ tables.linked_person }} where registry_household_kind = '脱贫户' and not is_deceased
{%- endset -%}
{%- do queries.update({'lifted_out_insured_share': sql}) -%}
{%- set sql -%}
select round(100.0 * count(case when not unsafe_dwelling then 1 end) / nullif(count(*), 0), 2) from {{ tables.linked_household }} where household_kind = '脱贫户' and living_members > 0
{%- endset -%}
{%- do queries.update({'lifted_out_safe_dwelling_share': sql}) -%}
{%- set sql -%}
select round(100.0 * count(case when water_safe then 1 end) / nullif(count(water_safe), 0), 2) from {{ tables.registry_household }} where household_kind = '脱贫户'
{%- endset -%}
{%- do queries.update({'lifted_out_safe_water_share': sql}) -%}
{%- set sql -%}
select round(100.0 * sum(met) / nullif(sum(applicable - unknown), 0), 2) from {{ tables.policy_result }} where policy_id in ('EDU-04', 'EDU-05', 'EDU-06') and run_date = date '{{ day }}'
{%- endset -%}
{%- do queries.update({'education_aid_share': sql}) -%}
{%- set sql -%}
select round(100.0 * sum(met) / nullif(sum(applicable - unknown), 0), 2) from {{ tables.policy_result }} where policy_id in ('MED-03', 'MED-08') and run_date = date '{{ day }}'
{%- endset -%}
{%- do queries.update({'medical_aid_share': sql}) -%}
{%- set sql -%}
select round(100.0 * sum(met) / nullif(sum(applicable - unknown), 0), 2) from {{ tables.policy_result }} where policy_id = 'CIV-01' and run_date = date '{{ day }}'
{%- endset -%}
{%- do queries.update({'monitored_subsistence_share': sql}) -%}
{%- set sql -%}
select round(100.0 * count(case when has_contact then 1 end) / nullif(count(*), 0), 2) from {{ tables.registry_household }} where is_monitored
{%- endset -%}
{%- do queries.update({'monitored_contact_share': sql}) -%}
{%- set sql -%}
select round(100.0 * count(case when has_first_secretary then 1 end) / nullif(count(*), 0), 2) from {{ tables.village }} where village_kind in ('脱贫村', '乡村振兴重点帮扶村')
{%- endset -%}
{%- do queries.update({'first_secretary_share': sql}) -%}
{{ return(queries) }}
{% endmacro %}

{# The published tables that the figures read. #}
{% macro report_tables() %}{{ return(['asset_ledger', 'fund_allocation', 'fund_progress', 'linked_household', 'linked_person', 'policy_result', 'registry_household', 'village', 'village_team']) }}{% endmacro %}
