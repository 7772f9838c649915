"""The project's rules for SQL, held on the files themselves: what dbt does not refuse by itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from tests.unit.dbt_project.warehouse import PROJECT

MODELS = sorted((PROJECT / "models").rglob("*.sql"))
PUBLISHED = [path for path in MODELS if {"marts", "lineage"} & set(path.parts)]
CLOCKS = re.compile(
    r"\b(current_date|current_timestamp|now|today|getdate|localtimestamp|run_started_at)\b", re.IGNORECASE
)


def _name(path: Path) -> str:
    return path.stem


def _code(path: Path) -> str:
    """The SQL without its line comments."""
    return re.sub(r"--[^\n]*", "", path.read_text(encoding="utf-8"))


def test_the_project_has_models_of_every_layer() -> None:
    """Prevents the other tests of this file from passing because the folders moved and nothing was read."""
    folders = {path.relative_to(PROJECT / "models").parts[0] for path in MODELS}
    assert folders == {"staging", "intermediate", "marts", "lineage"}
    assert len(MODELS) > 50


@pytest.mark.parametrize("path", MODELS, ids=_name)
def test_model_says_its_grain_and_is_described_beside_it(path: Path) -> None:
    """Prevents a table of which nobody can tell what one row is."""
    assert path.read_text(encoding="utf-8").startswith("-- "), "begin with one sentence that states the grain"
    described = yaml.safe_load(path.with_suffix(".yml").read_text(encoding="utf-8"))["models"]
    assert [model["name"] for model in described] == [path.stem]
    assert described[0]["description"].strip()


@pytest.mark.parametrize("path", MODELS, ids=_name)
def test_model_reads_no_clock(path: Path) -> None:
    """Prevents a run of an older day from answering with today's ages and windows; use run_date()."""
    assert not CLOCKS.search(_code(path))


@pytest.mark.parametrize("path", MODELS, ids=_name)
def test_distinct_is_explained(path: Path) -> None:
    """Prevents a distinct that hides a join that multiplies rows."""
    bare = [
        line
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"\bdistinct\b", line.split("--")[0]) and "-- distinct:" not in line
    ]
    assert not bare, "say on the line why rows repeat: -- distinct: …"


@pytest.mark.parametrize("path", PUBLISHED, ids=_name)
def test_published_model_names_its_columns(path: Path) -> None:
    """Prevents a new column of a source, perhaps an identity, from reaching readers unseen."""
    last_select = _code(path).rsplit("\nselect\n", 1)[1]
    assert "*" not in last_select.split("\nfrom ")[0]


@pytest.mark.parametrize("path", PUBLISHED, ids=_name)
def test_published_model_has_a_tested_key(path: Path) -> None:
    """Prevents two rows where the description promises one; only lists of issues have no key."""
    model = yaml.safe_load(path.with_suffix(".yml").read_text(encoding="utf-8"))["models"][0]
    tests = list(model.get("data_tests", []))
    for column in model["columns"]:
        tests += column.get("data_tests", [])
    is_unique = any(test == "unique" or (isinstance(test, dict) and "unique" in test) for test in tests)
    assert is_unique or path.stem in {"field_issue", "quarantined_row", "department_issue"}


@pytest.mark.parametrize("path", PUBLISHED, ids=_name)
def test_published_model_promises_what_is_filled(path: Path) -> None:
    """Prevents a test for each column of the day, seconds in all, where the contract refuses a blank while the table is written."""
    model = yaml.safe_load(path.with_suffix(".yml").read_text(encoding="utf-8"))["models"][0]
    tested = [c["name"] for c in model["columns"] if "not_null" in c.get("data_tests", [])]
    assert not tested, "write it as constraints: [{type: not_null}]"


@pytest.mark.parametrize("path", PUBLISHED, ids=_name)
def test_published_model_marks_no_column_direct(path: Path) -> None:
    """Prevents an identity from being published because its column was marked and nobody looked."""
    model = yaml.safe_load(path.with_suffix(".yml").read_text(encoding="utf-8"))["models"][0]
    direct = [c["name"] for c in model["columns"] if c["config"]["meta"].get("pii") == "direct"]
    assert not direct


def test_every_derived_fact_has_a_unit_test() -> None:
    """Prevents a fact of a person or household whose edges nobody has written down."""
    folders = [
        PROJECT / "models" / "intermediate" / layer for layer in ("person", "household", "report", "issue")
    ]
    folders += [PROJECT / "models" / "marts" / "people"]
    untested = [
        path.stem
        for folder in folders
        for path in folder.glob("*.yml")
        if path.stem not in {"household_member", "key_redirect"}  # linking's tables as they are
        and not yaml.safe_load(path.read_text(encoding="utf-8")).get("unit_tests")
    ]
    assert not untested
