"""Finding the header row, and telling rows from titles, repeated headers, totals and signatures.

Here belongs the layout of a delivered table. What the cells below hold belongs to `cells`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ingest.cells.result import mask_of
from ingest.contract import Contract
from ingest.readers.source import Record
from ingest.refused import NoHeader
from ingest.words import fold_all, header_key, printable

SEARCHED = 100  # rows looked at for the header; real exports have up to five title rows


@dataclass(frozen=True)
class Header:
    """A found header row.

    `positions` maps a contract column to its cell, `doubled` to further cells with the very same header,
    `unknown` are headers (or second aliases of one column) that no column takes. `titles` are the folded rows above.
    """

    row: int
    cells: tuple[str, ...]
    positions: dict[str, int]
    doubled: dict[str, tuple[int, ...]]
    unknown: tuple[str, ...]
    titles: frozenset[str]

    def is_repeat(self, cells: Sequence[str], required: Sequence[int]) -> bool:
        """The row says again what the header says, in every required column."""
        return all(header_key(cells[at]) == header_key(self.cells[at]) for at in required if at < len(cells))

    def is_title(self, cells: Sequence[str]) -> bool:
        """The row holds one text that also stood above the header (a page break repeats it)."""
        filled = {fold_all(cell) for cell in cells} - {""}
        return len(filled) == 1 and filled <= self.titles


def is_footer(cells: Sequence[str], words: Sequence[str], complete: bool = False) -> bool:
    """The first filled cell begins with a word for totals or signatures.

    In a `complete` row, which holds every required value, that cell must be the word alone or the word and a colon
    (a project may be called 合计划…, a row 合计 | 12 is a total).
    """
    first = next((folded for cell in cells if (folded := fold_all(cell))), "")
    if complete:
        return first.partition(":")[0] in words
    return first.startswith(tuple(words))


def maybe_footers(by_column: Sequence[Sequence[str]], words: Sequence[str]) -> npt.NDArray[np.int64]:
    """Indexes of the rows whose first filled cell begins with a footer word, asked column by column."""
    space = r"[\s\x{3000}\x{a0}]*"
    pattern = f"^{space}(?:{'|'.join(space.join(re.escape(letter) for letter in word) for word in words)})"
    found = np.zeros(len(by_column[0]), dtype=np.bool_)
    open_ = ~found  # rows of which no filled cell was seen yet
    for cells in by_column:
        texts = pa.array(cells, pa.string())
        found |= open_ & mask_of(pc.match_substring_regex(texts, pattern))
        open_ &= mask_of(pc.match_substring_regex(texts, f"^{space}$"))
        if not open_.any():
            break
    return np.flatnonzero(found)


def find_header(head: Sequence[Record], contract: Contract) -> Header:
    """The first row of `head` that holds every required column of `contract`.

    Raises NoHeader naming the columns that the most header-like row lacks.
    """
    required = [column for column in contract.delivered if column.required]
    best: tuple[int, int, list[str]] = (0, 0, [column.header for column in required])
    for at, (row, cells, _) in enumerate(head):
        positions, doubled, taken = _match([header_key(cell) for cell in cells], contract)
        missing = [column.header for column in required if column.name not in positions]
        if not missing:
            unknown = tuple(
                printable(fold_all(cell), 40)
                for i, cell in enumerate(cells)
                if i not in taken and fold_all(cell)
            )
            titles = frozenset(fold_all(cell) for _, above, _ in head[:at] for cell in above) - {""}
            return Header(row, tuple(cells), positions, doubled, unknown, titles)
        if len(positions) > best[0]:
            best = (len(positions), row, missing)
    found, row, missing = best
    lacking = "、".join(missing)
    if not found:
        raise NoHeader("missing_column.none", found, missing=lacking)
    raise NoHeader("missing_column.some", found, row=row, missing=lacking)


def _match(
    keys: list[str], contract: Contract
) -> tuple[dict[str, int], dict[str, tuple[int, ...]], set[int]]:
    where: dict[str, list[int]] = {}
    for index, key in enumerate(keys):
        if key:
            where.setdefault(key, []).append(index)
    positions: dict[str, int] = {}
    doubled: dict[str, tuple[int, ...]] = {}
    taken: set[int] = set()
    for column in contract.delivered:
        # the contract's own header first: a second alias of the same column beside it is an unknown column
        for header in column.headers:
            if header in where:
                first, *more = where[header]
                positions[column.name] = first
                taken |= {first, *more}
                if more:
                    doubled[column.name] = tuple(more)
                break
    return positions, doubled, taken
