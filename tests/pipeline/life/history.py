"""What the month must come to, as `history.txt` and `cards.txt` tell it, and what it came to, as a published day tells it.

Both are mappings from whom it is about to what is told of him, so that they can be compared day by day.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import duckdb

from tests.pipeline.life.delivered import HERE, MONTH, YEAR, Row, table

Told = dict[tuple[str, str], Row]  # (policy, subject) or (card, household) → what is told, all as text
_BEGUN = "…"
_DATES = ("first", "last", "opened", "resolved", "exempt", "due", "since")
_GAPS = """
    select gap_id, policy_id as policy, subject_kind, subject_key, status, coalesce(reason, '') as reason,
        first_seen as first, last_seen as last, opened_on as opened, resolved_on as resolved, exempt_until as exempt, due_on as due
    from marts.policy_gap order by gap_id
"""


def expected(file: str, day: int, keys: tuple[str, str]) -> Told:
    """What a file says of one day, by its two key columns."""
    told = {}
    for row in table((HERE / file).read_text(encoding="utf-8")):
        first, _, last = row.pop("days").partition("-")
        key = (row.pop(keys[0]), row.pop(keys[1]))
        if int(first) <= day <= int(last or first):
            told[key] = {name: _date(name, text, day) for name, text in row.items()}
    return told


def _date(name: str, text: str, day: int) -> str:
    if name not in _DATES or not text:
        return text
    if text == "day":
        return str(date(YEAR, MONTH, day))
    return str(date(YEAR, MONTH, int(text))) if text.isdigit() else f"{YEAR}-{text}"


def gaps(con: duckdb.DuckDBPyConnection, names: Mapping[str, str], labels: dict[str, str]) -> Told:
    """The published gaps by policy and subject.

    A subject is called by its person's name, household number, village or asset. `labels` (gap_id → subject) remembers
    how it was called when its gap was first seen: persons and households may get other keys, gaps keep their id.
    """
    called = dict(names)
    called |= con.sql("select household_key, household_no from marts.linked_household").fetchall()
    called |= con.sql("select village_code, village_name from marts.village").fetchall()
    found = con.sql(_GAPS)
    told = {}
    for values in found.fetchall():
        row = {
            name: "" if value is None else str(value)
            for name, value in zip(found.columns, values, strict=True)
        }
        gap_id, subject_key = row.pop("gap_id"), row.pop("subject_key")
        row.pop("subject_kind")
        label = labels.setdefault(gap_id, called.get(subject_key, subject_key))
        told[row.pop("policy"), label] = row
    return told


def cards(con: duckdb.DuckDBPyConnection) -> Told:
    """The published cards by household and colour."""
    rows = con.sql("""
        select h.household_no, c.card, coalesce(cast(c.since as text), '')
        from marts.warning_card c join marts.linked_household h using (household_key)
        order by all
    """).fetchall()
    return {(household, card): {"since": since} for household, card, since in rows}


def differences(day: int, wanted: Told, found: Told) -> list[str]:
    """One line for everything that is not as it must be."""
    lines = []
    for key in sorted({*wanted, *found}):
        want, have = wanted.get(key), found.get(key)
        if want is None or have is None or not all(_same(want[name], have[name]) for name in want):
            lines.append(f"day {day}: {' of '.join(key)}: expected {_short(want)}, found {_short(have)}")
    return lines


def _same(wanted: str, found: str) -> bool:
    return found.startswith(wanted.removesuffix(_BEGUN)) if wanted.endswith(_BEGUN) else found == wanted


def _short(row: Row | None) -> str:
    return "nothing" if row is None else " ".join(f"{name}={text}" for name, text in row.items() if text)
