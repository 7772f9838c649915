"""A department's feedback as a file: a workbook with a summary and one sheet per kind of error, or one csv.

Writing belongs here; what a department is told is chosen by `feedback`.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from orchestration.cli.feedback import Count, Feedback, Issue
from orchestration.cli.messages import Messages
from orchestration.cli.spreadsheet import BOOK_OPTIONS, LINE_HEIGHT, cell_formats, csv_text, lines_taken

_A4 = 9  # paper number of the file format
_MOST_PATTERNS = 60
_TITLE_HEIGHT, _HEADER_HEIGHT = 28, 32
# (heading, width in characters, cell style) of a sheet of issues
_ISSUE_COLUMNS = (
    ("extract", 16, "text"), ("file", 28, "text"), ("row_number", 8, "plain_number"), ("field", 16, "text"),
    ("problem", 40, "text"), ("mend", 36, "text"), ("against", 24, "text"),
)  # fmt: skip
_COUNT_COLUMNS = (
    ("extract", 16, "text"), ("file", 28, "text"), ("data_date", 12, "date"), ("rows_read", 10, "number"),
    ("issue_kind", 24, "text"), ("issues", 9, "number"), ("rows_affected", 10, "number"), ("share_of_rows", 10, "share"),
    ("share_before", 10, "share"), ("change", 12, "text"),
)  # fmt: skip
_PATTERN_COLUMNS = (
    ("extract", 16, "text"), ("field", 18, "text"), ("issues", 9, "number"), ("issue_kind", 16, "text"),
    ("problem", 48, "text"), ("mend", 44, "text"),
)  # fmt: skip


def book_bytes(feedback: Feedback, say: Messages) -> bytes:
    """The workbook; the same feedback gives the same bytes: the file's own date is the day's."""
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, BOOK_OPTIONS) as book:
        book.set_properties(
            {"title": say("feedback.name"), "created": datetime.combine(feedback.run_date, time())}
        )
        formats = cell_formats(book)
        _write_summary(book, formats, feedback, say)
        if feedback.patterns:
            _write_patterns(book, formats, feedback, say)
        for kind, issues in feedback.issues.items():
            _write_kind(book, formats, kind, issues, feedback, say)
    return buffer.getvalue()


def csv_bytes(feedback: Feedback, issues: Iterable[Issue], say: Messages) -> bytes:
    """All issues of a department in one table, every one of them; see `spreadsheet.csv_text`."""
    headings = [
        say("column.issue_kind"),
        *(heading for heading, _, _ in _issue_columns(feedback.has_values, say)),
    ]
    rows = (
        (say.code("issue_kind", issue.kind), *_issue_cells(issue, feedback.has_values)) for issue in issues
    )
    return csv_text(headings, rows)


def _issue_columns(has_values: bool, say: Messages) -> list[tuple[str, int, str]]:
    columns = [(say(f"column.{name}"), width, style) for name, width, style in _ISSUE_COLUMNS]
    return [*columns, (say("column.own_value"), 36, "text")] if has_values else columns


def _issue_cells(issue: Issue, has_values: bool) -> list[str | int | None]:
    cells: list[str | int | None] = [
        issue.table,
        issue.file_name,
        issue.row_number,
        issue.column,
        issue.sentence,
        issue.mend,
        issue.against,
    ]
    return [*cells, issue.value] if has_values else cells


def _write_summary(book: Any, formats: Mapping[str, Any], feedback: Feedback, say: Messages) -> None:
    sheet = book.add_worksheet(say("feedback.sheet_summary"))
    for number, (_, width, _) in enumerate(_COUNT_COLUMNS):
        sheet.set_column(number, number, width)
    title = say("feedback.title", department=say.department(feedback.department), run_date=feedback.run_date)
    sheet.set_row(0, _TITLE_HEIGHT)
    sheet.write_string(0, 0, title, formats["title"])
    last = len(_COUNT_COLUMNS) - 1
    row = 1
    for key in (
        "feedback.note_1",
        "feedback.note_2",
        *(["feedback.note_values"] if feedback.has_values else []),
    ):
        sheet.merge_range(row, 0, row, last, say(key), formats["note"])
        sheet.set_row(row, LINE_HEIGHT * lines_taken(say(key), 140))
        row += 1
    row = _table_heading(sheet, formats, row + 1, say("feedback.by_file"))
    headings = [say(f"column.{name}") for name, _, _ in _COUNT_COLUMNS]
    _header_row(sheet, formats, row, headings)
    top = row
    for line in feedback.counts:
        row += 1
        _write_cells(sheet, formats, row, _count_cells(line, say), [style for _, _, style in _COUNT_COLUMNS])
    if feedback.counts:
        sheet.autofilter(top, 0, row, last)
    else:
        row += 1
        sheet.write_string(row, 0, say("feedback.none_in_force"), formats["note"])
    _page(sheet)


def _write_patterns(book: Any, formats: Mapping[str, Any], feedback: Feedback, say: Messages) -> None:
    """A sheet of the columns with most errors: a column gone wrong as a whole is mended at once."""
    sheet = book.add_worksheet(say("feedback.by_column"))
    sheet.set_row(0, _TITLE_HEIGHT)
    sheet.write_string(0, 0, say("feedback.by_column"), formats["title"])
    for number, (name, width, _) in enumerate(_PATTERN_COLUMNS):
        sheet.set_column(number, number, width)
        sheet.write_string(1, number, say(f"column.{name}"), formats["header"])
    styles = [style for _, _, style in _PATTERN_COLUMNS]
    for row, pattern in enumerate(feedback.patterns[:_MOST_PATTERNS], start=2):
        kind = say.code("issue_kind", pattern.kind)
        cells = (pattern.table, pattern.column, pattern.issues, kind, pattern.sentence, pattern.mend)
        lines = max(
            lines_taken(str(cell), width) for cell, (_, width, _) in zip(cells, _PATTERN_COLUMNS, strict=True)
        )
        sheet.set_row(row, LINE_HEIGHT * lines)
        _write_cells(sheet, formats, row, cells, styles)
    sheet.freeze_panes(2, 0)
    _page(sheet)


def _table_heading(sheet: Any, formats: Mapping[str, Any], row: int, text: str) -> int:
    sheet.set_row(row, 22)
    sheet.write_string(row, 0, text, formats["heading"])
    return row + 1


def _header_row(sheet: Any, formats: Mapping[str, Any], row: int, headings: Sequence[str]) -> None:
    sheet.set_row(row, _HEADER_HEIGHT)
    for number, heading in enumerate(headings):
        sheet.write_string(row, number, heading, formats["header"])


def _count_cells(line: Count, say: Messages) -> list[Any]:
    return [
        line.table,
        line.file_name,
        line.data_date,
        line.rows_read,
        say.code("issue_kind", line.kind),
        line.issues,
        line.rows_affected,
        line.share,
        line.share_before,
        change(line, say),
    ]


def change(line: Count, say: Messages) -> str:
    """How the share of rows moved since the file before, in words; blank where that is not known."""
    if line.share is None or line.share_before is None:
        return ""
    if round(line.share, 4) == round(line.share_before, 4):
        return say("feedback.unchanged")
    return say("feedback.less" if line.share < line.share_before else "feedback.more")


def _write_kind(
    book: Any,
    formats: Mapping[str, Any],
    kind: str,
    issues: Sequence[Issue],
    feedback: Feedback,
    say: Messages,
) -> None:
    sheet = book.add_worksheet(say.code("issue_kind", kind)[:31])
    columns = _issue_columns(feedback.has_values, say)
    total = feedback.totals[kind]
    sheet.set_row(0, _TITLE_HEIGHT)
    title = say("feedback.kind_title", kind=say.code("issue_kind", kind), count=total)
    sheet.write_string(0, 0, title, formats["title"])
    explained = say(f"issue_kind_note.{kind}")
    if total > len(issues):
        explained += say("feedback.first_only", shown=len(issues))
    sheet.merge_range(1, 0, 1, len(columns) - 1, explained, formats["note"])
    sheet.set_row(1, LINE_HEIGHT * lines_taken(explained, sum(width for _, width, _ in columns)))
    _header_row(sheet, formats, 2, [heading for heading, _, _ in columns])
    for number, (_, width, _) in enumerate(columns):
        sheet.set_column(number, number, width)
    styles = [style for _, _, style in columns]
    widths = [width for _, width, _ in columns]
    for row, issue in enumerate(issues, start=3):
        cells = _issue_cells(issue, feedback.has_values)
        # not every program fits the height of wrapped rows by itself
        lines = max(lines_taken(str(cell or ""), width) for cell, width in zip(cells, widths, strict=True))
        sheet.set_row(row, LINE_HEIGHT * lines)
        _write_cells(sheet, formats, row, cells, styles)
    sheet.freeze_panes(3, 0)
    sheet.autofilter(2, 0, 2 + max(len(issues), 1), len(columns) - 1)
    sheet.repeat_rows(2)
    _page(sheet)


def _write_cells(
    sheet: Any, formats: Mapping[str, Any], row: int, cells: Sequence[Any], styles: Sequence[str]
) -> None:
    for number, (cell, style) in enumerate(zip(cells, styles, strict=True)):
        _write_cell(sheet, row, number, cell, formats[style])


def _write_cell(sheet: Any, row: int, number: int, cell: Any, style: Any) -> None:
    if cell is None or cell == "":
        sheet.write_blank(row, number, None, style)
    elif isinstance(cell, date):
        sheet.write_datetime(row, number, cell, style)
    elif isinstance(cell, int | float):
        sheet.write_number(row, number, cell, style)
    else:
        sheet.write_string(row, number, cell, style)


def _page(sheet: Any) -> None:
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.3, right=0.3, top=0.4, bottom=0.4)
    sheet.fit_to_pages(1, 0)
