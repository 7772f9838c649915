"""Numbers: amounts of money, measures and counts.

A unit other than yuan (万元) is never converted: which unit a department means is its promise, so it is an issue.
"""

from __future__ import annotations

import re
from collections.abc import Set

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingest.cells.result import Cells, map_odd, mask_of
from ingest.cells.text import clean
from ingest.words import fold_all

MONEY = pa.decimal128(14, 2)
RULE = "not_a_number"
_PLAIN = r"^-?[0-9]{1,12}(\.[0-9]{1,6})?$"
_NUMBER = re.compile(r"^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,2})?$")
_GROUPED = re.compile(r"^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?$")
_LARGEST = 1e12  # DECIMAL(14,2) holds twelve digits before the point


def _parse(texts: pa.Array, unit: str) -> pa.Array:
    """Cleaned texts as doubles, null where they are no number of a size that any column has."""

    def tidy(text: str) -> str | None:
        text = fold_all(text).replace("−", "-").removeprefix("￥").removeprefix("¥").removeprefix("\\")
        if unit:
            text = text.removesuffix(unit)
        if _GROUPED.match(text):
            text = text.replace(",", "")
        return text.removeprefix("+") if _NUMBER.match(text) else None

    numbers = pc.cast(map_odd(texts, _PLAIN, tidy), pa.float64())
    fits = pc.less(pc.abs(numbers), _LARGEST)
    return pc.if_else(fits, numbers, pa.scalar(None, pa.float64()))


def _cells(cleaned: pa.Array, values: pa.Array) -> Cells:
    return Cells(values, mask_of(pc.and_(pc.is_valid(cleaned), pc.is_null(values))), RULE)


def read_money(texts: pa.Array, blank: Set[str]) -> Cells:
    """Yuan as DECIMAL(14,2): thousands separators and 元 allowed, rounded to the fen."""
    cleaned = clean(texts, blank)
    yuan = _parse(cleaned, "元")
    fen = np.rint(pc.fill_null(yuan, 0.0).to_numpy(zero_copy_only=False) * 100).astype(np.int64)
    whole = pa.array(fen, mask=mask_of(pc.is_null(yuan))).cast(pa.decimal128(19, 0))
    # the same 128-bit integers, read with two decimals
    return _cells(cleaned, pa.Array.from_buffers(MONEY, len(whole), whole.buffers(), whole.null_count))


def read_decimal(texts: pa.Array, blank: Set[str]) -> Cells:
    """Measures as doubles."""
    cleaned = clean(texts, blank)
    return _cells(cleaned, _parse(cleaned, ""))


def read_int(texts: pa.Array, blank: Set[str]) -> Cells:
    """Whole numbers (int64); a fraction is an issue."""
    cleaned = clean(texts, blank)
    numbers = _parse(cleaned, "")
    whole = pc.equal(numbers, pc.round(numbers))
    return _cells(cleaned, pc.if_else(whole, numbers, pa.scalar(None, pa.float64())).cast(pa.int64()))
