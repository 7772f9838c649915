"""Two readers side by side: every delivery is taken in as by one, whatever becomes of the second."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ingest import ahead
from ingest.ahead import Reading, large_and_new
from tests.spec.ingest.delivered import RECEIVED, Box, csv_text, many_students

ROLL, DEATHS, DWELLINGS = "education/students", "civil_affairs/deaths", "housing/dwellings"
SECRET = b"secret of the tests"


@pytest.fixture(autouse=True)
def everything_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test's files are small, and its machine may have one core."""
    monkeypatch.setattr(ahead, "_LEAST_BYTES", 1)
    monkeypatch.setattr("os.cpu_count", lambda: 2)


@pytest.fixture
def filled(box: Box) -> Box:
    """Landing with a file each of three extracts."""
    box.put(f"{ROLL}_20261123.csv", many_students(50))
    box.put(f"{DEATHS}_20261123.csv", csv_text("姓名|身份证件号|死亡日期", "张三||2026-01-02", "李四||坏"))
    box.put(f"{DWELLINGS}_20261123.csv", "不是表头")
    return box


@pytest.fixture
def reading(filled: Box) -> Iterator[Reading]:
    """A day's reading of the filled landing."""
    opened = Reading(filled.home, filled.landing, SECRET, filled.contracts)
    yield opened
    opened.close()


def _made(box: Box) -> dict[str, bytes]:
    return {
        str(file.relative_to(box.home)): file.read_bytes()
        for file in sorted((box.home / "raw").rglob("*"))
        if file.is_file() and file.name != "seen.json"
    }


def _take_all(reading: Reading) -> list[str]:
    return [d.delivery_id for only in (DEATHS, ROLL, DWELLINGS) for d in reading.take(only, RECEIVED)]


def test_two_readers_make_what_one_makes(filled: Box, reading: Reading) -> None:
    """Prevents a delivery that is lost, doubled or different because another process read it."""
    taken = _take_all(reading)
    assert len(taken) == 3
    made = _made(filled)
    filled.home = filled.home.with_name("one_reader")
    assert sorted(taken) == sorted(d.delivery_id for d in filled.take())
    assert made == _made(filled)


def test_the_second_reader_takes_some(filled: Box, reading: Reading) -> None:
    """Prevents a second reader that begins and never reads: its extract is there before anybody here took it."""
    reading.take(DEATHS, RECEIVED)
    with reading._changed:
        assert reading._changed.wait_for(lambda: not reading._waiting and reading._ahead is None, timeout=120)
    assert {name.split("/")[1] for name in _made(filled)} >= {"housing", "education"}


def test_a_second_reader_that_dies_costs_nothing(
    filled: Box, reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Prevents a day that waits for ever, or lacks a delivery, because the second process was killed over it."""
    monkeypatch.setenv("HULIAN_CRASH_AT", "parse.before_accept")
    reading._begin(RECEIVED)
    monkeypatch.delenv("HULIAN_CRASH_AT")
    assert len(_take_all(reading)) == 3


def test_what_was_seen_needs_no_second_reader(filled: Box, reading: Reading) -> None:
    """Prevents a process that is started every morning for deliveries of last month."""
    assert large_and_new(filled.home, filled.landing, filled.contracts, RECEIVED) == [DEATHS, ROLL, DWELLINGS]
    filled.take()
    assert large_and_new(filled.home, filled.landing, filled.contracts, RECEIVED) == []
    assert len(_take_all(reading)) == 3
    assert reading._reader is None
