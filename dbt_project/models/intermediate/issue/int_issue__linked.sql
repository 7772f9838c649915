-- One row per delivered cell that linking shows to be wrong or doubtful: what no office can see in its own file alone.
-- Only rows that a sound number, a department's own key or a person's decision gives to their person are held against others.

with

mentions as (

    select
        mentions.mention_key,
        mentions.record_key,
        mentions.department,
        mentions.extract,
        mentions.delivery_id,
        mentions.row_number,
        mentions.role,
        mentions.name,
        mentions.id_number,
        mentions.id_raw,
        mentions.sex,
        mentions.birth_date,
        mentions.household_no,
        mentions.unique_source,
        {{ number_birth_date('mentions.id_number') }} as number_birth_date,
        {{ number_sex('mentions.id_number') }} as number_sex,
        links.person_key,
        links.match_method in ('id_exact', 'id_upgraded', 'department_key', 'decision') as is_sure
    from {{ ref('int_mention') }} mentions
    inner join {{ source('linkage', 'mention_link') }} links
        on mentions.mention_key = links.mention_key

),

conflicts as (

    select mentions.*
    from mentions
    inner join {{ source('linkage', 'id_conflict') }} id_conflict
        on mentions.mention_key = id_conflict.mention_key

),

holders as (

    select
        conflicts.mention_key,
        mentions.mention_key as holder_key,
        mentions.department,
        mentions.delivery_id,
        mentions.row_number,
        mentions.person_key = conflicts.person_key as is_himself,
        mentions.record_key = conflicts.record_key or own.household_key = other.household_key as is_relative
    from conflicts
    inner join mentions
        on conflicts.id_number = mentions.id_number
        and conflicts.mention_key <> mentions.mention_key
    left join {{ source('linkage', 'id_conflict') }} also_in_conflict
        on mentions.mention_key = also_in_conflict.mention_key
    left join {{ source('linkage', 'household_member') }} own
        on conflicts.person_key = own.person_key
    left join {{ source('linkage', 'household_member') }} other
        on mentions.person_key = other.person_key
    where also_in_conflict.mention_key is null

),

held_numbers as (

    select
        mention_key,
        bool_or(is_himself) as is_his_own,
        bool_or(is_relative) as is_relative,
        {{ joined_distinct('department') }} as other_departments
    from holders
    group by mention_key

),

known_by_another as (

    select
        conflicts.mention_key,
        {{ joined_distinct('mentions.department') }} as other_departments
    from conflicts
    inner join mentions
        on conflicts.person_key = mentions.person_key
        and conflicts.id_number <> mentions.id_number
    left join {{ source('linkage', 'id_conflict') }} also_in_conflict
        on mentions.mention_key = also_in_conflict.mention_key
    where mentions.is_sure and also_in_conflict.mention_key is null
    group by conflicts.mention_key

),

wrong_numbers as (

    select
        conflicts.mention_key,
        case
            when held_numbers.is_his_own then 'name_beside_own_number'
            when held_numbers.is_relative then 'number_of_relative'
            when held_numbers.mention_key is not null then 'number_of_another'
            when known_by_another.mention_key is not null then 'number_not_of_person'
            else 'number_on_many_names'
        end as rule,
        case when held_numbers.is_his_own then 'name' else 'id_number' end as attribute,
        case when held_numbers.is_his_own then conflicts.name else conflicts.id_raw end as own_value,
        case
            when held_numbers.mention_key is null then known_by_another.other_departments
            when held_numbers.is_his_own or not held_numbers.is_relative then held_numbers.other_departments
        end as other_departments
    from conflicts
    left join held_numbers
        on conflicts.mention_key = held_numbers.mention_key
    left join known_by_another
        on conflicts.mention_key = known_by_another.mention_key

),

-- a row whose number is somebody else's says nothing by that number
own_numbers as (

    select mentions.*
    from mentions
    left join {{ source('linkage', 'id_conflict') }} id_conflict
        on mentions.mention_key = id_conflict.mention_key
    where id_conflict.mention_key is null

),

not_of_number as (

    select
        mention_key,
        'birth_date_not_of_number' as rule,
        'birth_date' as attribute,
        cast(birth_date as string) as own_value,
        cast(null as string) as other_departments
    from own_numbers
    where birth_date <> number_birth_date
    union all
    select
        mention_key,
        'sex_not_of_number' as rule,
        'sex' as attribute,
        sex as own_value,
        cast(null as string) as other_departments
    from own_numbers
    where sex <> number_sex

),

