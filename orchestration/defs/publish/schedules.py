"""When the day runs: at six every morning, when new files have settled in landing, and what follows a failure."""

import hashlib
import json
import os
import time
from datetime import datetime
from zoneinfo import ZoneInfo

import dagster as dg

from orchestration.home import Home
from orchestration.partitions import TIME_ZONE, days

JOB = "daily"
_SETTLED_SECONDS = 60  # a file that changed within the last minute may still be growing

daily = dg.define_asset_job(
    JOB,
    selection=dg.AssetSelection.all(),
    partitions_def=days,
    description="One day: take in deliveries, link, ask every policy, publish.",
    tags={"dagster/max_runtime": 7200},
)


@dg.schedule(
    job=daily,
    cron_schedule="0 6 * * *",
    execution_timezone=TIME_ZONE,
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Runs the day at six every morning, county time.",
)
def every_morning(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Run the day at 06:00 county time."""
    day = context.scheduled_execution_time.astimezone(ZoneInfo(TIME_ZONE)).date().isoformat()
    return dg.RunRequest(run_key=f"morning-{day}", partition_key=day)


@dg.sensor(
    job=daily,
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Runs today again when new files have settled in landing.",
)
def landing_sensor(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Run today again when new files have settled in landing."""
    listing = _listing(Home.from_environment())
    if not listing:
        return dg.SkipReason("landing is empty")
    if max(changed for _, _, changed in listing) > time.time() - _SETTLED_SECONDS:
        return dg.SkipReason("a file in landing is still changing")
    state = hashlib.sha256(json.dumps(listing).encode()).hexdigest()
    if state == context.cursor:
        return dg.SkipReason("nothing new in landing")
    context.update_cursor(state)
    today = datetime.now(ZoneInfo(TIME_ZONE)).date().isoformat()
    return dg.RunRequest(run_key=f"landing-{today}-{state[:16]}", partition_key=today)


def _listing(home: Home) -> list[tuple[str, int, float]]:
    """Name, size and time of change of every regular file below landing, without following links."""
    found = []
    for folder, _, files in os.walk(home.landing()):
        for name in files:
            entry = os.lstat(os.path.join(folder, name))  # noqa: PTH118 os.walk gives text
            found.append((f"{folder}/{name}", entry.st_size, entry.st_mtime))
    return sorted(found)


@dg.run_failure_sensor(
    monitored_jobs=[daily],
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Keeps one line per failed run in failures.jsonl.",
)
def note_failure(context: dg.RunFailureSensorContext) -> None:
    """Keep one line per failed run where operators look; the messages carry no personal data (`failures`)."""
    home = Home.from_environment()
    line = {
        "run_id": context.dagster_run.run_id,
        "run_date": context.partition_key,
        "reason": context.failure_event.message or "",
    }
    with (home.root / "failures.jsonl").open("a") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")
