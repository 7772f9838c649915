-- One row per surveyed dwelling with the household of its head and whether it is unsafe today.
-- A renovation belongs to the dwelling whose number it gives, else to the dwellings of its head.

with

dwellings as (

    select * from {{ ref('stg_housing__dwellings') }}

),

renovations as (

    select * from {{ ref('stg_housing__renovations') }}

),

links as (

    select mention_key, person_key from {{ source('linkage', 'mention_link') }}

),

memberships as (

    select person_key, household_key from {{ source('linkage', 'household_member') }}

),

linked_dwellings as (

    select
        dwellings.*,
        links.person_key as head_person_key,
        memberships.household_key
    from dwellings
    left join links
        on dwellings.record_key || ':head' = links.mention_key
    left join memberships
        on links.person_key = memberships.person_key

),

accepted_renovations as (

    select
        renovations.accepted_on,
        dwellings.dwelling_no,
        links.person_key as head_person_key
    from renovations
    left join dwellings
        on renovations.dwelling_no = dwellings.dwelling_no
    left join links
        on renovations.record_key || ':head' = links.mention_key
    where renovations.accepted_on <= {{ run_date() }}

),

accepted_by_number as (

    select
        dwelling_no,
        max(accepted_on) as accepted_on
    from accepted_renovations
    where dwelling_no is not null
    group by dwelling_no

),

accepted_by_head as (

    select
        head_person_key,
        max(accepted_on) as accepted_on
    from accepted_renovations
    where dwelling_no is null
    group by head_person_key

),

renovated as (

    select
        linked_dwellings.dwelling_no,
        linked_dwellings.record_key,
        linked_dwellings.household_key,
        linked_dwellings.safety_grade,
        linked_dwellings.assessed_on,
        coalesce(linked_dwellings.only_dwelling, false) as is_only_dwelling,
        coalesce(linked_dwellings.occupancy = '在住', false) as is_occupied,
        coalesce(
            accepted_by_number.accepted_on > linked_dwellings.assessed_on
            or accepted_by_head.accepted_on > linked_dwellings.assessed_on,
            false
        ) as is_renovated
    from linked_dwellings
    left join accepted_by_number
        on linked_dwellings.dwelling_no = accepted_by_number.dwelling_no
    left join accepted_by_head
        on linked_dwellings.head_person_key = accepted_by_head.head_person_key

)

select
    record_key,
    dwelling_no,
    household_key,
    safety_grade,
    assessed_on,
    is_occupied,
    is_only_dwelling,
    is_renovated,
    is_occupied
    and is_only_dwelling
    and coalesce(safety_grade in ('C', 'D'), false)
    and not is_renovated as is_unsafe,
    is_occupied
    and coalesce(safety_grade in ('C', 'D'), false)
    and is_renovated as is_graded_unsafe_though_renovated
from renovated
