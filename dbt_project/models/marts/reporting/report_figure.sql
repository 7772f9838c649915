-- One row per figure of the county's report: claimed beside found.

with

catalogue as (

    select * from {{ ref('report_figure_catalogue') }}

),

claims as (

    select * from {{ source('raw', 'report_claim') }}

),

found as (

    select * from {{ ref('int_report__found') }}

)

select
    catalogue.position,
    catalogue.figure_id,
    catalogue.label_zh,
    catalogue.label_en,
    catalogue.unit,
    cast(claims.claimed as double) as claimed,
    found.found,
    round(found.found - cast(claims.claimed as double), 2) as difference
from catalogue
left join claims
    on catalogue.figure_id = claims.figure_id
left join found
    on catalogue.figure_id = found.figure_id
