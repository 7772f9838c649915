"""Flags and counts of a small registry, and the same counts by Great Expectations."""

from collections.abc import Iterator
from dataclasses import astuple
from datetime import date
from typing import Any

import duckdb
import pytest

from expectations.registry_rules.ask import ask_rules
from expectations.registry_rules.judge import judge_rules, rule_disagreements
from expectations.registry_rules.page import PAGE, rule_page
from expectations.registry_rules.rule import load_rules
from expectations.registry_rules.subjects import TYPES, rule_parameters, rule_subjects

RULES = load_rules()
PARAMETERS = rule_parameters(date(2026, 11, 23))
KEYS = ("person_key", "household_key", "township_name", "village_code")


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """Every subject's table, empty."""
    with duckdb.connect() as con:
        con.execute("CREATE SCHEMA intermediate")
        for subject in rule_subjects().values():
            types = dict.fromkeys((subject.key, *KEYS), "VARCHAR")
            types |= {name: TYPES[column.type] for name, column in subject.columns.items()}
            con.execute(f"CREATE TABLE {subject.table} ({', '.join(f'{n} {t}' for n, t in types.items())})")
        yield con


def add(con: duckdb.DuckDBPyConnection, kind: str, **values: Any) -> None:
    """One row; columns left out take their default."""
    subject = rule_subjects()[kind]
    row = {name: column.default for name, column in subject.columns.items()} | values
    marks = ", ".join("?" for _ in row)
    con.execute(f"INSERT INTO {subject.table} ({', '.join(row)}) VALUES ({marks})", list(row.values()))


def add_household(con: duckdb.DuckDBPyConnection) -> None:
    """A cleared household whose child of ten is out of school; its head works away from home and has no phone."""
    place = {
        "household_no": "H1",
        "household_key": "h1",
        "township_name": "甲镇",
        "village_code": "519901100201",
    }
    add(con, "household", **place, is_on_list=True, is_cleared=True)
    add(con, "person", **place, person_no="P1", registry_key="H1/P1", person_key="p1", has_mobile_phone=False)
    add(con, "person", **place, person_no="P2", registry_key="H1/P2", person_key="p2", school_age=10, age=10)
    add(con, "migrant", **place, person_no="P1", spell_key="H1/P1/2026-03-01", person_key="p1")


def hits(con: duckdb.DuckDBPyConnection, rule_id: str) -> list[tuple[Any, ...]]:
    return con.execute(
        "SELECT subject_kind, subject_key, person_key, household_key, township_name, village_code, class, run_date"
        " FROM policies.rule_hit WHERE rule_id = ?",
        [rule_id],
    ).fetchall()


def counts(con: duckdb.DuckDBPyConnection, rule_id: str) -> tuple[Any, ...] | None:
    return con.execute(
        "SELECT applicable, flagged, evaluated, reason FROM policies.rule_result WHERE rule_id = ?", [rule_id]
    ).fetchone()


def test_flags_carry_the_registrys_numbers_and_our_keys(con: duckdb.DuckDBPyConnection) -> None:
    """Prevents a flag that no officer can find in the export, or that no work list can place."""
    add_household(con)
    ask_rules(con, PARAMETERS, {}, RULES)
    place = ("h1", "甲镇", "519901100201")
    day = date(2026, 11, 23)
    assert hits(con, "1_11_005") == [("household", "H1", None, *place, "1", day)]
    assert hits(con, "2_01_013 · 2_01_014 · 2_12_007") == [("person", "H1/P1", "p1", *place, "2", day)]
    assert hits(con, "4_12_001 · 5_01_005 (203)") == [("migrant", "H1/P1/2026-03-01", "p1", *place, "4", day)]
    assert counts(con, "1_11_005") == (1, 1, True, None)
    assert counts(con, "5_12_019 · 5_17_007") == (0, 0, True, None)


def test_members_are_counted_within_their_household(con: duckdb.DuckDBPyConnection) -> None:
    """Prevents a neighbour's child, or another household's spell of work, from counting here."""
    add_household(con)
    add(con, "household", household_no="H2", is_on_list=True, is_cleared=True)
    add(con, "person", household_no="H2", person_no="P1", registry_key="H2/P1", has_mobile_phone=False)
    ask_rules(con, PARAMETERS, {}, RULES)
    assert counts(con, "1_11_005") == (2, 1, True, None)
    assert counts(con, "2_01_013 · 2_01_014 · 2_12_007") == (1, 1, True, None)


def test_a_rule_without_its_extract_is_not_evaluated(con: duckdb.DuckDBPyConnection) -> None:
    """Prevents every working family from being flagged on the day the bureau forgets the list of migrant work."""
    add_household(con)
    add(con, "household", household_no="H3", is_on_list=True, is_monitored=True, risks=["因务工就业不稳"])
    add(con, "person", household_no="H3", person_no="P9", registry_key="H3/P9", health_status=["残疾"])
    stale = {"registry/migrant_work": "已过期", "civil_affairs/disability": "从未交付"}
    results = ask_rules(con, PARAMETERS, stale, RULES)
    assert counts(con, "5_15_014") == (0, 0, False, "registry/migrant_work: 已过期")
    assert counts(con, "5_16_008") == (0, 0, False, "civil_affairs/disability: 从未交付")
    # The certificate only closes this flag: without the extract the registry's own word stands.
    assert counts(con, "4_01_002 · 4_12_003") == (1, 1, True, None)
    assert counts(con, "1_11_005") == (1, 1, True, None)
    judged = judge_rules(con, PARAMETERS, stale, RULES)
    assert len(judged) == sum(result.evaluated for result in results) < len(RULES)
    assert rule_disagreements(con, judged) == []


def test_great_expectations_counts_the_same(con: duckdb.DuckDBPyConnection) -> None:
    """Prevents two truths, and shows that a difference is noticed and no value is kept."""
    add_household(con)
    ask_rules(con, PARAMETERS, {}, RULES)
    judged = judge_rules(con, PARAMETERS, {}, RULES)
    assert len(judged) == 141
    assert rule_disagreements(con, judged) == []
    assert not any(
        "H1" in str(value) or "甲镇" in str(value) for result in judged for value in astuple(result)
    )
    con.execute("DELETE FROM policies.rule_hit WHERE rule_id = '1_11_005'")
    assert rule_disagreements(con, judged) == [
        "1_11_005: 1 flags counted, 0 written, 1 by Great Expectations"
    ]


def test_an_empty_registry_flags_nobody(con: duckdb.DuckDBPyConnection) -> None:
    """Prevents a county without a registry delivery from ending the day."""
    results = ask_rules(con, PARAMETERS, {}, RULES)
    assert {(result.applicable, result.flagged) for result in results} == {(0, 0)}
    assert rule_disagreements(con, judge_rules(con, PARAMETERS, {}, RULES)) == []


def test_page_is_true() -> None:
    """Prevents a catalogue that people read and the pipeline no longer follows."""
    written = PAGE.read_text(encoding="utf-8")
    assert written == rule_page(RULES), "Renew it: python -m expectations.registry_rules.page"
