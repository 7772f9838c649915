"""One asset per extract of the contracts, the files that no contract claims, and the register of all deliveries."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import dagster as dg

from expectations.parameters import Parameters, resolve
from ingest.contract import Contract, load_contracts
from ingest.delivery import Delivery
from orchestration import raw
from orchestration.failures import HulianError
from orchestration.home import Home
from orchestration.partitions import TIME_ZONE, days
from orchestration.place import parameters_on
from orchestration.pools import WRITER
from orchestration.resources import Day, run_date_of

_CONTRACTS = load_contracts()


def _parameters_of_today() -> Parameters:
    today = datetime.now(ZoneInfo(TIME_ZONE)).date()
    try:
        return parameters_on(Home.from_environment(), today)
    except HulianError:
        return resolve(today)  # the run tells of a mistake in settings/place.yaml; the pages must still open


def _take(day: Day, only: str) -> list[Delivery]:
    return day.reading.take(only, datetime.now(UTC))


def _metadata(deliveries: list[Delivery]) -> dict[str, dg.MetadataValue]:
    return {
        "dagster/row_count": dg.MetadataValue.int(sum(delivery.rows_loaded for delivery in deliveries)),
        "deliveries": dg.MetadataValue.int(len(deliveries)),
        "rows_read": dg.MetadataValue.int(sum(delivery.rows_read for delivery in deliveries)),
        "rows_quarantined": dg.MetadataValue.int(sum(delivery.rows_quarantined for delivery in deliveries)),
        "field_issues": dg.MetadataValue.int(sum(delivery.field_issues for delivery in deliveries)),
    }


def _extract_asset(extract: str, contract: Contract, parameters: Parameters) -> dg.AssetsDefinition:
    @dg.asset(
        key=dg.AssetKey(["raw", contract.raw_name]),
        description=f"{contract.title} ({contract.key}): typed rows of every delivery, faithful to the file.",
        group_name=contract.department,
        owners=[f"team:{contract.department}"],
        partitions_def=days,
        pool=WRITER,
        kinds={"parquet", "pandas"},
        metadata={"dagster/column_schema": _column_schema(contract), "delivery_mode": contract.mode},
        freshness_policy=dg.FreshnessPolicy.time_window(
            fail_window=timedelta(days=parameters.stale_after_days(extract))
        ),
    )
    def extract_asset(context: dg.AssetExecutionContext, day: Day) -> dg.MaterializeResult[None]:
        with day.step(f"read {extract}") as timing:
            deliveries = _take(day, extract)
            timing.rows = sum(delivery.rows_loaded for delivery in deliveries)
        return dg.MaterializeResult(metadata=_metadata(deliveries))

    return extract_asset


def _column_schema(contract: Contract) -> dg.TableSchema:
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                column.name,
                type=column.kind,
                description=column.header,
                tags={"classification": column.classification} if column.classification else None,
            )
            for column in contract.columns
        ]
    )


@dg.asset(
    key=dg.AssetKey(["raw", "unclaimed"]),
    description="Files in landing that no contract claims: each is kept and told, none is read.",
    group_name="landing",
    owners=["team:data"],
    partitions_def=days,
    pool=WRITER,
)
def unclaimed(context: dg.AssetExecutionContext, day: Day) -> dg.MaterializeResult[None]:
    """Take note of files that belong to no extract."""
    with day.step("look for unclaimed files"):
        deliveries = _take(day, "unclaimed")
    return dg.MaterializeResult(metadata=_metadata(deliveries))


@dg.multi_asset(
    name="register",
    specs=[
        dg.AssetSpec(
            ["raw", table],
            description=description,
            deps=[["raw", contract.raw_name] for contract in _CONTRACTS.values()] + [["raw", "unclaimed"]],
            group_name="landing",
            owners=["team:data"],
            partitions_def=days,
        )
        for table, description in raw.REGISTER_TABLES.items()
    ],
    pool=WRITER,
)
def register(context: dg.AssetExecutionContext, day: Day) -> Iterator[Any]:
    """Open the deliveries in force on the run date as views, beside the register of all deliveries."""
    with day.step("open deliveries in force") as timing, day.connect() as connection:
        counts = raw.open_deliveries(connection, day.home, run_date_of(context), _CONTRACTS)
        timing.rows = counts["delivery"]
    for table, rows in counts.items():
        yield dg.MaterializeResult(asset_key=["raw", table], metadata={"dagster/row_count": rows})


@dg.definitions
def defs() -> dg.Definitions:
    """The assets of ingest; each is as fresh as the parameters of today and of this installation's place ask."""
    parameters = _parameters_of_today()
    extracts = [_extract_asset(extract, contract, parameters) for extract, contract in _CONTRACTS.items()]
    return dg.Definitions(assets=[*extracts, unclaimed, register])
