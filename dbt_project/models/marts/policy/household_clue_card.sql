-- One row per household with a gap in hand: its place in the work list and what decided it.

with

ordered as (

    select * from {{ source('policies', 'household_order') }}

),

households as (

    select * from {{ ref('linked_household') }}

)

select
    cast(ordered.household_key as string) as household_key,
    households.household_no,
    households.village_code,
    households.village_name,
    households.township_name,
    households.card,
    cast(ordered.rank_in_township as integer) as rank_in_township,
    cast(ordered.rank_in_county as integer) as rank_in_county,
    cast(ordered.severity as string) as severity,
    cast(ordered.certainty as double) as certainty,
    cast(ordered.gaps as integer) as gaps,
    cast(ordered.critical_gaps as integer) as critical_gaps,
    cast(ordered.doubtful_gaps as integer) as doubtful_gaps,
    cast(ordered.unknown_gaps as integer) as unknown_gaps,
    cast(ordered.has_children as boolean) as has_children,
    cast(ordered.has_elderly as boolean) as has_elderly,
    cast(ordered.has_disabled as boolean) as has_disabled,
    cast(ordered.has_no_labour as boolean) as has_no_labour,
    cast(ordered.vulnerability as integer) as vulnerability,
    cast(ordered.days_open as integer) as days_open,
    cast(ordered.next_due_on as date) as next_due_on
from ordered
left join households
    on ordered.household_key = households.household_key