-- persons of whom the sure rows say different things; a sound number speaks before the cell beside it
divided as (

    select
        person_key,
        min(coalesce(number_birth_date, birth_date)) <> max(coalesce(number_birth_date, birth_date)) as in_birth_date,
        min(coalesce(number_sex, sex)) <> max(coalesce(number_sex, sex)) as in_sex,
        min(replace(name, '·', '')) <> max(replace(name, '·', '')) as in_name
    from own_numbers
    where is_sure
    group by person_key

),

said as (

    select own_numbers.*, divided.in_birth_date, divided.in_sex, divided.in_name
    from own_numbers
    inner join divided
        on own_numbers.person_key = divided.person_key
    where own_numbers.is_sure
        and (divided.in_birth_date or divided.in_sex or divided.in_name)

),

statements as (

    select
        person_key,
        mention_key,
        department,
        'birth_date' as attribute,
        cast(coalesce(number_birth_date, birth_date) as string) as value,
        number_birth_date is null as is_own_cell
    from said
    where in_birth_date and coalesce(number_birth_date, birth_date) is not null
    union all
    select
        person_key,
        mention_key,
        department,
        'sex' as attribute,
        coalesce(number_sex, sex) as value,
        number_sex is null as is_own_cell
    from said
    where in_sex and coalesce(number_sex, sex) is not null
    union all
    select
        person_key,
        mention_key,
        department,
        'name' as attribute,
        replace(name, '·', '') as value,
        true as is_own_cell
    from said
    where in_name and name is not null

),

versions as (

    select
        person_key,
        attribute,
        value,
        -- distinct: an office that says a thing in ten rows is one voice
        count(distinct department) as departments,  -- distinct: an office may have several rows of a person
        bool_or(not is_own_cell) as is_of_number
    from statements
    group by person_key, attribute, value

),

ranked as (

    select
        *,
        rank() over (partition by person_key, attribute order by is_of_number desc, departments desc) as place
    from versions

),

-- the version that most offices share (a number's own before all); of equals none is right, and each is told
believed as (

    select person_key, attribute, min(value) as value
    from ranked
    where place = 1
    group by person_key, attribute
    having count(*) = 1

),

differing as (

    select
        statements.mention_key,
        statements.attribute || '_differs' as rule,
        statements.attribute,
        statements.value as own_value,
        {{ joined_distinct('others.department') }} as other_departments
    from statements
    left join believed
        on statements.person_key = believed.person_key
        and statements.attribute = believed.attribute
    inner join statements others
        on statements.person_key = others.person_key
        and statements.attribute = others.attribute
        and statements.value <> others.value
    where statements.is_own_cell
        and (believed.value is null or believed.value <> statements.value)
    group by statements.mention_key, statements.attribute, statements.value

),

doubled as (

    select person_key, extract
    from mentions
    where is_sure and unique_source
    group by person_key, extract
    having count(*) > 1

),

rows_of_one as (

    select
        mentions.mention_key,
        min(household_no) over one_person <> max(household_no) over one_person as in_two_households,
        lag(mention_key) over (partition by mentions.person_key, mentions.extract order by delivery_id, row_number, mention_key) as before_key,
        lead(mention_key) over (partition by mentions.person_key, mentions.extract order by delivery_id, row_number, mention_key) as after_key,
        department
    from mentions
    inner join doubled
        on mentions.person_key = doubled.person_key
        and mentions.extract = doubled.extract
    where is_sure and unique_source
    window one_person as (partition by mentions.person_key, mentions.extract)

),

twice as (

    select
        mention_key,
        case
            when department = 'registry' and in_two_households then 'person_in_two_households'
            else 'person_twice'
        end as rule,
        cast(null as string) as attribute,
        cast(null as string) as own_value,
        cast(null as string) as other_departments,
        coalesce(before_key, after_key) as other_key
    from rows_of_one

),

all_issues as (

    select *, cast(null as string) as other_key from wrong_numbers
    union all
    select *, cast(null as string) as other_key from not_of_number
    union all
    select *, cast(null as string) as other_key from differing
    union all
    select * from twice

)

select
    mentions.department,
    mentions.extract,
    mentions.delivery_id,
    mentions.row_number,
    mentions.role,
    case
        when all_issues.attribute = 'id_number' and mentions.extract = 'disability' then 'certificate_no'
        when all_issues.attribute in ('birth_date', 'sex') or mentions.role = 'self' then all_issues.attribute
        else mentions.role || '_' || all_issues.attribute
    end as column_name,
    all_issues.rule,
    all_issues.other_departments,
    others.delivery_id as other_delivery_id,
    others.row_number as other_row_number,
    all_issues.own_value
from all_issues
inner join mentions
    on all_issues.mention_key = mentions.mention_key
left join mentions others
    on all_issues.other_key = others.mention_key
