"""The last published day before the run date, attached read-only beside the run's own tables."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import duckdb

from orchestration import published
from orchestration.engine import sql_text
from orchestration.home import Home

_NAME = "previous"


@contextmanager
def attached(connection: duckdb.DuckDBPyConnection, home: Home, run_date: date) -> Iterator[str | None]:
    """The name under which yesterday's warehouse is attached, or None when no earlier day was published.

    Asked by run date and not by what is current, so that running a day again starts from the same yesterday.
    """
    version = published.latest_before(home, run_date)
    if version is None:
        yield None
        return
    connection.execute(f"attach {sql_text(str(version.warehouse))} as {_NAME} (read_only)")
    try:
        yield _NAME
    finally:
        connection.execute(f"detach {_NAME}")
