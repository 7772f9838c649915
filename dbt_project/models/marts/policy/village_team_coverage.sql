-- One row per township and kind of village: how many villages have a first secretary and a team in post.

with

villages as (

    select
        *,
        coalesce(village_kind, '未知') as kind
    from {{ ref('village') }}

),

villages_with_clue as (

    select village_code
    from {{ ref('policy_gap') }}
    where policy_id = 'TEA-01'
        and {{ is_open('status') }}
    group by village_code

)

select
    villages.township_name,
    cast(villages.kind as string) as village_kind,
    cast(count(villages.village_code) as integer) as villages,
    cast(count(villages.village_code) filter (where villages.has_first_secretary) as integer) as with_first_secretary,
    cast(count(villages.village_code) filter (where villages.has_team) as integer) as with_team,
    cast(sum(villages.first_secretaries) as integer) as first_secretaries,
    cast(sum(villages.team_members) as integer) as team_members,
    cast(count(villages.village_code) filter (where villages.has_first_secretary) as double) / count(villages.village_code) as first_secretary_share,
    cast(count(villages.village_code) filter (where villages.has_team) as double) / count(villages.village_code) as team_share,
    cast(count(villages_with_clue.village_code) as integer) as villages_to_fill
from villages
left join villages_with_clue
    on villages.village_code = villages_with_clue.village_code
group by villages.township_name, villages.kind
