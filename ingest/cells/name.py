"""Names of persons: one middle dot, no spaces inside, everything else as written.

Rare characters, variants and homophones stay: whether two names mean one person is asked by linkage.
"""

from __future__ import annotations

import re
from collections.abc import Set

import numpy as np
import pyarrow as pa

from ingest.cells.result import Cells, map_odd
from ingest.cells.text import clean

DOT = "·"
_DOTS = re.compile(r"[·•．.‧・∙･●]+")
_SPACES = re.compile(r"\s+")
_PLAIN = r"^[^\s·•．.‧・∙･●]*$"


def read_name(texts: pa.Array, blank: Set[str]) -> Cells:
    """Names, with any of the dots people type written as `·` (U+00B7) and spaces inside removed."""
    names = map_odd(clean(texts, blank), _PLAIN, _tidy)
    return Cells(names, np.zeros(len(texts), dtype=np.bool_), "not_a_name")


def _tidy(text: str) -> str | None:
    return _DOTS.sub(DOT, _SPACES.sub("", text)).strip(DOT) or None
