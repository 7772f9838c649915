-- One row per project of the project store: what was paid of its fund against the time that has passed.

with

projects as (

    select * from {{ ref('stg_funds__projects') }}

),

paid_by_project as (

    select
        project_no,
        sum(amount) as paid
    from {{ ref('stg_funds__disbursements') }}
    where paid_on <= {{ run_date() }}
    group by project_no

),

shares as (

    select
        projects.*,
        coalesce(paid_by_project.paid, 0) as paid,
        case
            when projects.planned_fund > 0
                then cast(coalesce(paid_by_project.paid, 0) as double) / cast(projects.planned_fund as double)
        end as paid_share,
        -- kept within 0 and 1: a project not yet begun or past its date has no more to wait for
        case
            when projects.started_on < projects.due_on
                then greatest(
                    0.0,
                    least(
                        1.0,
                        cast({{ days_between('projects.started_on', run_date()) }} as double)
                        / {{ days_between('projects.started_on', 'projects.due_on') }}
                    )
                )
        end as elapsed_share
    from projects
    left join paid_by_project
        on projects.project_no = paid_by_project.project_no

)

select
    project_no,
    project_name,
    project_kind,
    cast(year as integer) as year,
    township_name,
    status,
    cast(planned_total as decimal(18, 2)) as planned_total,
    cast(planned_fund as decimal(18, 2)) as planned_fund,
    cast(paid as decimal(18, 2)) as paid,
    cast(paid_share as double) as paid_share,
    cast(elapsed_share as double) as elapsed_share,
    started_on,
    due_on,
    completed_on
from shares
