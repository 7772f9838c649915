-- One row per township and period (week, month, quarter): the running ones counted today, the closed ones as their last run day left them.

{%- set rules = var('scorecard') if execute else {} %}

with

running as (

    select * from {{ ref('int_scorecard__running') }}

),

earlier as (

    select * from {{ source('policies', 'earlier_scorecard') }}

),

periods as (

    {% for table in ['running', 'earlier'] -%}
    select
        cast(period_kind as string) as period_kind,
        cast(period_start as date) as period_start,
        cast(period_end as date) as period_end,
        cast(as_of as date) as as_of,
        cast(township_name as string) as township_name,
        cast(township_code as string) as township_code,
        cast(households_with_card as integer) as households_with_card,
        cast(overdue_visits as integer) as overdue_visits,
        cast(open_gaps as integer) as open_gaps,
        cast(open_critical_gaps as integer) as open_critical_gaps,
        cast(open_major_gaps as integer) as open_major_gaps,
        cast(open_minor_gaps as integer) as open_minor_gaps,
        cast(old_critical_gaps as integer) as old_critical_gaps,
        cast(new_gaps as integer) as new_gaps,
        cast(resolved_gaps as integer) as resolved_gaps,
        cast(clue_clocks_passed as integer) as clue_clocks_passed,
        cast(checked_gaps as integer) as checked_gaps,
        cast(waiting_gaps as integer) as waiting_gaps,
        cast(extracts as integer) as extracts,
        cast(stale_extracts as integer) as stale_extracts,
        cast(overdue_visit_rate as double) as overdue_visit_rate,
        cast(old_critical_share as double) as old_critical_share,
        cast(verdict_rate as double) as verdict_rate,
        cast(stale_share as double) as stale_share,
        cast(score as double) as score,
        cast(grade as string) as grade
    from {{ table }}
    {{ 'union all' if not loop.last }}
    {% endfor -%}

),

-- the last day of a period closes it
closed as (

    select
        *,
        period_end <= {{ run_date() }} as is_closed,
        coalesce(grade = '{{ rules.lowest_grade }}', false) and period_end <= {{ run_date() }} as is_lowest
    from periods

),

-- a row of periods of the lowest grade is broken by another grade, and by a period without a run
broken as (

    select
        *,
        case
            when is_lowest
                and lag(is_lowest) over (partition by township_name, period_kind order by period_start)
                and lag(period_end) over (partition by township_name, period_kind order by period_start)
                = {{ add_days('period_start', -1) }}
                then 0
            else 1
        end as begins
    from closed

),

rows_of_lowest as (

    select
        *,
        sum(begins) over (
            partition by township_name, period_kind
            order by period_start
            rows between unbounded preceding and current row
        ) as number_of_row
    from broken

),

counted as (

    select
        *,
        sum(case when is_lowest then 1 else 0 end) over (
            partition by township_name, period_kind, number_of_row
            order by period_start
            rows between unbounded preceding and current row
        ) as lowest_in_a_row
    from rows_of_lowest

)

select
    period_kind,
    period_start,
    period_end,
    as_of,
    is_closed,
    township_name,
    township_code,
    households_with_card,
    overdue_visits,
    open_gaps,
    open_critical_gaps,
    open_major_gaps,
    open_minor_gaps,
    old_critical_gaps,
    new_gaps,
    resolved_gaps,
    clue_clocks_passed,
    checked_gaps,
    waiting_gaps,
    extracts,
    stale_extracts,
    overdue_visit_rate,
    old_critical_share,
    verdict_rate,
    stale_share,
    score,
    grade,
    cast(lowest_in_a_row as integer) as lowest_in_a_row,
    lowest_in_a_row >= {{ rules.listed_after }} as is_listed,
    case
        when lowest_in_a_row >= {{ rules.listed_after }}
            then {{ add_days('period_end', rules.interview_days) }}
    end as interview_due
from counted
