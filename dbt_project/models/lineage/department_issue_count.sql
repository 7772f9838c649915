-- One row per delivery that counts or has counted and kind of error: how many, in how many rows, beside the delivery before it.

with

deliveries as (

    select
        *,
        lag(delivery_id) over (partition by department, extract order by data_date, number, delivery_id) as previous_delivery_id
    from {{ source('raw', 'delivery') }}
    where status in ('accepted', 'superseded')
        and extract is not null

),

kinds as (

    select 'quarantined_row' as kind, true as is_of_file
    union all
    select 'duplicate_row' as kind, false as is_of_file
    union all
    select 'unread_cell' as kind, true as is_of_file
    union all
    select 'damaged_id' as kind, true as is_of_file
    union all
    select 'id_conflict' as kind, false as is_of_file
    union all
    select 'contradiction' as kind, false as is_of_file
    union all
    select 'two_households' as kind, false as is_of_file

),

of_today as (

    select
        delivery_id,
        kind,
        count(*) as issues,
        count(distinct row_number) as rows_affected -- distinct: a row may break several rules
    from {{ ref('department_issue') }}
    where status = 'accepted'
    group by delivery_id, kind

),

-- what a file itself shows is known of every file; what linking showed of a replaced one is remembered from its days
of_file as (

    select
        delivery_id,
        'quarantined_row' as kind,
        count(*) as issues,
        count(distinct row_number) as rows_affected -- distinct: as above
    from {{ source('raw', 'quarantined_row') }}
    where rule <> 'duplicate_key'
    group by delivery_id
    union all
    select
        delivery_id,
        case when rule = 'not_an_id_number' then 'damaged_id' else 'unread_cell' end as kind,
        count(*) as issues,
        count(distinct row_number) as rows_affected -- distinct: as above
    from {{ source('raw', 'field_issue') }}
    group by delivery_id, case when rule = 'not_an_id_number' then 'damaged_id' else 'unread_cell' end

),

remembered as (

    select * from {{ source('raw', 'earlier_issue_count') }}

),

counted as (

    select
        deliveries.*,
        kinds.kind,
        case
            when deliveries.status = 'accepted' then coalesce(of_today.issues, 0)
            when kinds.is_of_file then coalesce(of_file.issues, 0)
            else remembered.issues
        end as issues,
        case
            when deliveries.status = 'accepted' then coalesce(of_today.rows_affected, 0)
            when kinds.is_of_file then coalesce(of_file.rows_affected, 0)
            else remembered.rows_affected
        end as rows_affected
    from deliveries
    cross join kinds
    left join of_today
        on deliveries.delivery_id = of_today.delivery_id
        and kinds.kind = of_today.kind
    left join of_file
        on deliveries.delivery_id = of_file.delivery_id
        and kinds.kind = of_file.kind
    left join remembered
        on deliveries.delivery_id = remembered.delivery_id
        and kinds.kind = remembered.kind

)

select
    cast(counted.department as string) as department,
    cast(counted.extract as string) as extract,
    cast(counted.delivery_id as string) as delivery_id,
    cast(counted.data_date as date) as data_date,
    cast(counted.file_name as string) as file_name,
    cast(counted.status as string) as status,
    cast(counted.kind as string) as kind,
    cast(counted.rows_read as bigint) as rows_read,
    cast(counted.issues as bigint) as issues,
    cast(counted.rows_affected as bigint) as rows_affected,
    cast(counted.previous_delivery_id as string) as previous_delivery_id,
    cast(before.rows_read as bigint) as previous_rows_read,
    cast(before.issues as bigint) as previous_issues,
    cast(before.rows_affected as bigint) as previous_rows_affected
from counted
left join counted before
    on counted.previous_delivery_id = before.delivery_id
    and counted.kind = before.kind
