-- One row per registry household: who is named to look after it (监测联系人, 帮扶责任人). Names of staff, restricted zone.
-- The household's columns repeat on each member's row: the head's row speaks first, then the others by person_no.

with

persons as (

    select * from {{ ref('stg_registry__persons') }}

),

villages as (

    select * from {{ ref('stg_registry__villages') }}

),

ordered as (

    select
        persons.*,
        coalesce(villages.township_name, persons.township_name) as known_township_name,
        row_number() over (
            partition by persons.household_no
            order by case when persons.relation_to_head = '户主' then 0 else 1 end, persons.person_no, persons.record_key
        ) as position
    from persons
    left join villages
        on persons.village_code = villages.village_code

)

select
    household_no,
    {{ first_known('known_township_name', 'position') }} as township_name,
    {{ first_known('contact_name', 'position') }} as contact_name,
    {{ first_known('contact_title', 'position') }} as contact_title,
    {{ first_known('contact_phone', 'position') }} as contact_phone,
    {{ first_known('helper_name', 'position') }} as helper_name
from ordered
group by household_no
