"""YAML documents read with the line of every value, so that each error can say where it stands.

Here: parsing, JSON Schema validation, the error type. Not here: what any document means.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

HERE = Path(__file__).parent

YamlPath = tuple[str | int, ...]


class DocumentError(ValueError):
    """A document of ours is wrong; the message begins with file name and line."""


@dataclass(frozen=True)
class Document:
    """Content of one YAML file and the line (from 1) of each of its values."""

    path: Path
    content: dict[str, Any]
    lines: dict[YamlPath, int]

    def line(self, where: YamlPath) -> int:
        """Line of a value; of its nearest known parent when the value itself is missing."""
        while where not in self.lines:
            where = where[:-1]
        return self.lines[where]

    def error(self, where: YamlPath, message: str) -> DocumentError:
        """An error that names file and line."""
        parts = self.path.parts
        short = "/".join(parts[parts.index("expectations") :]) if "expectations" in parts else self.path.name
        return DocumentError(f"{short}:{self.line(where)}: {message}")


def read(path: Path, schema: str | None = None) -> Document:
    """Read one YAML file, checked against a JSON Schema that stands beside this module.

    Raises:
        DocumentError: not YAML, a key twice, or against the schema; names file and line.
    """
    text = path.read_text(encoding="utf-8")
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
        content = yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise DocumentError(f"{path.name}:{line}: not YAML: {error.problem}") from error
    lines: dict[YamlPath, int] = {(): 1}
    document = Document(path, content, lines)
    if node is not None:
        _note_lines(node, (), document)
    if not isinstance(content, dict):
        raise document.error((), "the document must be a mapping")
    if schema is not None:
        worst = min(
            _validator(schema).iter_errors(content), key=lambda e: list(map(str, e.path)), default=None
        )
        if worst is not None:
            where = tuple(worst.absolute_path)
            name = ".".join(map(str, where)) or "document"
            raise document.error(where, f"{name}: {worst.message}")
    return document


def _note_lines(node: yaml.Node, where: YamlPath, document: Document) -> None:
    document.lines.setdefault(where, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            below = (*where, key.value)
            if below in document.lines:
                document.lines[below] = key.start_mark.line + 1
                raise document.error(below, f"the key {key.value} stands twice")
            document.lines[below] = key.start_mark.line + 1
            _note_lines(value, below, document)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            _note_lines(value, (*where, index), document)


@cache
def _validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((HERE / schema).read_text(encoding="utf-8")))
