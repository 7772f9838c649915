"""Shows a running day: a live line per step in a terminal, one plain line per step elsewhere."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from orchestration.progress import StepTiming, Watcher


def _told(timing: StepTiming) -> str:
    rows = f"{timing.rows:>12,} rows" if timing.rows is not None else " " * 17
    return f"{timing.step:<48}{rows}{timing.seconds:>8.1f} s"


class _Lines:
    """Plain lines, for logs and pipes."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def begin(self, step: str) -> None:
        """Nothing: a log wants finished steps."""

    def end(self, timing: StepTiming) -> None:
        """One line."""
        self._console.print(_told(timing), highlight=False)


class _Live:
    """A spinner with the running step; finished steps stay above it."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task: TaskID | None = None
        self._begun = 0.0

    def begin(self, step: str) -> None:
        """Spin."""
        self._begun = time.perf_counter()
        self._task = self._progress.add_task(step, total=None)

    def end(self, timing: StepTiming) -> None:
        """Leave a line behind."""
        if self._task is not None:
            self._progress.remove_task(self._task)
            self._task = None
        self._progress.console.print(_told(timing), highlight=False)


@contextmanager
def watcher_for(console: Console) -> Iterator[Watcher]:
    """A watcher that suits the console."""
    if not console.is_terminal:
        yield _Lines(console)
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        yield _Live(progress)
