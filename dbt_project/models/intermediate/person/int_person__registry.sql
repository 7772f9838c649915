-- One row per person whom the registry lists.
-- Of several rows the one in the household to which linking gave him counts, then a target household, then the lowest numbers.

with

persons as (

    select * from {{ ref('stg_registry__persons') }}

),

households as (

    select * from {{ ref('int_household__registry') }}

),

links as (

    select mention_key, person_key from {{ source('linkage', 'mention_link') }}

),

linked_households as (

    select household_key, household_no
    from {{ source('linkage', 'household') }}
    where household_no is not null

),

memberships as (

    select person_key, household_key from {{ source('linkage', 'household_member') }}

),

registered as (

    select
        links.person_key,
        persons.record_key,
        persons.household_no,
        persons.person_no,
        persons.relation_to_head,
        persons.student_status,
        persons.dibao_status,
        persons.tekun_status,
        persons.resident_insured,
        persons.labour_ability,
        persons.health_status,
        households.household_kind,
        households.is_target,
        households.is_monitored,
        households.is_eliminated,
        households.identified_month,
        coalesce(memberships.household_key = linked_households.household_key, false) as is_own_household
    from persons
    inner join links
        on persons.record_key || ':self' = links.mention_key
    inner join households
        on persons.household_no = households.household_no
    left join linked_households
        on persons.household_no = linked_households.household_no
    left join memberships
        on links.person_key = memberships.person_key

),

household_count as (

    select
        person_key,
        count(distinct household_no) as registry_households -- distinct: two rows in one household are one household
    from registered
    group by person_key

),

ranked as (

    select
        *,
        bool_or(is_target) over (partition by person_key) as is_target_in_any,
        count(*) over (partition by person_key) as registry_rows,
        row_number() over (
            partition by person_key
            order by is_own_household desc, is_target desc, household_no, person_no, record_key
        ) as position
    from registered

)

select
    ranked.person_key,
    household_no,
    registry_rows,
    household_count.registry_households,
    household_kind,
    relation_to_head,
    student_status as registry_student_status,
    coalesce(dibao_status in ('农村低保', '城市低保'), false) as registry_dibao,
    coalesce(tekun_status in ('农村特困', '城市特困'), false) as registry_tekun,
    resident_insured as registry_resident_insured,
    labour_ability,
    {{ joined_list('health_status') }} as health_status,
    is_target_in_any as is_target,
    is_monitored,
    is_eliminated,
    identified_month
from ranked
inner join household_count
    on ranked.person_key = household_count.person_key
where position = 1
