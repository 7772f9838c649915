"""What `hulian status` and `hulian gaps` answer, with their exit codes."""

import json
from dataclasses import replace

import pytest
from rich.console import Console

from orchestration.cli.gaps_verb import Asked, gaps
from orchestration.cli.messages import Messages
from orchestration.cli.status import read_status, render_status, status
from orchestration.home import Home


def test_every_extract_tells_how_fresh_it_is(home: Home) -> None:
    """Prevents an extract that never came, or came long ago, from passing unseen."""
    states = {
        line.extract: (line.state, line.age_days) for line in read_status(home, Messages("zh")).extracts
    }
    assert states["education/students"] == ("fresh", 3)
    assert states["registry/village_teams"] == ("stale", 52)
    assert states["medical_insurance/enrolment"] == ("missing", None)
    assert len(states) == 22


def test_refusals_runs_and_failures_are_shown(home: Home) -> None:
    """Prevents an operator from having to read logs to learn what to do."""
    (home.root / "failures.jsonl").write_text(
        json.dumps({"run_id": "run-failed", "run_date": "2026-11-21", "reason": "disk full"}) + "\n"
    )
    console = Console(record=True, width=150)
    render_status(console, read_status(home, Messages("en")), "en")
    text = console.export_text()
    assert "housing.dwellings.20261101.1.0d" in text
    assert "hulian release DELIVERY" in text
    assert "[x]表.docx" in text
    assert "disk full" in text
    assert text.index("2026-11-23") < text.index("2026-11-22"), "newest run first"


def test_a_policy_that_hardly_proves_right_is_shown_first(home: Home) -> None:
    """Prevents townships from walking for years for a rule that nobody looks at again."""
    found = read_status(home, Messages("zh"))
    assert [(line.policy_id, line.confirmed, line.checked, line.needs_review) for line in found.yields] == [
        ("MED-01", 5, 250, True), ("EDU-01", 3, 4, False),
    ]  # fmt: skip
    console = Console(record=True, width=120)
    render_status(console, found, "zh")
    text = console.export_text()
    assert [word for word in text[text.index("查实率") :].split() if word in ("2.0%", "75.0%", "偏低，请复核口径")] == [
        "2.0%", "偏低，请复核口径", "75.0%",
    ]  # fmt: skip


def test_no_yield_is_shown_before_the_first_verdict(home: Home) -> None:
    """Prevents an empty table, and a division by no verdicts."""
    without = replace(read_status(home, Messages("zh")), yields=())
    console = Console(record=True, width=120)
    render_status(console, without, "zh")
    assert "查实率" not in console.export_text()


def test_a_narrow_terminal_breaks_no_date(home: Home) -> None:
    """Prevents dates and run ids folded in two, which nobody can read or copy."""
    console = Console(record=True, width=80)
    render_status(console, read_status(home, Messages("zh")), "zh")
    text = console.export_text()
    assert "2026-11-20" in text
    assert "2026-10-02" in text


def test_machines_can_read_the_status(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Prevents JSON that is wrapped or coloured for a terminal."""
    monkeypatch.setenv("COLUMNS", "40")
    assert status(home, as_json=True, lang="zh") == 0
    document = json.loads(capsys.readouterr().out)
    assert document["run_date"] == "2026-11-23"
    assert [line["share"] for line in document["yields"]] == [0.02, 0.75]
    assert {line["state"] for line in document["extracts"]} == {"fresh", "stale", "missing"}


def test_nothing_published_is_a_failure_with_a_sentence(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    """Prevents exit code 0, or a stack trace, before the first run."""
    home.current.unlink()
    assert status(home, as_json=False, lang="zh") == 1
    assert gaps(home, Asked(), "zh") == 1
    assert capsys.readouterr().err.count("hulian demo") == 2


@pytest.mark.parametrize(
    ("township", "file_format", "output", "names", "told"),
    [
        ("丙乡", "table", None, False, "丙乡"),
        (None, "pdf", None, False, "pdf"),
        (None, "table", None, True, "--output"),
        (None, "csv", None, True, "--output"),
        (None, "table", "list.csv", False, "--format"),
    ],
)
def test_wrong_usage_is_told(
    home: Home,
    capsys: pytest.CaptureFixture[str],
    township: str | None,
    file_format: str,
    output: str | None,
    names: bool,
    told: str,
) -> None:
    """Prevents names on a terminal, and lists that are silently not what was asked for."""
    file = home.root / output if output else None
    assert gaps(home, Asked(township, file_format=file_format, output=file, names=names), "zh") == 2
    caught = capsys.readouterr()
    assert told in caught.err
    assert caught.out == ""


def test_csv_goes_to_standard_output_without_names(
    home: Home, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    """Prevents identities in a pipe."""
    assert gaps(home, Asked("甲乡", file_format="csv"), "zh") == 0
    text = capsysbinary.readouterr().out.decode("utf-8-sig")
    assert text.count("\r\n") == 5
    assert "王" not in text


def test_a_workbook_with_names_is_written_privately(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    """Prevents the command from announcing a file that it did not write, or wrote for everybody."""
    file = home.root / "list.xlsx"
    assert gaps(home, Asked(file_format="xlsx", output=file, names=True), "zh") == 0
    assert file.stat().st_mode & 0o777 == 0o600
    assert str(file) in capsys.readouterr().out.replace("\n", "")
