-- One row per household with a member: counts over its members.
-- Counts of people are of the living; spending also counts who died within the twelve months.

with

members as (

    select * from {{ ref('household_member') }}

),

persons as (

    select * from {{ ref('linked_person') }}

),

counted as (

    select
        persons.*,
        members.decided,
        not persons.is_deceased as is_living,
        not persons.is_deceased
        or persons.died_on > {{ add_months(run_date(), -12) }} as spending_counts
    from persons
    inner join members
        on persons.person_key = members.person_key

)

select
    household_key,
    count(*) as members,
    count(*) filter (where is_living) as living_members,
    count(*) filter (where is_living and school_age between 6 and 14) as children_6_14,
    count(*) filter (where is_living and age < 18) as children_under_18,
    count(*) filter (where is_living and age >= 60) as elderly_60,
    count(*) filter (where is_living and is_disabled) as disabled,
    count(*) filter (where is_living and on_roll) as students,
    count(*) filter (where is_living and insured) as insured,
    count(*) filter (where is_living and not insured) as uninsured,
    count(*) filter (where is_living and assisted) as assisted_members,
    bool_or(is_living and assisted_dibao) as assisted_dibao,
    bool_or(is_living and assisted_tekun) as assisted_tekun,
    bool_or(is_living and assisted_dibao_edge) as assisted_dibao_edge,
    bool_or(is_living and assisted_rigid) as assisted_rigid,
    max(case when is_living then rural_dibao_since end) as rural_dibao_since,
    count(*) filter (
        where is_living and labour_ability in ('普通劳动力', '技能劳动力', '弱劳动力或半劳动力')
    ) as able_members,
    count(*) filter (where is_living and labour_ability in ('丧失劳动力', '无劳动力')) as no_labour_members,
    coalesce(sum(self_paid_12m) filter (where spending_counts), 0) as self_paid_12m,
    coalesce(max(case when spending_counts then self_paid_12m end), 0) as highest_self_paid_12m,
    count(*) filter (where decided) as decided_members,
    count(*) filter (where is_living and identity_quality = 'conflict') as members_in_conflict
from counted
group by household_key
