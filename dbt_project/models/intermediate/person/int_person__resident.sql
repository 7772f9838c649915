-- One row per living person whom a row names with a village of the county.
-- A row of his own or a sound number makes a resident of who is named with a village; a guardian or head without a number
-- is most likely somebody who is counted already.

with

mentions as (

    select * from {{ ref('int_mention') }}
    where village_code is not null
        and (role = 'self' or id_number is not null)

),

links as (

    select mention_key, person_key from {{ source('linkage', 'mention_link') }}

),

deaths as (

    select person_key from {{ ref('int_person__death') }}

)

select distinct links.person_key -- distinct: a person is named by many rows
from mentions
inner join links
    on mentions.mention_key = links.mention_key
left join deaths
    on links.person_key = deaths.person_key
where deaths.person_key is null
