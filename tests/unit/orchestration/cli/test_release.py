"""Letting a held delivery in."""

import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from ingest import register
from ingest.contract import load_contracts
from ingest.deliver import take_in
from orchestration.cli.release import release
from orchestration.home import Home

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)


def _deliver(home: Home, landing: Path, day: str, rows: int) -> str:
    folder = landing / "registry"
    folder.mkdir(parents=True, exist_ok=True)
    lines = [f"5199{n:08},村{n},519901100,甲乡" for n in range(rows)]
    file = folder / f"villages_{day}.csv"
    file.write_text("\n".join(["行政村代码,行政村,乡镇代码,乡镇", *lines]) + "\n", encoding="utf-8")
    os.utime(file, (0, 0))  # delivered long ago: ingest does not wait to see whether it still grows
    return take_in(home.root, landing, AT, b"secret of the tests", load_contracts())[-1].delivery_id


def _status(home: Home, delivery_id: str) -> str:
    statuses = register.status_on(register.load_deliveries(home.root), date(2026, 11, 23), load_contracts())
    return next(found.status for found in statuses if found.delivery.delivery_id == delivery_id)


def test_a_held_delivery_is_let_in(home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Prevents a snapshot that shrank for a good reason from being held for ever."""
    _deliver(home, tmp_path / "landing", "20261101", 10)
    short = _deliver(home, tmp_path / "landing", "20261120", 4)
    assert _status(home, short) == "held"
    assert release(home, short, AT, "zh") == 0
    assert _status(home, short) == "accepted"
    assert short in capsys.readouterr().out


def test_what_cannot_be_released_is_told(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Prevents a misspelt id, or a file that nobody could read, from seeming to be let in."""
    empty = tmp_path / "landing" / "registry" / "villages_20261101.csv"
    empty.parent.mkdir(parents=True)
    empty.write_text("别的,表头\n1,2\n", encoding="utf-8")
    os.utime(empty, (0, 0))
    (rejected,) = take_in(home.root, tmp_path / "landing", AT, b"secret of the tests", load_contracts())
    assert release(home, rejected.delivery_id, AT, "zh") == 2
    assert release(home, "registry.villages.20991231.1.00000000", AT, "zh") == 2
    told = capsys.readouterr()
    assert "重新报送" in told.err
    assert "hulian status" in told.err
    assert told.out == ""
