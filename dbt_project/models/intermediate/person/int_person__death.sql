-- One row per person whose death is registered on or before the run date; of several dates the earliest counts.

with

deaths as (

    select * from {{ ref('stg_civil_affairs__deaths') }}

),

links as (

    select mention_key, person_key from {{ source('linkage', 'mention_link') }}

)

select
    links.person_key,
    min(deaths.died_on) as died_on
from deaths
inner join links
    on deaths.record_key || ':self' = links.mention_key
where deaths.died_on <= {{ run_date() }}
group by links.person_key
