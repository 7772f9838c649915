"""Values by date and province, and the calendar that follows."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from expectations.documents import DocumentError
from expectations.parameters import resolve

FILE = """
parameters:
  line:
    unit: yuan
    description: {zh: 线, en: line}
    source: test
    values:
      - {from: null, to: 2026-03-13, province: null, value: 8000}
      - {from: 2026-03-14, to: null, province: null, value: 8800}
      - {from: 2026-06-01, to: null, province: 四川, value: 9000.50}
  stale_after_days: {unit: d, description: {zh: 时, en: t}, source: t, values: [{from: null, to: null, province: null, value: {default: 40}}]}
  renovation_repeat_years: {unit: y, description: {zh: 年, en: y}, source: t, values: [{from: null, to: null, province: null, value: 10}]}
  premium_year_from: {unit: d, description: {zh: 时, en: t}, source: t, values: [{from: null, to: null, province: null, value: "03-01"}]}
  term_from: {unit: d, description: {zh: 时, en: t}, source: t, values: [{from: null, to: null, province: null, value: {春: "03-01", 秋: "09-01"}}]}
  term_payment_due: {unit: d, description: {zh: 时, en: t}, source: t, values: [{from: null, to: null, province: null, value: {春: "04-30", 秋: "10-31"}}]}
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "parameters.yaml"
    file.write_text(FILE, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("day", "province", "value"),
    [
        (date(2026, 3, 13), None, 8000),
        (date(2026, 3, 14), None, 8800),
        (date(2026, 5, 31), "四川", 8800),
        (date(2026, 6, 1), "四川", Decimal("9000.5")),
        (date(2026, 6, 1), "贵州", 8800),
    ],
)
def test_value_of_the_day_and_province(path: Path, day: date, province: str | None, value: object) -> None:
    """Prevents last year's line, or another province's, from judging a household."""
    assert resolve(day, province, path)["line"] == value


def test_two_values_for_one_day_are_refused(path: Path) -> None:
    """Prevents an overlap from being decided by the order of lines."""
    path.write_text(FILE.replace("2026-03-13", "2026-03-20"), encoding="utf-8")
    with pytest.raises(DocumentError, match=r"parameters.yaml:7: line has 2 values on 2026-03-15"):
        resolve(date(2026, 3, 15), None, path)


def test_a_word_for_a_day_is_refused(path: Path) -> None:
    """Prevents a date that nobody can compare."""
    path.write_text(FILE.replace("2026-06-01", "soon"), encoding="utf-8")
    with pytest.raises(DocumentError, match=r"parameters.yaml:10: line: from is neither a date nor null"):
        resolve(date(2026, 3, 15), None, path)


@pytest.mark.parametrize(
    ("day", "premium_year", "term", "due"),
    [
        (date(2026, 1, 1), 2025, "2025秋", date(2025, 10, 31)),
        (date(2026, 2, 28), 2025, "2025秋", date(2025, 10, 31)),
        (date(2026, 3, 1), 2026, "2026春", date(2026, 4, 30)),
        (date(2026, 8, 31), 2026, "2026春", date(2026, 4, 30)),
        (date(2026, 9, 1), 2026, "2026秋", date(2026, 10, 31)),
        (date(2024, 2, 29), 2023, "2023秋", date(2023, 10, 31)),
    ],
)
def test_calendar(day: date, premium_year: int, term: str, due: date) -> None:
    """Prevents a term or premium year that changes on the wrong day."""
    parameters = resolve(day)
    assert (parameters["premium_year"], parameters["term"]) == (premium_year, term)
    assert parameters["term_due_on"] == due
    assert parameters["premium_year_start"] == date(premium_year, 1, 1)


def test_defaults_of_the_catalogue() -> None:
    """Prevents a default from drifting away from the catalogue without anybody noticing."""
    parameters = resolve(date(2026, 11, 23))
    wanted = {"monitoring_line": 8800, "dibao_line": 6600, "rural_income_per_capita": 22000}
    wanted |= {
        "high_cost_target": 5000,
        "high_cost_other": 20000,
        "compulsory_age_from": 6,
        "compulsory_age_to": 14,
    }
    wanted |= {
        "visit_interval_days_red": 15,
        "visit_interval_days_yellow": 31,
        "visit_interval_days_blue": 92,
    }
    wanted |= {"clue_to_identification_days": 15, "elimination_min_months": 6, "death_grace_days": 30}
    wanted |= {"renovation_overdue_days": 180, "medical_aid_deductible": 500, "echo_days": 30}
    assert {name: parameters[name] for name in wanted} == wanted
    assert parameters["disbursement_lag"] == Decimal("0.2")
    stale = [
        parameters.stale_after_days(e) for e in ("registry/persons", "registry/visits", "education/students")
    ]
    assert stale == [15, 10, 40]


@pytest.mark.parametrize(
    ("day", "since"),
    [(date(2026, 11, 23), date(2016, 11, 23)), (date(2028, 2, 29), date(2018, 2, 28))],
)
def test_years_looked_back_end_on_a_day_that_exists(day: date, since: date) -> None:
    """Prevents a run on a leap day from having no day ten years before."""
    assert resolve(day)["renovation_repeat_since"] == since
