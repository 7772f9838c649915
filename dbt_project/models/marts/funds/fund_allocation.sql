-- One row per allocation of linking funds (衔接资金), as the finance bureau lists them.

with

allocations as (

    select * from {{ ref('stg_funds__allocations') }}

)

select
    allocation_no,
    cast(year as integer) as year,
    source_level,
    cast(amount as decimal(18, 2)) as amount,
    allocated_on,
    -- a blank date counts: the list is one of allocations made
    coalesce(allocated_on <= {{ run_date() }}, true) as is_allocated
from allocations
