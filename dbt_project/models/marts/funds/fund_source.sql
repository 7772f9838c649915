-- One row per year and source (中央, 省, 市, 县): what was allocated by the run date, and its share of the year.

with

allocations as (

    select
        *,
        coalesce(source_level, '未知') as source
    from {{ ref('fund_allocation') }}
    where is_allocated

),

by_source as (

    select
        year,
        source,
        count(*) as allocations,
        sum(amount) as allocated,
        max(allocated_on) as last_allocated_on
    from allocations
    group by year, source

)

select
    year,
    source as source_level,
    cast(allocations as integer) as allocations,
    cast(allocated as decimal(18, 2)) as allocated,
    cast(allocated as double) / nullif(cast(sum(allocated) over (partition by year) as double), 0) as share_of_year,
    last_allocated_on
from by_source
