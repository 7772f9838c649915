-- One row per figure of the report with what the published tables say (figure_id, found): each query of macros/report_figures.sql, run.

{%- set day = var('run_date') | string %}
{%- set tables = {
    'asset_ledger': ref('asset_ledger'),
    'fund_allocation': ref('fund_allocation'),
    'fund_progress': ref('fund_progress'),
    'linked_household': ref('linked_household'),
    'linked_person': ref('linked_person'),
    'policy_result': ref('policy_result'),
    'registry_household': ref('registry_household'),
    'village': ref('village'),
    'village_team': ref('village_team')
} %}

{% for figure_id, query in report_figures(tables, day[:4] | int, day).items() -%}
select
    '{{ figure_id }}' as figure_id,
    cast(({{ query }}) as double) as found
{{ 'union all' if not loop.last }}
{% endfor -%}
