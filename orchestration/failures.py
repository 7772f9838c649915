"""Failures told in one clear sentence without personal data.

DuckDB, pandas and dbt quote the failing value in their messages, and Dagster stores messages in its event log.
So a step's unexpected error is written whole to a restricted file, and only its kind and place go on.
"""

import os
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orchestration.home import PRIVATE_FILE


class HulianError(Exception):
    """An error whose message is written by us: names files, rows, columns and rules, never a delivered value."""


class StepFailed(HulianError):
    """A step ended with an error that is not ours; the details are in a restricted file."""


class MayPass(StepFailed):
    """A step failed on the machine's files (full disk, a lock, a network share): trying again may help."""


class BlockedByCheck(HulianError):
    """A blocking check failed: nothing new is published and the last good state stays."""


class AnotherRunWrites(HulianError):
    """Another run holds the home."""


@contextmanager
def told_clearly(step: str, folder: Path) -> Iterator[None]:
    """Let our own errors pass; keep any other whole in `<folder>/failure.log` and raise `StepFailed` instead."""
    try:
        yield
    except HulianError:
        raise
    except Exception as error:  # noqa: BLE001 the one door for errors that are not ours
        file = folder / "failure.log"
        _keep(file, step)
        kind = MayPass if isinstance(error, OSError) or type(error).__name__ == "IOException" else StepFailed
        raise kind(f"step {step} failed with {type(error).__name__}; details (restricted): {file}") from None


def _keep(file: Path, step: str) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, PRIVATE_FILE)
    with os.fdopen(descriptor, "w") as log:
        log.write(f"step {step}\n{traceback.format_exc()}\n")
