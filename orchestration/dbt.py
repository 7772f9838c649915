"""dbt in this process: one parse, then the steps of the day chosen by tag.

dbtRunner and not a subprocess or dagster_dbt's stream: measured, a warm build here takes a third of the time.
The manifest (models, tests, descriptions; no data) is kept in the home and made again when a model changes.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
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
    """The parsed project; parses anew when any of its files is younger than the kept manifest."""
    path = manifest_path(home)
    if not path.exists() or path.stat().st_mtime < max(file.stat().st_mtime for file in _project_files()):
        home.make()
        os.environ.setdefault("HULIAN_WORK_DB", ":memory:")  # the profile names it; parsing opens nothing
        result = _runner().invoke(
            ["parse", "--vars", _PARSE_VARIABLES, *_common_flags(home, home.dbt / "logs")]
        )
        if not result.success:
            raise DbtFailed(f"dbt cannot parse {PROJECT}: {result.exception}")
    return dict(json.loads(path.read_text()))


@lru_cache(maxsize=1)
def _runner() -> Any:
    from dbt.cli.main import dbtRunner  # slow to import (4 s): only a process that builds pays for it

    return dbtRunner(callbacks=[_on_event])


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
    outcome = _runner().invoke(command)
    _close_database()
    if outcome.result is None:
        raise DbtFailed(f"dbt step {step} could not start: {type(outcome.exception).__name__}")
    results = [_node_result(result) for result in outcome.result.results]
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
