"""The scorecard as a leader reads it: order, sums, who is listed, the period before."""

from pathlib import Path

import duckdb
import pytest
from rich.console import Console

from orchestration.cli.messages import Messages, NothingPublished, WrongUsage
from orchestration.cli.scorecard import Scorecard, read_scorecard
from orchestration.cli.scorecard_show import county_of, notes_of, render, sheet_of

SAY = Messages("zh")
_OPEN = """
create schema marts;
create table marts.township_scorecard_period as
select kind as period_kind, start::date as period_start, ending::date as period_end, as_of::date as as_of,
    ending::date <= date '2026-11-23' as is_closed, township as township_name, critical as open_critical_gaps, 1 as open_major_gaps,
    0 as open_minor_gaps, 2 as open_gaps, 2 as new_gaps, 1 as resolved_gaps, 10 as households_with_card, overdue as overdue_visits,
    overdue / 10.0 as overdue_visit_rate, 0 as clue_clocks_passed, 0 as old_critical_gaps, checked as checked_gaps, 1 as waiting_gaps,
    checked / (checked + 1.0) as verdict_rate, 20 as extracts, 1 as stale_extracts, score, grade, in_a_row as lowest_in_a_row,
    in_a_row >= 2 as is_listed, case when in_a_row >= 2 then ending::date + 15 end as interview_due
from (values
    ('quarter', '2026-10-01', '2026-12-31', '2026-11-23', '甲乡', 3, 5, 0, 58.5, '差', 0),
    ('quarter', '2026-10-01', '2026-12-31', '2026-11-23', '乙镇', 1, 0, 1, 91.0, '优', 0),
    ('quarter', '2026-10-01', '2026-12-31', '2026-11-23', '未知', 1, 0, 0, null, null, 0),
    ('quarter', '2026-07-01', '2026-09-30', '2026-09-30', '甲乡', 5, 5, 0, 60.0, '差', 2),
    ('quarter', '2026-04-01', '2026-06-30', '2026-06-30', '丙镇', 5, 5, 0, 60.0, '差', 2),
    ('week', '2026-11-23', '2026-11-29', '2026-11-23', '乙镇', 1, 0, 1, null, null, 0),
    ('week', '2026-11-23', '2026-11-29', '2026-11-23', '甲乡', 3, 0, 1, null, null, 0)
) t(kind, start, ending, as_of, township, critical, overdue, checked, score, grade, in_a_row);
"""


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published warehouse with two quarters and a week."""
    path = tmp_path_factory.mktemp("published") / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(_OPEN)
    return path


@pytest.fixture(scope="module")
def quarter(warehouse: Path) -> Scorecard:
    """The running quarter."""
    return read_scorecard(warehouse, SAY, "quarter")


def test_best_score_first_and_the_unknown_last(quarter: Scorecard, warehouse: Path) -> None:
    """Prevents a ranking that nobody can read; a week has no score and shows the most critical clues first."""
    assert [t.township_name for t in quarter.townships] == ["乙镇", "甲乡", "未知"]
    assert [t.township_name for t in read_scorecard(warehouse, SAY, "week").townships] == ["甲乡", "乙镇"]
    assert [row[:4] for row in sheet_of(quarter, SAY).rows] == [
        ["乙镇", 1, 91.0, "优"], ["甲乡", 2, 58.5, "差"], ["未知", None, None, None], ["全县", None, None, None],
    ]  # fmt: skip


def test_only_the_last_closed_quarter_lists(quarter: Scorecard) -> None:
    """Prevents a township from being called listed for a quarter long past, or for one that still runs."""
    assert [(one.township_name, str(one.interview_due)) for one in quarter.listed] == [("甲乡", "2026-10-15")]
    assert notes_of(quarter, SAY)[0].startswith("挂牌督战：甲乡")


def test_county_adds_up_and_is_not_scored(quarter: Scorecard) -> None:
    """Prevents a county's rate that is the mean of rates."""
    county = county_of(quarter.townships, SAY)
    assert (county.open_critical_gaps, county.overdue_visits, county.score) == (5, 5, None)
    assert county.overdue_visit_rate == pytest.approx(5 / 30)
    assert county.verdict_rate == pytest.approx(1 / 4)
    assert county.critical_before is None, "not every township has a quarter before"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_card_says_what_moved_and_how_a_score_is_made(quarter: Scorecard, language: str) -> None:
    """Prevents a score without its rule, and a trend without its sign."""
    console = Console(record=True, width=160)
    render(console, quarter, Messages(language))
    text = console.export_text()
    assert "3 (-2)" in text
    assert "58.50" in text
    assert ("1 / 20" if language == "zh" else "1 of 20") in text


def test_what_is_not_there_is_told(warehouse: Path, tmp_path: Path) -> None:
    """Prevents a traceback before the first run, and an empty table for a period that is none."""
    with pytest.raises(NothingPublished):
        read_scorecard(tmp_path / "none.duckdb", SAY, "quarter")
    with pytest.raises(NothingPublished):
        read_scorecard(warehouse, SAY, "month")
    with pytest.raises(WrongUsage):
        read_scorecard(warehouse, SAY, "year")
