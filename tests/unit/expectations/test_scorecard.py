"""Periods of the scorecard at the turns of month, quarter and year, and the rules of a day."""

from datetime import date
from pathlib import Path

import pytest

from expectations import scorecard
from expectations.documents import DocumentError

FILE = Path(scorecard.__file__).with_name("scorecard.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("day", "week", "month", "quarter"),
    [
        ("2026-11-23", ("2026-11-23", "2026-11-29"), ("2026-11-01", "2026-11-30"), ("2026-10-01", "2026-12-31")),
        ("2026-12-31", ("2026-12-28", "2027-01-03"), ("2026-12-01", "2026-12-31"), ("2026-10-01", "2026-12-31")),
        ("2027-01-01", ("2026-12-28", "2027-01-03"), ("2027-01-01", "2027-01-31"), ("2027-01-01", "2027-03-31")),
        ("2028-02-29", ("2028-02-28", "2028-03-05"), ("2028-02-01", "2028-02-29"), ("2028-01-01", "2028-03-31")),
        ("2027-02-28", ("2027-02-22", "2027-02-28"), ("2027-02-01", "2027-02-28"), ("2027-01-01", "2027-03-31")),
    ],
)  # fmt: skip
def test_day_lies_in_its_periods(
    day: str, week: tuple[str, str], month: tuple[str, str], quarter: tuple[str, str]
) -> None:
    """Prevents a last day that is counted for the next quarter, and a week that is cut at the new year."""
    found = {
        period.kind: (period.start.isoformat(), period.end.isoformat())
        for period in scorecard.periods_on(date.fromisoformat(day))
    }
    assert found == {"week": week, "month": month, "quarter": quarter}


def test_only_quarters_are_graded() -> None:
    """Prevents a score for a week, which nobody is to be listed by."""
    assert {period.kind for period in scorecard.periods_on(date(2026, 11, 23)) if period.graded} == {
        "quarter"
    }


def _read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    schema = (scorecard.HERE / "scorecard.schema.json").read_text(encoding="utf-8")
    (tmp_path / "scorecard.schema.json").write_text(schema, encoding="utf-8")
    (tmp_path / "scorecard.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(scorecard, "HERE", tmp_path)
    scorecard.scorecard_document.cache_clear()


@pytest.fixture(autouse=True)
def forget() -> object:
    """Forget a test's own file."""
    yield
    scorecard.scorecard_document.cache_clear()


def test_rules_count_from_their_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Prevents new weights from scoring a day before they were decided."""
    rules = FILE[FILE.index("  - from: null") :]
    later = rules.replace("from: null", "from: 2027-01-01").replace("full_score: 100", "full_score: 120")
    _read(tmp_path, monkeypatch, FILE + later)
    assert scorecard.rules_on(date(2026, 12, 31))["full_score"] == 100
    assert scorecard.rules_on(date(2027, 1, 1))["full_score"] == 120


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        ("from: null", "from: soon", "neither a date"),
        ("grade: 良, from: 80", "grade: 良, from: 95", "best to the worst"),
        ("kind: month", "kind: week", "stands twice"),
        ("weekday: 1", "weekday: 8", "weekday"),
    ],
)
def test_mistake_is_told_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, was: str, becomes: str, told: str
) -> None:
    """Prevents grades that nobody can reach and periods that overlap."""
    assert was in FILE
    _read(tmp_path, monkeypatch, FILE.replace(was, becomes))
    with pytest.raises(DocumentError, match=told) as error:
        scorecard.rules_on(date(2026, 11, 23))
    assert "scorecard.yaml:" in str(error.value)
