"""The ledger: chained, torn lines cut off, a run that died before its entry completed."""

import json
from pathlib import Path

import pytest

from orchestration import ledger


def _body(run: str) -> dict[str, str]:
    return {"run_id": run, "run_date": "2026-11-23"}


def test_entries_are_chained(tmp_path: Path) -> None:
    """Prevents an entry that can be taken out unnoticed."""
    path = tmp_path / "ledger.jsonl"
    first = ledger.append(path, _body("a"))
    second = ledger.append(path, _body("b"))
    assert first["previous"] == ledger.GENESIS
    assert second["previous"] == first["hash"]
    assert ledger.broken_at(path) is None


@pytest.mark.parametrize(
    "spoil",
    [
        lambda lines: [lines[0].replace("2026-11-23", "2026-11-24"), *lines[1:]],
        lambda lines: [lines[0], lines[2]],
        lambda lines: [lines[1], lines[0], lines[2]],
    ],
    ids=["edited", "cut", "reordered"],
)
def test_tampering_is_found(tmp_path: Path, spoil) -> None:
    """Prevents a figure from being proven by an entry that somebody changed."""
    path = tmp_path / "ledger.jsonl"
    for run in "abc":
        ledger.append(path, _body(run))
    lines = path.read_text().splitlines()
    path.write_text("\n".join(spoil(lines)) + "\n")
    assert ledger.broken_at(path) is not None


def test_torn_last_line_is_cut_off(tmp_path: Path) -> None:
    """Prevents a run killed while writing its line from making the ledger unreadable for ever."""
    path = tmp_path / "ledger.jsonl"
    ledger.append(path, _body("a"))
    with path.open("ab") as file:
        file.write(b'{"run_id": "b", "run_')
    assert [entry["run_id"] for entry in ledger.read(path)] == ["a"]
    ledger.append(path, _body("b"))
    assert [entry["run_id"] for entry in ledger.read(path)] == ["a", "b"]
    assert ledger.broken_at(path) is None
    assert all(json.loads(line) for line in path.read_text().splitlines())


def test_published_run_without_entry_is_completed_once(tmp_path: Path) -> None:
    """Prevents a published state that no ledger entry proves, and an entry written twice."""
    path = tmp_path / "ledger.jsonl"
    ledger.complete(path, _body("a"))
    ledger.complete(path, _body("a"))
    assert [entry["run_id"] for entry in ledger.read(path)] == ["a"]
