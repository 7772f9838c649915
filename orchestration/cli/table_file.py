"""A table as a file for people: one xlsx sheet or csv text, atomically written, formulas made harmless.

Look of the sheet only: which rows and words, say the verbs; cells and files that every list shares are `spreadsheet`. The list that comes back as a delivery is `worklist`.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from orchestration.cli.spreadsheet import (
    BOOK_OPTIONS,
    LINE_HEIGHT,
    OPEN_FILE,
    csv_text,
    lines_taken,
    write_whole,
)
from orchestration.home import PRIVATE_FILE

Cell = str | int | float | date | None
_TITLE_ROW, _HEADER_ROW = 0, 1
_A4 = 9
_SHOWN: dict[str, dict[str, Any]] = {
    "text": {"num_format": "@", "text_wrap": True},
    "code": {"num_format": "@", "align": "center"},
    "date": {"num_format": "yyyy-mm-dd", "align": "center"},
    "count": {"num_format": "#,##0", "align": "right"},
    "score": {"num_format": "0.00", "align": "right"},
    "share": {"num_format": "0.0%", "align": "right"},
}
_FILLS = {"red": "#F8CBAD", "yellow": "#FFF2CC", "blue": "#DDEBF7", "green": "#E2EFDA"}


@dataclass(frozen=True)
class Column:
    """One column: heading, width in characters, and how its cells are shown: text, code, date, count, share or score."""

    heading: str
    width: int
    kind: str = "text"


@dataclass(frozen=True)
class Sheet:
    """One table: its name, title, columns, rows and what is said below; colours by row and column; breaks before rows."""

    name: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    notes: Sequence[str] = ()
    fills: Mapping[tuple[int, int], str] = field(default_factory=dict)
    breaks: Sequence[int] = ()
    last_is_total: bool = False


def csv_bytes(sheet: Sheet) -> bytes:
    """The table as text that spreadsheet programs open; shares as fractions."""
    return csv_text([column.heading for column in sheet.columns], sheet.rows)


def xlsx_bytes(sheets: Sequence[Sheet], day: date) -> bytes:
    """The sheets as a workbook; the same sheets give the same bytes: the file's own date is `day`."""
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, BOOK_OPTIONS) as book:
        book.set_properties({"title": sheets[0].title, "created": datetime.combine(day, time())})
        for sheet in sheets:
            _write(book, sheet)
    return buffer.getvalue()


def write(content: bytes, path: Path, private: bool) -> None:
    """Write aside and rename; a private file is readable by its owner only."""
    write_whole(content, path, PRIVATE_FILE if private else OPEN_FILE)


def _write(book: Any, sheet: Sheet) -> None:
    page = book.add_worksheet(sheet.name)
    last_row, last_column = _HEADER_ROW + max(len(sheet.rows), 1), len(sheet.columns) - 1
    page.set_row(_TITLE_ROW, 28)
    page.set_row(_HEADER_ROW, 32)
    page.write_string(
        _TITLE_ROW, 0, sheet.title, book.add_format({"bold": True, "font_size": 15, "valign": "vcenter"})
    )
    styles = _Styles(book)
    for number, column in enumerate(sheet.columns):
        page.set_column(number, number, column.width)
        page.write_string(_HEADER_ROW, number, column.heading, styles.header)
    for index, row in enumerate(sheet.rows):
        at = _HEADER_ROW + 1 + index
        is_total = sheet.last_is_total and index == len(sheet.rows) - 1
        widths = zip(row, sheet.columns, strict=True)
        page.set_row(
            at,
            LINE_HEIGHT
            * 1.2
            * max(lines_taken(cell, column.width) if isinstance(cell, str) else 1 for cell, column in widths),
        )
        for number, (cell, column) in enumerate(zip(row, sheet.columns, strict=True)):
            style = styles.cell(column.kind, sheet.fills.get((index, number)), is_total)
            _write_cell(page, at, number, cell, style)
    note = book.add_format({"font_color": "#595959", "text_wrap": True, "valign": "top"})
    width = sum(column.width for column in sheet.columns)
    for offset, text in enumerate(sheet.notes):
        at = last_row + 2 + offset
        page.merge_range(at, 0, at, last_column, text, note)
        page.set_row(at, LINE_HEIGHT * 1.1 * lines_taken(text, width))
    page.freeze_panes(_HEADER_ROW + 1, 1)
    if not sheet.last_is_total:
        page.autofilter(_HEADER_ROW, 0, last_row, last_column)
    page.set_landscape()
    page.set_paper(_A4)
    page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.5)
    page.fit_to_pages(1, 0)
    page.repeat_rows(_TITLE_ROW, _HEADER_ROW)
    page.set_footer("&C&P / &N")
    if sheet.breaks:
        page.set_h_pagebreaks([_HEADER_ROW + 1 + index for index in sheet.breaks])


def _write_cell(page: Any, row: int, column: int, cell: Cell, style: Any) -> None:
    if cell is None or cell == "":
        page.write_blank(row, column, None, style)
    elif isinstance(cell, date):
        page.write_datetime(row, column, datetime.combine(cell, time()), style)
    elif isinstance(cell, str):
        page.write_string(row, column, cell, style)
    else:
        page.write_number(row, column, cell, style)


class _Styles:
    """Formats of one workbook, made once each."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[str, str | None, bool], Any] = {}
        self.header = book.add_format(
            {**self._edge(), "bold": True, "align": "center", "text_wrap": True, "bg_color": "#DCE6F1"}
        )

    def cell(self, kind: str, fill: str | None, is_total: bool) -> Any:
        key = (kind, fill, is_total)
        if key not in self._made:
            style = {**self._edge(), **_SHOWN[kind]}
            if fill:
                style["bg_color"] = _FILLS[fill]
            if is_total:
                style["bold"] = True
            self._made[key] = self._book.add_format(style)
        return self._made[key]

    @staticmethod
    def _edge() -> dict[str, Any]:
        return {"border": 1, "border_color": "#BFBFBF", "valign": "vcenter"}
