-- One row per household that has a card or is a clue.

with

cards as (

    select * from {{ source('policies', 'card') }}

)

select
    cast(household_key as string) as household_key,
    cast(card as string) as card,
    cast(since as date) as since
from cards
