"""One day through Dagster in this process: the same job that the schedule starts, in the same history."""

import os
import resource
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from orchestration.failures import HulianError
from orchestration.home import Home
from orchestration.progress import StepTiming, Watcher, watch
from orchestration.storage import history_without_syncs

_BYTES_PER_UNIT = 1024  # ru_maxrss counts KiB on Linux


@dataclass(frozen=True)
class DayOutcome:
    """How a day ended: whether it was published, why not, and what each step took."""

    published: bool
    blocked: bool
    reason: str | None
    timings: list[StepTiming]
    peak_bytes: int


def prepare_dagster(home: Home, landing: Path) -> None:
    """Make the home and tell Dagster where its storage and this home's folders are."""
    home.make()
    shutil.copyfile(Path(__file__).parent / "dagster.yaml", home.dagster / "dagster.yaml")
    os.environ |= {
        "DAGSTER_HOME": str(home.dagster),
        "HULIAN_HOME": str(home.root),
        "HULIAN_LANDING": str(landing),
    }


def run_day(home: Home, landing: Path, run_date: date, watcher: Watcher | None = None) -> DayOutcome:
    """Run one day and publish it.

    Raises nothing for a failed day: the outcome tells it. Another run writing is a failed day too.
    """
    prepare_dagster(home, landing)
    os.environ["HULIAN_RUN_DATE"] = run_date.isoformat()
    progress = watch(watcher)
    with progress.step("start Dagster and dbt"):
        import dagster as dg

        from orchestration.definitions import defs
        from orchestration.defs.publish.schedules import JOB

        job = defs().resolve_job_def(JOB)
    with history_without_syncs(), dg.DagsterInstance.from_config(str(home.dagster)) as instance:
        result = job.execute_in_process(
            instance=instance,
            partition_key=run_date.isoformat(),
            raise_on_error=False,
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            tags={"hulian/run_date": run_date.isoformat()},
        )
    reason = None if result.success else _reason(result.all_events)
    return DayOutcome(
        published=result.success,
        blocked=reason is not None and reason.blocked,
        reason=reason.text if reason else None,
        timings=progress.timings,
        peak_bytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _BYTES_PER_UNIT,
    )


@dataclass(frozen=True)
class _Reason:
    text: str
    blocked: bool


def _reason(events: Sequence[Any]) -> _Reason:
    """The first failure's own sentence, and whether a check asked for it."""
    for event in events:
        if event.is_step_failure:
            return _from_error(event.step_failure_data.error)
        if event.is_failure:
            error = getattr(event.event_specific_data, "error", None)
            if error:
                return _from_error(error)
    return _Reason("the run failed before its first step", blocked=False)


def _from_error(error: Any) -> _Reason:
    """Walk to the cause that our own code raised."""
    names = {kind.__name__ for kind in _all_kinds(HulianError)}
    cause = error
    while cause is not None:
        if cause.cls_name in names:
            text = cause.message.split(": ", 1)[-1].strip()
            return _Reason(text, blocked=cause.cls_name in ("BlockedByCheck", "DagsterAssetCheckFailedError"))
        if cause.cls_name == "DagsterAssetCheckFailedError":
            return _Reason("a blocking check failed", blocked=True)
        cause = cause.cause
    return _Reason(f"failed with {error.cls_name}", blocked=False)


def _all_kinds(kind: type) -> set[type]:
    return {kind}.union(*(_all_kinds(sub) for sub in kind.__subclasses__()))
