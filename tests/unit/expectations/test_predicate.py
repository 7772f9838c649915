"""What a predicate may say, and how parameters enter it."""

from datetime import date
from decimal import Decimal

import duckdb
import pytest

from expectations.predicate import PredicateError, literal, parse_predicate

COLUMNS = frozenset({"age", "stage", "paid_on", "is_target"})
PARAMETERS = frozenset({"line", "run_date", "word"})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("agee > 3", "unknown column agee"),
        ("age > $lines", r"unknown parameter \$lines"),
        ("age > 3; DROP TABLE marts.linked_person", "exactly one expression is needed"),
        ("age > ", "not an SQL expression"),
        ("", "exactly one expression is needed"),
        ("age IN (SELECT 1)", "is not in the SQL that policies may use"),
        ("EXISTS (SELECT 1)", "is not in the SQL that policies may use"),
        ("paid_on < current_date", "CurrentDate is not in the SQL that policies may use"),
        ("paid_on < now()", "is not in the SQL that policies may use"),
        ("count(*) > 1", "is not in the SQL that policies may use"),
        ("row_number() OVER () = 1", "is not in the SQL that policies may use"),
        ("list_contains(stage, 'x')", "is not in the SQL that policies may use"),
        ("read_csv('x') = 1", "is not in the SQL that policies may use"),
        ("regexp_matches(stage, 'x')", "is not in the SQL that policies may use"),
        ("stage || 'x' = 'y'", "is not in the SQL that policies may use"),
        ("CAST(stage AS INTEGER) > 1", "Cast is not in the SQL that policies may use"),
        ("f.age > 3", "write age without a table"),
        ("SELECT 1", "is not in the SQL that policies may use"),
    ],
)
def test_refused(text: str, message: str) -> None:
    """Prevents policies that read what they must not, differ between engines, or look at the clock."""
    with pytest.raises(PredicateError, match=message):
        parse_predicate(text, COLUMNS, PARAMETERS)


def test_names_used() -> None:
    """Prevents a policy that uses something it does not state."""
    predicate = parse_predicate("coalesce(age > $line, FALSE) AND stage IN ('小学')", COLUMNS, PARAMETERS)
    assert (predicate.columns, predicate.parameters) == ({"age", "stage"}, {"line"})


def test_parameters_enter_as_typed_literals() -> None:
    """Prevents a parameter's text from becoming SQL, and an exact amount from becoming a float."""
    predicate = parse_predicate("stage = $word AND paid_on < $run_date AND age < $line", COLUMNS, PARAMETERS)
    values = {"word": "x' OR TRUE --", "run_date": date(2026, 11, 23), "line": Decimal("0.20")}
    sql = predicate.sql(values)
    assert "'x'' OR TRUE --'" in sql
    row = "SELECT 'x'' OR TRUE --' AS stage, DATE '2026-11-22' AS paid_on, 0.19 AS age"
    assert duckdb.sql(f"SELECT {sql} FROM ({row}) s").fetchone() == (True,)
    assert literal(Decimal("0.20")).sql() == "0.20"


def test_same_predicate_for_both_engines() -> None:
    """Prevents a policy that only DuckDB can be asked."""
    predicate = parse_predicate("date_diff('day', paid_on, $run_date) <= 15", COLUMNS, PARAMETERS)
    values = {"run_date": date(2026, 11, 23)}
    assert predicate.sql(values) == "DATE_DIFF('DAY', \"s\".\"paid_on\", CAST('2026-11-23' AS DATE)) <= 15"
    assert (
        predicate.sql(values, dialect="spark")
        == "DATEDIFF(DAY, `s`.`paid_on`, CAST('2026-11-23' AS DATE)) <= 15"
    )
