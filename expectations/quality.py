"""What judging found: the rows of `quality.expectation_result`, and whether two ways of counting agree.

Here: the form of a result and its table. Not here: Great Expectations (`run`).
"""

from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from datetime import date

import duckdb


@dataclass(frozen=True)
class ExpectationResult:
    """One row of `quality.expectation_result`: what was expected of which column, and the counts.

    `observed_count` is what a table-level expectation saw (rows of a delivery, days of age), else the rows judged.
    """

    run_date: date
    suite: str
    table_name: str
    expectation: str
    column_name: str | None
    severity: str
    success: bool
    observed_count: int | None
    unexpected_count: int | None
    element_count: int | None
    sentence_zh: str
    sentence_en: str
    owner: str


def disagreements(con: duckdb.DuckDBPyConnection, judged: Sequence[ExpectationResult]) -> list[str]:
    """Policies whose number of gaps differs between Great Expectations and `policies.result`; one line each."""
    ours = dict(con.execute("SELECT policy_id, gap FROM policies.result WHERE evaluated").fetchall())
    theirs = {r.column_name: r.unexpected_count for r in judged if r.expectation == "policy_holds"}
    return [
        f"{policy}: {ours.get(policy)} gaps by our pass, {theirs.get(policy)} by Great Expectations"
        for policy in sorted({*ours, *(name for name in theirs if name)})
        if ours.get(policy) != theirs.get(policy)
    ]


def write_results(
    con: duckdb.DuckDBPyConnection, results: Sequence[ExpectationResult], previous: str | None = None
) -> None:
    """Write `quality.expectation_result`: today's results, and those of other days from an earlier warehouse.

    Args:
        con: The run's database.
        results: Of one run date.
        previous: Schema, with database, of the last published results (`previous.quality`); None on the first day.
    """
    names = [field.name for field in fields(ExpectationResult)]
    con.execute("CREATE SCHEMA IF NOT EXISTS quality")
    con.execute("""
        CREATE OR REPLACE TABLE quality.expectation_result (
            run_date DATE, suite VARCHAR, table_name VARCHAR, expectation VARCHAR, column_name VARCHAR,
            severity VARCHAR, success BOOLEAN, observed_count BIGINT, unexpected_count BIGINT, element_count BIGINT,
            sentence_zh VARCHAR, sentence_en VARCHAR, owner VARCHAR)
    """)
    append_results(con, results)
    if previous is not None:
        con.execute(
            f"INSERT INTO quality.expectation_result SELECT {', '.join(names)} FROM {previous}.expectation_result"
            " WHERE run_date NOT IN (SELECT run_date FROM quality.expectation_result)"
        )


def append_results(con: duckdb.DuckDBPyConnection, results: Sequence[ExpectationResult]) -> None:
    """Add results judged later on the same day (the policies) to `quality.expectation_result`."""
    if results:
        marks = ", ".join("?" for _ in fields(ExpectationResult))
        con.executemany(
            f"INSERT INTO quality.expectation_result VALUES ({marks})",
            [list(astuple(result)) for result in results],
        )
