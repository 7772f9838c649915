"""Great Expectations inside DuckDB: it runs, counts as we count, and keeps no value."""

import gc
import json
import socket
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from expectations import run
from expectations.ask import ask
from expectations.parameters import resolve
from expectations.policy import load_policies
from expectations.quality import disagreements, write_results
from expectations.subjects import SQL_TYPES, catalogue
from expectations.suites import Expectation, Suite

DAY = date(2026, 11, 23)
CANARY = "CANARY-金丝雀"
DELIVERY = "department VARCHAR, extract VARCHAR, data_date DATE, number INTEGER, delivery_id VARCHAR, status VARCHAR, rows_loaded BIGINT"


def expectation(kind: str, *columns: str, **more: Any) -> Expectation:
    given = {"severity": "warn", "label": "列", "values": (), "at_least": 1.0, "at_most": None} | more
    return Expectation(kind, columns=columns, **given)


SUITE = Suite(
    "education__students",
    "staging.stg_education__students",
    "education/students",
    "学籍信息",
    "School roll",
    "education",
    (
        expectation("key", "student_no", severity="error"),
        expectation("key", "student_no", "name"),
        expectation("filled", "name", at_least=0.9),
        expectation("code", "stage", values=("小学", "初中")),
        expectation("id_valid", "id_number_quality", at_least=0.5),
        expectation("place_known", "village_code", at_least=0.5),
        expectation("fresh"),
        expectation("volume", at_least=0.9, at_most=1.2),
    ),
)


@pytest.fixture
def con(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A run's file, open with settings of its own, as the daily run has it."""
    with duckdb.connect(str(tmp_path / "work.duckdb"), config={"threads": "1"}) as con:
        con.execute(
            "CREATE SCHEMA raw; CREATE SCHEMA staging; CREATE SCHEMA marts; CREATE SCHEMA intermediate"
        )
        con.execute(f"CREATE TABLE raw.delivery ({DELIVERY})")
        con.execute("""
            INSERT INTO raw.delivery VALUES
                ('education', 'students', DATE '2026-11-20', 1, 'b', 'accepted', 5),
                ('education', 'students', DATE '2026-11-21', 1, 'c', 'held', 1),
                ('education', 'students', DATE '2026-10-20', 1, 'a', 'superseded', 10),
                ('education', 'students', DATE '2026-12-20', 1, 'd', 'accepted', 99)
        """)
        con.execute(f"""
            CREATE VIEW staging.stg_education__students AS
            SELECT * FROM (VALUES
                ('s1', '甲', '小学', 'valid', 'v'), ('s1', '乙', '{CANARY}', 'damaged', 'v'), ('s3', NULL, NULL, 'absent', NULL),
                ('s4', '丁', '初中', 'valid', NULL), ('s5', '戊', '初中', 'upgraded', NULL)
            ) t(student_no, name, stage, id_number_quality, village_code)
        """)
        yield con


def by_kind(results: list[Any]) -> dict[tuple[str, str | None], tuple[Any, ...]]:
    return {
        (r.expectation, r.column_name): (r.success, r.observed_count, r.unexpected_count, r.element_count)
        for r in results
    }


def test_suite_is_judged_by_count(con: duckdb.DuckDBPyConnection) -> None:
    """Prevents an upgrade of Great Expectations, its dialect or DuckDB from breaking what works on no official source."""
    results = run.validate_suites(con, DAY, resolve(DAY), [SUITE])
    assert by_kind(results) == {
        ("key", "student_no"): (False, 5, 2, 5),
        ("key", "student_no, name"): (True, 5, 0, 5),
        ("filled", "name"): (False, 5, 1, 5),
        ("code", "stage"): (False, 5, 1, 5),
        ("id_valid", "id_number_quality"): (True, 5, 2, 5),
        ("place_known", "village_code"): (False, 5, 3, 5),
        ("fresh", None): (True, 3, None, None),
        ("volume", None): (False, 5, None, None),
    }
    filled = next(r for r in results if r.expectation == "filled")
    assert (filled.sentence_zh, filled.sentence_en) == ("列应填写(90%)", "name is filled in 90% of the rows")


def test_never_delivered_is_late_and_a_first_delivery_has_no_volume(con: duckdb.DuckDBPyConnection) -> None:
    """Prevents a silent department from counting as fresh, and a first delivery from counting as a jump."""
    con.execute("DELETE FROM raw.delivery")
    suite = replace(SUITE, expectations=SUITE.expectations[-2:])
    assert by_kind(run.validate_suites(con, DAY, resolve(DAY), [suite])) == {
        ("fresh", None): (False, None, None, None),
        ("volume", None): (True, 0, None, None),
    }


def test_tables_without_rows_are_judged(con: duckdb.DuckDBPyConnection) -> None:
    """Prevents a department that never delivered from ending the run for the others."""
    con.execute(
        "CREATE OR REPLACE VIEW staging.stg_education__students AS SELECT NULL::VARCHAR AS student_no,"
        " NULL::VARCHAR AS name, NULL::VARCHAR AS stage, NULL::VARCHAR AS id_number_quality,"
        " NULL::VARCHAR AS village_code WHERE FALSE"
    )
    suite = replace(SUITE, expectations=SUITE.expectations[:-2])
    for result in run.validate_suites(con, DAY, resolve(DAY), [suite]):
        assert (result.success, result.unexpected_count, result.element_count) == (True, 0, 0)
    for subject in catalogue().subjects.values():
        columns = ", ".join(f"{c.name} {SQL_TYPES[c.type]}" for c in subject.columns.values() if not c.joined)
        con.execute(f"CREATE TABLE {subject.table} ({columns})")
    con.execute(
        "CREATE TABLE staging.verdicts (gap_id VARCHAR, verified_on DATE, verdict VARCHAR, reason VARCHAR, exempt_until DATE)"
    )
    ask(con, DAY, resolve(DAY), {}, None, "staging.verdicts")
    assert disagreements(con, run.judge_policies(con, DAY, resolve(DAY), {})) == []


def test_results_hold_no_value(con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch) -> None:
    """Prevents delivered values from leaving through a result, ours or Great Expectations' own."""
    seen: list[str] = []
    judge = run._judge

    def spy(batch: Any, name: str, expected: Any) -> Any:
        results = judge(batch, name, expected)
        seen.extend(json.dumps(result.to_json_dict(), ensure_ascii=False) for result in results)
        return results

    monkeypatch.setattr(run, "_judge", spy)
    results = run.validate_suites(con, DAY, resolve(DAY), [SUITE])
    assert any('"unexpected_count": 1' in text for text in seen)
    assert CANARY not in "".join(seen)
    assert CANARY not in repr(results)


def test_no_network_and_nothing_left_behind(
    con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Prevents usage analytics, and files of Great Expectations outside the run's folder."""
    attempts: list[object] = []
    monkeypatch.setattr(socket.socket, "connect", lambda self, address: attempts.append(address))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: attempts.append(args) or [])
    (tmp_path / "temp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temp"))
    run.validate_suites(con, DAY, resolve(DAY), [SUITE])
    gc.collect()
    assert attempts == []
    assert list((tmp_path / "temp").iterdir()) == []


