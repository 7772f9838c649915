-- One row per error that a department can mend at its source: in a file in force, or a file refused that nothing has replaced.

with

deliveries as (

    select
        *,
        max(case when status = 'accepted' then data_date end) over (partition by department, extract) as newest_in_force,
        max(case when status = 'accepted' then number end) over (partition by department, extract, data_date) as number_in_force
    from {{ source('raw', 'delivery') }}

),

-- a refused file is of no more interest once a newer snapshot, or a corrected file of its day, is in force
open_deliveries as (

    select
        *,
        status <> 'accepted' as is_refused
    from deliveries
    where status = 'accepted'
        or (
            status in ('rejected', 'held')
            and (mode = 'append' or newest_in_force is null or data_date is null or data_date >= newest_in_force)
            and (number_in_force is null or number is null or number >= number_in_force)
        )

),

refused as (

    select
        delivery_id,
        cast(null as integer) as row_number,
        cast(null as string) as column_name,
        'refused_delivery' as kind,
        rule,
        reason as detail,
        cast(null as string) as other_departments,
        cast(null as string) as other_delivery_id,
        cast(null as integer) as other_row_number
    from open_deliveries
    where is_refused

),

quarantined as (

    select
        delivery_id,
        row_number,
        column_name,
        case when rule = 'duplicate_key' then 'duplicate_row' else 'quarantined_row' end as kind,
        rule,
        cast(null as string) as detail,
        cast(null as string) as other_departments,
        cast(null as string) as other_delivery_id,
        cast(null as integer) as other_row_number
    from {{ source('raw', 'quarantined_row') }}

),

cells as (

    select
        delivery_id,
        row_number,
        column_name,
        case when rule = 'not_an_id_number' then 'damaged_id' else 'unread_cell' end as kind,
        rule,
        cast(null as string) as detail,
        cast(null as string) as other_departments,
        cast(null as string) as other_delivery_id,
        cast(null as integer) as other_row_number
    from {{ source('raw', 'field_issue') }}

),

linked as (

    select
        delivery_id,
        row_number,
        column_name,
        case
            when rule in (
                'number_of_relative', 'number_of_another', 'number_not_of_person', 'number_on_many_names', 'name_beside_own_number'
            ) then 'id_conflict'
            when rule = 'person_twice' then 'duplicate_row'
            when rule = 'person_in_two_households' then 'two_households'
            else 'contradiction'
        end as kind,
        rule,
        cast(null as string) as detail,
        other_departments,
        other_delivery_id,
        other_row_number
    from {{ ref('int_issue__linked') }}

),

issues as (

    select * from refused
    union all
    select * from quarantined
    union all
    select * from cells
    union all
    select * from linked

),

rules as (

    select * from {{ ref('issue_rule') }}

),

files as (

    select delivery_id, file_name from {{ source('raw', 'delivery') }}

)

select
    cast(open_deliveries.department as string) as department,
    cast(open_deliveries.extract as string) as extract,
    cast(issues.delivery_id as string) as delivery_id,
    cast(open_deliveries.data_date as date) as data_date,
    cast(open_deliveries.file_name as string) as file_name,
    cast(open_deliveries.status as string) as status,
    cast(issues.kind as string) as kind,
    cast(issues.row_number as integer) as row_number,
    cast(issues.column_name as string) as column_name,
    cast(issues.rule as string) as rule,
    cast(coalesce(rules.sentence_zh, issues.rule) as string) as sentence,
    cast(issues.detail as string) as detail,
    cast(issues.other_departments as string) as other_departments,
    cast(files.file_name as string) as other_file_name,
    cast(issues.other_row_number as integer) as other_row_number
from issues
inner join open_deliveries
    on issues.delivery_id = open_deliveries.delivery_id
left join rules
    on issues.rule = rules.rule
left join files
    on issues.other_delivery_id = files.delivery_id
