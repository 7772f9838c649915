"""A run's connections: what does not fit into memory is spilled encrypted."""

from pathlib import Path

import dagster as dg
import pytest

from orchestration.engine import settings, work_database
from orchestration.failures import HulianError
from orchestration.resources import Day

_MORE_THAN_FITS = (
    "select count(*) from (select md5(i::text) as m, list(i) from range(600000) t(i) group by m)"
)


def test_a_county_that_does_not_fit_into_memory_is_counted(tmp_path: Path) -> None:
    """Prevents a large county from failing when DuckDB has to spill: encrypting on disk needs the extension."""
    with work_database(tmp_path / "work.duckdb") as connection:
        connection.execute("set memory_limit = '32MB'")
        row = connection.execute(_MORE_THAN_FITS).fetchone()
    assert row == (600_000,)


@pytest.mark.parametrize("told", ["2 GiB", "0", "-1", "1.5"])
def test_a_memory_limit_that_is_no_number_is_refused(
    told: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Prevents a run from taking all memory because the limit was written in another unit."""
    monkeypatch.setenv("HULIAN_MEMORY_MIB", told)
    with pytest.raises(HulianError, match="whole number of MiB"):
        settings(tmp_path)


def test_a_wrong_memory_limit_is_told_before_anything_is_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Prevents an operator from waiting for all files to be read before he is told of a typing error."""
    monkeypatch.setenv("HULIAN_MEMORY_MIB", "2 GiB")
    day = Day(home_folder=str(tmp_path / "home"), landing_folder=str(tmp_path))
    with (
        pytest.raises(HulianError, match="whole number of MiB"),
        day.yield_for_execution(dg.build_init_resource_context()),
    ):
        pass
    assert not (tmp_path / "home").exists()
