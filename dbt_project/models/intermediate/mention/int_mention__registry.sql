-- Persons that the registry names: its own rows and the spells of work away from home. Visits name no person of a household.

with

persons as (

    select * from {{ ref('stg_registry__persons') }}

),

migrant_work as (

    select * from {{ ref('stg_registry__migrant_work') }}

),

registered as (

    select
        record_key || ':self' as mention_key,
        record_key,
        'registry' as department,
        'persons' as extract,
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
        {{ village_group('village_group') }} as village_group,
        phone,
        'person_no' as key_kind,
        person_no as key_no,
        'registry' as household_source,
        household_no as household_no,
        relation_to_head as relation,
        cast(null as string) as provider,
        true as unique_source
    from persons

),

migrants as (

    select
        record_key || ':self' as mention_key,
        record_key,
        'registry' as department,
        'migrant_work' as extract,
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
        'person_no' as key_kind,
        person_no as key_no,
        'registry' as household_source,
        household_no as household_no,
        cast(null as string) as relation,
        cast(null as string) as provider,
        false as unique_source
    from migrant_work

)

select * from registered
union all
select * from migrants
