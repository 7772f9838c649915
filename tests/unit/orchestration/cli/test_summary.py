"""The end of a run, as a person reads it."""

from datetime import date

import pytest
from rich.console import Console

from expectations.parameters import resolve
from orchestration.cli.layout import count
from orchestration.cli.not_asked import reasons_in_english
from orchestration.cli.summary import render_summary
from orchestration.engine import published_database
from orchestration.home import Home
from orchestration.progress import StepTiming

STEPS = [StepTiming("link", 8.0, 1_200_000), StepTiming("publish", 2.0)]


def _shown(home: Home, lang: str) -> str:
    console = Console(record=True, width=130)
    render_summary(console, home.warehouse, STEPS, 1234.0, lang)
    return console.export_text()


def _line(text: str, start: str) -> list[str]:
    return next(line.split() for line in text.splitlines() if line.strip().startswith(start))


def test_deliveries_add_up_and_refusals_are_explained(home: Home) -> None:
    """Prevents totals that mix in rows of refused files, and a refusal without its reason."""
    text = _shown(home, "zh")
    # files, accepted, superseded, rejected, held, read, loaded, quarantined, field issues
    assert _line(text, "合计") == ["合计", "5", "2", "1", "1", "1", "192", "191", "1", "2"]
    assert "[x]表.docx" in text, "a delivered name is shown as it is, brackets are no markup"
    assert "no contract claims this file" in text
    assert "不足一半" in text and "fewer than half" not in text
    assert "fewer than half" in _shown(home, "en")


def test_policies_name_their_owner_and_say_when_they_were_not_asked(home: Home) -> None:
    """Prevents a policy that could not be judged from looking like one without gaps."""
    text = _shown(home, "zh")
    assert _line(text, "MED-01") == [
        "MED-01",
        "脱贫人口监测对象未参保",
        "医保局",
        "严重",
        "400",
        "397",
        "3",
        "-",
        "5/250",
        "2%",
    ]
    assert text.count("查实率偏低") == 1, "of the policies that were checked often enough"
    assert _line(text, "EDU-01")[-2:] == ["3/4", "75%"]
    assert "未判断：registry/village_teams is 52 days old" in text
    with published_database(home.warehouse) as connection:
        assert reasons_in_english(connection, resolve(date(2026, 11, 23)), ["TEA-01"]) == {
            "TEA-01": "registry/villages: never delivered; registry/village_teams: data of 2026-10-02 is 52 days old (40 allowed)"
        }
    assert "在办疑点 7 条，今日新增 2 条，涉及 3 户" in text


def test_cards_are_counted_by_township(home: Home) -> None:
    """Prevents a township's card, overdue visit or clue from being lost or counted for another."""
    text = _shown(home, "zh")
    assert _line(text, "甲乡") == ["甲乡", "1", "-", "1", "-", "1", "4"]
    assert _line(text, "乙乡") == ["乙乡", "-", "-", "-", "1", "-", "3"]


def test_figures_stand_in_the_report_s_order_with_their_difference(home: Home) -> None:
    """Prevents a claim of 100 % from standing unchallenged beside what the data say."""
    text = _shown(home, "en")
    assert text.index("Townships") < text.index("Lifted-out persons insured")
    line = next(line for line in text.splitlines() if "Lifted-out persons insured" in line)
    assert line.split()[-6:] == ["100", "%", "99.25", "%", "-0.75", "%"]


def test_time_memory_and_the_next_step_are_told(home: Home) -> None:
    """Prevents a summary after which the reader does not know what to type."""
    text = _shown(home, "en")
    assert "10.0 s in all, peak memory 1,234 MiB" in text
    assert "hulian gaps --township 甲乡 --format xlsx" in text, "the township with most clues is the example"
    assert str(home.warehouse) in text, "on one line, to be copied"


def test_steps_are_named_in_the_reader_s_language(home: Home) -> None:
    """Prevents a step that has no Chinese name yet from vanishing, and an extract from losing its name."""
    console = Console(record=True, width=130)
    steps = [
        StepTiming("read education/students", 1.0),
        StepTiming("publish", 1.0),
        StepTiming("a new step", 1.0),
    ]
    render_summary(console, home.warehouse, steps, 10.0, "zh")
    text = console.export_text()
    assert "读入 education/students" in text
    assert "发布 " in text
    assert "a new step" in text


@pytest.mark.parametrize(
    ("value", "text"), [(None, "-"), (0, "0"), (1234567.0, "1,234,567"), (99.254, "99.25"), (-0.75, "-0.75")]
)
def test_numbers_are_written_as_people_write_them(value: float | None, text: str) -> None:
    """Prevents `1234567.0` and `nan` in front of people."""
    assert count(value) == text
