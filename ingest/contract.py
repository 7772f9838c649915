"""The contract of an extract: what a department promised to deliver, read from its YAML file.

Here belongs the reading of `contracts/**.yaml` (Open Data Contract Standard) into frozen declarations.
How a cell of some kind is read belongs to `cells`, how a header row is found to `header`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ingest.words import fold_all, header_key

KINDS = frozenset(
    [
        "text",
        "name",
        "phone",
        "code",
        "village",
        "id_number",
        "date",
        "month",
        "money",
        "decimal",
        "int",
        "bool",
        "list",
    ]
)
MODES = frozenset({"snapshot", "append"})
_FOLDER = Path(__file__).parent / "contracts"
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster where it was built


class ContractError(ValueError):
    """A contract file breaks the standard or this project's use of it; the message names file, line and column."""


@dataclass(frozen=True)
class Column:
    """One promised column. `headers` and the keys of `codes` are folded for comparison."""

    name: str
    header: str
    headers: tuple[str, ...]
    kind: str
    required: bool = False
    codes: Mapping[str, str] | None = None
    classification: str | None = None
    derived_from: str | None = None
    pattern: str | None = None


@dataclass(frozen=True)
class Words:
    """Words that every contract shares, folded for comparison."""

    blank: frozenset[str]
    true: frozenset[str]
    false: frozenset[str]
    tick: frozenset[str]
    footer: tuple[str, ...]


