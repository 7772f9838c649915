"""What the scorecards and visit lists stand on besides the day's own tables: fresh extracts, closed periods, keys of contacts."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from expectations.policy import load_policies
from ingest.contract import load_contracts
from orchestration import contacts, place, previous, raw, scorecard
from orchestration.freshness import newest_data_dates, stale_extracts
from orchestration.partitions import days
from orchestration.pools import WRITER
from orchestration.resources import Day, run_date_of

_TABLES = {
    "extract_freshness": "Extracts that policies in force need: newest data date, days allowed, stale or not.",
    "earlier_scorecard": "Scorecard periods of townships from the last published day, the running ones left out.",
    "household_contact": "Keys of the contact and the helper of every registry household.",
    "contact": "Names behind these keys. Restricted.",
}


@dg.multi_asset(
    name="scorecard",
    specs=[
        dg.AssetSpec(
            ["policies", table],
            description=description,
            deps=[["policies", "result"], ["intermediate", "int_household__contact"]],
            group_name="policies",
            owners=["team:data"],
            kinds={"duckdb"},
            partitions_def=days,
        )
        for table, description in _TABLES.items()
    ],
    pool=WRITER,
)
def scorecard_ground(context: dg.AssetExecutionContext, day: Day) -> Iterator[Any]:
    """Write the tables that dbt's last step reads for scorecards and visits."""
    run_date = run_date_of(context)
    contracts, parameters = load_contracts(), place.parameters_on(day.home, run_date)
    statuses = raw.statuses_on(day.home, run_date, contracts)
    newest, stale = newest_data_dates(statuses, contracts), stale_extracts(statuses, contracts, parameters)
    needed = {extract for policy in load_policies() if policy.in_force(run_date) for extract in policy.needs}
    with day.step("gather the scorecards"), day.connect() as connection:
        scorecard.write_freshness(connection, newest, stale, needed, parameters)
        with previous.attached(connection, day.home, run_date) as before:
            scorecard.write_earlier(connection, before, run_date)
        contacts.write_keys(connection, day.keyring.staff_hashing)
        counts = {
            table: connection.execute(f"select count(*) from policies.{table}").fetchone()
            for table in _TABLES
        }
    for table, count in counts.items():
        yield dg.MaterializeResult(asset_key=["policies", table], metadata={"rows": count[0] if count else 0})
