-- One row per project of the project store: what was paid of its fund, and how many days of its time have passed.

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

spans as (

    select
        *,
        case when started_on < due_on then cast({{ days_between('started_on', 'due_on') }} as integer) end as days_planned,
        -- kept within 0 and the days planned: a project not yet begun or past its date has no more to wait for
        case
            when started_on < due_on
                then cast(
                    greatest(
                        0,
                        least({{ days_between('started_on', 'due_on') }}, {{ days_between('started_on', run_date()) }})
                    ) as integer
                )
        end as days_elapsed
    from projects

)

select
    spans.project_no,
    spans.project_name,
    spans.project_kind,
    cast(spans.year as integer) as year,
    spans.township_name,
    spans.status,
    cast(spans.planned_total as decimal(18, 2)) as planned_total,
    cast(spans.planned_fund as decimal(18, 2)) as planned_fund,
    cast(coalesce(paid_by_project.paid, 0) as decimal(18, 2)) as paid,
    spans.started_on,
    spans.due_on,
    spans.completed_on,
    spans.days_planned,
    spans.days_elapsed,
    -- six decimals: policies compare exactly; more than ten times the fund is a wrong figure anyhow
    cast(
        case
            when spans.planned_fund > 0
                then greatest(-10.0, least(10.0, cast(coalesce(paid_by_project.paid, 0) as double) / spans.planned_fund))
        end as decimal(9, 6)
    ) as paid_share,
    cast(cast(spans.days_elapsed as double) / spans.days_planned as decimal(9, 6)) as elapsed_share
from spans
left join paid_by_project
    on spans.project_no = paid_by_project.project_no
