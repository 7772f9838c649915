"""Answers of a review as a delivery of the data team: `landing/linkage/decisions_<day>[_N].csv`.

Keys, answers and who gave them; nothing that a department delivered. A later number of a day replaces the earlier ones
whole (that is how append extracts are corrected), so every file carries the day's answers before it.
"""

import csv
import io
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ingest.contract import load_contracts
from ingest.register import load_deliveries
from orchestration.durable import fsync_file, fsync_folder
from orchestration.home import PRIVATE_FILE, Home

SAME, DIFFERENT = "同一人", "不同人"
EXTRACT = "linkage/decisions"
_NAME = re.compile(r"decisions_(\d{8})(?:_(\d+))?\.csv")


@dataclass(frozen=True)
class Decision:
    """One answer: the mention and the person are the same, or not."""

    left_record_key: str
    left_role: str
    right_person_key: str
    decision: str
    purpose: str
    match_method: str
    match_score: float | None


def write_decisions(home: Home, landing: Path, day: date, by: str, decisions: Sequence[Decision]) -> Path:
    """Write the day's next decisions file and return its path; nothing is seen of it before it is whole.

    `by` is who decided. The file holds the day's earlier decisions too.
    """
    folder = landing / "linkage"
    folder.mkdir(parents=True, exist_ok=True)
    number, before = _latest(home, folder, day)
    columns = {column.name: column.header for column in load_contracts()[EXTRACT].delivered}
    rows = [*before]
    for position, decision in enumerate(decisions, start=len(before) + 1):
        values = {
            "decision_no": f"{day:%Y%m%d}-{position:05d}",
            "left_record_key": decision.left_record_key,
            "left_role": decision.left_role,
            "right_person_key": decision.right_person_key,
            "decision": decision.decision,
            "decided_on": day.isoformat(),
            "decided_by": by,
            "purpose": decision.purpose,
            "match_method": decision.match_method,
            "match_score": "" if decision.match_score is None else f"{decision.match_score:.6f}",
        }
        rows.append({header: values.get(name, "") for name, header in columns.items()})
    suffix = f"_{number + 1}" if number else ""
    return _write_whole(folder / f"decisions_{day:%Y%m%d}{suffix}.csv", list(columns.values()), rows)


def decided_pairs(landing: Path) -> set[tuple[str, str]]:
    """(mention, person) of every decision that lies in landing, taken in or not."""
    columns = {column.name: column.header for column in load_contracts()[EXTRACT].delivered}
    record, role, person = (columns[name] for name in ("left_record_key", "left_role", "right_person_key"))
    return {
        (f"{row[record]}:{row[role]}", row[person])
        for path in sorted((landing / "linkage").glob("decisions_*.csv"))
        for row in _read(path.read_bytes())
    }


def _latest(home: Home, folder: Path, day: date) -> tuple[int, list[dict[str, str]]]:
    """The day's highest number so far, in landing or taken in before, and its rows; (0, []) when there is none."""
    files: dict[int, Path] = {}
    for delivery in load_deliveries(home.root):
        if delivery.key == EXTRACT and delivery.data_date == day and delivery.number:
            files[delivery.number] = home.root / "archive" / delivery.sha256
    for path in folder.iterdir():
        matched = _NAME.fullmatch(path.name)
        if matched and matched[1] == f"{day:%Y%m%d}":
            files[int(matched[2] or 1)] = path
    if not files:
        return 0, []
    number = max(files)
    return number, _read(files[number].read_bytes())


def _read(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def _write_whole(path: Path, header: list[str], rows: Iterable[dict[str, str]]) -> Path:
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE)
    with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, header)
        writer.writeheader()
        writer.writerows(rows)
    fsync_file(aside)
    aside.rename(path)
    fsync_folder(path.parent)
    return path
