-- One row per key that has changed, with the key that counts now.

with

redirects as (

    select * from {{ source('linkage', 'key_redirect') }}

)

select
    cast(old_key as string) as old_key,
    cast(new_key as string) as new_key,
    cast(kind as string) as kind,
    cast(since as date) as since,
    cast(reason as string) as reason
from redirects
