-- Persons that the housing bureau names: heads of surveyed dwellings and of renovations.

with

dwellings as (

    select * from {{ ref('stg_housing__dwellings') }}

),

renovations as (

    select * from {{ ref('stg_housing__renovations') }}

),

dwelling_heads as (

    select
        record_key || ':head' as mention_key,
        record_key,
        'housing' as department,
        'dwellings' as extract,
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
        {{ village_group('address') }} as village_group,
        cast(null as string) as phone,
        'dwelling_no' as key_kind,
        dwelling_no as key_no,
        cast(null as string) as household_source,
        cast(null as string) as household_no,
        cast(null as string) as relation,
        cast(null as string) as provider,
        false as unique_source
    from dwellings

),

renovation_heads as (

    select
        record_key || ':head' as mention_key,
        record_key,
        'housing' as department,
        'renovations' as extract,
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
        cast(null as string) as village_code,
        cast(null as string) as village_group,
        cast(null as string) as phone,
        case when dwelling_no is not null then 'dwelling_no' end as key_kind,
        dwelling_no as key_no,
        cast(null as string) as household_source,
        cast(null as string) as household_no,
        cast(null as string) as relation,
        cast(null as string) as provider,
        false as unique_source
    from renovations

)

select * from dwelling_heads
union all
select * from renovation_heads
