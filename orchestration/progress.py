"""What a running day tells whoever watches: steps begun and ended, with rows and seconds.

The steps report here; who shows it (a terminal, plain lines, nobody) is chosen by the caller of the run.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol


@dataclass
class StepTiming:
    """One finished step: its name, seconds and, where it has some, the rows that it wrote."""

    step: str
    seconds: float
    rows: int | None = None


class Watcher(Protocol):
    """Shows progress to a person."""

    def begin(self, step: str) -> None:
        """A step begins."""

    def end(self, timing: StepTiming) -> None:
        """A step has ended well."""


@dataclass
class Progress:
    """The timings of one run in order, passed on to a watcher if there is one."""

    watcher: Watcher | None = None
    timings: list[StepTiming] = field(default_factory=list)

    @contextmanager
    def step(self, name: str) -> Iterator[StepTiming]:
        """Time a step; the body sets `rows` on the yielded timing."""
        timing = StepTiming(name, 0.0)
        if self.watcher:
            self.watcher.begin(name)
        begun = time.perf_counter()
        yield timing
        timing.seconds = time.perf_counter() - begun
        self.timings.append(timing)
        if self.watcher:
            self.watcher.end(timing)


# The progress of the run in this process. Dagster calls the steps, so they cannot be handed one as an argument.
_current = Progress()


def current_progress() -> Progress:
    """The progress object that steps report to."""
    return _current


def watch(watcher: Watcher | None) -> Progress:
    """Start afresh with a watcher; returns the progress object of the run to come."""
    global _current
    _current = Progress(watcher)
    return _current
