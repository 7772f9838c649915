"""The run's view of the deliveries: one view per extract in force, and the register of every file ever seen."""

from datetime import date

import duckdb
import pyarrow as pa

from ingest.contract import Contract
from ingest.crash import crash_point
from ingest.register import DeliveryStatus, in_force, load_deliveries, raw_view_sql, repeats, status_on
from orchestration import previous
from orchestration.engine import sql_text
from orchestration.home import Home

REGISTER_TABLES = {
    "delivery": "Every file ever seen, with its verdict on the run date.",
    "field_issue": "Cells that could not be understood; the row was loaded with an empty value. Restricted: raw text.",
    "quarantined_row": "Rows that could not be loaded, kept whole with the reason. Restricted: raw text.",
    "earlier_issue_count": "Errors by delivery and kind, as the last published day counted them.",
    "report_claim": "The figures that the county's report claims, as the operator keeps them.",
}

_ISSUES = ("row_number integer, column_name text, rule text, raw_text text", "issues.parquet")
_QUARANTINE = ("row_number integer, column_name text, rule text, raw_row text", "quarantined.parquet")


def statuses_on(home: Home, run_date: date, contracts: dict[str, Contract]) -> list[DeliveryStatus]:
    """Every delivery ever seen with its status on a day."""
    return status_on(load_deliveries(home.root), run_date, contracts)


def open_deliveries(
    connection: duckdb.DuckDBPyConnection, home: Home, run_date: date, contracts: dict[str, Contract]
) -> dict[str, int]:
    """Create schema `raw` as `docs/architecture.md` names it; returns rows per register table."""
    statuses = statuses_on(home, run_date, contracts)
    connection.execute("create schema if not exists raw")
    for extract, contract in contracts.items():
        deliveries = in_force(statuses, extract)
        connection.execute(
            f"create or replace view raw.{contract.raw_name} as {raw_view_sql(contract, deliveries, home.root)}"
        )
    _write_deliveries(connection, statuses, contracts)
    _write_rows_apart(connection, home, statuses, "field_issue", *_ISSUES)
    _write_rows_apart(connection, home, statuses, "quarantined_row", *_QUARANTINE)
    _write_earlier_issue_counts(connection, home, run_date)
    _write_claims(connection, home)
    crash_point("stage.after_write")
    return {table: _count(connection, table) for table in REGISTER_TABLES}


def _write_deliveries(
    connection: duckdb.DuckDBPyConnection, statuses: list[DeliveryStatus], contracts: dict[str, Contract]
) -> None:
    schema = pa.schema(
        [
            ("delivery_id", pa.string()), ("department", pa.string()), ("extract", pa.string()),
            ("data_date", pa.date32()), ("number", pa.int32()), ("file_name", pa.string()), ("sha256", pa.string()),
            ("bytes", pa.int64()), ("received_at", pa.timestamp("us", tz="UTC")), ("status", pa.string()),
            ("rule", pa.string()),
            ("reason", pa.string()), ("reason_zh", pa.string()), ("encoding", pa.string()), ("rows_read", pa.int64()), ("rows_loaded", pa.int64()),
            ("rows_quarantined", pa.int64()), ("field_issues", pa.int64()), ("mode", pa.string()),
        ]
    )  # fmt: skip
    rows = [
        {
            **{
                name: getattr(status.delivery, name)
                for name in schema.names
                if name not in ("status", "rule", "reason", "reason_zh", "mode")
            },
            "mode": contracts[status.delivery.key].mode if status.delivery.key in contracts else None,
            "status": status.status,
            "rule": status.rule,
            "reason": status.reason,
            "reason_zh": status.reason_zh,
        }
        for status in (*statuses, *repeats(statuses))
    ]
    register = pa.Table.from_pylist(rows, schema)
    connection.register("register", register)
    connection.execute(
        "create or replace table raw.delivery as select * from register order by delivery_id, file_name"
    )
    connection.unregister("register")


def _write_rows_apart(
    connection: duckdb.DuckDBPyConnection,
    home: Home,
    statuses: list[DeliveryStatus],
    table: str,
    columns: str,
    file: str,
) -> None:
    """Gather the Parquet files of rows that were not loaded as they came, of all deliveries."""
    connection.execute(
        f"create or replace table raw.{table} (delivery_id text, department text, extract text, {columns})"
    )
    for status in statuses:
        delivery = status.delivery
        path = home.root / delivery.folder / file
        if delivery.department and delivery.extract and path.exists():
            connection.execute(
                f"insert into raw.{table} select {sql_text(delivery.delivery_id)}, {sql_text(delivery.department)},"
                f" {sql_text(delivery.extract)}, * from read_parquet({sql_text(str(path))}) order by row_number"
            )


def _write_earlier_issue_counts(connection: duckdb.DuckDBPyConnection, home: Home, run_date: date) -> None:
    """What the last published day counted of each delivery: of a replaced file nobody can count it again."""
    connection.execute(
        "create or replace table raw.earlier_issue_count"
        " (delivery_id text, kind text, issues bigint, rows_affected bigint)"
    )
    with previous.attached(connection, home, run_date) as before:
        if before and _has_table(connection, before, "lineage", "department_issue_count"):
            connection.execute(
                "insert into raw.earlier_issue_count select delivery_id, kind, issues, rows_affected"
                f" from {before}.lineage.department_issue_count where issues is not null order by all"
            )


def _has_table(connection: duckdb.DuckDBPyConnection, database: str, schema: str, table: str) -> bool:
    """A day published by an older version may lack a table."""
    found = connection.execute(
        "select count(*) from duckdb_tables() where database_name = ? and schema_name = ? and table_name = ?",
        [database, schema, table],
    ).fetchone()
    return found is not None and found[0] > 0


def _write_claims(connection: duckdb.DuckDBPyConnection, home: Home) -> None:
    connection.execute("create or replace table raw.report_claim (figure_id text, claimed double)")
    path = home.settings / "report_claims.csv"
    if path.exists():
        connection.execute(
            "insert into raw.report_claim select figure_id, claimed from read_csv(?, header = true,"
            " columns = {'figure_id': 'text', 'claimed': 'double'}) order by figure_id",
            [str(path)],
        )


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    row = connection.execute(f"select count(*) from raw.{table}").fetchone()
    assert row is not None
    return int(row[0])
