-- One row per run date and scope: how much was linked, how large persons grow, how right the links are thought to be.

with

quality as (

    select * from {{ source('linkage', 'quality') }}

)

select
    cast(run_date as date) as run_date,
    cast(scope_kind as string) as scope_kind,
    cast(scope as string) as scope,
    cast(mentions as bigint) as mentions,
    cast(linked as bigint) as linked,
    cast(linked_share as double) as linked_share,
    cast(persons as bigint) as persons,
    cast(cluster_max as bigint) as cluster_max,
    cast(cluster_p99 as bigint) as cluster_p99,
    cast(cluster_large as bigint) as cluster_large,
    cast(names_max as bigint) as names_max,
    cast(estimated_precision as double) as estimated_precision,
    cast(precision_low as double) as precision_low,
    cast(precision_high as double) as precision_high,
    cast(precision_basis as string) as precision_basis,
    cast(estimated_recall as double) as estimated_recall,
    cast(recall_low as double) as recall_low,
    cast(recall_high as double) as recall_high,
    cast(recall_basis as string) as recall_basis,
    cast(reviewed as bigint) as reviewed
from quality
