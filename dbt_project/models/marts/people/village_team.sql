-- One row per post in a village's work team, as the registry lists it, without the name.

with

teams as (

    select * from {{ ref('stg_registry__village_teams') }}

)

select
    record_key,
    village_code,
    role,
    from_date,
    to_date,
    {{ in_force('from_date', 'to_date', blank_from_counts=false) }} as is_in_post
from teams
