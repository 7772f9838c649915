"""Values by date, province and county, and the calendar that follows."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from expectations.documents import DocumentError, read
from expectations.parameters import ANYWHERE, Place, places_of, refuse_lone_counties, resolve

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
      - {from: 2026-09-01, to: null, province: 四川, county: 青川县, value: 9100}
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
    ("day", "place", "value"),
    [
        (date(2026, 3, 13), ANYWHERE, 8000),
        (date(2026, 3, 14), ANYWHERE, 8800),
        (date(2026, 5, 31), Place("四川"), 8800),
        (date(2026, 6, 1), Place("四川"), Decimal("9000.5")),
        (date(2026, 6, 1), Place("贵州"), 8800),
        (date(2026, 8, 31), Place("四川", "青川县"), Decimal("9000.5")),
        (date(2026, 9, 1), Place("四川", "青川县"), 9100),
        (date(2026, 9, 1), Place("四川", "剑阁县"), Decimal("9000.5")),
        (date(2026, 9, 1), Place("贵州", "青川县"), 8800),
    ],
)
def test_value_of_the_day_and_place(path: Path, day: date, place: Place, value: object) -> None:
    """Prevents last year's line, or another province's or county's, from judging a household."""
    assert resolve(day, place, path)["line"] == value


def test_county_without_province_is_refused(path: Path) -> None:
    """Prevents a county's own line from standing in the file and never being used."""
    path.write_text(FILE.replace("province: 四川, county", "province: null, county"), encoding="utf-8")
    with pytest.raises(
        DocumentError, match=r"parameters.yaml:11: line: a county's value names its province too"
    ):
        refuse_lone_counties(read(path, "parameters.schema.json"))


def test_places_of_a_file(path: Path) -> None:
    """Prevents a province's or county's gap in dates from passing the check because only the defaults were tried."""
    places = places_of(read(path, "parameters.schema.json"))
    assert places == [ANYWHERE, Place("四川"), Place("四川", "青川县")]


def test_values_are_told_by_name(path: Path) -> None:
    """Prevents a gap from being shown with another number than it was judged by."""
    parameters = resolve(date(2026, 6, 1), Place("四川"), path)
    assert parameters.told(["run_date", "term_due_on", "line"]) == "line=9000.5; term_due_on=2026-04-30"
    assert parameters.told(["run_date"]) == ""


def test_two_values_for_one_day_are_refused(path: Path) -> None:
    """Prevents an overlap from being decided by the order of lines."""
    path.write_text(FILE.replace("2026-03-13", "2026-03-20"), encoding="utf-8")
    with pytest.raises(DocumentError, match=r"parameters.yaml:7: line has 2 values on 2026-03-15"):
        resolve(date(2026, 3, 15), ANYWHERE, path)


def test_a_word_for_a_day_is_refused(path: Path) -> None:
    """Prevents a date that nobody can compare."""
    path.write_text(FILE.replace("2026-06-01", "soon"), encoding="utf-8")
    with pytest.raises(DocumentError, match=r"parameters.yaml:10: line: from is neither a date nor null"):
        resolve(date(2026, 3, 15), ANYWHERE, path)


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
