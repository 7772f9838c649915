"""What the convention tests look at: the rooms' modules as syntax trees, and every text file of the repository.

Only finding and parsing belong here; each rule and its message stand in the test that holds it.
"""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("ingest", "linkage", "expectations", "orchestration")


@dataclass(frozen=True)
class Module:
    """One Python file: its path from the root of the repository, its text and its syntax tree."""

    path: str
    text: str
    tree: ast.Module

    @property
    def room(self) -> str:
        """The top folder that the module lives in."""
        return self.path.split("/", 1)[0]

    def at(self, node: ast.AST) -> str:
        """Where a node stands, as `path:line`, for a message that an editor can follow."""
        return f"{self.path}:{getattr(node, 'lineno', 1)}"


@cache
def repository_files() -> tuple[str, ...]:
    """Paths of all files that git tracks or would track (new files count before they are added)."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    return tuple(sorted(p for p in listed.split("\0") if p and (ROOT / p).is_file()))


def parse(path: str) -> Module:
    """One module by its path from the root of the repository."""
    text = (ROOT / path).read_text(encoding="utf-8")
    return Module(path, text, ast.parse(text, filename=path))


@cache
def modules(*tops: str) -> tuple[Module, ...]:
    """All modules under the given top folders (the rooms when none is given)."""
    wanted = tops or ROOMS
    return tuple(parse(p) for p in repository_files() if p.endswith(".py") and p.split("/", 1)[0] in wanted)


def text_files() -> Iterator[tuple[str, str]]:
    """(path, text) of every file that is UTF-8 text."""
    for path in repository_files():
        try:
            yield path, (ROOT / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def imports(tree: ast.AST) -> Iterator[tuple[ast.stmt, str]]:
    """(statement, full module name) of every import below a node; `from a import b` yields `a` and `a.b`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node, alias.name
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node, node.module
            for alias in node.names:
                yield node, f"{node.module}.{alias.name}"


def dotted(node: ast.expr) -> str:
    """`a.b.c` of an attribute chain, or an empty text when the expression is something else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        base = dotted(node.value)
        return f"{base}.{node.attr}" if base else node.attr
    return ""


def report(problems: list[str], where_it_goes: str) -> str:
    """The message of a broken convention: where, and what to do instead."""
    return "\n  ".join([where_it_goes, *problems])
