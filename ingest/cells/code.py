"""Codes, lists of codes, and yes or no.

The lists themselves are data of the contracts; here they are only looked up, without case, width and spaces.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Set

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingest.cells.result import Cells, from_python
from ingest.cells.text import clean, restore_number
from ingest.contract import Words
from ingest.words import fold_all

RULE = "not_in_code_list"
_SEPARATORS = re.compile(r"[,，、;；]")


def _fold(text: str) -> str:
    folded = fold_all(text).casefold()
    return restore_number(folded) or folded  # 1.0 of a numeric cell is the code 1


def read_code(texts: pa.Array, blank: Set[str], codes: Mapping[str, str]) -> Cells:
    """The code list's own word for each text; a word for blank that the list has (无) is a value."""
    cleaned = clean(texts, blank, kept=frozenset(codes))
    values: list[object] = [None if text is None else codes.get(_fold(text)) for text in cleaned.to_pylist()]
    return from_python(values, cleaned, pa.string(), RULE)


def read_list(texts: pa.Array, blank: Set[str], codes: Mapping[str, str] | None) -> Cells:
    """Items in the order delivered, each once; with a code list, one item outside it makes the cell unreadable."""
    cleaned = clean(texts, blank, kept=frozenset(codes or ()))
    values: list[object] = [
        None if text is None else _items(text, blank, codes) for text in cleaned.to_pylist()
    ]
    return from_python(values, cleaned, pa.list_(pa.string()), RULE)


def _items(text: str, blank: Set[str], codes: Mapping[str, str] | None) -> list[str] | None:
    items: dict[str, None] = {}
    for part in _SEPARATORS.split(text):
        folded = _fold(part)
        if codes is not None and folded in codes:
            items[codes[folded]] = None
        elif not folded or folded in blank:
            continue
        elif codes is None:
            items[part.strip()] = None
        else:
            return None
    return list(items) or None


def read_bool(texts: pa.Array, words: Words) -> Cells:
    """True, false or null. `ticks` marks cells that are a tick: whether a blank is 否 depends on the whole column."""
    cleaned = clean(texts, words.blank)
    folded = [None if text is None else _fold(text) for text in cleaned.to_pylist()]
    values: list[object] = [
        True if word in words.true else False if word in words.false else None for word in folded
    ]
    cells = from_python(values, cleaned, pa.bool_(), "not_a_boolean")
    ticks = np.array([word in words.tick for word in folded], dtype=np.bool_)
    return Cells(cells.values, cells.issue, cells.rule, ticks=ticks & np.asarray(pc.is_valid(cleaned)))
