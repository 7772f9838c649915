"""Run a job of the bench in a process of its own and read what it reports: seconds, peak memory, findings.

A process each, so that one job's memory and imports are not another's. The job tells its own peak: what the system
counts for a child (`ru_maxrss`) begins with the memory of the process that started it. What the jobs do is `jobs`.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from orchestration.failures import HulianError

_BYTES_PER_UNIT = 1024  # VmHWM is told in kB


@dataclass(frozen=True)
class Measured:
    """One job: its own seconds (without start-up), its process's peak memory in bytes, and what it found."""

    seconds: float
    peak_bytes: int
    found: dict[str, Any] = field(default_factory=dict)


class JobFailed(HulianError):
    """A job of the bench ended with an error; its output is in the bench's folder."""


def run_job(name: str, folder: Path, environment: Mapping[str, str], /, **arguments: Any) -> Measured:
    """Run `orchestration.bench.jobs` with a job's name and arguments (JSON); raises JobFailed, naming the log."""
    command = [sys.executable, "-m", "orchestration.bench.jobs", name, json.dumps(arguments, default=str)]
    return run_command(name, command, folder, environment)


def run_command(name: str, command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Measured:
    """Run a command that writes `{"seconds": …, "peak_bytes": …, "found": {…}}` into the file of its last argument."""
    log, result = folder / f"{name}.log", folder / f"{name}.json"
    result.unlink(missing_ok=True)
    with log.open("w") as out:
        done = subprocess.run(
            [*command, str(result)],
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**os.environ, **environment},
            check=False,
        )
    if done.returncode != 0 or not result.exists():
        raise JobFailed(f"bench job {name} failed; see {log}")
    told = json.loads(result.read_text(encoding="utf-8"))
    return Measured(told["seconds"], told["peak_bytes"], told.get("found", {}))


def own_peak_bytes() -> int:
    """Peak memory of this process since it began (Linux)."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.split("VmHWM:")[1].split()[0]) * _BYTES_PER_UNIT
