-- One row per township, kind, state and custody of assets: how many, what they cost, how many have an open clue.

with

assets as (

    select
        *,
        coalesce(township_name, '未知') as township,
        coalesce(asset_kind, '未知') as kind,
        coalesce(status, '未知') as state
    from {{ ref('asset_ledger') }}

),

assets_with_clue as (

    select subject_key
    from {{ ref('policy_gap') }}
    where subject_kind = 'asset'
        and {{ is_open('status') }}
    group by subject_key

)

select
    assets.township as township_name,
    assets.kind as asset_kind,
    assets.state as status,
    assets.has_custodian,
    cast(count(assets.asset_no) as integer) as assets,
    cast(coalesce(sum(assets.original_value), 0) as decimal(18, 2)) as original_value,
    cast(count(assets_with_clue.subject_key) as integer) as assets_with_clue
from assets
left join assets_with_clue
    on assets.asset_no = assets_with_clue.subject_key
group by assets.township, assets.kind, assets.state, assets.has_custodian
