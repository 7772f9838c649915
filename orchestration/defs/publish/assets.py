"""The last asset of the day: audit, then publish the warehouse."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import dagster as dg

from orchestration import audit, figures, publish, record
from orchestration.failures import BlockedByCheck
from orchestration.partitions import TIME_ZONE, days
from orchestration.pools import WRITER
from orchestration.resources import Day, run_date_of

_KEY = dg.AssetKey(["published", "warehouse"])
_AUDITS = audit.load()


@dg.multi_asset(
    name="publish",
    specs=[
        dg.AssetSpec(
            _KEY,
            description="The published warehouse: always a whole, checked state; readers never wait and never see half.",
            deps=[
                ["marts", "linked_household"],
                ["lineage", "source_record"],
                ["quality", "expectation_result"],
                ["quality", "data_docs"],
            ],
            group_name="published",
            owners=["team:data"],
            kinds={"duckdb"},
            partitions_def=days,
            freshness_policy=dg.FreshnessPolicy.cron(
                deadline_cron="30 7 * * *",
                lower_bound_delta=timedelta(hours=1, minutes=30),
                timezone=TIME_ZONE,
            ),
        )
    ],
    check_specs=[
        dg.AssetCheckSpec(one.id, asset=_KEY, description=one.sentence, blocking=True) for one in _AUDITS
    ],
    pool=WRITER,
)
def published_warehouse(context: dg.AssetExecutionContext, day: Day) -> Iterator[Any]:
    """Audit the built tables; publish them when nothing is wrong, else leave the last good state."""
    run_date = run_date_of(context)
    with day.step("audit"), day.connect() as connection:
        record.write_run_tables(
            connection, day.home, day.run_id, run_date, _begun(context), datetime.now(UTC)
        )
        figures.write_differences(connection)
        findings = audit.run(connection, _AUDITS)
    for finding in findings:
        yield dg.AssetCheckResult(
            check_name=finding.audit.id,
            asset_key=_KEY,
            passed=finding.violations == 0,
            metadata={"violations": finding.violations},
        )
    failed = [finding for finding in findings if finding.violations]
    if failed:
        told = "; ".join(
            f"{finding.audit.id}: {finding.violations} ({finding.audit.sentence})" for finding in failed
        )
        raise BlockedByCheck(f"not published, the audit found: {told}")
    with day.step("publish") as timing:
        with day.connect() as connection:
            entry = record.ledger_entry(connection, day.run_id, run_date)
        state = publish.publish(
            day.home,
            day.work_file,
            day.run_id,
            run_date,
            day.keyring.restricted_database,
            entry,
            day.pages_folder,
        )
        timing.rows = sum(int(print_.split(":")[0]) for print_ in state.fingerprints.values())
    yield dg.MaterializeResult(
        asset_key=_KEY, metadata={"tables": len(state.fingerprints), "rows": timing.rows}
    )


def _begun(context: dg.AssetExecutionContext) -> datetime:
    stats = context.instance.get_run_stats(context.run_id)
    return datetime.fromtimestamp(stats.start_time, UTC) if stats.start_time else datetime.now(UTC)
