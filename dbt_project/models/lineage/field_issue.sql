-- One row per cell that could not be read; what it held stays in the restricted zone.

with

issues as (

    select * from {{ source('raw', 'field_issue') }}

)

select
    cast(delivery_id as string) as delivery_id,
    cast(department as string) as department,
    cast(extract as string) as extract,
    cast(row_number as integer) as row_number,
    cast(column_name as string) as column_name,
    cast(rule as string) as rule
from issues
