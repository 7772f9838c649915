-- One row per asset built with poverty-alleviation funds: its value, its state, and whether somebody answers for it.

with

assets as (

    select * from {{ ref('int_fund__asset') }}

)

select
    asset_no,
    asset_name,
    asset_kind,
    original_value,
    year,
    status,
    village_code,
    village_name,
    township_name,
    project_no,
    has_owner,
    has_custodian
from assets
