"""One run writes at a time: a lock that the operating system frees when its holder dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from orchestration.failures import AnotherRunWrites
from orchestration.home import Home


@contextmanager
def only_writer(home: Home) -> Iterator[None]:
    """Hold the home's run lock; raises `AnotherRunWrites` at once when another process has it."""
    descriptor = os.open(home.run_lock, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AnotherRunWrites(f"another run is writing in {home.root}; wait until it ends") from None
        yield
    finally:
        os.close(descriptor)
