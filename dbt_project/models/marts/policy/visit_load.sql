-- One row per township and officer who is to visit households there: how many visits wait for him, and which are due.

with

visits as (

    select
        *,
        coalesce(township_name, '未知') as township,
        coalesce(visitor_key, '未落实') as visitor,
        {{ add_days(run_date(), var('visit_list_days') if execute else 0) }} as last_listed_day
    from {{ ref('visit_due') }}

)

select
    cast(township as string) as township_name,
    cast(visitor as string) as visitor_key,
    cast(count(household_key) as integer) as households,
    cast(count(household_key) filter (where card = 'red') as integer) as red_cards,
    cast(count(household_key) filter (where card = 'yellow') as integer) as yellow_cards,
    cast(count(household_key) filter (where card = 'blue') as integer) as blue_cards,
    cast(count(household_key) filter (where is_overdue) as integer) as overdue_visits,
    cast(count(household_key) filter (where not is_overdue and next_visit_due <= last_listed_day) as integer) as visits_ahead,
    min(next_visit_due) as first_visit_due
from visits
group by township, visitor
