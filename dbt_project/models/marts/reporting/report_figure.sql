-- One row per figure of the county's report: claimed beside found, with the query that found it.

{%- set day = var('run_date') | string %}
{%- set tables = {} %}
{%- for name in report_tables() %}{% do tables.update({name: 'marts.' ~ name}) %}{% endfor %}

with

catalogue as (

    select * from {{ ref('report_figure_catalogue') }}

),

claims as (

    select * from {{ source('raw', 'report_claim') }}

),

found as (

    select * from {{ ref('int_report__found') }}

),

queries as (

    {% for figure_id, query in report_figures(tables, day[:4] | int, day).items() -%}
    select
        '{{ figure_id }}' as figure_id,
        '{{ query | replace("'", "''") }}' as query
    {{ 'union all' if not loop.last }}
    {% endfor -%}

)

select
    catalogue.position,
    catalogue.figure_id,
    catalogue.label_zh,
    catalogue.label_en,
    catalogue.unit,
    cast(claims.claimed as double) as claimed,
    found.found,
    round(found.found - cast(claims.claimed as double), 2) as difference,
    cast(queries.query as string) as query
from catalogue
left join claims
    on catalogue.figure_id = claims.figure_id
left join found
    on catalogue.figure_id = found.figure_id
left join queries
    on catalogue.figure_id = queries.figure_id
