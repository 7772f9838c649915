"""Who is visited first."""

from dataclasses import replace
from datetime import date

import duckdb
import pytest

from expectations.parameters import resolve
from expectations.ranking import FLAGS, rank, ranking_rules

DAY = date(2026, 11, 23)
GAPS = "gap_id, household_key, severity, status, opened_on, due_on, doubt, doubt_score"
# household_key → township, children under 18, over 60, disabled, able to work
HOUSEHOLDS = {
    "plain": ("甲镇", 0, 0, 0, 1), "fragile": ("甲镇", 1, 1, 0, 1), "alone": ("甲镇", 0, 1, 1, 0), "old": ("甲镇", 0, 0, 0, 1),
    "other": ("乙镇", 0, 0, 0, 1), "many": ("甲镇", 0, 0, 0, 1), "doubted": ("甲镇", 3, 3, 3, 0), "late": ("甲镇", 0, 0, 0, 1),
}  # fmt: skip
ROWS = [
    ("a1", "plain", "M", "open", "2026-11-20", None, None, None),
    ("b1", "fragile", "M", "open", "2026-11-20", None, None, None),
    ("c1", "alone", "M", "sent", "2026-11-20", "2026-12-01", None, None),
    ("d1", "old", "M", "open", "2026-10-01", None, None, None),
    ("e1", "other", "C", "unknown", "2026-11-20", None, None, None),
    ("f1", "many", "M", "open", "2026-11-20", "2026-12-09", None, None),
    ("f2", "many", "N", "open", "2026-11-10", "2026-12-08", None, None),
    ("f3", "many", "C", "open", "2026-09-10", None, "学籍里有相近的一行", 0.7),
    ("g1", "doubted", "C", "open", "2026-01-01", None, "学籍里有相近的一行", 0.9),
    ("h1", "late", "C", "confirmed", "2026-11-22", None, None, None),
    ("i1", None, "C", "open", "2026-11-20", None, None, None),
    ("k1", "plain", "C", "resolved", "2026-11-01", None, None, None),
    ("k2", "plain", "C", "refuted", "2026-11-01", None, None, None),
]


@pytest.fixture
def ranked() -> duckdb.DuckDBPyConnection:
    """Gaps and households, ranked."""
    con = duckdb.connect()
    con.execute("CREATE SCHEMA policies; CREATE SCHEMA intermediate")
    con.execute(
        "CREATE TABLE intermediate.int_household__facts (household_key VARCHAR, township_name VARCHAR, is_target BOOLEAN,"
        " children_under_18 INTEGER, elderly_60 INTEGER, disabled INTEGER, able_members INTEGER)"
    )
    con.executemany(
        "INSERT INTO intermediate.int_household__facts VALUES (?, ?, TRUE, ?, ?, ?, ?)",
        [(key, *facts) for key, facts in HOUSEHOLDS.items()],
    )
    con.execute(
        "CREATE TABLE policies.gap (gap_id VARCHAR, household_key VARCHAR, severity VARCHAR, status VARCHAR,"
        " opened_on DATE, due_on DATE, doubt VARCHAR, doubt_score DOUBLE)"
    )
    con.executemany(f"INSERT INTO policies.gap ({GAPS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", ROWS)
    rank(con, resolve(DAY))
    return con


def test_severity_certainty_number_vulnerability_days_in_this_order(ranked) -> None:
    """Prevents a family of three clues from standing below an old contradiction, and a doubtful one from standing first."""
    order = ranked.execute(
        "SELECT household_key, rank_in_township FROM policies.household_order ORDER BY rank_in_county"
    ).fetchall()
    assert order == [
        ("late", 1),  # critical and confirmed
        ("other", 1),  # critical, not to be judged today; first of its township
        ("many", 2),  # its critical clue is in doubt: two sure ones are left
        ("alone", 3),  # three points: over 60, disabled, nobody able to work
        ("fragile", 4),  # two points
        ("old", 5),  # open longer
        ("plain", 6),
        ("doubted", 7),  # nothing but a doubt, however critical, old and vulnerable
    ]


def test_a_card_counts_what_is_in_hand_and_keeps_doubt_apart(ranked) -> None:
    """Prevents closed clues from being counted, and doubtful ones from making a household critical."""
    cards = ranked.execute(
        "SELECT household_key, severity, gaps, critical_gaps, doubtful_gaps, unknown_gaps, days_open, next_due_on"
        " FROM policies.household_order WHERE household_key IN ('many', 'plain', 'other', 'doubted') ORDER BY ALL"
    ).fetchall()
    assert cards == [
        ("doubted", "C", 0, 0, 1, 0, 326, None),
        ("many", "M", 2, 0, 1, 0, 13, date(2026, 12, 8)),
        ("other", "C", 1, 1, 0, 1, 3, None),
        ("plain", "M", 1, 0, 0, 0, 3, None),
    ]
    flags = ranked.execute(
        f"SELECT {', '.join(FLAGS)}, vulnerability FROM policies.household_order WHERE household_key = 'alone'"
    ).fetchall()
    assert flags == [(False, True, True, True, 3)]


def test_clues_on_a_card_the_worst_first_and_the_doubtful_last(ranked) -> None:
    """Prevents a card that begins with a trifle, and closed clues on it."""
    places = ranked.execute(
        "SELECT gap_id, place, is_doubtful FROM policies.clue_order WHERE household_key IN ('many', 'plain') OR gap_id = 'i1' ORDER BY ALL"
    ).fetchall()
    assert places == [
        ("a1", 1, False),
        ("f1", 1, False),
        ("f2", 2, False),
        ("f3", 3, True),
        ("i1", None, False),
    ]


def test_the_order_is_data(ranked, monkeypatch) -> None:
    """Prevents an order that stands in the code and only looks as if a county could change it."""
    changed = replace(ranking_rules(), order=("days_open",))
    monkeypatch.setattr("expectations.ranking.ranking_rules", lambda: changed)
    rank(ranked, resolve(DAY))
    first = ranked.execute(
        "SELECT household_key, days_open FROM policies.household_order ORDER BY rank_in_county LIMIT 2"
    ).fetchall()
    assert first == [("old", 53), ("many", 13)]
