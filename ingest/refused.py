"""The one exception that means: this delivery is rejected, and here is why."""

from __future__ import annotations

from ingest.reasons import Reason, reason


class Refused(Exception):
    """A delivery that cannot be taken in.

    `case` is one of `reasons.yaml`; its sentence may name the file's own headers and row numbers, never a delivered
    value.
    """

    def __init__(self, case: str, **facts: object) -> None:
        self.reason: Reason = reason(case, **facts)
        super().__init__(self.reason.en)


class NoHeader(Refused):
    """No row holds every required column; `found` says how many columns the best row holds."""

    def __init__(self, case: str, found: int, **facts: object) -> None:
        super().__init__(case, **facts)
        self.found = found
