-- One row per person named in a row in force: what linking reads.

{{ config(materialized="table") }}
-- Staff (visitors, contacts, helpers, team members, verifiers, custodians, owners) are not mentions.

with

mentions as (

    select * from {{ ref('int_mention__registry') }}
    union all
    select * from {{ ref('int_mention__education') }}
    union all
    select * from {{ ref('int_mention__medical_insurance') }}
    union all
    select * from {{ ref('int_mention__civil_affairs') }}
    union all
    select * from {{ ref('int_mention__housing') }}

)

select
    mention_key,
    record_key,
    department,
    extract,
    data_date,
    delivery_id,
    row_number,
    role,
    name,
    id_number,
    id_quality,
    id_raw,
    sex,
    birth_date,
    village_code,
    village_group,
    phone,
    key_kind,
    key_no,
    household_source,
    household_no,
    relation,
    provider,
    unique_source
from mentions
