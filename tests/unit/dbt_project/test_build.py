"""The three dbt steps on a small county, end to end, and every dbt unit test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.unit.dbt_project.county import CANARIES, rows
from tests.unit.dbt_project.warehouse import build, make_tables, run_dbt


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small county's private database after all three steps."""
    path = tmp_path_factory.mktemp("county") / "work.duckdb"
    make_tables(path, rows())
    for step in ("stage", "join", "order"):
        outcome = build(path, step)
        assert outcome.success, (step, outcome.messages)
    return path


@pytest.fixture(scope="module")
def con(database: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The built county, read-only."""
    with duckdb.connect(str(database), read_only=True) as connection:
        yield connection


def _one(con: duckdb.DuckDBPyConnection, table: str, where: str, *columns: str) -> tuple[Any, ...]:
    found = con.execute(f"select {', '.join(columns)} from {table} where {where}").fetchall()
    assert len(found) == 1, f"{table} has {len(found)} rows where {where}"
    return found[0]


def test_every_published_table_is_there_under_its_name(con: duckdb.DuckDBPyConnection) -> None:
    """Prevents a schema prefix or a renamed model from breaking readers who rely on the names."""
    tables = {
        f"{schema}.{name}"
        for schema, name in con.execute(
            "select table_schema, table_name from information_schema.tables where table_schema in ('marts', 'lineage')"
        ).fetchall()
    }
    assert tables == {
        "marts.linked_person", "marts.linked_household", "marts.household_member", "marts.village",
        "marts.policy_gap", "marts.household_clue_card", "marts.policy_result", "marts.warning_card", "marts.visit_due",
        "marts.township_scorecard", "marts.fund_progress", "marts.asset_ledger", "marts.report_figure",
        "marts.township_scorecard_period", "marts.visit_load", "marts.village_team_coverage", "marts.village_team",
        "marts.registry_household", "marts.fund_allocation", "marts.fund_source", "marts.fund_year", "marts.asset_summary",
        "marts.key_redirect", "marts.registry_rule_result", "marts.registry_rule_hit", "lineage.link_quality", "lineage.delivery", "lineage.source_record", "lineage.field_issue", "lineage.quarantined_row",
        "lineage.issue_rule", "lineage.department_issue", "lineage.department_issue_count",
    }  # fmt: skip


def test_person_carries_what_each_department_knows(con: duckdb.DuckDBPyConnection) -> None:
    """Prevents a department's fact from being lost or given to another member of the family."""
    daughter = _one(
        con, "marts.linked_person", "person_key = 'p-daughter'",
        "household_key", "age", "school_age", "is_target", "is_monitored", "registry_dibao", "registry_resident_insured",
        "on_roll", "stage", "aid_compulsory_in_term", "insured", "assisted", "township_name",
    )  # fmt: skip
    assert daughter == ("h1", 7, 7, True, True, True, True, True, "小学", True, False, False, "甲乡")
    head = _one(
        con, "marts.linked_person", "person_key = 'p-head'",
        "on_roll", "insured_resident", "schemes", "subsidy_amount", "enrolment_paid_on", "registry_dibao", "identified_month",
    )  # fmt: skip
    assert head == (False, True, 1, Decimal("190.00"), date(2025, 12, 1), False, date(2026, 1, 1))


def test_dead_person_keeps_his_rows(con: duckdb.DuckDBPyConnection) -> None:
    """Prevents a death from hiding the assistance that is still paid; last year's enrolment insures nobody."""
    dead = _one(
        con, "marts.linked_person", "person_key = 'p-dead'",
        "is_deceased", "died_on", "assisted_tekun", "assistance_categories", "insured", "self_paid_12m", "in_registry",
    )  # fmt: skip
    assert dead == (True, date(2026, 3, 1), True, "特困供养", False, Decimal("321.50"), False)


def test_household_of_the_registry(con: duckdb.DuckDBPyConnection) -> None:
    """Prevents a household's facts, card and clues from being read from another household."""
    household = _one(
        con, "marts.linked_household", "household_key = 'h1'",
        "household_no", "is_monitored", "living_members", "children_6_14", "insured", "uninsured", "worst_safety_grade",
        "unsafe_dwelling", "has_water_measure", "water_safe", "income_per_capita", "last_visit_on", "card", "next_visit_due",
        "open_gaps", "open_critical_gaps", "has_contact", "has_helper", "decided_members", "identified_on",
    )  # fmt: skip
    assert household == (
        "H1", True, 2, 1, 1, 1, "C", True, True, False, Decimal("9000.00"), date(2026, 11, 1), "red", date(2026, 11, 16),
        1, 1, True, False, 1, date(2026, 1, 31),
    )  # fmt: skip


def test_household_without_registry_takes_its_village_from_its_members(
    con: duckdb.DuckDBPyConnection,
) -> None:
    """Prevents the village name that two townships share from placing a family in the wrong one, and the wife from standing nowhere."""
    wife = _one(
        con, "marts.linked_person", "person_key = 'p-wife'", "village_code", "township_name", "assisted_tekun"
    )
    assert wife == ("519901101201", "乙镇", True)
    household = _one(
        con, "marts.linked_household", "household_key = 'h2'",
        "is_target", "members", "living_members", "assisted_tekun", "self_paid_12m", "township_name", "card",
    )  # fmt: skip
    assert household == (False, 2, 1, True, Decimal("321.50"), "乙镇", None)


def test_every_named_person_of_every_row_is_traced(con: duckdb.DuckDBPyConnection) -> None:
    """Prevents a row, a guardian or a family member from vanishing between file and person, and staff from becoming persons."""
    traced = con.execute(
        "select extract, row_number, role, person_key from lineage.source_record order by extract, row_number, role"
    ).fetchall()
    assert traced == [
        ("assistance", 2, "head", "p-dead"), ("assistance", 2, "member_1", "p-wife"),
        ("deaths", 2, "self", "p-dead"), ("deaths", 3, "self", "p-dead-long"),
        ("dwellings", 2, "head", "p-head"),
        ("enrolment", 2, "self", "p-head"), ("enrolment", 3, "self", "p-dead"),
        ("persons", 4, "self", "p-head"), ("persons", 5, "self", "p-daughter"), ("persons", 6, "self", "p-dead-long"),
        ("settlements", 2, "self", "p-dead"),
        ("student_aid", 2, "self", "p-daughter"),
        ("students", 2, "guardian1", "p-head"), ("students", 2, "self", "p-daughter"),
    ]  # fmt: skip


def test_report_and_scorecard_add_up(con: duckdb.DuckDBPyConnection) -> None:
    """Prevents a figure of the report from being shown beside another figure's claim."""
    figures = {
        name: (claimed, found, difference)
        for name, claimed, found, difference in con.execute(
            "select figure_id, claimed, found, difference from marts.report_figure"
        ).fetchall()
    }
    assert len(figures) == 30
    assert figures["lifted_out_persons"] == (3.0, 3.0, 0.0)
    assert figures["lifted_out_insured_share"] == (100.0, 50.0, -50.0)
    assert figures["lifted_out_income_per_capita"][1] == pytest.approx(9333.33)
    assert figures["linked_residents"][1] == 2.0
    scores = con.execute(
        "select township_name, linked_persons, linked_households, red_cards, open_critical_gaps, overdue_visits "
        "from marts.township_scorecard order by township_name"
    ).fetchall()
    assert scores == [("乙镇", 1, 1, 0, 0, 0), ("甲乡", 2, 1, 1, 1, 1)]


def test_query_of_every_figure_gives_what_was_found(con: duckdb.DuckDBPyConnection) -> None:
    """Prevents a figure beside a query that an auditor runs and that says something else."""
    figures = con.execute("select figure_id, query, found from marts.report_figure").fetchall()
    assert {figure: con.execute(query).fetchall() for figure, query, _ in figures} == {
        figure: [(found,)] for figure, _, found in figures
    }


def test_published_tables_hold_no_identity(con: duckdb.DuckDBPyConnection) -> None:
    """Prevents a name, a number or the raw text of a cell from reaching the file that every reader opens."""
    searched = 0
    for schema, table, column in con.execute(
        "select table_schema, table_name, column_name from information_schema.columns "
        "where table_schema in ('marts', 'lineage') and data_type = 'VARCHAR'"
    ).fetchall():
        for canary in CANARIES:
            hits = con.execute(
                f'select count(*) from {schema}.{table} where contains("{column}", ?)', [canary]
            ).fetchone()
            assert hits == (0,), f"{schema}.{table}.{column} holds an identity"
        searched += 1
    assert searched > 60


def test_dbt_leaves_no_identity_in_its_artifacts(database: Path) -> None:
    """Prevents identities from standing in dbt's target folder, which is read to report the run."""
    files = [path for path in (database.parent / "target").rglob("*") if path.is_file()]
    assert files
    for path in files:
        content = path.read_bytes()
        assert not any(canary.encode() in content for canary in CANARIES), path.name


@pytest.fixture
def copy_of_county(database: Path, tmp_path: Path) -> Path:
    """The built county in a file of its own, for tests that change it; its views name the database, so the name stays."""
    return Path(shutil.copy(database, tmp_path / database.name))


def test_a_mention_that_linking_lost_refuses_the_order_step(copy_of_county: Path) -> None:
    """Prevents a published warehouse in which a delivered person stands without a key; the message names no value."""
    with duckdb.connect(str(copy_of_county)) as connection:
        connection.execute("delete from linkage.mention_link where mention_key = 'c1:member_1'")
    outcome = run_dbt(
        copy_of_county, "build", "--select", "source_record", "--exclude-resource-type", "unit_test"
    )
    assert not outcome.success
    assert outcome.statuses["source_record"] == "error"
    assert any(
        "NOT NULL constraint failed: source_record__dbt_tmp.person_key" in message
        for message in outcome.messages
    )
    assert not any(canary in message for message in outcome.messages for canary in CANARIES)


def test_a_run_without_the_length_of_the_visit_intervals_is_refused(copy_of_county: Path) -> None:
    """Prevents visit dates that were computed with a default instead of the county's parameters."""
    outcome = run_dbt(
        copy_of_county, "run", "--select", "visit_due",
        variables={"run_date": "2026-11-23", "premium_year": 2026, "term": "2026秋"},
    )  # fmt: skip
    assert not outcome.success
    assert "visit_interval_days" in " ".join(outcome.messages)


def test_a_model_that_does_not_fit_into_memory_is_built(
    copy_of_county: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Prevents a million persons from failing in a model: spilled data are encrypted, and dbt has to be able to."""
    monkeypatch.setenv("HULIAN_DB_MEMORY_LIMIT", "32MiB")
    outcome = run_dbt(
        copy_of_county, "show", "--inline",
        "select count(*) from (select md5(i::text) as m, list(i) from range(600000) t(i) group by m)",
    )  # fmt: skip
    assert outcome.success, outcome.messages


def test_every_dbt_unit_test_passes(copy_of_county: Path) -> None:
    """Prevents a change of SQL from moving an edge of a derived fact: the unit tests beside the models are run."""
    outcome = run_dbt(copy_of_county, "test", "--select", "test_type:unit")
    assert outcome.success, "\n".join(outcome.messages)
    assert len(outcome.statuses) >= 35
