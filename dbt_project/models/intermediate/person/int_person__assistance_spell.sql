-- One row per person and assisted family that names him, whether the assistance is in force or not.

with

families as (

    select * from {{ ref('stg_civil_affairs__assistance') }}

),

links as (

    select record_key, mention_key, person_key from {{ source('linkage', 'mention_link') }}

)

select
    links.mention_key,
    links.person_key,
    families.record_key,
    families.category,
    families.status,
    families.from_date,
    families.to_date,
    families.status = '在保' and {{ in_force('families.from_date', 'families.to_date', blank_from_counts=true) }} as is_in_force
from families
inner join links
    on families.record_key = links.record_key
