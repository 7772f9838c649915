"""The work list as a file that goes to a township and comes back as the delivery `registry/verdicts`.

Writing xlsx and csv belongs here; which clues are in the list is decided by `gaps`. The columns that come back
and their drop-downs are those of `ingest/contracts/registry/verdicts.yaml`.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

from ingest.contract import load_contracts
from orchestration.cli.gaps import Clue, WorkList, scope_of
from orchestration.cli.messages import Messages
from orchestration.cli.policy_texts import policy_texts
from orchestration.cli.spreadsheet import (
    BOOK_OPTIONS,
    LINE_HEIGHT,
    OPEN_FILE,
    csv_text,
    lines_of,
    write_whole,
)
from orchestration.home import PRIVATE_FILE

FORMATS = ("xlsx", "csv")
_TITLE_ROW, _HEADER_ROW = 0, 1
_NOTE_WIDTH = 74
_A3, _A4 = 8, 9  # paper numbers of the file format; offices print wide lists on A3
# Verification began with the registry's transition period; an earlier date is a slip of the hand.
_FIRST_DATE = date(2021, 1, 1)


@dataclass(frozen=True)
class Column:
    """One column: heading, width in characters, and whether the township fills it in."""

    heading: str
    width: int
    filled_in: bool = False
    choices: tuple[str, ...] = ()
    is_date: bool = False


@cache
def verdict_columns() -> tuple[tuple[str, str, tuple[str, ...], bool], ...]:
    """(name, Chinese header, choices, is a date) of each column of the verdicts contract, in its order."""
    return tuple(
        (
            column.name,
            column.header,
            tuple(dict.fromkeys((column.codes or {}).values())),
            column.kind == "date",
        )
        for column in load_contracts()["registry/verdicts"].columns
    )


def write_work_list(work_list: WorkList, file_format: str, output: Path, say: Messages) -> None:
    """Write `output` (format `xlsx` or `csv`); a list with names is readable by its owner only."""
    content = xlsx_bytes(work_list, say) if file_format == "xlsx" else csv_bytes(work_list, say)
    write_whole(content, output, PRIVATE_FILE if work_list.has_names else OPEN_FILE)


def csv_bytes(work_list: WorkList, say: Messages) -> bytes:
    """The list as UTF-8 text with a byte order mark (Excel reads Chinese by it), formulas made harmless."""
    headings = [column.heading for column in _columns(work_list, say)]
    return csv_text(headings, (_cells(clue, work_list, say) for clue in work_list.clues))


def _columns(work_list: WorkList, say: Messages) -> list[Column]:
    given = [
        Column(say("column.policy"), 20),
        Column(say("column.at_the_door"), 40),
        Column(say("column.township"), 10),
        Column(say("column.village"), 10),
        Column(say("column.household_no"), 20),
        *(
            [Column(say("column.head_name"), 10), Column(say("column.person_name"), 10)]
            if work_list.has_names
            else []
        ),
        Column(say("column.card"), 6),
        Column(say("column.severity"), 6),
        Column(say("column.owner"), 11),
        Column(say("column.first_seen"), 11, is_date=True),
        Column(say("column.due_on"), 11, is_date=True),
        Column(say("column.status"), 10),
        Column(say("column.doubt"), 18),
    ]
    # headings that come back stay Chinese in every language: they are the contract's
    back = {
        name: Column(
            header, 22 if name == "note" else 12, filled_in=name != "gap_id", choices=choices, is_date=is_date
        )
        for name, header, choices, is_date in verdict_columns()
    }
    return [
        Column(back["gap_id"].heading, 30),
        *given,
        *(column for name, column in back.items() if name != "gap_id"),
    ]


def _cells(clue: Clue, work_list: WorkList, say: Messages) -> list[str | date | None]:
    text = policy_texts().get(clue.policy_id)
    name = (text.name_zh if say.language == "zh" else text.name_en) if text else ""
    filled: Mapping[str, date] = {"verified_on": work_list.run_date}
    return [
        clue.gap_id,
        f"{clue.policy_id} {name}".strip(),
        text.at_the_door if text else "",
        clue.township_name,
        clue.village_name,
        clue.household_no,
        *([clue.head_name, clue.person_name] if work_list.has_names else []),
        say.code("card", clue.card),
        say.code("severity", clue.severity),
        say.department(clue.department),
        clue.first_seen,
        clue.due_on,
        say.code("gap_status", clue.status),
        clue.doubt,
        *(filled.get(column[0]) for column in verdict_columns() if column[0] != "gap_id"),
    ]


def xlsx_bytes(work_list: WorkList, say: Messages) -> bytes:
    """The list as a workbook: title, frozen header, filters, drop-downs, and a sheet that says how to fill it in.

    The same list gives the same bytes: the file's own date is the list's.
    """
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, BOOK_OPTIONS) as book:
        book.set_properties(
            {"title": say("gaps.sheet"), "created": datetime.combine(work_list.run_date, time())}
        )
        _write_list(book, work_list, say)
        _write_notes(book, work_list, say)
    return buffer.getvalue()


def _write_list(book: Any, work_list: WorkList, say: Messages) -> None:
    sheet = book.add_worksheet(say("gaps.sheet"))
    columns = _columns(work_list, say)
    last_row, last_column = _HEADER_ROW + max(len(work_list.clues), 1), len(columns) - 1
    title = say(
        "gaps.title", run_date=work_list.run_date, scope=scope_of(work_list, say), count=len(work_list.clues)
    )
    sheet.set_row(_TITLE_ROW, 28)
    sheet.set_row(_HEADER_ROW, 32)
    sheet.merge_range(
        _TITLE_ROW,
        0,
        _TITLE_ROW,
        4,
        title,
        book.add_format({"bold": True, "font_size": 15, "valign": "vcenter"}),
    )
    formats = _formats(book)
    for number, column in enumerate(columns):
        sheet.set_column(number, number, column.width)
        sheet.write_string(
            _HEADER_ROW, number, column.heading, formats["header_in" if column.filled_in else "header"]
        )
        if column.filled_in:
            _validate(sheet, number, last_row, column, say)
    for row, clue in enumerate(work_list.clues, start=_HEADER_ROW + 1):
        _write_row(sheet, row, _cells(clue, work_list, say), columns, formats)
    sheet.freeze_panes(_HEADER_ROW + 1, 1)
    sheet.autofilter(_HEADER_ROW, 0, last_row, last_column)
    sheet.set_landscape()
    sheet.set_paper(_A3)
    sheet.set_margins(left=0.3, right=0.3, top=0.4, bottom=0.4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEADER_ROW)


def _formats(book: Any) -> dict[str, Any]:
    cell = {"border": 1, "border_color": "#BFBFBF", "valign": "top", "text_wrap": True}
    head = {**cell, "bold": True, "valign": "vcenter", "align": "center"}
    day = {"num_format": "yyyy-mm-dd", "align": "center"}
    back = {"bg_color": "#FFF8E1"}
    return {
        "header": book.add_format({**head, "bg_color": "#DCE6F1"}),
        "header_in": book.add_format({**head, "bg_color": "#FFE082"}),
        "text": book.add_format({**cell, "num_format": "@"}),
        "date": book.add_format({**cell, **day}),
        "text_in": book.add_format({**cell, **back}),
        "date_in": book.add_format({**cell, **day, **back}),
    }


def _write_row(
    sheet: Any,
    row: int,
    cells: Sequence[str | date | None],
    columns: Sequence[Column],
    formats: Mapping[str, Any],
) -> None:
    # not every program fits the height of wrapped rows by itself
    sheet.set_row(
        row,
        LINE_HEIGHT * max(_lines(cell, column.width) for cell, column in zip(cells, columns, strict=True)),
    )
    for number, (cell, column) in enumerate(zip(cells, columns, strict=True)):
        kind = "date" if column.is_date else "text"
        style = formats[f"{kind}_in" if column.filled_in else kind]
        if cell is None or cell == "":
            sheet.write_blank(row, number, None, style)
        elif isinstance(cell, date):
            sheet.write_datetime(row, number, cell, style)
        else:
            sheet.write_string(row, number, cell, style)


def _lines(cell: str | date | None, width: int) -> int:
    return lines_of(cell, width) if isinstance(cell, str) else 1


def _validate(sheet: Any, number: int, last_row: int, column: Column, say: Messages) -> None:
    rule: dict[str, Any] = {"ignore_blank": True}
    if column.choices:
        rule |= {
            "validate": "list",
            "source": list(column.choices),
            "error_message": say("gaps.pick_from_list"),
        }
    elif column.is_date:
        rule |= {
            "validate": "date",
            "criteria": ">=",
            "value": _FIRST_DATE,
            "error_message": say("gaps.give_date"),
        }
    else:
        return
    sheet.data_validation(_HEADER_ROW + 1, number, last_row, number, rule)


def _write_notes(book: Any, work_list: WorkList, say: Messages) -> None:
    sheet = book.add_worksheet(say("gaps.sheet_notes"))
    sheet.set_column(0, 0, _NOTE_WIDTH)
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    style = book.add_format({"text_wrap": True, "valign": "top", "font_size": 12})
    notes = [
        "gaps.note_1",
        "gaps.note_2",
        "gaps.note_3",
        "gaps.note_4",
        *(["gaps.note_5"] if work_list.has_names else []),
    ]
    for row, key in enumerate(notes):
        text = f"{row + 1}. {say(key)}"
        sheet.set_row(row, LINE_HEIGHT * 1.3 * _lines(text, _NOTE_WIDTH))
        sheet.write_string(row, 0, text, style)
