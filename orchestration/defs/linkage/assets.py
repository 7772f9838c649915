"""Linking as assets: every mention linked to a person, every person placed in a household, and the links judged."""

from collections.abc import Iterator
from typing import Any

import dagster as dg
import duckdb

from ingest.crash import crash_point
from linkage import drift, quality
from linkage.doubtful import write_doubtful
from linkage.link import link
from linkage.review import write_review
from orchestration import link_limits, previous
from orchestration.failures import BlockedByCheck
from orchestration.partitions import days
from orchestration.pools import WRITER
from orchestration.resources import Day, run_date_of

_TABLES = {
    "mention_link": "One row per mention: the person it speaks of, how that was found and how surely.",
    "id_conflict": "One row per mention whose sound number does not go with its name or its person.",
    "person": "One row per person with the best of what his rows say. Restricted: identities.",
    "household": "One row per household: what formed it and where it stands.",
    "household_member": "One row per person: his household, read from a source or decided between sources.",
    "key_redirect": "One row per key that was published once and has changed.",
    "review_pair": "Pairs in doubt, with the weight of every comparison. Restricted: leads to identities.",
    "review_record": "The rows that a review may be about. Restricted: identities.",
    "doubtful_candidate": "Rows that may speak of another person than they were linked to, or of one although they could not be read.",
    "weak_link": "Links that no number and no department key bears out.",
    "quality": "One row per run date and scope: link rates, the tail of large persons, estimated precision and recall.",
}
_STEADY = "links_as_usual"


@dg.multi_asset(
    name="link",
    specs=[
        dg.AssetSpec(
            ["linkage", table],
            description=description,
            deps=[
                ["intermediate", "int_mention"],
                ["staging", "stg_linkage__decisions"],
                ["raw", "quarantined_row"],
            ],
            group_name="linkage",
            owners=["team:data"],
            kinds={"duckdb", "splink"},
            partitions_def=days,
        )
        for table, description in _TABLES.items()
    ],
    check_specs=[
        dg.AssetCheckSpec(
            _STEADY,
            asset=dg.AssetKey(["linkage", "mention_link"]),
            description="Link rate, largest person and names of one person are within linkage/quality.yaml.",
            blocking=True,
        )
    ],
    pool=WRITER,
)
def link_mentions(context: dg.AssetExecutionContext, day: Day) -> Iterator[Any]:
    """Run the linking cascade over the day's mentions, keep what is in doubt, and judge the links."""
    run_date = run_date_of(context)
    with day.connect() as connection, previous.attached(connection, day.home, run_date) as before:
        with day.step("link persons and households") as timing:
            summary = link(
                connection, day.keyring.person_hashing, crash_point, previous=before, run_date=run_date
            )
            timing.rows = sum(summary.mentions_by_method.values())
        with day.step("judge the links") as timing:
            doubtful = write_review(connection, quality.settings()["doubtful_from"])
            candidates = write_doubtful(connection)
            scopes = quality.write_quality(connection, run_date, previous=_quality_before(connection, before))
            breaches = drift.breaches(connection, run_date, link_limits.load(day.home))
            timing.rows = doubtful
    yield dg.AssetCheckResult(
        check_name=_STEADY,
        asset_key=dg.AssetKey(["linkage", "mention_link"]),
        passed=not breaches,
        metadata={"breaches": [str(breach) for breach in breaches]},
    )
    if breaches:
        told = "; ".join(str(breach) for breach in breaches)
        raise BlockedByCheck(f"not published, the links are not as usual: {told}")
    rows = {
        "person": summary.persons,
        "household": summary.households,
        "household_member": summary.persons,
        "review_pair": doubtful,
        "doubtful_candidate": candidates,
        "quality": scopes,
    }
    for table in _TABLES:
        values = {"dagster/row_count": rows[table]} if table in rows else {}
        yield dg.MaterializeResult(
            asset_key=["linkage", table],
            metadata=dict(summary.mentions_by_method) if table == "mention_link" else values,
        )


def _quality_before(connection: duckdb.DuckDBPyConnection, before: str | None) -> str | None:
    """The last published day's figures; None before the first day, and after a day of a version that had none."""
    found = connection.execute(
        "select 1 from duckdb_tables() where database_name = ? and schema_name = 'lineage' and table_name = 'link_quality'",
        [before or ""],
    ).fetchone()
    return f"{before}.lineage.link_quality" if found else None
