"""Who may import whom, and what must wait until it is needed."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest

from tests.conventions.source_tree import ROOMS, ROOT, Module, imports, modules, report

MAY_IMPORT = {
    "ingest": {"ingest"},
    "linkage": {"linkage"},
    "expectations": {"expectations"},
    "orchestration": set(ROOMS),
}

# What judges and what draws pages.
GREAT_EXPECTATIONS = ("expectations/run.py", "expectations/data_docs/render.py")

# Seconds each, measured: great_expectations 4-10, dbt 4-6, dagster_dbt 3, splink 2, pypinyin 1.
SLOW = ("great_expectations", "dagster_dbt", "dbt", "splink", "pypinyin")

# dbt loads it, nobody else.
PLUGIN_OF_DBT = "orchestration/dbt_encryption.py"

# What the command line must not load before it knows which verb was asked for.
NOT_AT_START = (*SLOW, "dagster", "pandas", "pyarrow", "xlsxwriter")


def _outside_functions(module: Module) -> list[ast.stmt]:
    """Statements that run when the module is imported (a block under TYPE_CHECKING does not)."""
    found: list[ast.stmt] = []
    waiting: list[ast.stmt] = list(module.tree.body)
    while waiting:
        statement = waiting.pop()
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if isinstance(statement, ast.If) and "TYPE_CHECKING" in ast.unparse(statement.test):
            continue
        found.append(statement)
        for field in ("body", "orelse", "finalbody"):
            waiting.extend(getattr(statement, field, []))
        for handler in getattr(statement, "handlers", []):
            waiting.extend(handler.body)
    return found


@pytest.mark.parametrize("room", ROOMS)
def test_rooms_import_one_way(room: str) -> None:
    """Prevents rooms that cannot be read, tested or replaced without each other."""
    problems = [
        f"{module.at(node)} imports {name}"
        for module in modules(room)
        for node, name in imports(module.tree)
        if name.split(".")[0] in ROOMS and name.split(".")[0] not in MAY_IMPORT[room]
    ]
    assert not problems, report(
        problems,
        f"{room} knows only itself. Rooms meet in the tables of docs/architecture.md: read the other room's table, "
        "or let orchestration/ call both and hand the value over.",
    )


@pytest.mark.parametrize("room", ["ingest", "linkage", "expectations"])
def test_only_orchestration_knows_dagster(room: str) -> None:
    """Prevents domain code that can run only inside the orchestrator."""
    problems = [
        f"{module.at(node)} imports {name}"
        for module in modules(room)
        for node, name in imports(module.tree)
        if name.split(".")[0] in {"dagster", "dagster_dbt", "dbt", "typer", "rich"}
    ]
    assert not problems, report(
        problems,
        "Assets, checks and dbt belong in orchestration/defs/, words for the reader in orchestration/cli/.",
    )


def test_two_doors_to_great_expectations() -> None:
    """Prevents an upgrade of Great Expectations from breaking more than what judges and what draws pages."""
    problems = [
        f"{module.at(node)} imports {name}"
        for module in modules()
        for node, name in imports(module.tree)
        if name.split(".")[0] == "great_expectations" and module.path not in GREAT_EXPECTATIONS
    ]
    assert not problems, report(
        problems,
        "Great Expectations judges through expectations/run.py and draws through expectations/data_docs/render.py: call them.",
    )


def test_slow_imports_wait_for_their_function() -> None:
    """Prevents every `hulian` command from paying ten seconds for libraries that it does not use."""
    problems = [
        f"{module.at(node)} imports {name} when the module is loaded"
        for module in modules()
        for statement in _outside_functions(module)
        if isinstance(statement, ast.Import | ast.ImportFrom)
        for node, name in imports(statement)
        if name.split(".")[0] in SLOW and module.path != PLUGIN_OF_DBT
    ]
    assert not problems, report(
        problems, "Move the import into the one function that needs it (types: under TYPE_CHECKING)."
    )


def test_the_command_line_starts_light() -> None:
    """Prevents a slow start of `hulian --help`: what was loaded is counted, not the seconds, which vary by machine."""
    loaded = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, orchestration.cli.main; print(*sorted({m.split('.')[0] for m in sys.modules}))",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert loaded.returncode == 0, f"orchestration.cli.main cannot be imported:\n{loaded.stderr}"
    heavy = sorted(set(NOT_AT_START) & set(loaded.stdout.split()))
    assert not heavy, (
        f"Importing orchestration.cli.main loads {', '.join(heavy)}. Import the verb's module inside the verb's function."
    )


def test_what_is_imported_is_declared() -> None:
    """Prevents a package that only another package's dependencies bring, until one day they do not."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    development = project["optional-dependencies"]["dev"]
    declared = {"rooms": project["dependencies"], "tests": [*project["dependencies"], *development]}
    names = {
        where: {re.split(r"[<>=!\[ ;]", line)[0].lower().replace("_", "-") for line in lines}
        for where, lines in declared.items()
    }
    brought_by = packages_distributions()
    problems = []
    for where, tops in (("rooms", ROOMS), ("tests", ("tests",))):
        for module in modules(*tops):
            for node, name in imports(module.tree):
                top = name.split(".")[0]
                if top in sys.stdlib_module_names or top in {*ROOMS, "tests", "__future__"}:
                    continue
                distributions = {d.lower().replace("_", "-") for d in brought_by.get(top, [top])}
                if not distributions & names[where]:
                    problems.append(f"{module.at(node)} imports {top} ({', '.join(sorted(distributions))})")
    assert not problems, report(
        sorted(set(problems)), "Name the package in pyproject.toml (tests: under dev), then `make lock`."
    )
