"""Run a job of the bench in a process of its own and read what it reports: seconds, peak memory, findings.

A process each, so that one job's memory and imports are not another's. What the jobs do is `jobs`.
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

_BYTES_PER_UNIT = 1024  # ru_maxrss counts KiB on Linux


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
    """Run a command that writes `{"seconds": …, "found": {…}}` as the last line of its output."""
    log = folder / f"{name}.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=out, text=True, env={**os.environ, **environment}
        )
        assert process.stdout is not None
        said = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.write(said)
    if process.returncode != 0:
        raise JobFailed(f"bench job {name} failed; see {log}")
    told = json.loads(said.strip().splitlines()[-1])
    return Measured(told["seconds"], usage.ru_maxrss * _BYTES_PER_UNIT, told.get("found", {}))
