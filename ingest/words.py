"""Folding of delivered words, so that one written in several ways compares equal.

Here belong folds that headers, codes and cells share. What a word means belongs to the contract.
"""

from __future__ import annotations

import re

_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_WIDE_LETTERS = {wide: thin for wide, thin in _WIDE.items() if chr(thin).isalnum()}
# ideographic, no-break, figure and narrow spaces become a space; zero-width characters and byte order marks vanish
_SPACES: dict[int, str | None] = dict.fromkeys((12288, 160, 8199, 8239, 8194, 8195, 8201), " ")
_SPACES |= dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))
_LETTERS_AND_SPACES = {**_WIDE_LETTERS, **_SPACES}
_ALL = {**_WIDE, **_SPACES}
_BLANKS = re.compile(r"\s+")
_MARKS = "*:"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def fold_letters(text: str) -> str:
    """Full-width letters and digits made plain, odd spaces made spaces, outer spaces removed; other signs stay."""
    return text.translate(_LETTERS_AND_SPACES).strip()


def fold_all(text: str) -> str:
    """As `fold_letters`, and full-width signs made plain too, all white space removed."""
    return _BLANKS.sub("", text.translate(_ALL))


def header_key(text: str) -> str:
    """The form in which headers are compared: folded, no spaces, no case, no required-mark or colon at the ends."""
    return fold_all(text).strip(_MARKS).casefold()


def printable(text: str, longest: int = 80) -> str:
    """Delivered text that may stand in a message (a file name, a header): no control characters, bounded."""
    shown = _CONTROL.sub("?", text)
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"
