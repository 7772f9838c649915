-- One row per asset built with poverty-alleviation funds.

with

source as (

    select * from {{ source('raw', 'raw_funds__assets') }}

),

villages as (

    select village_code
    from {{ ref('stg_registry__villages') }}

)

select
    source.record_key,
    source.delivery_id,
    source.data_date,
    source.delivery_number,
    source.row_number,
    source.asset_no,
    source.asset_name,
    source.asset_kind,
    source.original_value,
    source.year,
    source.owner,
    source.custodian,
    source.status,
    villages.village_code,
    source.village_code as delivered_village_code,
    source.project_no
from source
left join villages
    on source.village_code = villages.village_code
