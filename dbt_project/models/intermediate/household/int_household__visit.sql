-- One row per registry household that was visited by the run date, in whatever mode.

with

visits as (

    select * from {{ ref('stg_registry__visits') }}

)

select
    household_no,
    max(visited_on) as last_visit_on
from visits
where visited_on <= {{ run_date() }}
group by household_no
