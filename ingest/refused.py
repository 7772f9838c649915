"""The one exception that means: this delivery is rejected, and here is why."""

from __future__ import annotations


class Refused(Exception):
    """A delivery that cannot be taken in.

    `rule` is a stable word for tools, `sentence` one clear sentence for people: it may name the file's own headers
    and row numbers, never a delivered value.
    """

    def __init__(self, rule: str, sentence: str) -> None:
        super().__init__(sentence)
        self.rule = rule
        self.sentence = sentence


class NoHeader(Refused):
    """No row holds every required column; `found` says how many columns the best row holds."""

    def __init__(self, sentence: str, found: int) -> None:
        super().__init__("missing_column", sentence)
        self.found = found