def test_what_cannot_be_evaluated_is_no_failure_of_the_data(con: duckdb.DuckDBPyConnection) -> None:
    """Prevents a missing column from passing as bad data, or an engine's message from quoting a row."""
    suite = replace(SUITE, expectations=(expectation("filled", "no_such_column"),))
    with pytest.raises(
        run.JudgementError, match=r"education__students: .* on no_such_column could not be evaluated"
    ):
        run.validate_suites(con, DAY, resolve(DAY), [suite])


def county(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        "CREATE TABLE staging.verdicts (gap_id VARCHAR, verified_on DATE, verdict VARCHAR, reason VARCHAR, exempt_until DATE)"
    )
    for subject in catalogue().subjects.values():
        columns = ", ".join(f"{c.name} {SQL_TYPES[c.type]}" for c in subject.columns.values() if not c.joined)
        con.execute(f"CREATE TABLE {subject.table} ({columns})")
    con.execute(f"""
        INSERT INTO marts.linked_person BY NAME
        SELECT 'p' || i AS person_key, 'h' || (i // 3) AS household_key, i % 90 AS school_age, i % 5 = 0 AS is_target,
            i % 7 <> 0 AS on_roll, '小学' AS stage, i % 3 <> 0 AS insured, i % 400 AS schemes,
            CASE WHEN i % 11 = 0 THEN 'conflict' ELSE 'valid' END AS identity_quality, FALSE AS is_deceased,
            '{CANARY}' AS township_name
        FROM range(3000) t(i)
    """)
    con.execute("""
        INSERT INTO intermediate.int_household__facts BY NAME
        SELECT 'h' || i AS household_key, i % 4 AS living_members, i % 2 = 0 AS is_target, i % 6 = 0 AS is_monitored,
            i % 5 <> 0 AS water_safe, DATE '2026-08-01' + CAST(i % 100 AS INTEGER) AS last_visit_on
        FROM range(1000) t(i)
    """)
    con.execute("INSERT INTO marts.village BY NAME SELECT 'v1' AS village_code, '脱贫村' AS village_kind")


def test_policies_are_judged_with_the_same_counts(con: duckdb.DuckDBPyConnection) -> None:
    """Prevents the gap rows and the judgement from meaning two things."""
    county(con)
    stale = {"housing/dwellings": "late"}
    ask(con, DAY, resolve(DAY), stale, None, "staging.verdicts")
    judged = run.judge_policies(con, DAY, resolve(DAY), stale)
    assert disagreements(con, judged) == []
    counts = {r.column_name: r.unexpected_count for r in judged}
    assert {"EDU-01", "MED-01", "MED-05", "WAT-01", "VIS-01", "TEA-01"} <= {p for p, n in counts.items() if n}
    assert set(counts) == {p.id for p in load_policies() if "housing/dwellings" not in p.needs}
    assert CANARY not in repr(judged)
    con.execute("UPDATE policies.result SET gap = gap + 1 WHERE policy_id = 'MED-01'")
    (difference,) = disagreements(con, judged)
    assert difference.startswith(
        f"MED-01: {counts['MED-01'] + 1} gaps by our pass, {counts['MED-01']} by Great"
    )


def test_results_of_other_days_are_kept(con: duckdb.DuckDBPyConnection) -> None:
    """Prevents a day run again from doubling its results, and a new day from losing the older ones."""
    results = run.validate_suites(con, DAY, resolve(DAY), [SUITE])
    con.execute("ATTACH ':memory:' AS previous; CREATE SCHEMA previous.quality")
    write_results(con, [replace(r, run_date=date(2026, 11, 22)) for r in results])
    con.execute("CREATE TABLE previous.quality.expectation_result AS FROM quality.expectation_result")
    for _ in range(2):
        write_results(con, results, "previous.quality")
        found = con.execute(
            "SELECT run_date, count(*) FROM quality.expectation_result GROUP BY ALL ORDER BY ALL"
        )
        assert found.fetchall() == [(date(2026, 11, 22), 8), (DAY, 8)]
