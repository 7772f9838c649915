"""dbt in this process: one parse, then the steps of the day chosen by tag.

dbtRunner and not a subprocess or dagster_dbt's stream: measured, a warm build here takes a third of the time. A step is
given the parsed project: left to itself dbt parses all of it again every day, because the day is one of its variables.
The manifest (models, tests, descriptions; no data) is kept in the home and made again when a model changes.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ingest.crash import crash_point
from orchestration.failures import BlockedByCheck, HulianError
from orchestration.home import Home

PROJECT = Path(__file__).parent.parent / "dbt_project"
STEPS = ("stage", "join", "order")
# Parsing needs a value for every variable; the manifest keeps none of them.
_PARSE_VARIABLES = json.dumps(
    {
        "run_date": "2000-01-01",
        "premium_year": 2000,
        "term": "2000春",
        "visit_interval_days": {"red": 1, "yellow": 1, "blue": 1},
        "visit_list_days": 1,
        "scorecard": {"periods": [], "weights": {}, "grades": []},
    },
    ensure_ascii=False,
)


class DbtFailed(HulianError):
    """A model could not be built; names the model, never dbt's message, which may quote a value."""


@dataclass(frozen=True)
class NodeResult:
    """One built model or run test."""

    unique_id: str
    resource_type: str
    status: str
    seconds: float
    failures: int
    tested_model: str | None


def manifest_path(home: Home) -> Path:
    """Where the parsed project is kept."""
    return home.dbt / "target" / "manifest.json"


def _project_files() -> list[Path]:
    return [
        path for suffix in ("*.sql", "*.yml", "*.yaml", "*.md", "*.csv") for path in PROJECT.rglob(suffix)
    ]


def load_manifest(home: Home) -> dict[str, Any]:
    """The parsed project; parses anew when any of its files, or dbt itself, is not the one that was parsed."""
    path = manifest_path(home)
    document: dict[str, Any] | None = None
    # dbt writes manifest.json after every step, the other file only when it parses
    parsed = _parsed_path(home)
    youngest = max(file.stat().st_mtime for file in _project_files())
    if path.exists() and parsed.exists() and parsed.stat().st_mtime >= youngest:
        document = json.loads(path.read_text())
    if document is None or document["metadata"]["dbt_version"] != version("dbt-core"):
        _parse(home)
        document = json.loads(path.read_text())
    return dict(document)


@contextmanager
def parsed_meanwhile(home: Home) -> Iterator[None]:
    """Parse the project in a process of its own while the caller does something else; has ended when the body has.

    It only saves time: whether it went well is seen when the project is loaded.
    """
    parser = subprocess.Popen(  # fixed arguments, no shell
        [
            sys.executable,
            "-c",
            "from orchestration.dbt import load_manifest; from orchestration.home import Home;"
            " load_manifest(Home.from_environment())",
        ],
        env={**os.environ, "HULIAN_HOME": str(home.root)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    except BaseException:
        parser.kill()
        raise
    finally:
        parser.wait()


def _parse(home: Home) -> None:
    home.make()
    # The profile names it; parsing opens nothing, but models keep its name: that of a run's private database.
    environment = {"HULIAN_WORK_DB": str(home.dbt / "work.duckdb")}
    before = {name: os.environ.get(name) for name in environment}
    os.environ.update(environment)
    try:
        result = _runner().invoke(
            [
                "parse",
                "--no-partial-parse",
                "--vars",
                _PARSE_VARIABLES,
                *_common_flags(home, home.dbt / "logs"),
            ]
        )
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
    if not result.success:
        raise DbtFailed(f"dbt cannot parse {PROJECT}: {result.exception}")


def _parsed_path(home: Home) -> Path:
    return home.dbt / "target" / "partial_parse.msgpack"


def _parsed(home: Home) -> Any:
    """The project as dbt keeps it; read for every step, since a step writes what it compiled into it."""
    from dbt.contracts.graph.manifest import Manifest
    from dbt.parser.manifest import extended_mashumuro_decoder

    return Manifest.from_msgpack(_parsed_path(home).read_bytes(), decoder=extended_mashumuro_decoder)


def _runner(manifest: Any = None) -> Any:
    from dbt.cli.main import dbtRunner  # slow to import (4 s): only a process that builds pays for it

    return dbtRunner(manifest, callbacks=[_on_event])


def _on_event(event: Any) -> None:
    if event.info.name == "NodeFinished":
        crash_point("dbt.mid_model")


def _common_flags(home: Home, logs: Path) -> list[str]:
    return [
        "--project-dir", str(PROJECT),
        "--profiles-dir", str(PROJECT),
        "--target-path", str(home.dbt / "target"),
        "--log-path", str(logs),
        "--log-level", "none",
        "--log-level-file", "info",
        "--no-use-colors",
    ]  # fmt: skip


def build(home: Home, work_folder: Path, step: str, variables: Mapping[str, Any]) -> list[NodeResult]:
    """Build the models of one step and run their tests; a failed model or error-severity test is an error.

    The caller has set HULIAN_WORK_DB (see `environment`).
    """
    command = [
        "build", "--select", f"tag:{step}", "--exclude-resource-type", "unit_test",
        "--vars", json.dumps({key: _plain(value) for key, value in variables.items()}, ensure_ascii=False),
        *_common_flags(home, work_folder / "dbt_logs"),
    ]  # fmt: skip
    load_manifest(home)
    outcome = _runner(_parsed(home)).invoke(command)
    _close_database()
    if outcome.result is None:
        raise DbtFailed(f"dbt step {step} could not start: {type(outcome.exception).__name__}")
    results = [_node_result(result) for result in outcome.result.results]
    refused = sorted(filter(None, map(_broken_promise, outcome.result.results)))
    if refused:
        raise BlockedByCheck(f"dbt step {step}: promised to be filled and is not: {', '.join(refused)}")
    broken = sorted(result.unique_id for result in results if result.status in ("error", "runtime error"))
    if broken:
        raise DbtFailed(
            f"dbt step {step}: {', '.join(broken)} failed; details (restricted): {work_folder / 'dbt_logs'}"
        )
    failed = sorted(result.unique_id for result in results if result.status == "fail")
    if failed:
        raise BlockedByCheck(f"dbt step {step}: tests failed: {', '.join(failed)}")
    crash_point("dbt.after_build")
    return results


def _broken_promise(result: Any) -> str | None:
    """`table.column` where a row broke the contract's not_null; DuckDB names them and no value."""
    found = re.search(r"NOT NULL constraint failed: (\w+?)(?:__dbt_tmp)?\.(\w+)", str(result.message or ""))
    return f"{found[1]}.{found[2]}" if found else None


def _close_database() -> None:
    """dbt-duckdb keeps its connection for the next invocation; other steps attach the file themselves."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    DuckDBConnectionManager.close_all_connections()


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _node_result(result: Any) -> NodeResult:
    node = result.node
    attached = getattr(node, "attached_node", None)
    return NodeResult(
        unique_id=node.unique_id,
        resource_type=str(node.resource_type),
        status=str(result.status),
        seconds=float(result.execution_time),
        failures=int(result.failures or 0),
        tested_model=attached,
    )
