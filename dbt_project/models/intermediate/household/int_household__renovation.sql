-- One row per household with a renovation: when renovations were accepted, and since when one is at work.
-- A renovation is of the household of the dwelling whose number it gives, else of its head.

with

renovations as (

    select * from {{ ref('stg_housing__renovations') }}

),

dwellings as (

    select dwelling_no, household_key from {{ ref('int_household__dwelling_survey') }}

),

links as (

    select mention_key, person_key from {{ source('linkage', 'mention_link') }}

),

memberships as (

    select person_key, household_key from {{ source('linkage', 'household_member') }}

),

of_households as (

    select
        renovations.record_key,
        coalesce(dwellings.household_key, memberships.household_key) as household_key,
        case when renovations.accepted_on <= {{ run_date() }} then renovations.accepted_on end as accepted_on,
        case
            when renovations.started_on <= {{ run_date() }}
                and coalesce(renovations.completed_on > {{ run_date() }}, true)
                and coalesce(renovations.accepted_on > {{ run_date() }}, true)
                then renovations.started_on
        end as at_work_since
    from renovations
    left join dwellings
        on renovations.dwelling_no = dwellings.dwelling_no
    left join links
        on renovations.record_key || ':head' = links.mention_key
    left join memberships
        on links.person_key = memberships.person_key

),

ranked as (

    select
        *,
        row_number() over (
            partition by household_key
            order by accepted_on desc nulls last, record_key
        ) as position
    from of_households
    where household_key is not null

)

select
    household_key,
    max(case when position = 1 then accepted_on end) as last_renovation_on,
    max(case when position = 2 then accepted_on end) as renovation_before_on,
    min(at_work_since) as renovation_at_work_since
from ranked
group by household_key
