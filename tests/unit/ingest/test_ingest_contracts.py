"""The contract files, and what is said of a broken one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import ingest
from ingest.contract import ContractError, load_contracts

FOLDER = Path(ingest.__file__).parent / "contracts"

EXTRACTS = {
    "registry": "persons villages migrant_work visits village_teams verdicts",
    "education": "students student_aid",
    "medical_insurance": "enrolment coverage_ledger settlements",
    "civil_affairs": "assistance deaths disability",
    "housing": "dwellings renovations",
    "funds": "projects allocations disbursements assets",
    "linkage": "decisions",
    "work_list": "sent",
}
APPEND = {
    "registry/visits", "registry/verdicts", "education/student_aid", "medical_insurance/settlements",
    "civil_affairs/deaths", "funds/disbursements", "linkage/decisions", "work_list/sent",
}  # fmt: skip
DIRECT = {"id_number", "name", "phone"}


def test_every_extract_has_its_contract() -> None:
    """Prevents an extract from being unknown, or a snapshot from being read as an addition."""
    contracts = load_contracts()
    assert set(contracts) == {f"{d}/{extract}" for d, names in EXTRACTS.items() for extract in names.split()}
    assert {key for key, contract in contracts.items() if contract.mode == "append"} == APPEND


def test_identifiers_are_marked() -> None:
    """Prevents a column with an identifier from being published because nobody marked it."""
    for contract in load_contracts().values():
        for column in contract.columns:
            if column.kind in DIRECT or column.name in (
                "address",
                "bank_account",
                "student_no",
                "certificate_no",
            ):
                assert column.classification == "direct", f"{contract.key}.{column.name}"


def test_keys_are_required_or_raw() -> None:
    """Prevents a key part from being blank without anyone having decided so (only the coverage ledger's number)."""
    loose = [
        f"{contract.key}.{name}"
        for contract in load_contracts().values()
        for name in contract.keys
        if not contract.column(name).required
    ]
    assert loose == ["medical_insurance/coverage_ledger.id_number"]


BREAKS = {
    "delivery mode": (
        "deliveryMode, value: snapshot",
        "deliveryMode, value: daily",
        "deliveryMode must be snapshot or append",
    ),
    "kind": ("physicalType: village", "physicalType: hamlet", "unknown kind of cell; known: "),
    "standard": ("logicalType: integer", "logicalType: whole", "'whole' is not one of"),
    "yaml": ("schema:", "schema: [", "expected"),
    "doubled header": (
        "businessName: 总人口",
        "businessName: 总户数",
        "a header of population belongs to households too",
    ),
    "doubled name": ("name: population", "name: households", "a column name stands twice"),
    "no key": ("primaryKey: true, primaryKeyPosition: 1", "unique: true", "a contract needs a key"),
    "other id": ("id: registry.villages", "id: registry.towns", "id and schema name must follow the path"),
}


@pytest.mark.parametrize("what", BREAKS)
def test_broken_contract_is_told_with_its_place(what: str, tmp_path: Path) -> None:
    """Prevents an editor of a contract from searching for the line that is wrong."""
    old, new, told = BREAKS[what]
    folder = tmp_path / "contracts"
    shutil.copytree(FOLDER, folder)
    file = folder / "registry" / "villages.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ContractError, match=r"^registry/villages\.yaml:\d+:\d+: ") as error:
        load_contracts(folder)
    assert told in str(error.value)
