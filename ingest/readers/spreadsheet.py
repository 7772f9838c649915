"""Workbooks (xlsx, xls) as records of text cells with sheet row numbers.

Here belongs how a typed spreadsheet cell becomes text without looking sounder than it is: a number of 16 digits or
more has lost digits in the spreadsheet and is written as Excel shows it (5.19923E+17), never as a row of digits.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from ingest.readers.source import Record, is_blank
from ingest.refused import Refused

_EXACT = 1e15  # a spreadsheet keeps 15 significant digits


def cell_text(value: Any) -> str:
    """A spreadsheet value as the text a person would have typed.

    >>> cell_text(519901100201.0), cell_text(519901199001011234.0), cell_text(0.1 + 0.2)
    ('519901100201', '5.19901199001011E+17', '0.3')
    """
    match value:
        case str():
            return value
        case bool():
            return "TRUE" if value else "FALSE"
        case float():
            if value.is_integer() and abs(value) < _EXACT:
                return str(int(value))
            return f"{value:.15g}".replace("e", "E")
        case int():
            return str(value) if abs(value) < _EXACT else f"{float(value):.15g}".replace("e", "E")
        case datetime():
            return (
                value.strftime("%Y-%m-%d %H:%M:%S") if value.time() != time() else value.strftime("%Y-%m-%d")
            )
        case date() | time():
            return value.isoformat()
        case timedelta():
            return str(value)
    return "" if value is None else str(value)


class Sheet:
    """One sheet of an open workbook."""

    def __init__(self, kind: str, sheet: Any) -> None:
        self.encoding = kind
        self.notes: list[str] = []
        self._sheet = sheet
        # one value in cells merged downwards stands for each of its rows: start row → [(column, last row)]
        self._merged: dict[int, list[tuple[int, int]]] = {}
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
            if bottom > top and left == right:
                self._merged.setdefault(top + 1, []).append((left, bottom + 1))

    def head(self, count: int) -> list[Record]:
        """The first rows of the sheet."""
        return list(islice(self._read(), count))

    def records(self, after: int, width: int) -> Iterator[Record]:
        """Non-blank rows below row `after`; see `Source`. All rows of a sheet have its width."""
        merged: dict[int, tuple[int, str]] = {}
        for number, cells, fault in self._read():
            if number <= after:
                continue
            if merged or number in self._merged:
                _fill(merged, self._merged.get(number, ()), number, cells)
            if not is_blank(cells):
                yield number, cells, fault

    def _read(self) -> Iterator[tuple[int, list[str], None]]:
        for number, row in enumerate(self._sheet.iter_rows(), start=1):
            yield number, [cell if type(cell) is str else cell_text(cell) for cell in row], None


def _fill(open_: dict[int, tuple[int, str]], starting: Any, number: int, cells: list[str]) -> None:
    for column, (last, text) in list(open_.items()):
        if number > last:
            del open_[column]
        elif not cells[column]:
            cells[column] = text
    for column, last in starting:
        if column < len(cells):
            open_[column] = (last, cells[column])


def open_sheets(path: Path, kind: str) -> list[tuple[bool, Sheet]]:
    """The worksheets of a workbook, in order, each with whether it is visible.

    Raises Refused for a workbook that is torn, locked by a password or not one at all.
    """
    from python_calamine import (
        CalamineError,
        CalamineWorkbook,
        PasswordError,
        SheetTypeEnum,
        SheetVisibleEnum,
    )

    try:
        book = CalamineWorkbook.from_path(path)
        return [
            (meta.visible == SheetVisibleEnum.Visible, Sheet(kind, book.get_sheet_by_index(index)))
            for index, meta in enumerate(book.sheets_metadata)
            if meta.typ == SheetTypeEnum.WorkSheet
        ]
    except PasswordError:
        raise Refused("encrypted.workbook") from None
    except (CalamineError, OSError, ValueError) as error:
        raise Refused("torn.workbook", error=type(error).__name__) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # the reader's own word for a workbook it cannot follow
            raise
        raise Refused("torn.contradiction") from None
