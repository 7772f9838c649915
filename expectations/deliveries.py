"""Age and volume of the newest delivery of every extract, and what a suite allows them to be.

Here: counts of `raw.delivery`, bounds by suite. Not here: judging them (`run`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import duckdb

from expectations.parameters import Parameters
from expectations.suites import Expectation, Suite

# An extract that was never delivered is older than any allowance.
NEVER_DAYS = 999_999


@dataclass(frozen=True)
class Bounds:
    """A column of `Deliveries.query` and the values it may have, both included; None is no bound."""

    column: str
    at_least: float | None
    at_most: float | None


class Deliveries:
    """Age and volume of every extract as one row, so that all are judged in one batch."""

    def __init__(self, con: duckdb.DuckDBPyConnection, run_date: date, suites: Sequence[Suite]):
        self._suites = suites
        rows = con.execute(
            """
            SELECT department || '/' || extract AS extract, data_date, rows_loaded
            FROM raw.delivery
            WHERE status IN ('accepted', 'superseded') AND data_date <= $day
            QUALIFY row_number() OVER (
                PARTITION BY department, extract ORDER BY data_date DESC, number DESC, delivery_id) <= 2
            ORDER BY data_date DESC, number DESC, delivery_id
            """,
            {"day": run_date},
        ).fetchall()
        self._newest: dict[str, tuple[int, int]] = {}
        self._rows_before: dict[str, int] = {}
        for extract, data_date, loaded in rows:
            if extract in self._newest:
                self._rows_before[extract] = loaded
            else:
                self._newest[extract] = ((run_date - data_date).days, loaded)

    def query(self) -> str:
        """One row: `<extract>_days` and `<extract>_rows` of every suite's newest delivery."""
        columns = []
        for suite in self._suites:
            days, loaded = self._newest.get(suite.extract, (NEVER_DAYS, 0))
            columns += [f"{days} AS {suite.name}_days", f"{loaded} AS {suite.name}_rows"]
        return f"SELECT {', '.join(columns)}"

    def bounds(self, suite: Suite, expectation: Expectation, parameters: Parameters) -> Bounds:
        """What a suite's age or volume may be; a first delivery has no volume to be compared with."""
        if expectation.kind == "fresh":
            return Bounds(f"{suite.name}_days", None, parameters.stale_after_days(suite.extract))
        before = self._rows_before.get(suite.extract)
        if before is None or expectation.at_most is None:
            return Bounds(f"{suite.name}_rows", 0, None)
        return Bounds(f"{suite.name}_rows", before * expectation.at_least, before * expectation.at_most)
