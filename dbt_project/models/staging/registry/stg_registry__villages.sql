-- One row per administrative village: the reference by which every other extract's place is resolved.

with

source as (

    select * from {{ source('raw', 'raw_registry__villages') }}

)

select
    source.record_key,
    source.delivery_id,
    source.data_date,
    source.delivery_number,
    source.row_number,
    source.village_code,
    source.village_name,
    source.township_code,
    source.township_name,
    source.village_kind,
    source.households,
    source.population
from source
