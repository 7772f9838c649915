"""Answers of a review as a delivery of the data team: `landing/linkage/decisions_<day>[_N].csv`.

Keys, answers and who gave them; nothing that a department delivered. How such a file is written: `own_delivery`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from orchestration.cli.own_delivery import headers, read_rows, rows_so_far, write_next
from orchestration.home import Home

SAME, DIFFERENT = "同一人", "不同人"
EXTRACT = "linkage/decisions"


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
    number, before = rows_so_far(home, landing, EXTRACT, day)
    columns = headers(EXTRACT)
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
        rows.append({columns[name]: value for name, value in values.items()})
    return write_next(landing, EXTRACT, day, number, rows)


def decided_pairs(landing: Path) -> set[tuple[str, str]]:
    """(mention, person) of every decision that lies in landing, taken in or not."""
    columns = headers(EXTRACT)
    record, role, person = (columns[name] for name in ("left_record_key", "left_role", "right_person_key"))
    return {
        (f"{row[record]}:{row[role]}", row[person])
        for path in sorted((landing / "linkage").glob("decisions_*.csv"))
        for row in read_rows(path.read_bytes())
    }
