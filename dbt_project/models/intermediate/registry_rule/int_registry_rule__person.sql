-- One row per registry person (household_no + person_no) with what the registry's quality rules judge of him.
-- Of numbers and phones only what can be said of them: no direct identifier stands here.

with

persons as (

    select * from {{ ref('stg_registry__persons') }}

),

households as (

    select * from {{ ref('int_registry_rule__household') }}

),

links as (

    select mention_key, person_key from {{ source('linkage', 'mention_link') }}

),

linked_persons as (

    select person_key, birth_date from {{ source('linkage', 'person') }}

),

-- of several certificates the most severe counts
certificates as (

    select
        links.person_key,
        certificates.class,
        certificates.grade,
        row_number() over (
            partition by links.person_key
            order by
                case certificates.grade when '一级' then 1 when '二级' then 2 when '三级' then 3 when '四级' then 4 else 5 end,
                case certificates.class when '肢体' then 1 else 2 end,
                certificates.record_key
        ) as position
    from {{ ref('stg_civil_affairs__disability') }} as certificates
    inner join links
        on certificates.record_key || ':self' = links.mention_key

),

numbers as (

    select
        id_number,
        count(distinct person_no) as id_number_persons -- distinct: a person may stand in two households
    from persons
    where id_number is not null
    group by id_number

),

phones as (

    select
        phone,
        count(distinct household_no) as phone_households -- distinct: members share a phone
    from persons
    where phone is not null
    group by phone

),

phones_at_home as (

    select
        household_no,
        phone,
        count(distinct employed_at) as phone_places -- distinct: members share a place
    from persons
    where phone is not null
    group by household_no, phone

),

-- a county, district or banner in the name, or a city that is neither a municipality nor a prefecture: a county-level city
places as (

    select
        employed_at,
        {{ matches("regexp_replace(employed_at, '自治区', '')", '[县区旗]') }}
        or bool_or(cities.city_name is not null and prefectures.city_name is null) as names_county_level
    from (
        select
            employed_at,
            nullif({{ last_city('employed_at') }}, '') as city_name
        from persons
        where employed_at is not null
        group by employed_at
    ) as cities
    left join {{ ref('prefecture_city') }} as prefectures
        on cities.city_name like '%' || prefectures.city_name -- a province may stand before it without 省
    group by employed_at

)

select
    persons.household_no,
    persons.person_no,
    persons.household_no || '/' || persons.person_no as registry_key,
    links.person_key,
    households.household_key,
    persons.township_name,
    persons.village_code,
    households.county_name,
    households.is_target,
    households.is_lifted_out,
    households.is_on_list,
    households.is_monitored,
    households.is_cleared,
    households.identified_month,
    persons.id_type,
    persons.id_number_quality,
    coalesce(length(persons.id_number_raw), 0) as id_length,
    {{ check_digit_fits('persons.id_number_raw') }} as check_digit_fits,
    case when length(persons.id_number_raw) in (20, 22) then substr(persons.id_number_raw, 19, 1) end as certificate_class_digit,
    case when length(persons.id_number_raw) in (20, 22) then substr(persons.id_number_raw, 20, 1) end as certificate_grade_digit,
    coalesce(numbers.id_number_persons, 0) as id_number_persons,
    persons.relation_to_head,
    persons.sex,
    persons.ethnicity,
    coalesce(linked_persons.birth_date, persons.birth_date) as birth_date,
    {{ whole_years('coalesce(linked_persons.birth_date, persons.birth_date)', run_date()) }} as age,
    {{ whole_years('coalesce(linked_persons.birth_date, persons.birth_date)', school_age_date()) }} as school_age,
    persons.phone is not null as has_phone,
    {{ is_mobile_phone('persons.phone') }} as has_mobile_phone,
    coalesce(phones.phone_households, 0) as phone_households,
    persons.employed_at is not null and coalesce(phones_at_home.phone_places, 0) > 1 as phone_at_another_place,
    persons.education_level,
    persons.student_status,
    persons.dropout_reason,
    {{ list_or_empty('persons.health_status') }} as health_status,
    persons.labour_ability,
    persons.resident_insured,
    persons.employee_insured,
    persons.critical_illness_insured,
    persons.medical_aid,
    persons.pension_insured,
    persons.dibao_status,
    persons.tekun_status,
    persons.employed_at,
    coalesce(places.names_county_level, false) as names_county_level,
    {{ list_or_empty('persons.public_post') }} as public_post,
    persons.public_post_months,
    certificates.person_key is not null as has_certificate,
    certificates.class as disability_class,
    certificates.grade as disability_grade
from persons
inner join households
    on persons.household_no = households.household_no
left join links
    on persons.record_key || ':self' = links.mention_key
left join linked_persons
    on links.person_key = linked_persons.person_key
left join certificates
    on links.person_key = certificates.person_key and certificates.position = 1
left join numbers
    on persons.id_number = numbers.id_number
left join phones
    on persons.phone = phones.phone
left join phones_at_home
    on persons.household_no = phones_at_home.household_no and persons.phone = phones_at_home.phone
left join places
    on persons.employed_at = places.employed_at
