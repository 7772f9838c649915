"""Text in columns: comma or tab, with or without quotes, as records with physical line numbers.

Here belong records and their faults. Which bytes are which characters belongs to `decoding`, titles, header and
signatures to `header`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from ingest.readers.decoding import Lines
from ingest.readers.source import TOO_LONG, TORN, UNBALANCED, UNDECODABLE, WRONG_CELLS, Record, is_blank
from ingest.refused import Refused

_BLANK_FAULTS = (None, WRONG_CELLS, TORN)  # a line of spaces has one cell and is still blank
SEPARATORS = (",", "\t")
_MOST_UNBALANCED = (
    1000  # each costs a look ahead of up to 128 KiB; more of them and the quoting means nothing
)


class Delimited:
    """One text file read with one encoding and one separator."""

    def __init__(self, path: Path, encoding: str, separator: str) -> None:
        self.encoding = encoding.removesuffix("-sig")
        self.notes: list[str] = []
        self._path = path
        self._read_as = encoding
        self._separator = separator

    def head(self, count: int) -> list[Record]:
        """The first records, whatever their width."""
        return list(islice(self._read(None), count))

    def records(self, after: int, width: int) -> Iterator[Record]:
        """Non-blank records below line `after`; see `Source`."""
        for number, cells, fault in self._read(width):
            if number > after and not (
                fault in _BLANK_FAULTS and is_blank(cells) and (fault is None or len(cells) < 2)
            ):
                yield number, cells, fault

    def _read(self, width: int | None) -> Iterator[Record]:
        lines = Lines(self._path, self._read_as)
        reader = csv.reader(lines, delimiter=self._separator)
        taken, bad = lines.taken, lines.bad
        unbalanced = 0
        held: Record | None = None  # one record behind: only the last may be torn
        last: list[str] = []
        while True:
            taken.clear()
            begins = lines.number + 1
            cells: list[str] | None = None
            fault: str | None = None
            try:
                cells = next(reader)
            except StopIteration:
                break
            except csv.Error:
                fault = TOO_LONG
            else:
                if width is not None and len(cells) != width and cells:
                    fault = WRONG_CELLS
            if len(taken) > 1 and self._swallows(taken, cells, fault, width):
                # a quote that does not close must not swallow the rows below it: this line alone is bad
                unbalanced += 1
                if unbalanced > _MOST_UNBALANCED:
                    raise Refused("unreadable.quotes", most=_MOST_UNBALANCED)
                lines.give_back(len(taken) - 1)
                reader = csv.reader(lines, delimiter=self._separator)
                cells, fault = None, UNBALANCED
            if bad and any(at in bad for at in range(begins, begins + len(taken))):
                fault = UNDECODABLE
            if cells is None:
                cells = "".join(taken).rstrip("\r\n").split(self._separator)
            if held is not None:
                yield held
            held, last = (begins, cells, fault), taken.copy()
        if held is not None:
            torn = width is not None and _is_torn(last, held[2], self._separator)
            yield (held[0], held[1], TORN) if torn else held

    def _swallows(
        self, taken: list[str], cells: list[str] | None, fault: str | None, width: int | None
    ) -> bool:
        """Whether a record of several lines is in truth one line whose quote does not close, and rows below it.

        A record with the wrong number of cells whose quotes are in order is one bad row, unless one of its further
        lines is a row by itself: then two stray quotes only look like a pair.
        """
        if cells is None or _quote_fault(taken, self._separator):
            return True
        if fault is None or width is None:
            return False
        return any(self._is_row(line, width) for line in taken[1:])

    def _is_row(self, line: str, width: int) -> bool:
        cells = next(csv.reader([line], delimiter=self._separator), [])
        return len(cells) == width and '"' not in cells[0]


def _is_torn(last: list[str], fault: str | None, separator: str) -> bool:
    """The last record has a fault and no line end, or ends inside a quote."""
    if fault is not None and not last[-1].endswith("\n"):
        return True
    return "unexpected end" in _quote_fault(last, separator)


def _quote_fault(lines: list[str], separator: str) -> str:
    """What a strict reader says of the quotes of one record; empty when they are in order."""
    try:
        list(csv.reader(lines, delimiter=separator, strict=True))
    except csv.Error as error:
        return str(error)
    return ""
