-- Persons that civil affairs names: heads and members of assisted families, the deceased, and holders of disability certificates.

with

assistance as (

    select * from {{ ref('stg_civil_affairs__assistance') }}

),

deaths as (

    select * from {{ ref('stg_civil_affairs__deaths') }}

),

disability as (

    select * from {{ ref('stg_civil_affairs__disability') }}

),

heads as (

    select
        record_key || ':head' as mention_key,
        record_key,
        'civil_affairs' as department,
        'assistance' as extract,
        data_date,
        delivery_id,
        row_number,
        'head' as role,
        head_name as name,
        head_id_number as id_number,
        head_id_number_quality as id_quality,
        head_id_number_raw as id_raw,
        cast(null as string) as sex,
        cast(null as date) as birth_date,
        village_code,
        cast(null as string) as village_group,
        cast(null as string) as phone,
        cast(null as string) as key_kind,
        cast(null as string) as key_no,
        'civil_affairs' as household_source,
        assistance_no as household_no,
        '户主' as relation,
        cast(null as string) as provider,
        false as unique_source
    from assistance

),

members as (

    {% for k in range(1, 11) %}
    select
        record_key || ':member_{{ k }}' as mention_key,
        record_key,
        'civil_affairs' as department,
        'assistance' as extract,
        data_date,
        delivery_id,
        row_number,
        'member_{{ k }}' as role,
        member_{{ k }}_name as name,
        member_{{ k }}_id_number as id_number,
        member_{{ k }}_id_number_quality as id_quality,
        member_{{ k }}_id_number_raw as id_raw,
        cast(null as string) as sex,
        cast(null as date) as birth_date,
        village_code,
        cast(null as string) as village_group,
        cast(null as string) as phone,
        cast(null as string) as key_kind,
        cast(null as string) as key_no,
        'civil_affairs' as household_source,
        assistance_no as household_no,
        member_{{ k }}_relation as relation,
        cast(null as string) as provider,
        false as unique_source
    from assistance
    where member_{{ k }}_name is not null
        or member_{{ k }}_id_number is not null
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

deceased as (

    select
        record_key || ':self' as mention_key,
        record_key,
        'civil_affairs' as department,
        'deaths' as extract,
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
        cast(null as string) as key_kind,
        cast(null as string) as key_no,
        cast(null as string) as household_source,
        cast(null as string) as household_no,
        cast(null as string) as relation,
        cast(null as string) as provider,
        true as unique_source
    from deaths

),

certified as (

    select
        record_key || ':self' as mention_key,
        record_key,
        'civil_affairs' as department,
        'disability' as extract,
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
        village_code,
        cast(null as string) as village_group,
        cast(null as string) as phone,
        cast(null as string) as key_kind,
        cast(null as string) as key_no,
        cast(null as string) as household_source,
        cast(null as string) as household_no,
        cast(null as string) as relation,
        cast(null as string) as provider,
        true as unique_source
    from disability

)

select * from heads
union all
select * from members
union all
select * from deceased
union all
select * from certified
