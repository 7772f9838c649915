"""Named points at which a test may kill the process.

Here belongs the one function that dies on request. What must hold after a kill is asked in tests/faults.
"""

from __future__ import annotations

import os

KILLED = 137  # what a shell reports for `kill -9`


def crash_point(name: str) -> None:
    """End the process at once, without clean-up, when `HULIAN_CRASH_AT` is `name`; else do nothing."""
    if os.environ.get("HULIAN_CRASH_AT") == name:
        os._exit(KILLED)