@dataclass(frozen=True)
class Contract:
    """One extract's contract: its columns in order, its key, and whether a delivery is a snapshot or an addition."""

    department: str
    extract: str
    title: str
    mode: str
    columns: tuple[Column, ...]
    keys: tuple[str, ...]
    words: Words

    @property
    def key(self) -> str:
        """`department/extract`."""
        return f"{self.department}/{self.extract}"

    @property
    def raw_name(self) -> str:
        """Name of the raw view, without schema."""
        return f"raw_{self.department}__{self.extract}"

    @property
    def delivered(self) -> tuple[Column, ...]:
        """Columns that stand in the file (all but the derived ones)."""
        return tuple(column for column in self.columns if column.derived_from is None)

    def column(self, name: str) -> Column:
        """The column called `name`; KeyError if there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


@cache
def _standard() -> dict[str, Any]:
    import open_data_contract_standard

    schema = Path(open_data_contract_standard.__file__).parent / "schema.json"
    return dict(json.loads(schema.read_text(encoding="utf-8")))


def load_contracts(folder: Path | None = None) -> dict[str, Contract]:
    """All contracts under `folder` (default: those of this package), keyed `department/extract`, sorted.

    Raises ContractError, naming file, line and column, for YAML that does not parse, breaks the standard's
    schema, or uses a kind, mode or key that this project does not know.
    """
    folder = folder or _FOLDER
    shared_file = folder / "shared.yaml"
    shared = _parse(shared_file, shared_file.read_text(encoding="utf-8"))[0]
    contracts: dict[str, Contract] = {}
    for file in sorted(folder.glob("*/*.yaml")):
        contract = _load(file, shared)
        contracts[contract.key] = contract
    return contracts


def _parse(file: Path, text: str) -> tuple[dict[str, Any], yaml.Node]:
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        value = loader.construct_document(node) if node else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"{mark.line + 1}:{mark.column + 1}" if mark else "1:1"
        raise ContractError(f"{_short(file)}:{where}: {error.problem}") from None
    if not isinstance(value, dict) or node is None:
        raise ContractError(f"{_short(file)}:1:1: the file holds no mapping")
    return value, node


def _short(file: Path) -> str:
    return "/".join(file.parts[-2:])


def _where(node: yaml.Node, path: list[str | int]) -> str:
    """Line and column of the node that `path` leads to (the deepest that exists)."""
    for step in path:
        found: yaml.Node | None = None
        if isinstance(node, yaml.MappingNode):
            found = next((value for key, value in node.value if key.value == step), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            found = node.value[step]
        if found is None:
            break
        node = found
    return f"{node.start_mark.line + 1}:{node.start_mark.column + 1}"


def _load(file: Path, shared: Mapping[str, Any]) -> Contract:
    import jsonschema

    data, node = _parse(file, file.read_text(encoding="utf-8"))

    def fail(path: list[str | int], problem: str) -> ContractError:
        return ContractError(f"{_short(file)}:{_where(node, path)}: {problem}")

    validator = jsonschema.Draft201909Validator(_standard())
    for error in sorted(validator.iter_errors(data), key=lambda e: [str(step) for step in e.absolute_path]):
        raise fail(list(error.absolute_path), error.message)
    schema = data["schema"][0] if len(data.get("schema") or []) == 1 else None
    if schema is None:
        raise fail(["schema"], "a contract describes exactly one table")
    department, extract = file.parent.name, file.stem
    if data["id"] != f"{department}.{extract}" or schema["name"] != extract:
        raise fail(["id"], f"id and schema name must follow the path: {department}.{extract}")
    if department not in shared["departments"]:
        raise fail(["domain"], f"department {department} is not in shared.yaml")
    custom = {item["property"]: item["value"] for item in schema.get("customProperties", [])}
    if custom.get("deliveryMode") not in MODES:
        raise fail(["schema", 0, "customProperties"], "deliveryMode must be snapshot or append")

    columns: list[Column] = []
    owners: dict[str, str] = {}
    for index, item in enumerate(schema["properties"]):
        here: list[str | int] = ["schema", 0, "properties", index]
        if item.get("physicalType") not in KINDS:
            raise fail([*here, "physicalType"], f"unknown kind of cell; known: {', '.join(sorted(KINDS))}")
        if (item["physicalType"] == "code") and not item.get("enum"):
            raise fail(here, "a code needs its list (enum)")
        column = _column(item, shared)
        for header in column.headers if column.derived_from is None else ():
            if owners.setdefault(header, column.name) != column.name:
                raise fail(here, f"a header of {column.name} belongs to {owners[header]} too")
        columns.append(column)
    names = [column.name for column in columns]
    if len(set(names)) < len(names):
        raise fail(["schema", 0, "properties"], "a column name stands twice")
    for index, column in enumerate(columns):
        if column.derived_from is not None and column.derived_from not in names:
            raise fail(["schema", 0, "properties", index], "derived from a column that is not there")
    keyed = sorted(
        (item.get("primaryKeyPosition", 0), item["name"])
        for item in schema["properties"]
        if item.get("primaryKey")
    )
    if not keyed:
        raise fail(["schema", 0, "properties"], "a contract needs a key (primaryKey)")
    return Contract(
        department=department,
        extract=extract,
        title=schema.get("businessName") or data["name"],
        mode=custom["deliveryMode"],
        columns=tuple(columns),
        keys=tuple(name for _, name in keyed),
        words=_words(shared),
    )


def _words(shared: Mapping[str, Any]) -> Words:
    def folded(key: str) -> frozenset[str]:
        return frozenset(fold_all(word).casefold() for word in shared[key])

    return Words(
        blank=folded("blank_words"),
        true=folded("true_words") | folded("tick_words"),
        false=folded("false_words"),
        tick=folded("tick_words"),
        footer=tuple(fold_all(word) for word in shared["footer_words"]),
    )


def _column(item: Mapping[str, Any], shared: Mapping[str, Any]) -> Column:
    header = item["businessName"]
    sources = item.get("transformSourceObjects") or []
    codes: dict[str, str] | None = None
    if item.get("enum"):
        codes = {}
        for entry in item["enum"]:
            value = str(entry["value"])
            custom = {prop["property"]: prop["value"] for prop in entry.get("customProperties", [])}
            words = [value, *shared["code_synonyms"].get(value, []), *custom.get("aliases", [])]
            for word in words:
                codes.setdefault(fold_all(str(word)).casefold(), value)
    return Column(
        name=item["name"],
        header=header,
        headers=_headers(header, [entry["synonym"] for entry in item.get("synonyms", [])], shared),
        kind=item["physicalType"],
        required=bool(item.get("required")),
        codes=codes,
        classification=item.get("classification"),
        derived_from=sources[0] if sources else None,
        pattern=(item.get("logicalTypeOptions") or {}).get("pattern"),
    )


def _headers(header: str, own: list[str], shared: Mapping[str, Any]) -> tuple[str, ...]:
    """All ways to write a header, the contract's own first: its synonyms, then those of the shared groups."""
    written = [header, *own]
    for first, others in shared["header_synonyms"].items():
        group = [first, *others]
        if header in group:
            written += group
        elif first in shared["suffix_synonyms"]:
            # 成员1身份证件号 is 成员1 + a header of the group: whoever writes 成员1证件号码 means the same
            ending = max((word for word in group if header.endswith(word)), key=len, default=None)
            if ending:
                written += [header[: -len(ending)] + word for word in group]
    return tuple(dict.fromkeys(header_key(word) for word in written))
