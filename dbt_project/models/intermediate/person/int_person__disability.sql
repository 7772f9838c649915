-- One row per person with a disability certificate; of several grades the most severe counts.

with

certificates as (

    select * from {{ ref('stg_civil_affairs__disability') }}

),

links as (

    select mention_key, person_key from {{ source('linkage', 'mention_link') }}

),

graded as (

    select
        links.person_key,
        min(
            case certificates.grade
                when '一级' then 1
                when '二级' then 2
                when '三级' then 3
                when '四级' then 4
            end
        ) as severity,
        bool_or(coalesce(certificates.living_allowance, false)) as living_allowance,
        bool_or(coalesce(certificates.nursing_allowance, false)) as nursing_allowance
    from certificates
    inner join links
        on certificates.record_key || ':self' = links.mention_key
    group by links.person_key

)

select
    person_key,
    case severity
        when 1 then '一级'
        when 2 then '二级'
        when 3 then '三级'
        when 4 then '四级'
    end as disability_grade,
    coalesce(severity <= 2, false) as is_severely_disabled,
    living_allowance,
    nursing_allowance
from graded
