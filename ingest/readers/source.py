"""What every reader offers: rows of text cells with their physical row number.

Here belongs the shape only; `delimited` and `spreadsheet` fill it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

# (physical row on which it begins, its cells, what is wrong with it or None)
Record = tuple[int, Sequence[str], str | None]

WRONG_CELLS = "wrong_number_of_cells"
UNDECODABLE = "undecodable_bytes"
UNBALANCED = "unbalanced_quote"
TOO_LONG = "cell_too_long"
TORN = "torn"  # the last record breaks off: unless it is a signature, the file is torn


class Source(Protocol):
    """A readable table of text."""

    encoding: str
    notes: list[str]

    def head(self, count: int) -> list[Record]:
        """The first `count` physical records, blank ones included, for finding the header."""

    def records(self, after: int, width: int) -> Iterator[Record]:
        """All non-blank records below physical row `after`; a record without exactly `width` cells names its fault."""


def is_blank(cells: Sequence[str]) -> bool:
    """No cell holds anything but white space."""
    return all(
        not cell or cell.isspace() for cell in cells
    )  # ends at the first filled cell, mostly the first
