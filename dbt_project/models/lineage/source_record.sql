-- One row per person named in a row in force: the file and row where he stands, and how he was recognised.

with

mentions as (

    select * from {{ ref('int_mention') }}

),

links as (

    select * from {{ source('linkage', 'mention_link') }}

),

deliveries as (

    select delivery_id, file_name from {{ source('raw', 'delivery') }}

)

select
    mentions.department,
    mentions.extract,
    mentions.data_date,
    mentions.delivery_id,
    cast(deliveries.file_name as string) as file_name,
    cast(mentions.row_number as integer) as row_number,
    mentions.role,
    mentions.record_key,
    cast(links.person_key as string) as person_key,
    cast(links.match_method as string) as match_method,
    cast(links.match_score as double) as match_score
from mentions
left join links
    on mentions.mention_key = links.mention_key
left join deliveries
    on mentions.delivery_id = deliveries.delivery_id
