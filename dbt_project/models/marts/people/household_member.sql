-- One row per person: the household to which linking gave him.

with

members as (

    select * from {{ source('linkage', 'household_member') }}

)

select
    cast(household_key as string) as household_key,
    cast(person_key as string) as person_key,
    cast(relation as string) as relation,
    cast(source as string) as source,
    cast(decided as boolean) as decided,
    cast(evidence as string) as evidence
from members
