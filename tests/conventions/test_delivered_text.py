"""Text that a department delivered is data: it names no path, no table and no pattern, and is not printed.

A delivered file name can hold a quote, a slash or a star. The same holds for headers and cells.
"""

import ast
from collections.abc import Iterator

from tests.conventions.source_tree import dotted, modules, report

# Names under which delivered text travels through the code.
DELIVERED = {
    "file_name",
    "original_name",
    "delivered_name",
    "raw_text",
    "raw_row",
    "header",
    "headers",
    "cell",
    "cells",
    "reason",
}
RUNS_SQL = {"execute", "executemany", "sql", "query", "from_query"}
JOINS_PATHS = {"joinpath", "with_name", "with_stem", "with_suffix", "glob", "rglob"}


def _names(node: ast.AST) -> Iterator[str]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name):
            yield inner.id
        elif isinstance(inner, ast.Attribute):
            yield inner.attr


def _woven_in(node: ast.expr) -> Iterator[ast.AST]:
    """The parts of a text that come from elsewhere: of an f-string, a concatenation, `%` or `.format`."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.FormattedValue):
            yield inner.value
        elif isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Add | ast.Mod):
            yield inner.left
            yield inner.right
        elif isinstance(inner, ast.Call) and dotted(inner.func).endswith("format"):
            yield from inner.args
            yield from (keyword.value for keyword in inner.keywords)


def test_no_sql_is_woven_from_delivered_text() -> None:
    """Prevents a file named `x'); drop table …` from being run."""
    problems = [
        f"{module.at(node)} weaves {name} into SQL"
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in RUNS_SQL
        and node.args
        for part in _woven_in(node.args[0])
        for name in _names(part)
        if name in DELIVERED
    ]
    assert not problems, report(
        problems,
        "Pass delivered text as a parameter (`execute(sql, [value])`); tables and files go by delivery_id, which we make.",
    )


def test_no_path_is_made_from_delivered_text() -> None:
    """Prevents a delivered name such as `../../published/current` from choosing where something is written."""
    problems = []
    for module in modules():
        for node in ast.walk(module.tree):
            parts: list[ast.expr] = []
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
                parts = [node.right]
            elif (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in JOINS_PATHS
            ):
                parts = node.args
            problems += [
                f"{module.at(node)} makes a path of {name}"
                for part in parts
                for name in _names(part)
                if name in DELIVERED
            ]
    assert not problems, report(
        problems,
        "Files go by their hash (archive/<sha256>) or their delivery_id; the delivered name is kept as a fact in delivery.json.",
    )


def test_only_the_command_line_prints() -> None:
    """Prevents values on a terminal or in a log that nobody decided to show."""
    problems = [
        module.at(node)
        for module in modules()
        if not module.path.startswith("orchestration/cli/")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and dotted(node.func) in {"print", "sys.stdout.write", "sys.stderr.write", "pprint"}
    ]
    assert not problems, report(
        problems, "Return the fact; orchestration/cli/ says it, with words from messages.yaml."
    )
