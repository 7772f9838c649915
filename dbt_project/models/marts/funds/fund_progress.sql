-- One row per project of the project store: what was paid of its fund against the time that has passed.

with

projects as (

    select * from {{ ref('int_fund__project') }}

),

gaps_by_project as (

    select
        subject_key,
        count(*) as open_gaps
    from {{ ref('policy_gap') }}
    where subject_kind = 'project'
        and {{ is_open('status') }}
    group by subject_key

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
    completed_on,
    case
        when planned_fund > 0
            then greatest(planned_fund - paid, 0)
    end as unpaid,
    cast(coalesce(gaps_by_project.open_gaps, 0) as integer) as open_gaps
from projects
left join gaps_by_project
    on projects.project_no = gaps_by_project.subject_key
