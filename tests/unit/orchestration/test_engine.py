"""A run's connections: what does not fit into memory is spilled encrypted."""

from pathlib import Path

from orchestration.engine import work_database

_MORE_THAN_FITS = (
    "select count(*) from (select md5(i::text) as m, list(i) from range(600000) t(i) group by m)"
)


def test_a_county_that_does_not_fit_into_memory_is_counted(tmp_path: Path) -> None:
    """Prevents a large county from failing when DuckDB has to spill: encrypting on disk needs the extension."""
    with work_database(tmp_path / "work.duckdb") as connection:
        connection.execute("set memory_limit = '32MB'")
        row = connection.execute(_MORE_THAN_FITS).fetchone()
    assert row == (600_000,)
