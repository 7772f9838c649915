"""Dates and months as people and spreadsheets write them.

Here belongs every accepted way to write a day or a month. Whether a day is plausible for its column belongs to
expectations.
"""

from __future__ import annotations

import re
from collections.abc import Set
from datetime import date, timedelta
from functools import lru_cache

import pyarrow as pa

from ingest.cells.result import Cells, from_python
from ingest.cells.text import clean
from ingest.words import fold_all

_TIME = r"(?:[ T]*\d{1,2}(?::\d{1,2}){1,2}(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?|[ ]*\d{1,2}时(?:\d{1,2}分(?:\d{1,2}秒)?)?)?"
_DAY = re.compile(rf"^(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}})(?![\d]){_TIME}$")
_DAY_ZH = re.compile(rf"^(\d{{4}})年(\d{{1,2}})月(\d{{1,2}})[日号]{_TIME}$")
_DAY_DIGITS = re.compile(r"^(\d{4})(\d\d)(\d\d)(?:\.0*|\d{6}|[ T]+\d{1,2}(?::\d{1,2}){1,2})?$")
_MONTH = re.compile(r"^(\d{4})(?:[-/](\d{1,2})|\.(\d\d)|年(\d{1,2})月|(\d\d)(?:\.0*)?)$")
_SERIAL = re.compile(r"^(\d{4,5})(?:\.\d+)?$")
_SERIAL_ZERO = date(1899, 12, 30)  # Excel's day 0, its imaginary 29 February 1900 included
_YEAR_LIKE = range(1900, 2100)  # four digits that may be a year are no serial
_FIRST_YEAR, _LAST_YEAR = 1850, 2199


@lru_cache(maxsize=1 << 16)
def parse_date(text: str) -> date | None:
    """One cleaned cell as a day; a month alone is its first day; None when it is neither.

    >>> parse_date("2026年1月5日"), parse_date("45278"), parse_date("202611"), parse_date("2026-02-30")
    (datetime.date(2026, 1, 5), datetime.date(2023, 12, 18), datetime.date(2026, 11, 1), None)
    """
    text = " ".join(text.replace("：", ":").replace("．", ".").replace("／", "/").replace("－", "-").split())
    if match := _DAY.match(text):
        return _day(match[1], match[3], match[4])
    if match := _DAY_ZH.match(fold_all(text)):
        return _day(match[1], match[2], match[3])
    if match := _DAY_DIGITS.match(text):
        return _day(match[1], match[2], match[3])
    if match := _MONTH.match(fold_all(text)):
        return _day(match[1], next(filter(None, match.groups()[1:])), "1")
    if (match := _SERIAL.match(text)) and int(match[1]) not in _YEAR_LIKE:
        return _SERIAL_ZERO + timedelta(days=int(match[1]))
    return None


def _day(year: str, month: str, day: str) -> date | None:
    if not _FIRST_YEAR <= int(year) <= _LAST_YEAR:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:  # 31 April and the like: an issue of the cell, told by the caller
        return None


def read_date(texts: pa.Array, blank: Set[str]) -> Cells:
    """Days (date32)."""
    cleaned = clean(texts, blank)
    values: list[object] = [None if text is None else parse_date(text) for text in cleaned.to_pylist()]
    return from_python(values, cleaned, pa.date32(), "not_a_date")


def read_month(texts: pa.Array, blank: Set[str]) -> Cells:
    """Months as their first day (date32); a day counts for its month."""
    cleaned = clean(texts, blank)
    days = [None if text is None else parse_date(text) for text in cleaned.to_pylist()]
    values: list[object] = [None if day is None else day.replace(day=1) for day in days]
    return from_python(values, cleaned, pa.date32(), "not_a_month")
