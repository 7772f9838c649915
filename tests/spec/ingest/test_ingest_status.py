"""Which deliveries count on which day: tables of deliveries and what each is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import duckdb
import pytest

from ingest.contract import Contract
from ingest.register import load_deliveries, raw_view_sql, release, repeats
from tests.spec.ingest.delivered import Box, csv_text, many_students

# name → deliveries in order of arrival (date, number, rows), run date, status of each
SNAPSHOTS: dict[str, tuple[list[tuple[str, int, int]], str, list[str]]] = {
    "the newest counts": (
        [("20261101", 1, 10), ("20261108", 1, 10)],
        "2026-11-23",
        ["superseded", "accepted"],
    ),
    "arrival does not matter": (
        [("20261108", 1, 10), ("20261101", 1, 10)],
        "2026-11-23",
        ["accepted", "superseded"],
    ),
    "a correction counts": (
        [("20261101", 1, 10), ("20261101", 2, 9)],
        "2026-11-23",
        ["superseded", "accepted"],
    ),
    "a late first number": (
        [("20261101", 2, 9), ("20261101", 1, 10)],
        "2026-11-23",
        ["accepted", "superseded"],
    ),
    "the future waits": ([("20261101", 1, 10), ("20261124", 1, 10)], "2026-11-23", ["accepted", "held"]),
    "the future comes": (
        [("20261101", 1, 10), ("20261124", 1, 10)],
        "2026-11-24",
        ["superseded", "accepted"],
    ),
    "an older day": ([("20261101", 1, 10), ("20261108", 1, 10)], "2026-11-05", ["accepted", "held"]),
    "half gone": ([("20261101", 1, 10), ("20261108", 1, 4)], "2026-11-23", ["accepted", "held"]),
    "exactly half": ([("20261101", 1, 10), ("20261108", 1, 5)], "2026-11-23", ["superseded", "accepted"]),
    "nobody": ([("20261101", 1, 10), ("20261108", 1, 0)], "2026-11-23", ["accepted", "held"]),
    "nobody at first": ([("20261101", 1, 0)], "2026-11-23", ["held"]),
    "after a held one": (
        [("20261101", 1, 10), ("20261108", 1, 4), ("20261115", 1, 10)],
        "2026-11-23",
        ["superseded", "held", "accepted"],
    ),
    "doubled": ([("20261101", 1, 10), ("20261108", 1, 20)], "2026-11-23", ["accepted", "held"]),
    "not quite doubled": (
        [("20261101", 1, 10), ("20261108", 1, 19)],
        "2026-11-23",
        ["superseded", "accepted"],
    ),
    "after a doubled one": (
        [("20261101", 1, 10), ("20261108", 1, 20), ("20261115", 1, 11)],
        "2026-11-23",
        ["superseded", "held", "accepted"],
    ),
}


@pytest.mark.parametrize("case", SNAPSHOTS)
def test_snapshots(case: str, box: Box) -> None:
    """Prevents a stale, future or halved snapshot from counting, and order of arrival from deciding."""
    deliveries, day, expected = SNAPSHOTS[case]
    ids = [
        box.one(f"education/students_{date}_{number}.csv", many_students(rows)).delivery_id
        for date, number, rows in deliveries
    ]
    statuses = {status.delivery.delivery_id: status for status in box.statuses(day)}
    assert [statuses[key].status for key in ids] == expected
    assert all(status.reason for status in statuses.values() if status.status != "accepted")


def visits(*rows: str) -> str:
    return csv_text("走访编号|户编号|走访日期|走访方式", *rows)


def latest(box: Box, contracts: dict[str, Contract], day: str) -> list[tuple[str, str]]:
    contract = contracts["registry/visits"]
    view = raw_view_sql(contract, box.in_force("registry/visits", day), box.home)
    return duckdb.sql(f"select visit_no, visit_mode from ({view}) order by 1").fetchall()


def test_additions(box: Box, contracts: dict[str, Contract]) -> None:
    """Prevents an addition from replacing others, a correction from leaving old rows, a key from counting twice."""
    box.put("registry/visits_20261103.csv", visits("Z1|H1|2026-11-03|电话", "Z3|H3|2026-11-03|入户"))
    box.put("registry/visits_20261101.csv", visits("Z1|H1|2026-11-01|入户", "Z2|H2|2026-11-01|入户"))
    box.put("registry/visits_20261105.csv", visits("Z4|H4|2026-11-05|入户"))
    box.put("registry/visits_20261105_2.csv", visits("Z5|H5|2026-11-05|视频"))
    box.take()
    assert latest(box, contracts, "2026-11-23") == [
        ("Z1", "电话"),
        ("Z2", "入户"),
        ("Z3", "入户"),
        ("Z5", "视频"),
    ]
    assert latest(box, contracts, "2026-11-02") == [("Z1", "入户"), ("Z2", "入户")]
    assert [s.status for s in box.statuses("2026-11-23")] == [
        "accepted",
        "accepted",
        "superseded",
        "accepted",
    ]


def test_header_only_addition_adds_nothing(box: Box) -> None:
    """Prevents a day without events from being treated as an error."""
    assert box.one("registry/visits_20261103.csv", visits()).verdict == "accepted"


def test_released(box: Box) -> None:
    """Prevents a held delivery from staying out after an operator has looked at it."""
    box.one("education/students_20261101.csv", many_students(10))
    held = box.one("education/students_20261108.csv", many_students(2))
    assert held.verdict == "held"
    assert held.reason == (
        "The snapshot has 2 rows, fewer than half of the 10 of 2026-11-01; release it if that is right."
    )
    release(box.home, held.delivery_id, by="operator", at=datetime(2026, 11, 23, tzinfo=UTC))
    assert [s.status for s in box.statuses("2026-11-23")] == ["superseded", "accepted"]
    assert load_deliveries(box.home)[1].released_by == "operator"
    with pytest.raises(KeyError, match="no delivery"):
        release(
            box.home,
            "education.students.20261101.1.00000000",
            by="operator",
            at=datetime(2026, 11, 23, tzinfo=UTC),
        )


def test_doubled_is_released(box: Box) -> None:
    """Prevents two exports pasted into one from counting, and the operator from being asked twice about a right one."""
    box.one("education/students_20261101.csv", many_students(10))
    held = box.one("education/students_20261108.csv", many_students(25))
    assert (held.verdict, held.rule) == ("held", "rows_doubled")
    release(box.home, held.delivery_id, by="operator", at=datetime(2026, 11, 23, tzinfo=UTC))
    box.one("education/students_20261115.csv", many_students(26))
    assert [s.status for s in box.statuses("2026-11-23")] == ["superseded", "superseded", "accepted"]


def test_every_name_of_a_content_is_told(box: Box) -> None:
    """Prevents an auditor from missing a file that lies in landing, and its rows from being counted twice."""
    box.one("education/students_20261101.csv", many_students(5))
    box.put("education/students_20261101 (2).csv", many_students(5))
    box.put("education/学籍信息_20261101.csv", many_students(5))
    box.one("education/students_20261102.csv", b"PK\x03\x04 torn")
    box.put("education/students_20261102 (2).csv", b"PK\x03\x04 torn")
    box.take()
    told = [
        (s.delivery.file_name, s.status, s.rule, s.delivery.rows_read)
        for s in repeats(box.statuses("2026-11-23"))
    ]
    assert told == [
        ("students_20261101 (2).csv", "superseded", "same_content", 0),
        ("学籍信息_20261101.csv", "superseded", "same_content", 0),
        ("students_20261102 (2).csv", "rejected", "torn", 0),
    ]
    ids = [
        s.delivery.delivery_id for s in (*box.statuses("2026-11-23"), *repeats(box.statuses("2026-11-23")))
    ]
    assert len(set(ids)) == 5


def test_column_that_the_contract_got_later(contracts: dict[str, Contract], box: Box) -> None:
    """Prevents a new column of a contract from breaking the day until every department has delivered again."""
    contract = contracts["education/students"]
    older = replace(contract, columns=tuple(c for c in contract.columns if c.name not in ("stage", "phone")))
    box.contracts = {**contracts, contract.key: older}
    box.one("education/students_20261101.csv", many_students(2))
    view = raw_view_sql(contract, box.in_force("education/students", "2026-11-23"), box.home)
    assert duckdb.sql(f"select student_no, stage from ({view}) order by all").fetchall() == [
        ("G0", None),
        ("G1", None),
    ]
    empty = duckdb.sql(raw_view_sql(contract, [], box.home))
    assert (duckdb.sql(view).columns, duckdb.sql(view).types) == (empty.columns, empty.types)


def test_never_delivered(contracts: dict[str, Contract], box: Box) -> None:
    """Prevents an extract that nobody delivered yet from breaking the models that read it."""
    for contract in contracts.values():
        view = duckdb.sql(raw_view_sql(contract, [], box.home))
        assert view.fetchall() == []
        assert view.columns[:5] == ["record_key", "delivery_id", "data_date", "delivery_number", "row_number"]


def test_empty_and_filled_views_have_the_same_columns(contracts: dict[str, Contract], box: Box) -> None:
    """Prevents a type from changing on the day of an extract's first delivery."""
    contract = contracts["education/students"]
    box.one("education/students_20261123.csv", many_students(1))
    filled = duckdb.sql(raw_view_sql(contract, box.in_force("education/students", "2026-11-23"), box.home))
    empty = duckdb.sql(raw_view_sql(contract, [], box.home))
    assert (filled.columns, filled.types) == (empty.columns, empty.types)


def test_odd_home(contracts: dict[str, Contract], box: Box) -> None:
    """Prevents a home whose name DuckDB reads as a pattern or as SQL from showing other files."""
    box.home = box.home.parent / "it's [ab] *?"
    box.one("education/students_20261123.csv", many_students(2))
    view = raw_view_sql(
        contracts["education/students"], box.in_force("education/students", "2026-11-23"), box.home
    )
    assert len(duckdb.sql(view).fetchall()) == 2
