"""What orchestration gives the scorecard: closed periods of the last published day, fresh extracts, keys of officers."""

from collections.abc import Iterator
from datetime import date

import duckdb
import pytest

from expectations.parameters import resolve
from orchestration import contacts, scorecard


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A run's database with yesterday's warehouse attached as `previous`."""
    with duckdb.connect() as connection:
        connection.execute(
            "create schema policies; create schema intermediate; attach ':memory:' as previous"
        )
        connection.execute("create schema previous.marts")
        yield connection


def _publish(con: duckdb.DuckDBPyConnection, *periods: tuple[str, str, str]) -> None:
    """Yesterday's periods: kind, start, as of."""
    scorecard.write_earlier(con, None, date(2026, 11, 23))
    con.execute(
        "create or replace table previous.marts.township_scorecard_period as"
        " select *, false as is_closed from policies.earlier_scorecard"
    )
    for kind, start, as_of in periods:
        con.execute(
            "insert into previous.marts.township_scorecard_period by name"
            " select ? as period_kind, ?::date as period_start, ?::date as as_of, '甲乡' as township_name, 71.5 as score",
            [kind, start, as_of],
        )


def _kept(con: duckdb.DuckDBPyConnection, run_date: date) -> list[tuple[str, str]]:
    scorecard.write_earlier(con, "previous", run_date)
    return con.execute(
        "select period_kind, period_start::text from policies.earlier_scorecard order by all"
    ).fetchall()


def test_periods_that_run_are_counted_anew_and_others_kept(con: duckdb.DuckDBPyConnection) -> None:
    """Prevents yesterday's figures beside today's for one period, and the score of a closed quarter from being lost."""
    _publish(
        con, ("quarter", "2026-10-01", "2026-12-31"), ("month", "2026-12-01", "2026-12-31"),
        ("week", "2026-12-28", "2026-12-31"), ("quarter", "2026-07-01", "2026-09-29"),
    )  # fmt: skip
    assert _kept(con, date(2027, 1, 1)) == [
        ("month", "2026-12-01"), ("quarter", "2026-07-01"), ("quarter", "2026-10-01"),
    ]  # fmt: skip
    assert _kept(con, date(2026, 12, 31)) == [("quarter", "2026-07-01")]
    assert _kept(con, date(2026, 12, 31)) == [("quarter", "2026-07-01")], "the same day again"
    assert con.execute("select score from policies.earlier_scorecard").fetchone() == (71.5,)


def test_first_day_and_a_warehouse_from_before_have_no_periods(con: duckdb.DuckDBPyConnection) -> None:
    """Prevents an upgrade from ending at a table that yesterday's version did not publish."""
    scorecard.write_earlier(con, None, date(2026, 11, 23))
    assert _kept(con, date(2026, 11, 23)) == []


def test_stale_extracts_that_policies_need_are_told(con: duckdb.DuckDBPyConnection) -> None:
    """Prevents an extract that nobody needs from costing a township points."""
    parameters = resolve(date(2026, 11, 23))
    newest = {
        "registry/visits": date(2026, 11, 1),
        "education/students": date(2026, 11, 20),
        "registry/migrant_work": None,
    }
    stale = {"registry/visits", "registry/migrant_work"}
    scorecard.write_freshness(con, newest, stale, {"registry/visits", "education/students"}, parameters)
    assert con.execute("select * from policies.extract_freshness order by extract").fetchall() == [
        ("education/students", date(2026, 11, 20), 40, False), ("registry/visits", date(2026, 11, 1), 10, True),
    ]  # fmt: skip


def test_officer_is_a_name_within_a_township(con: duckdb.DuckDBPyConnection) -> None:
    """Prevents two officers of one name in two townships from sharing a list, and a name from standing in its key."""
    con.execute("""
        create table intermediate.int_household__contact as select * from (values
            ('H1', '甲乡', '测试一', '乡长', '10900000001', '测试二'), ('H2', '乙镇', '测试一', null, null, '测试一'),
            ('H3', '甲乡', null, null, null, null)
        ) t(household_no, township_name, contact_name, contact_title, contact_phone, helper_name)
    """)
    contacts.write_keys(con, b"secret")
    first, second, third = con.execute(
        "select * from policies.household_contact order by household_no"
    ).fetchall()
    assert first[1] != second[1]
    assert second[1] == second[2], "contact and helper in one person"
    assert third == ("H3", None, None)
    assert all(key.startswith("c") and len(key) == 21 for key in (*first[1:], *second[1:]))
    assert con.execute(
        "select name, title, phone from policies.contact where contact_key = ?", [first[1]]
    ).fetchall() == [("测试一", "乡长", "10900000001")]
    again = con.execute("select contact_key from policies.contact order by all").fetchall()
    contacts.write_keys(con, b"another secret")
    assert not {key for (key,) in again} & {
        key for (key,) in con.execute("select contact_key from policies.contact").fetchall()
    }
