"""The bench from beginning to end: a county, three runs of a day, the peers, and what all of them found.

Order and bookkeeping only: jobs run in processes of their own (`measure`), accuracy is `accuracy`.
"""

import importlib.util
import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from orchestration.bench import accuracy
from orchestration.bench.measure import JobFailed, Measured, run_command, run_job

RUN_DATE = date(2026, 11, 23)
CHANGED_SHARE = 0.01
# recordlinkage compares pairs in pandas: beyond this many mentions a run takes minutes and gigabytes.
FEW_MENTIONS = 20_000
_RECORDLINKAGE = ("recordlinkage==0.16", "pyarrow")
_LINK = "link persons and households"
_CASCADE = "Hulian"


def run_bench(
    folder: Path, persons: int, seed: int, mess: float, peers: bool, tell: Callable[[str], None]
) -> dict[str, Any]:
    """Measure one county; returns a JSON-like document. `folder` is emptied first; `tell` hears each step's name."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    home, county = folder / "home", folder / "county"
    landing, truth = county / "landing", county / "truth"
    environment = {
        "HULIAN_HOME": str(home),
        "HULIAN_KEY": "bench",
        "HULIAN_LANDING": str(landing),
        "HULIAN_KEEP_WORK": "1",
    }

    def job(name: str, label: str, /, **arguments: Any) -> Measured:
        tell(label)
        return run_job(name, folder, environment, **arguments)

    result: dict[str, Any] = {
        "persons": persons,
        "seed": seed,
        "mess": mess,
        "run_date": RUN_DATE.isoformat(),
    }
    made = job("county", "make the county", folder=str(county), persons=persons, seed=seed, run_date=RUN_DATE, mess=mess)  # fmt: skip
    first = job("day", "first day", home=str(home), landing=str(landing), run_date=RUN_DATE)
    _must_publish(first)
    warehouse = home / "published" / "warehouse.duckdb"
    result["policies"] = [
        {**asdict(one), "precision": one.precision, "recall": one.recall}
        for one in accuracy.policies(warehouse, truth)
    ]
    work = next((home / "work").glob("*/work.duckdb"))
    exported = job("export", "export mentions", work=str(work), truth=str(truth), into=str(folder), few=FEW_MENTIONS)  # fmt: skip
    again = job("day", "same day again", home=str(home), landing=str(landing), run_date=RUN_DATE)
    _must_publish(again)
    tomorrow = RUN_DATE + timedelta(days=1)
    changed = job("next_day", "change rows", landing=str(landing), run_date=tomorrow, share=CHANGED_SHARE, seed=seed)  # fmt: skip
    later = job("day", "next day", home=str(home), landing=str(landing), run_date=tomorrow)
    _must_publish(later)
    result["county"] = {"seconds": made.seconds, "rows": made.found["rows"], "peak_bytes": made.peak_bytes}
    result["mentions"] = exported.found["mentions"]
    result["days"] = [
        {"day": name, **_day(measured)}
        for name, measured in (("first", first), ("same_again", again), ("next", later))
    ]
    result["changed"] = changed.found
    result["ratios"] = _ratios(result["days"])
    result["linking"] = [_peer(job, folder, _CASCADE, "link_ours", "all")]
    if peers:
        result["linking"] += _peers(job, folder, environment, tell)
    return result


def _must_publish(day: Measured) -> None:
    if not day.found["published"]:
        raise JobFailed(f"a day of the bench was not published: {day.found['reason']}")


def _day(measured: Measured) -> dict[str, Any]:
    steps: dict[str, tuple[float, int | None]] = measured.found["steps"]
    reading = [step for name, step in steps.items() if name.startswith("read ")]
    seconds, rows = sum(s for s, _ in reading), sum(n or 0 for _, n in reading)
    return {
        "seconds": measured.seconds,
        "peak_bytes": measured.peak_bytes,
        "ingest_seconds": seconds,
        "ingest_rows": rows,
        "ingest_rows_per_second": rows / seconds if seconds else None,
        "link_seconds": steps[_LINK][0],
        "steps": {name: step[0] for name, step in steps.items()},
    }


def _ratios(days: list[dict[str, Any]]) -> dict[str, float]:
    first, again, later = days
    return {
        "same_again_to_first": again["seconds"] / first["seconds"],
        "next_to_first": later["seconds"] / first["seconds"],
        "next_linking_to_first": later["link_seconds"] / first["link_seconds"],
    }


def _peers(
    job: Callable[..., Measured], folder: Path, environment: dict[str, str], tell: Callable[[str], None]
) -> list[dict[str, Any]]:
    compared = [
        _peer(job, folder, "exact ID number", "link_exact", "all"),
        _peer(job, folder, "Splink over all mentions", "link_splink", "all"),
        _peer(job, folder, _CASCADE, "link_ours", "few"),
    ]
    tell("recordlinkage")
    return [*compared, _recordlinkage(folder, environment)]


def _peer(job: Callable[..., Measured], folder: Path, method: str, name: str, size: str) -> dict[str, Any]:
    links = folder / f"{name}_{size}.parquet"
    measured = job(
        name, f"link: {method}", mentions=str(folder / f"{size}_mentions.parquet"), links=str(links), run_date=RUN_DATE
    )  # fmt: skip
    return _linked(method, size, measured, accuracy.links(links, folder / f"{size}_truth.parquet"))


def _recordlinkage(folder: Path, environment: dict[str, str]) -> dict[str, Any]:
    """In an environment of its own, made by uv from the index that the machine uses; told when that is not possible."""
    links = folder / "recordlinkage_few.parquet"
    spec = importlib.util.find_spec("orchestration.bench.recordlinkage_peer")
    assert spec is not None and spec.origin is not None
    uv = Path(sys.executable).parent / "uv"
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    command = [str(uv), "run", "--quiet", "--isolated", "--no-project", "--python", version]
    for package in _RECORDLINKAGE:
        command += ["--with", package]
    command += ["python", spec.origin, str(folder / "few_mentions.parquet"), str(links)]
    try:
        measured = run_command("recordlinkage", command, folder, environment)
    except (JobFailed, FileNotFoundError):
        reason = "needs an environment of its own (pandas 2); it could not be made or the job failed: see recordlinkage.log"
        return {"method": "recordlinkage", "size": "few", "left_out": reason}
    return _linked("recordlinkage", "few", measured, accuracy.links(links, folder / "few_truth.parquet"))


def _linked(method: str, size: str, measured: Measured, quality: dict[str, Any]) -> dict[str, Any]:
    return {
        "method": method,
        "size": size,
        "ours": method == _CASCADE,
        "seconds": measured.seconds,
        "peak_bytes": measured.peak_bytes,
        "quality": quality,
    }
