"""What was sent to a township is recorded as a delivery that the next run reads."""

import csv
import os
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from ingest.contract import load_contracts
from ingest.deliver import take_in
from orchestration.cli.gaps_verb import Asked, Sending, gaps
from orchestration.home import Home


def _send(
    home: Home, landing: Path, day: date | None = None, township: str | None = "甲乡", **more: object
) -> int:
    asked = Asked(township, file_format="xlsx", output=home.root / "list.xlsx", sending=Sending(landing, day))
    return gaps(home, Asked(**{**vars(asked), **more}), "zh")


def _rows(path: Path) -> list[tuple[str, str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [(row["疑点编号"], row["下发日期"], row["乡镇"]) for row in csv.DictReader(file)]


def test_a_sent_list_is_taken_in_as_a_delivery(home: Home, tmp_path: Path) -> None:
    """Prevents a list that went out and of which the next run knows nothing."""
    landing = tmp_path / "landing"
    assert _send(home, landing) == 0
    (record,) = (landing / "work_list").iterdir()
    assert record.name == "sent_20261123.csv"
    ids = ["EDU-01-p2", "MED-01-p2", "REG-06-h2", "EDU-04-p2"]
    assert _rows(record) == [(gap, "2026-11-23", "甲乡") for gap in ids]
    assert record.stat().st_mode & 0o777 == 0o600
    os.utime(record, (0, 0))  # written long ago: ingest does not wait to see whether it still grows
    received = datetime(2026, 11, 24, 9, tzinfo=UTC)
    (delivery,) = take_in(home.root, landing, received, b"secret of the tests", load_contracts())
    assert (delivery.verdict, delivery.key, delivery.rows_loaded) == ("accepted", "work_list/sent", 4)
    rows = home.root / "raw" / "work_list" / "sent" / delivery.delivery_id / "rows.parquet"
    found = duckdb.sql(f"select gap_id, sent_on from '{rows}' order by gap_id").fetchall()
    assert found[0] == ("EDU-01-p2", date(2026, 11, 23))


def test_a_clue_that_waits_for_its_data_stands_in_the_list_and_is_not_sent(
    home: Home, tmp_path: Path
) -> None:
    """Prevents a household from being accused because a list went out that told to check the data first."""
    with duckdb.connect(str(home.warehouse)) as con:
        con.execute("update marts.policy_gap set status = 'unknown' where gap_id = 'EDU-04-p2'")
    assert _send(home, tmp_path) == 0
    (record,) = (tmp_path / "work_list").iterdir()
    assert [gap for gap, _, _ in _rows(record)] == ["EDU-01-p2", "MED-01-p2", "REG-06-h2"]


def test_a_second_township_does_not_undo_the_first(home: Home, tmp_path: Path) -> None:
    """Prevents the day's second record, which replaces the first whole, from dropping what was sent before."""
    assert _send(home, tmp_path) == _send(home, tmp_path, township="乙乡") == _send(home, tmp_path) == 0
    names = sorted(path.name for path in (tmp_path / "work_list").iterdir())
    assert names == ["sent_20261123.csv", "sent_20261123_2.csv", "sent_20261123_3.csv"]
    last = _rows(tmp_path / "work_list" / names[-1])
    assert len(last) == 7, "a clue sent twice in a day stands there once"
    assert {township for _, _, township in last} == {"甲乡", "乙乡"}


def test_the_day_of_sending_may_be_later_and_not_earlier(home: Home, tmp_path: Path) -> None:
    """Prevents a list that was sent before it was made: such a record would never count."""
    assert _send(home, tmp_path, date(2026, 11, 22)) == 2
    assert not (tmp_path / "work_list").exists()
    assert not (home.root / "list.xlsx").exists(), "nothing was written either"
    assert _send(home, tmp_path, date(2026, 11, 25)) == 0
    assert [path.name for path in (tmp_path / "work_list").iterdir()] == ["sent_20261125.csv"]


@pytest.mark.parametrize(
    "asked",
    [{"township": None}, {"file_format": "table", "output": None}, {"policy": "MED-01"}, {"file_format": "csv", "output": None}],
)  # fmt: skip
def test_only_a_whole_township_s_file_is_sent(home: Home, tmp_path: Path, asked: dict[str, object]) -> None:
    """Prevents clues from counting as sent that stand in no file, or a part of a list from passing for the list."""
    assert _send(home, tmp_path, **asked) == 2
    assert not (tmp_path / "work_list").exists()
