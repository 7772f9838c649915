-- One row per file ever seen, with its verdict.

with

deliveries as (

    select * from {{ source('raw', 'delivery') }}

)

select
    cast(delivery_id as string) as delivery_id,
    cast(department as string) as department,
    cast(extract as string) as extract,
    cast(data_date as date) as data_date,
    cast(number as integer) as number,
    cast(file_name as string) as file_name,
    cast(sha256 as string) as sha256,
    cast(bytes as bigint) as bytes,
    cast(received_at as timestamp) as received_at,
    cast(status as string) as status,
    cast(rule as string) as rule,
    cast(reason as string) as reason,
    cast(reason_zh as string) as reason_zh,
    cast(encoding as string) as encoding,
    cast(rows_read as bigint) as rows_read,
    cast(rows_loaded as bigint) as rows_loaded,
    cast(rows_quarantined as bigint) as rows_quarantined,
    cast(field_issues as bigint) as field_issues
from deliveries
