"""Village codes: the 12 digits of the statistical division code.

Whether a code is a village of this county is asked in staging, against registry/villages.
"""

from __future__ import annotations

from collections.abc import Set

import pyarrow as pa
import pyarrow.compute as pc

from ingest.cells.result import Cells, mask_of
from ingest.cells.text import read_text


def read_village(texts: pa.Array, blank: Set[str]) -> Cells:
    """12 digits (6 county, 9 township, 12 village), also from a numeric cell."""
    text = read_text(texts, blank).values
    fits = pc.fill_null(pc.match_substring_regex(text, r"^[1-9][0-9]{11}$"), False)
    values = pc.if_else(fits, text, pa.scalar(None, pa.string()))
    return Cells(values, mask_of(pc.and_(pc.is_valid(text), pc.is_null(values))), "not_a_village_code")
