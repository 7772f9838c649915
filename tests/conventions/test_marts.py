"""What every published table promises: a contract, a Chinese label for each column, and no direct identifier."""

from typing import Any

import pytest
import yaml

from tests.conventions.source_tree import ROOT, report, repository_files

PUBLISHED = ("dbt_project/models/marts/", "dbt_project/models/lineage/")


def _models() -> list[dict[str, Any]]:
    """Every published model as its YAML declares it, with the file it stands in."""
    found = []
    for path in repository_files():
        if path.startswith(PUBLISHED) and path.endswith((".yml", ".yaml")):
            document = yaml.safe_load((ROOT / path).read_text(encoding="utf-8")) or {}
            found += [{**model, "at": f"{path} {model['name']}"} for model in document.get("models", [])]
    return found


def _direct_identifiers() -> set[str]:
    """Names of contract columns that are classified as direct, with what ingest puts beside an ID number."""
    names: set[str] = set()
    for path in repository_files():
        if path.startswith("ingest/contracts/") and path.count("/") == 3:
            contract = yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))
            for table in contract.get("schema", []):
                names |= {c["name"] for c in table["properties"] if c.get("classification") == "direct"}
    return names | {f"{name}_raw" for name in names} | {"raw_text", "raw_row", "id_raw"}


def _meta(entry: dict[str, Any]) -> dict[str, Any]:
    return {**entry.get("meta", {}), **entry.get("config", {}).get("meta", {})}


def test_every_published_model_is_declared() -> None:
    """Prevents a table that is published without anybody having said what a row of it is."""
    declared = {model["name"] for model in _models()}
    written = {
        p.rsplit("/", 1)[1].removesuffix(".sql")
        for p in repository_files()
        if p.startswith(PUBLISHED) and p.endswith(".sql")
    }
    assert written, "no published model found: have the folders of dbt_project/models/ been renamed?"
    assert written == declared, (
        f"Without YAML beside the model: {sorted(written - declared)}; without SQL: {sorted(declared - written)}"
    )
    problems = [model["at"] for model in _models() if not model.get("description")]
    assert not problems, report(
        problems, "Describe the model: what one row is, what is left out, how a tie is broken."
    )


@pytest.mark.parametrize("key", ["data_type", "description", "label_zh"])
def test_every_published_column_is_described(key: str) -> None:
    """Prevents columns that the county's readers cannot name and whose type can change unseen."""
    problems = [
        f"{model['at']}.{column['name']}"
        for model in _models()
        for column in model.get("columns", [])
        if not (_meta(column).get(key) if key == "label_zh" else column.get(key))
    ]
    assert not problems, report(
        problems, f"Give the column its {key} in the YAML beside the model (label_zh under config.meta)."
    )


def test_published_tables_hold_no_direct_identifier() -> None:
    """Prevents a name or a number of a person from standing where every tool of the county may read."""
    direct = _direct_identifiers()
    assert {"id_number", "name", "phone", "bank_account", "student_no", "certificate_no"} <= direct
    problems = [
        f"{model['at']}.{column['name']}"
        for model in _models()
        for column in model.get("columns", [])
        if column["name"] in direct
    ]
    assert not problems, report(
        problems,
        "Publish person_key instead; identities are in restricted.duckdb. A yes or no (has_contact) may be published.",
    )
