-- One row per person whom the coverage ledger of the premium year lists.
-- Of several rows one that says where else he is covered speaks first.

with

ledger as (

    select * from {{ ref('stg_medical_insurance__coverage_ledger') }}

),

links as (

    select mention_key, person_key from {{ source('linkage', 'mention_link') }}

),

ranked as (

    select
        links.person_key,
        ledger.coverage,
        row_number() over (
            partition by links.person_key
            order by
                case when ledger.coverage in ('异地居民', '异地职工', '参军', '服刑') then 0 else 1 end,
                ledger.coverage,
                ledger.record_key
        ) as position
    from ledger
    inner join links
        on ledger.record_key || ':self' = links.mention_key
    where ledger.year = {{ var('premium_year') }}
        and ledger.coverage is not null

)

select
    person_key,
    coverage
from ranked
where position = 1
