-- One row per household of the registry: its rows with 户主 whose person lives, and the latest deaths of the others.

with

persons as (

    select * from {{ ref('stg_registry__persons') }}
    where relation_to_head = '户主'

),

links as (

    select mention_key, person_key from {{ source('linkage', 'mention_link') }}

),

deaths as (

    select * from {{ ref('int_person__death') }}

),

heads as (

    select
        persons.household_no,
        deaths.died_on,
        row_number() over (
            partition by persons.household_no
            order by deaths.died_on desc nulls last, persons.person_no, persons.record_key
        ) as position
    from persons
    inner join links
        on persons.record_key || ':self' = links.mention_key
    left join deaths
        on links.person_key = deaths.person_key

)

select
    household_no,
    count(*) filter (where died_on is null) as living_heads,
    max(case when position = 1 then died_on end) as head_died_on,
    max(case when position = 2 then died_on end) as head_before_died_on
from heads
group by household_no
