-- Persons that the schools name: students, their guardians, and who was paid student aid.

with

students as (

    select * from {{ ref('stg_education__students') }}

),

student_aid as (

    select * from {{ ref('stg_education__student_aid') }}

),

pupils as (

    select
        record_key || ':self' as mention_key,
        record_key,
        'education' as department,
        'students' as extract,
        data_date,
        delivery_id,
        row_number,
        'self' as role,
        name,
        id_number,
        id_number_quality as id_quality,
        id_number_raw as id_raw,
        sex,
        birth_date,
        village_code,
        {{ village_group('address') }} as village_group,
        phone,
        'student_no' as key_kind,
        student_no as key_no,
        'education' as household_source,
        record_key as household_no,
        cast(null as string) as relation,
        cast(null as string) as provider,
        true as unique_source
    from students

),

first_guardians as (

    select
        record_key || ':guardian1' as mention_key,
        record_key,
        'education' as department,
        'students' as extract,
        data_date,
        delivery_id,
        row_number,
        'guardian1' as role,
        guardian1_name as name,
        guardian1_id_number as id_number,
        guardian1_id_number_quality as id_quality,
        guardian1_id_number_raw as id_raw,
        cast(null as string) as sex,
        cast(null as date) as birth_date,
        village_code,
        {{ village_group('address') }} as village_group,
        cast(null as string) as phone,
        cast(null as string) as key_kind,
        cast(null as string) as key_no,
        'education' as household_source,
        record_key as household_no,
        guardian1_relation as relation,
        cast(null as string) as provider,
        false as unique_source
    from students
    where guardian1_name is not null
        or guardian1_id_number is not null

),

second_guardians as (

    select
        record_key || ':guardian2' as mention_key,
        record_key,
        'education' as department,
        'students' as extract,
        data_date,
        delivery_id,
        row_number,
        'guardian2' as role,
        guardian2_name as name,
        guardian2_id_number as id_number,
        guardian2_id_number_quality as id_quality,
        guardian2_id_number_raw as id_raw,
        cast(null as string) as sex,
        cast(null as date) as birth_date,
        village_code,
        {{ village_group('address') }} as village_group,
        cast(null as string) as phone,
        cast(null as string) as key_kind,
        cast(null as string) as key_no,
        'education' as household_source,
        record_key as household_no,
        guardian2_relation as relation,
        cast(null as string) as provider,
        false as unique_source
    from students
    where guardian2_name is not null
        or guardian2_id_number is not null

),

aided as (

    select
        record_key || ':self' as mention_key,
        record_key,
        'education' as department,
        'student_aid' as extract,
        data_date,
        delivery_id,
        row_number,
        'self' as role,
        name,
        id_number,
        id_number_quality as id_quality,
        id_number_raw as id_raw,
        cast(null as string) as sex,
        cast(null as date) as birth_date,
        cast(null as string) as village_code,
        cast(null as string) as village_group,
        cast(null as string) as phone,
        case when student_no is not null then 'student_no' end as key_kind,
        student_no as key_no,
        cast(null as string) as household_source,
        cast(null as string) as household_no,
        cast(null as string) as relation,
        cast(null as string) as provider,
        false as unique_source
    from student_aid

)

select * from pupils
union all
select * from first_guardians
union all
select * from second_guardians
union all
select * from aided
