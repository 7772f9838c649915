"""The workbook of a work list: cards of households on A4, drop-downs for each clue.

Layout only: the columns that come back belong to `worklist`, the words to `clue_words`. One sheet alone has the heading
of the verdicts contract, so that the workbook can be delivered as it returns. The names of the sections also stand
above that heading: ingest passes over a row that repeats a title, so the bands between the sections are no rows.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from orchestration.cli import clue_words
from orchestration.cli.gaps import Clue, WorkList
from orchestration.cli.messages import Messages
from orchestration.cli.policy_texts import policy_texts
from orchestration.cli.spreadsheet import BOOK_OPTIONS, lines_taken
from orchestration.cli.worklist import VerdictColumn, verdict_columns
from orchestration.cli.worklist_guides import FONT, LINE, SIZE, write_notes, write_villages

_SMALL = 8  # points
_A4 = 9  # paper number of the file format
# Points of height that a landscape A4 page has for rows at this scale, between its margins and the footer.
_SCALE = 84
_PAGE = (595 - 0.4 * 72 - 0.65 * 72) / (_SCALE / 100) - 6
_TITLE_ROW = 0
_SECTIONS = ("cards", "doubtful", "others")
_HEADER_ROW = 1 + len(_SECTIONS)
# Verification began with the registry's transition period; an earlier date is a slip of the hand.
_FIRST_DATE = date(2021, 1, 1)
# Width in characters of the columns that come back, by name; a Chinese character is two wide.
_BACK_WIDTH = {
    "verified_on": 10.5,
    "verdict": 7,
    "reason": 8,
    "exempt_until": 10.5,
    "verified_by": 7,
    "note": 9,
}
_GREY, _BACK, _CRITICAL, _BAND = "#7F7F7F", "#FFFDF3", "#FBE5E1", "#E8EEF7"


@dataclass(frozen=True)
class _Column:
    heading: str
    width: float
    back: VerdictColumn | None = None
    printed: bool = True


def xlsx_bytes(work_list: WorkList, say: Messages) -> bytes:
    """The list as a workbook; the same list gives the same bytes (the file's own date is the list's)."""
    import xlsxwriter

    buffer = io.BytesIO()
    options = {
        **BOOK_OPTIONS,
        # widths are counted in digits of this font: one that every office has, so that the page comes out as meant
        "default_format_properties": {"font_name": FONT, "font_size": SIZE},
    }
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties(
            {"title": say("gaps.sheet"), "created": datetime.combine(work_list.run_date, time())}
        )
        _List(book, work_list, say).write()
        write_villages(book, work_list, say)
        write_notes(book, work_list, say)
    return buffer.getvalue()


def _columns(say: Messages) -> list[_Column]:
    gap_id, *back = verdict_columns()
    return [
        _Column(say("column.number"), 5),
        _Column(say("column.household"), 25),
        _Column(say("column.clues"), 21),
        _Column(say("column.at_the_door"), 31),
        _Column(say("column.documents"), 11),
        _Column(say("column.due_on"), 10.5),
        *(_Column(column.heading, _BACK_WIDTH[column.name], column) for column in back),
        _Column(gap_id.heading, 30, printed=False),
        _Column(say("column.policy"), 9, printed=False),
        _Column(say("column.township"), 11, printed=False),
        _Column(say("column.village"), 11, printed=False),
        _Column(say("column.household_no"), 22, printed=False),
        _Column(say("column.owner"), 13, printed=False),
        _Column(say("column.first_seen"), 11, printed=False),
    ]


class _List:
    """The sheet of cards while it is written, row by row; remembers where pages must end."""

    def __init__(self, book: Any, work_list: WorkList, say: Messages) -> None:
        self._book, self._list, self._say = book, work_list, say
        self._sheet = book.add_worksheet(say("gaps.sheet"))
        self._columns = _columns(say)
        self._printed = sum(column.printed for column in self._columns)
        self._formats: dict[tuple[Any, ...], Any] = {}
        self._row = _HEADER_ROW + 1
        self._used = 0.0  # points of the page in hand
        self._breaks: list[int] = []

    def write(self) -> None:
        """The whole sheet."""
        self._write_head()
        for section in _SECTIONS:
            self._write_section(section)
        self._validate(max(self._row - 1, _HEADER_ROW + 1))
        self._set_page()

    def _format(self, **properties: Any) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            look = {"font_name": FONT, "font_size": SIZE, "valign": "top", "text_wrap": True} | properties
            self._formats[key] = self._book.add_format(look)
        return self._formats[key]

    def _write_head(self) -> None:
        say, last = self._say, self._printed - 1
        title = say(
            "gaps.title",
            run_date=self._list.run_date,
            scope=clue_words.scope_of(self._list, say),
            count=len(self._list.clues),
        )
        self._sheet.set_row(_TITLE_ROW, 26)
        look = self._format(bold=True, font_size=15, valign="vcenter", text_wrap=False)
        self._sheet.merge_range(_TITLE_ROW, 0, _TITLE_ROW, last, title, look)
        for row, section in enumerate(_SECTIONS, start=_TITLE_ROW + 1):
            self._sheet.set_row(row, LINE)
            name, about = say(f"gaps.section.{section}"), say(f"gaps.about.{section}")
            self._sheet.merge_range(row, 0, row, 1, name, self._format(bold=True, text_wrap=False))
            counts = clue_words.counts_of(self._list, section, say)
            told = f"{counts}  {about}" if counts else say("gaps.count_none")
            self._sheet.merge_range(row, 2, row, last, told, self._format(text_wrap=False))
        grey = self._format(font_size=_SMALL, font_color=_GREY, text_wrap=False)
        self._sheet.write_string(_HEADER_ROW - 1, self._printed, say("gaps.not_printed"), grey)
        head = {"bold": True, "valign": "vcenter", "align": "center", "border": 1, "border_color": "#808080"}
        height = LINE * max(lines_taken(c.heading, c.width) for c in self._columns) + 4
        self._sheet.set_row(_HEADER_ROW, height)
        self._used = 26 + LINE * len(_SECTIONS) + height
        self._header_height = height
        for number, column in enumerate(self._columns):
            colour = "#FFE082" if column.back else "#DCE6F1" if column.printed else "#F2F2F2"
            self._sheet.set_column(number, number, column.width)
            self._sheet.write_string(
                _HEADER_ROW, number, column.heading, self._format(**head, bg_color=colour)
            )

    def _write_section(self, section: str) -> None:
        cards = {"cards": self._list.cards, "doubtful": self._list.doubtful}.get(section, ())
        others = self._list.others if section == "others" else ()
        if not cards and not others:
            return
        if self._row > _HEADER_ROW + 1:
            self._end_page()
        look = self._format(bold=True, font_size=11, bg_color=_BAND, valign="vcenter", text_wrap=False)
        name = self._say(f"gaps.section.{section}")
        self._sheet.merge_range(self._row, 0, self._row, self._printed - 1, name, look)
        self._sheet.set_row(self._row, 20)
        self._row, self._used = self._row + 1, self._used + 20
        for number, card in enumerate(cards, start=1):
            who = clue_words.household(card, self._say, township=self._list.township is None)
            self._write_card(number, who, card.clues)
        for number, clue in enumerate(others, start=1):
            place = " ".join(filter(None, (clue.township_name, clue.village_name)))
            self._write_card(number, [place or self._say("gaps.unknown_place")], (clue,))

    def _write_card(self, number: int, who: Sequence[str], clues: Sequence[Clue]) -> None:
        """One block: the household on the left over all its rows, one row per clue; never broken by a page's end."""
        rows = [self._cells(clue) for clue in clues]
        heights = [
            LINE * max(lines_taken(cell, self._columns[at].width) for at, cell in cells.items()) + 4
            for cells in rows
        ]
        needed = LINE * sum(lines_taken(line, self._columns[1].width) for line in who) + 4
        missing = needed - sum(heights)
        if missing > 0:
            heights = [height + missing / len(heights) for height in heights]
        if self._used + sum(heights) > _PAGE and self._used > self._header_height:
            self._end_page()
        first = self._row
        for at, (clue, cells, height) in enumerate(zip(clues, rows, heights, strict=True)):
            self._sheet.set_row(self._row, min(height, 409))
            self._write_row(clue, cells, first=at == 0)
            self._row += 1
        self._used = (self._used + sum(heights)) % _PAGE
        left = {"border": 1, "border_color": "#808080", "top": 2}
        self._merge(
            first, 0, str(number), self._format(**left, bold=True, font_size=12, align="center"), number
        )
        self._merge(first, 1, "\n".join(who), self._format(**left))

    def _merge(self, first: int, column: int, text: str, look: Any, number: int | None = None) -> None:
        if self._row - 1 > first:
            self._sheet.merge_range(first, column, self._row - 1, column, "", look)
        if number is None:
            self._sheet.write_string(first, column, text, look)
        else:
            self._sheet.write_number(first, column, number, look)

    def _cells(self, clue: Clue) -> dict[int, str]:
        """Texts of the printed columns between household and verdict, by column."""
        say = self._say
        text = policy_texts().get(clue.policy_id)
        about, state = clue_words.subject(clue, say), clue_words.state(clue, say)
        named = say("gaps.graded", severity=say.code("severity", clue.severity))
        doubt = say("gaps.doubt", doubt=clue.doubt) if clue.doubt else ""
        standard = clue_words.standard(clue, say)
        judged = say("gaps.standard", standard=standard) if standard else ""
        return {
            2: "\n".join(filter(None, (f"{named}{clue_words.policy_name(clue, say)}", about, state))),
            3: "\n".join(filter(None, (doubt, text.at_the_door if text else "", judged))),
            4: text.documents if text else "",
        }

    def _write_row(self, clue: Clue, cells: dict[int, str], first: bool) -> None:
        box = {"border": 1, "border_color": "#808080"} | ({"top": 2} if first else {})
        overdue = clue.due_on is not None and clue.due_on < self._list.run_date
        for at, cell in cells.items():
            colour = {"bg_color": _CRITICAL} if at == 2 and clue.severity == "C" else {}
            self._sheet.write_string(self._row, at, cell, self._format(**box, **colour))
        due = self._format(**box, num_format="yyyy-mm-dd", align="center", bold=overdue)
        self._write_date(5, clue.due_on, due)
        hidden = (
            clue.gap_id,
            clue.policy_id,
            clue.township_name,
            clue.village_name,
            clue.household_no,
            self._say.department(clue.department),
        )
        grey = {"font_size": _SMALL, "font_color": _GREY, "text_wrap": False, "num_format": "@"}
        for at, column in enumerate(self._columns):
            if column.back is not None:
                self._write_back(at, column.back, box)
        for at, value in enumerate(hidden, start=self._printed):
            self._sheet.write_string(self._row, at, value, self._format(**grey))
        self._write_date(
            len(self._columns) - 1,
            clue.first_seen,
            self._format(**grey | {"num_format": "yyyy-mm-dd", "align": "left"}),
        )

    def _write_back(self, at: int, column: VerdictColumn, box: dict[str, Any]) -> None:
        look = {**box, "bg_color": _BACK}
        if not column.is_date:
            self._sheet.write_blank(self._row, at, None, self._format(**look, num_format="@"))
            return
        # its key needs a day: the list's stands there in grey until the real one is set
        filled = self._list.run_date if column.name == "verified_on" else None
        grey = {"font_color": "#B0B0B0"} if filled else {}
        self._write_date(at, filled, self._format(**look, **grey, num_format="yyyy-mm-dd", align="center"))

    def _write_date(self, at: int, day: date | None, look: Any) -> None:
        if day is None:
            self._sheet.write_blank(self._row, at, None, look)
        else:
            self._sheet.write_datetime(self._row, at, datetime.combine(day, time()), look)

    def _validate(self, last_row: int) -> None:
        for at, column in enumerate(self._columns):
            if column.back is None or not (column.back.choices or column.back.is_date):
                continue
            rule: dict[str, Any] = {"ignore_blank": True}
            if column.back.choices:
                rule |= {"validate": "list", "source": list(column.back.choices)}
                rule |= {"error_message": self._say("gaps.pick_from_list")}
            else:
                rule |= {"validate": "date", "criteria": ">=", "value": _FIRST_DATE}
                rule |= {"error_message": self._say("gaps.give_date")}
            self._sheet.data_validation(_HEADER_ROW + 1, at, last_row, at, rule)

    def _end_page(self) -> None:
        self._breaks.append(self._row)
        self._used = self._header_height

    def _set_page(self) -> None:
        sheet = self._sheet
        sheet.freeze_panes(_HEADER_ROW + 1, 2)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.set_margins(left=0.35, right=0.35, top=0.4, bottom=0.65)
        # a scale and not "fit to width": with that, spreadsheet programs pass over our page breaks
        sheet.set_print_scale(_SCALE)
        sheet.set_h_pagebreaks(self._breaks)
        sheet.repeat_rows(_HEADER_ROW)
        sheet.print_area(0, 0, max(self._row - 1, _HEADER_ROW + 1), self._printed - 1)
        scope = clue_words.scope_of(self._list, self._say)
        footer = (
            f"&L{scope} {self._list.run_date}&C{self._say('gaps.page_footer')}&R{self._say('gaps.signature')}"
        )
        sheet.set_footer(footer, {"margin": 0.3})
