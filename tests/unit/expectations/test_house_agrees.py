"""What expectations say of other rooms' tables is what those rooms say themselves."""

import re
from pathlib import Path

import pytest
import sqlglot
import yaml

from expectations.subjects import Subject, catalogue
from expectations.suites import Suite, load_suites

ROOT = Path(__file__).parents[3]
CONTRACTS = {
    f"{path.parent.name}/{path.stem}": yaml.safe_load(path.read_text(encoding="utf-8"))["schema"][0]
    for path in sorted((ROOT / "ingest" / "contracts").glob("*/*.yaml"))
}
# Types of dbt contracts, by ours.
DBT_TYPES = {
    "text": {"string", "varchar", "text"},
    "boolean": {"boolean", "bool"},
    "integer": {"integer", "bigint", "int"},
    "date": {"date"},
    "decimal": {"decimal", "double", "numeric"},
}


def test_every_extract_is_known_and_has_a_suite() -> None:
    """Prevents an extract that no policy can need, or that nobody judges."""
    assert set(catalogue().extracts) == set(CONTRACTS)
    assert {suite.extract for suite in load_suites()} == set(CONTRACTS)


@pytest.mark.parametrize("suite", load_suites(), ids=lambda s: s.name)
def test_suite_speaks_of_columns_and_codes_of_the_contract(suite: Suite) -> None:
    """Prevents a suite that judges a column or a code the department never promised."""
    columns = {p["name"]: p for p in CONTRACTS[suite.extract]["properties"]}
    for expectation in suite.expectations:
        for name in expectation.columns:
            plain = name.removesuffix("_quality").removesuffix("_raw")
            assert plain in columns or name == "village_code"
        if expectation.kind == "code":
            promised = [code["value"] for code in columns[expectation.columns[0]]["enum"]]
            assert list(expectation.values) == promised


def _described(schema: str, model: str) -> dict[str, str | None]:
    """Column names of a dbt model, with types where its contract states them."""
    folder = ROOT / "dbt_project" / "models" / schema
    (sql,) = folder.rglob(f"{model}.sql")
    plain = re.sub(
        r"\{#.*?#\}|\{%.*?%\}", "", re.sub(r"\{\{.*?\}\}", "x", sql.read_text(encoding="utf-8")), flags=re.S
    )
    columns: dict[str, str | None] = dict.fromkeys(sqlglot.parse_one(plain, dialect="duckdb").named_selects)
    for file in folder.rglob(f"{model}.yml"):
        for described in yaml.safe_load(file.read_text(encoding="utf-8"))["models"]:
            if described["name"] == model:
                columns |= {
                    c["name"]: c["data_type"] for c in described.get("columns", ()) if "data_type" in c
                }
    return columns


@pytest.mark.parametrize("subject", catalogue().subjects.values(), ids=lambda s: s.kind)
def test_subject_has_the_columns_of_its_mart(subject: Subject) -> None:
    """Prevents a policy that asks for a column under a name or type the mart does not have."""
    columns = _described(*subject.table.split("."))
    for column in subject.columns.values():
        if not column.joined:
            assert column.name in columns
            declared = columns[column.name]
            assert declared is None or declared.split("(")[0] in DBT_TYPES[column.type]
