"""Linking as assets: every mention linked to a person, every person placed in a household."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from ingest.crash import crash_point
from linkage.link import link
from orchestration.partitions import days
from orchestration.pools import WRITER
from orchestration.resources import Day

_TABLES = {
    "mention_link": "One row per mention: the person it speaks of, how that was found and how surely.",
    "person": "One row per person with the best of what his rows say. Restricted: identities.",
    "household": "One row per household: what formed it and where it stands.",
    "household_member": "One row per person: his household, read from a source or decided between sources.",
}


@dg.multi_asset(
    name="link",
    specs=[
        dg.AssetSpec(
            ["linkage", table],
            description=description,
            deps=[["intermediate", "int_mention"]],
            group_name="linkage",
            owners=["team:data"],
            kinds={"duckdb", "splink"},
            partitions_def=days,
        )
        for table, description in _TABLES.items()
    ],
    pool=WRITER,
)
def link_mentions(context: dg.AssetExecutionContext, day: Day) -> Iterator[Any]:
    """Run the linking cascade over the day's mentions."""
    with day.step("link persons and households") as timing, day.connect() as connection:
        summary = link(connection, day.keyring.person_hashing, crash_point)
        timing.rows = sum(summary.mentions_by_method.values())
    metadata: dict[str, dict[str, dg.MetadataValue]] = {
        "mention_link": {method: dg.MetadataValue.int(n) for method, n in summary.mentions_by_method.items()},
        "person": {"dagster/row_count": dg.MetadataValue.int(summary.persons)},
        "household": {"dagster/row_count": dg.MetadataValue.int(summary.households)},
        "household_member": {"dagster/row_count": dg.MetadataValue.int(summary.persons)},
    }
    for table, values in metadata.items():
        yield dg.MaterializeResult(asset_key=["linkage", table], metadata=values)
