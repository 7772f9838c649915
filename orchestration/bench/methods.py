"""Ways to link the same mentions, measured side by side: ours, the exact join, Splink with and without training, recordlinkage.

Belongs here: which jobs run on a county's exported mentions, in which order, and what is kept of them.
"""

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from orchestration.bench import accuracy
from orchestration.bench.measure import JobFailed, Measured, run_command

# recordlinkage compares pairs in pandas: beyond this many mentions a run takes minutes and gigabytes.
FEW_MENTIONS = 20_000
OURS, EXACT, SPLINK, FEATURED, RECORDLINKAGE = "ours", "exact", "splink", "featured", "recordlinkage"
_RECORDLINKAGE_PACKAGES = ("recordlinkage==0.16", "pyarrow")
_THREADS = (1, 2, 4)
# The quickest of so many turns counts: what else the machine does disturbs one of them, seldom all.
_TURNS = 2
_PERSONS_STAND = "mid_keys"  # the crash point after links and persons, before households

Job = Callable[..., Measured]


def compare(job: Job, folder: Path, run_date: Any, peers: bool) -> list[dict[str, Any]]:
    """Link the mentions of `folder` by ours and, with `peers`, by the exact join and both Splink models, in turns."""
    turns: dict[str, list[Measured]] = {}

    def run(method: str, name: str, **more: Any) -> None:
        arguments = {
            "mentions": folder / "all_mentions.parquet",
            "links": _links(folder, method, "all"),
            "run_date": run_date,
        }
        turns.setdefault(method, []).append(job(name, f"link: {method}", **arguments, **more))  # fmt: skip

    trained = None
    if peers:
        model = folder / "featured.json"
        trained = job("train_featured", "train: Splink with our features", mentions=folder / "all_mentions.parquet", model=model)  # fmt: skip
        run(EXACT, "link_exact")
    for _ in range(_TURNS if peers else 1):
        run(OURS, "link_ours")
        if peers:
            run(FEATURED, "link_featured", model=model)
            run(SPLINK, "link_splink")
    rows = [_row(folder, method, "all", measured) for method, measured in turns.items()]
    if trained:
        next(row for row in rows if row["method"] == FEATURED)["trained_seconds"] = trained.seconds
    order = (OURS, EXACT, SPLINK, FEATURED)
    return sorted(rows, key=lambda row: order.index(row["method"]))


def compare_few(job: Job, folder: Path, run_date: Any, environment: dict[str, str]) -> list[dict[str, Any]]:
    """Ours and recordlinkage on the few mentions of `folder`."""
    links = _links(folder, OURS, "few")
    ours = job("link_ours", "link: ours (few)", mentions=folder / "few_mentions.parquet", links=links, run_date=run_date)  # fmt: skip
    return [_row(folder, OURS, "few", [ours]), _recordlinkage(folder, environment)]


def steadiness(job: Job, folder: Path, run_date: Any, repeats: int) -> dict[str, Any]:
    """Link once with each of 1, 2 and 4 threads and `repeats` times as a run does; tells the fingerprints of each."""
    runs = []
    for threads in (*_THREADS, *[None] * repeats):
        told = f"{threads} threads" if threads else "again"
        measured = job(
            "link_ours", f"same links? {told}", mentions=folder / "all_mentions.parquet",
            links=folder / "steady.parquet", run_date=run_date, threads=threads,
        )  # fmt: skip
        runs.append({"threads": threads, **measured.found["fingerprints"]})
    return {"repeats": repeats, "runs": runs}


def _links(folder: Path, method: str, size: str) -> Path:
    return folder / f"{method}_{size}.parquet"


def _row(folder: Path, method: str, size: str, measured: list[Measured]) -> dict[str, Any]:
    quickest = min(measured, key=lambda one: one.seconds)
    stages = quickest.found.get("stages") or {}
    return {
        "method": method,
        "size": size,
        "seconds": quickest.seconds,
        "turns": [one.seconds for one in measured],
        "cpu_seconds": min((one.found["cpu_seconds"] for one in measured if "cpu_seconds" in one.found), default=None),
        "persons_seconds": stages.get(_PERSONS_STAND),
        "peak_bytes": max(one.peak_bytes for one in measured),
        "quality": accuracy.links(_links(folder, method, size), folder / f"{size}_truth.parquet"),
    }  # fmt: skip


def _recordlinkage(folder: Path, environment: dict[str, str]) -> dict[str, Any]:
    """In an environment of its own, made by uv from the index that the machine uses; told when that is not possible."""
    spec = importlib.util.find_spec("orchestration.bench.recordlinkage_peer")
    assert spec is not None and spec.origin is not None
    uv = Path(sys.executable).parent / "uv"
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    command = [str(uv), "run", "--quiet", "--isolated", "--no-project", "--python", version]
    for package in _RECORDLINKAGE_PACKAGES:
        command += ["--with", package]
    links = _links(folder, RECORDLINKAGE, "few")
    command += ["python", spec.origin, str(folder / "few_mentions.parquet"), str(links)]
    try:
        measured = run_command(RECORDLINKAGE, command, folder, environment)
    except (JobFailed, FileNotFoundError):
        reason = "needs an environment of its own (pandas 2); it could not be made or the job failed: see recordlinkage.log"
        return {"method": RECORDLINKAGE, "size": "few", "left_out": reason}
    return _row(folder, RECORDLINKAGE, "few", [measured])
