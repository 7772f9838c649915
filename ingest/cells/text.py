"""Text cells: what is blank, what is noise around a value, and numbers that a spreadsheet made of codes.

Here belongs the cleaning that precedes every other kind of cell, and the kinds `text` and `phone`.
"""

from __future__ import annotations

import re
from collections.abc import Set

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingest.cells.result import Cells, map_odd, mask_of
from ingest.words import fold_letters

# no noise at either end, no odd spaces, no full-width letters: most cells, left untouched
_PLAIN = (
    r"^[^\s'’‘\x{a0}\x{3000}]$|^[^\s'’‘\x{a0}\x{3000}\x{feff}\x{200b}]"
    r"[^\x00-\x1f\x{a0}\x{2002}-\x{200d}\x{202f}\x{2060}\x{3000}\x{feff}\x{ff10}-\x{ff19}\x{ff21}-\x{ff3a}\x{ff41}-\x{ff5a}]*"
    r"[^\s'’‘\x{a0}\x{3000}\x{feff}\x{200b}\x{ff10}-\x{ff19}\x{ff21}-\x{ff3a}\x{ff41}-\x{ff5a}]$"
)
_QUOTES = "'’‘"
_FLOAT = re.compile(r"^(\d+)\.0*$")
_EXACT_DIGITS = 15  # a spreadsheet and a double keep no more
_SCIENTIFIC = re.compile(r"^(\d)(?:\.(\d+))?[Ee]\+?(\d{1,2})$")
_NUMBER_LIKE = r"^\d+\.0*$|^\d(\.\d+)?[Ee]\+?\d{1,2}$"


def clean(texts: pa.Array, blank: Set[str], kept: Set[str] = frozenset()) -> pa.Array:
    """Raw cell texts without surrounding noise; null where nothing is left or a word for blank stands there.

    Removes outer spaces of all widths, apostrophes before a number, zero-width characters; full-width letters and
    digits become plain. `blank` are folded words for an empty cell, `kept` those that are values in this column.
    """
    cleaned = map_odd(texts, _PLAIN, _strip)
    words = pa.array(sorted(blank - kept), pa.string())
    empty = pc.or_(pc.equal(pc.utf8_length(cleaned), 0), pc.is_in(pc.utf8_lower(cleaned), words))
    return pc.if_else(pc.fill_null(empty, True), pa.scalar(None, pa.string()), cleaned)


def _strip(text: str) -> str:
    text = fold_letters(text)
    if text[:1] in _QUOTES:
        text = fold_letters(text.lstrip(_QUOTES))
    return text


def restore_number(text: str) -> str | None:
    """Digits of a code that passed through a numeric cell; None when digits were lost.

    >>> restore_number("519901100201.0"), restore_number("5.19901100201E+11"), restore_number("5.19901E+11")
    ('519901100201', '519901100201', None)
    """
    if match := _FLOAT.match(text):
        return match[1] if len(match[1]) <= _EXACT_DIGITS else None
    if match := _SCIENTIFIC.match(text):
        digits = match[1] + (match[2] or "")
        exponent = int(match[3])
        # a spreadsheet shows fewer digits than it keeps: only a mantissa as long as the number is the number
        return digits if len(digits) == exponent + 1 and len(digits) <= _EXACT_DIGITS else None
    return text


def read_text(texts: pa.Array, blank: Set[str], pattern: str | None = None) -> Cells:
    """Text as delivered, cleaned; codes from numeric cells get their digits back.

    A number that lost digits stays as it is and is an issue. With `pattern`, what does not match it is unreadable.
    """
    cleaned = clean(texts, blank)
    numeric = pc.fill_null(pc.match_substring_regex(cleaned, _NUMBER_LIKE), False)
    rounded = np.zeros(len(texts), dtype=np.bool_)
    if pc.any(numeric).as_py():
        restored = pa.array(
            [restore_number(text) for text in cleaned.filter(numeric).to_pylist()], pa.string()
        )
        whole = pc.replace_with_mask(cleaned, numeric, restored)
        rounded = mask_of(pc.and_(numeric, pc.is_null(whole)))
        cleaned = pc.coalesce(whole, cleaned)
    if pattern is None:
        return Cells(cleaned, rounded, "rounded_number")
    fits = pc.fill_null(pc.match_substring_regex(cleaned, pattern), False)
    values = pc.if_else(fits, cleaned, pa.scalar(None, pa.string()))
    return Cells(values, mask_of(pc.and_(pc.is_valid(cleaned), pc.invert(fits))), "not_in_pattern")


def read_phone(texts: pa.Array, blank: Set[str]) -> Cells:
    """Phone numbers: as text, without the spaces and hyphens people group digits with."""
    cells = read_text(texts, blank)
    grouped = map_odd(cells.values, r"^[^ \-]*$", lambda text: re.sub(r"[ \-]", "", text) or None)
    return Cells(grouped, cells.issue, cells.rule)
