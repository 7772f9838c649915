-- One row per project of the project store: what was paid of its fund against the time that has passed.

with

projects as (

    select * from {{ ref('int_fund__project') }}

)

select
    project_no,
    project_name,
    project_kind,
    year,
    township_name,
    status,
    planned_total,
    planned_fund,
    paid,
    case
        when planned_fund > 0
            then cast(paid as double) / cast(planned_fund as double)
    end as paid_share,
    cast(days_elapsed as double) / days_planned as elapsed_share,
    started_on,
    due_on,
    completed_on
from projects
