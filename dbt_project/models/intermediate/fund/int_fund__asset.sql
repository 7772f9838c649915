-- One row per asset built with poverty-alleviation funds: its value, its state, and whether somebody answers for it.

with

assets as (

    select * from {{ ref('stg_funds__assets') }}

),

villages as (

    select * from {{ ref('stg_registry__villages') }}

)

select
    assets.asset_no,
    assets.asset_name,
    assets.asset_kind,
    cast(assets.original_value as decimal(18, 2)) as original_value,
    cast(assets.year as integer) as year,
    assets.status,
    assets.village_code,
    villages.village_name,
    villages.township_name,
    assets.project_no,
    assets.owner is not null as has_owner,
    assets.custodian is not null as has_custodian
from assets
left join villages
    on assets.village_code = villages.village_code
