-- One row per year: money allocated for it, planned and paid for its projects, and how far they are.
-- Payments to projects that the store does not hold stand in a row without a year.

with

allocations as (

    select * from {{ ref('fund_allocation') }}

),

projects as (

    select * from {{ ref('fund_progress') }}

),

payments as (

    select * from {{ ref('stg_funds__disbursements') }}
    where paid_on <= {{ run_date() }}

),

allocated_by_year as (

    select
        year,
        sum(amount) as allocated
    from allocations
    where is_allocated
    group by year

),

projects_by_year as (

    select
        year,
        count(*) as projects,
        count(*) filter (where status = '储备') as planned_projects,
        count(*) filter (where status = '在建') as running_projects,
        count(*) filter (where status in ('完工', '验收')) as finished_projects,
        sum(planned_fund) as planned_fund,
        sum(paid) as paid,
        sum(open_gaps) as open_gaps
    from projects
    group by year

),

stray_payments as (

    select sum(payments.amount) as paid
    from payments
    left join projects
        on payments.project_no = projects.project_no
    where projects.project_no is null

),

years as (

    select year from allocated_by_year
    union
    select year from projects_by_year

),

by_year as (

    select
        years.year,
        allocated_by_year.allocated,
        projects_by_year.projects,
        projects_by_year.planned_projects,
        projects_by_year.running_projects,
        projects_by_year.finished_projects,
        projects_by_year.planned_fund,
        projects_by_year.paid,
        projects_by_year.open_gaps
    from years
    left join allocated_by_year
        on years.year = allocated_by_year.year
    left join projects_by_year
        on years.year = projects_by_year.year

),

with_strays as (

    select * from by_year
    union all
    select
        null as year,
        null as allocated,
        null as projects,
        null as planned_projects,
        null as running_projects,
        null as finished_projects,
        null as planned_fund,
        paid,
        null as open_gaps
    from stray_payments
    where paid is not null

)

select
    cast(year as integer) as year,
    cast(coalesce(allocated, 0) as decimal(18, 2)) as allocated,
    cast(coalesce(projects, 0) as integer) as projects,
    cast(coalesce(planned_projects, 0) as integer) as planned_projects,
    cast(coalesce(running_projects, 0) as integer) as running_projects,
    cast(coalesce(finished_projects, 0) as integer) as finished_projects,
    cast(coalesce(planned_fund, 0) as decimal(18, 2)) as planned_fund,
    cast(coalesce(paid, 0) as decimal(18, 2)) as paid,
    cast(paid as double) / nullif(cast(allocated as double), 0) as paid_share,
    cast(coalesce(open_gaps, 0) as integer) as open_gaps
from with_strays
