-- One row per person assisted on the run date, by category.

with

spells as (

    select * from {{ ref('int_person__assistance_spell') }}
    where is_in_force

),

by_category as (

    select
        person_key,
        bool_or(category = '农村低保') as rural_dibao,
        bool_or(category = '城市低保') as urban_dibao,
        bool_or(category = '特困供养') as tekun,
        bool_or(category = '低保边缘家庭') as dibao_edge,
        bool_or(category = '刚性支出困难家庭') as rigid,
        min(case when category in ('农村低保', '城市低保') then from_date end) as dibao_from,
        min(case when category = '特困供养' then from_date end) as tekun_from,
        max(case when category = '农村低保' then from_date end) as rural_dibao_since
    from spells
    group by person_key

)

select
    person_key,
    rural_dibao or urban_dibao as assisted_dibao,
    tekun as assisted_tekun,
    dibao_edge as assisted_dibao_edge,
    rigid as assisted_rigid,
    concat_ws(
        ',',
        case when rural_dibao then '农村低保' end,
        case when urban_dibao then '城市低保' end,
        case when tekun then '特困供养' end,
        case when dibao_edge then '低保边缘家庭' end,
        case when rigid then '刚性支出困难家庭' end
    ) as assistance_categories,
    dibao_from,
    tekun_from,
    rural_dibao_since
from by_category
