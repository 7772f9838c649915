"""Citizen identity numbers (GB 11643-1999): what is sound, what is damaged, what is no number at all.

Here belongs the judgement of one cell. Whether a number belongs to the person in the row is asked by linkage.
A lost digit is never guessed: a number that a spreadsheet rounded is `damaged`, its text is kept.
"""

from __future__ import annotations

import re
from collections.abc import Set

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ingest.cells.result import Cells, map_odd, mask_of
from ingest.cells.text import clean

RULE = "not_an_id_number"
PLACEHOLDER = "999999"  # the registry's mark for "none issued"
_WEIGHTS = np.array(
    [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
)  # ISO 7064 MOD 11-2, as GB 11643 lists them
_CHECKS = np.frombuffer(b"10X98765432", dtype=np.uint8)
_PLAIN = r"^[0-9A-Z]*$"
_NOISE = re.compile(r"[\s'’‘-]+")
_FLOAT = re.compile(r"^(\d{1,15})\.0*$")  # longer than 15 digits, a numeric cell has lost some
_FIRST_YEAR, _LAST_YEAR = 1850, 2099  # no living person outside; nothing here reads the clock


def read_id_number(texts: pa.Array, blank: Set[str]) -> Cells:
    """Sound 18-character numbers, with `_quality` and `_raw` beside them.

    `valid`: 18 characters, a real birth date, the check digit fits. `upgraded`: 15 digits with a real birth date, or
    the first 18 of a certificate of 20 or 22 characters. `absent`: blank, beginning 999999, no digit, or one digit
    repeated. `damaged`: anything else. An issue is whatever is neither sound nor blank nor 999999….
    """
    raw = map_odd(clean(texts, blank), _PLAIN, _tidy)
    count = len(raw)
    lengths = pc.fill_null(pc.utf8_length(raw), 0).to_numpy(zero_copy_only=False)
    ascii_only = mask_of(pc.string_is_ascii(raw))
    values = np.full(count, None, dtype=object)
    quality = np.full(count, "damaged", dtype=object)

    for length, name in ((18, "valid"), (15, "upgraded"), (20, "upgraded"), (22, "upgraded")):
        at = np.flatnonzero((lengths == length) & ascii_only)
        if at.size:
            cells = raw.take(pa.array(at)).to_numpy(zero_copy_only=False).astype(f"S{length}")
            chars = cells.view(np.uint8).reshape(at.size, length)
            numbers = _lengthen(chars) if length == 15 else np.ascontiguousarray(chars[:, :18])
            sound = _is_sound(numbers) & _is_certificate_end(chars[:, 18:])
            values[at[sound]] = numbers.view("S18").ravel()[sound].astype(str)
            quality[at[sound]] = name

    placeholder = mask_of(pc.starts_with(raw, PLACEHOLDER))
    nothing = mask_of(pc.invert(pc.match_substring_regex(raw, "[0-9]"))) | _one_digit(raw)
    absent = mask_of(pc.is_null(raw)) | placeholder | nothing
    values[absent] = None
    quality[absent] = "absent"
    sound_mask = (quality == "valid") | (quality == "upgraded")
    issue = ~sound_mask & ~placeholder & mask_of(pc.is_valid(raw))
    beside = {"_quality": pa.array(quality, pa.string()), "_raw": raw}
    return Cells(pa.array(values, pa.string()), np.asarray(issue, dtype=np.bool_), RULE, beside)


def _tidy(text: str) -> str | None:
    """Upper case, no spaces, no hyphens, a multiplication sign for X mended, no `.0` of a numeric cell."""
    text = _NOISE.sub("", text).upper().replace("×", "X")
    return _FLOAT.sub(r"\1", text) or None


def _one_digit(raw: pa.Array) -> npt.NDArray[np.bool_]:
    found = np.zeros(len(raw), dtype=np.bool_)
    for digit in "0123456789":
        found |= mask_of(pc.match_substring_regex(raw, f"^{digit}+$"))
    return found


def _is_sound(chars: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """Rows of 18 characters that are a number: digits, a region, a real birth date, a check digit that fits."""
    digits = chars.astype(np.int64) - ord("0")
    numeric = ((digits[:, :17] >= 0) & (digits[:, :17] <= 9)).all(axis=1)
    check = _CHECKS[(digits[:, :17] @ _WEIGHTS) % 11] == chars[:, 17]
    return numeric & check & (digits[:, 0] > 0) & _is_date(digits[:, 6:14])


def _is_certificate_end(chars: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """What follows the number on a disability certificate: class and grade, then a letter and a digit if reissued."""
    if chars.shape[1] == 0:
        return np.ones(len(chars), dtype=np.bool_)
    is_digit = (chars >= ord("0")) & (chars <= ord("9"))
    ends = is_digit[:, 0] & is_digit[:, 1]
    if chars.shape[1] > 2:
        ends &= (chars[:, 2] >= ord("A")) & (chars[:, 2] <= ord("Z")) & is_digit[:, 3]
    return np.asarray(ends, dtype=np.bool_)


def _is_date(digits: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    year = digits[:, :4] @ np.array([1000, 100, 10, 1])
    month = digits[:, 4] * 10 + digits[:, 5]
    day = digits[:, 6] * 10 + digits[:, 7]
    leap = ((year % 4 == 0) & (year % 100 != 0)) | (year % 400 == 0)
    days = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])[np.clip(month, 0, 12)]
    days = days + ((month == 2) & leap)
    real = (month >= 1) & (month <= 12) & (day >= 1) & (day <= days)
    return np.asarray(real & (year >= _FIRST_YEAR) & (year <= _LAST_YEAR), dtype=np.bool_)


def _lengthen(chars: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """15 digits to 18 characters: the century 19 and the check digit (GB 11643-1999, annex)."""
    full = np.empty((len(chars), 18), dtype=np.uint8)
    full[:, :6], full[:, 6], full[:, 7], full[:, 8:17] = chars[:, :6], ord("1"), ord("9"), chars[:, 6:]
    digits = full[:, :17].astype(np.int64) - ord("0")
    full[:, 17] = _CHECKS[(digits @ _WEIGHTS) % 11]
    return full
