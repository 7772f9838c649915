"""What every reader of cells gives back, and the two helpers they share.

Readers of cells work on distinct values: the caller encodes a column as a dictionary, asks once per distinct text,
and spreads the answer over the rows. So a rule may be written plainly and still be fast.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Cells:
    """Typed values of an array of texts.

    `values` has one entry per text, null where the text is blank or unreadable. `issue` marks the texts that hold
    something that is not what the column promises; `rule` names what they break. `beside` are further columns
    (suffix → array), which only ID numbers have. `ticks` and `words` mark ticks and other filled cells of booleans.
    """

    values: pa.Array
    issue: Mask
    rule: str
    beside: Mapping[str, pa.Array] = field(default_factory=dict)
    ticks: Mask | None = None


def mask_of(array: pa.Array) -> Mask:
    """A boolean Arrow array as numpy, null as False."""
    return np.asarray(pc.fill_null(array, False).to_numpy(zero_copy_only=False), dtype=np.bool_)


def map_odd(texts: pa.Array, plain: str, mend: Callable[[str], str | None]) -> pa.Array:
    """Texts that match the regular expression `plain` stay as they are; each other non-null one goes through `mend`."""
    odd = pc.fill_null(pc.invert(pc.match_substring_regex(texts, plain)), False)
    if not pc.any(odd).as_py():
        return texts
    mended = pa.array([mend(text) for text in texts.filter(odd).to_pylist()], pa.string())
    return pc.replace_with_mask(texts, odd, mended)


def from_python(values: list[object], texts: pa.Array, kind: pa.DataType, rule: str) -> Cells:
    """Cells of Python values that stand for cleaned `texts`: an issue is a text without a value."""
    array = pa.array(values, kind)
    return Cells(array, mask_of(pc.and_(pc.is_valid(texts), pc.is_null(array))), rule)
