-- One row per person with a school registration.
-- Of several rows one on roll speaks first, then 休学, 辍学, 转出, 毕业; among equals the higher stage, then the lowest 学籍号.

with

students as (

    select * from {{ ref('stg_education__students') }}

),

links as (

    select mention_key, person_key from {{ source('linkage', 'mention_link') }}

),

registered as (

    select
        links.person_key,
        students.record_key,
        students.student_no,
        students.status,
        students.stage,
        coalesce(students.status in ('在读', '送教上门', '随班就读'), false) as is_on_roll
    from students
    inner join links
        on students.record_key || ':self' = links.mention_key

),

ranked as (

    select
        *,
        row_number() over (
            partition by person_key
            order by
                case
                    when is_on_roll then 0
                    when status = '休学' then 1
                    when status = '辍学' then 2
                    when status = '转出' then 3
                    when status = '毕业' then 4
                    else 5
                end,
                case stage
                    when '高职高专' then 0
                    when '中职' then 1
                    when '高中' then 2
                    when '初中' then 3
                    when '小学' then 4
                    when '学前' then 5
                    else 6
                end,
                student_no,
                record_key
        ) as position
    from registered

)

select
    person_key,
    bool_or(is_on_roll) as on_roll,
    bool_or(coalesce(status = '休学', false)) as on_leave,
    max(case when position = 1 then status end) as student_status,
    max(case when position = 1 then stage end) as stage,
    bool_or(coalesce(status = '辍学' and stage in ('小学', '初中'), false)) as dropped_out_compulsory,
    bool_or(coalesce(stage in ('中职', '高职高专'), false)) as has_vocational_row
from ranked
group by person_key
