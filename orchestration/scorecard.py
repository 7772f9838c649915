"""Tables of orchestration that the scorecard needs: which extracts are fresh, and the periods of the last published day.

Scores are counted in dbt, rules stand in `expectations/scorecard.yaml`.
"""

from collections.abc import Collection, Mapping
from datetime import date

import duckdb

from expectations.parameters import Parameters
from expectations.scorecard import periods_on

# Columns that a closed period keeps; what follows from them (is_closed, is_listed …) is asked anew every day.
_KEPT = {
    "period_kind": "text", "period_start": "date", "period_end": "date", "as_of": "date", "township_name": "text",
    "township_code": "text", "households_with_card": "integer", "overdue_visits": "integer", "open_gaps": "integer",
    "open_critical_gaps": "integer", "open_major_gaps": "integer", "open_minor_gaps": "integer",
    "old_critical_gaps": "integer", "new_gaps": "integer", "resolved_gaps": "integer", "clue_clocks_passed": "integer",
    "checked_gaps": "integer", "waiting_gaps": "integer", "extracts": "integer", "stale_extracts": "integer",
    "overdue_visit_rate": "double", "old_critical_share": "double", "verdict_rate": "double", "stale_share": "double",
    "score": "double", "grade": "text",
}  # fmt: skip


def write_freshness(
    connection: duckdb.DuckDBPyConnection,
    newest: Mapping[str, date | None],
    stale: Collection[str],
    needed: Collection[str],
    parameters: Parameters,
) -> None:
    """Write `policies.extract_freshness`: extract, newest data date (null: never delivered), days allowed, is_stale.

    `newest` and `stale` are of all extracts, `needed` those that policies in force need: nobody waits for the others.
    """
    connection.execute(
        "create or replace table policies.extract_freshness"
        " (extract text, data_date date, allowed_days integer, is_stale boolean)"
    )
    for extract in sorted(needed):
        connection.execute(
            "insert into policies.extract_freshness values (?, ?, ?, ?)",
            [extract, newest.get(extract), parameters.stale_after_days(extract), extract in stale],
        )


def write_earlier(connection: duckdb.DuckDBPyConnection, before: str | None, run_date: date) -> None:
    """Write `policies.earlier_scorecard`: the periods of the last published day that do not run on `run_date`.

    `before` is the name under which that day's warehouse is attached, or None. A warehouse from before there were
    periods has none.
    """
    columns = ", ".join(f"{name} {kind}" for name, kind in _KEPT.items())
    connection.execute(f"create or replace table policies.earlier_scorecard ({columns})")
    if before is None or not _has_periods(connection, before):
        return
    running = [(period.kind, period.start) for period in periods_on(run_date)]
    chosen = " and ".join("not (period_kind = ? and period_start = ?)" for _ in running)
    connection.execute(
        f"insert into policies.earlier_scorecard by name select {', '.join(_KEPT)}"
        f" from {before}.marts.township_scorecard_period where {chosen}",
        [value for period in running for value in period],
    )


def _has_periods(connection: duckdb.DuckDBPyConnection, before: str) -> bool:
    found = connection.execute(
        "select count(*) from duckdb_tables() where database_name = ? and schema_name = 'marts'"
        " and table_name = 'township_scorecard_period'",
        [before],
    ).fetchone()
    return bool(found and found[0])
