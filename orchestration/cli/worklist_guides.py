"""The sheets beside the cards of a work list: which cards belong to which village, and how to fill the list in.

Neither has a heading of a contract, so that no reader takes it for a table. The cards themselves: `worklist_sheet`.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from orchestration.cli.gaps import Card, WorkList
from orchestration.cli.messages import Messages
from orchestration.cli.spreadsheet import lines_taken

FONT, SIZE = "宋体", 10
LINE = 14.5  # points of a line of text, the Latin and Chinese fonts of offices alike
_NOTE_WIDTH = 74
_A4 = 9  # paper number of the file format


def write_villages(book: Any, work_list: WorkList, say: Messages) -> None:
    """Which cards to take along to which village."""
    sheet = book.add_worksheet(say("gaps.by_village"))
    head = {"font_name": FONT, "border": 1, "border_color": "#808080", "valign": "top", "text_wrap": True}
    bold = book.add_format({**head, "bold": True, "bg_color": "#DCE6F1"})
    plain = book.add_format(head)
    title = book.add_format({"font_name": FONT, "bold": True, "font_size": 14})
    day = book.add_format({**head, "num_format": "yyyy-mm-dd", "align": "left"})
    columns = (
        ("place", 22),
        ("households", 8),
        ("clues", 8),
        ("critical", 10),
        ("due_on", 12),
        ("cards_of", 34),
    )
    sheet.write_string(0, 0, say("gaps.by_village_title"), title)
    for at, (name, width) in enumerate(columns):
        sheet.set_column(at, at, width)
        sheet.write_string(1, at, say(f"column.{name}"), bold)
    villages: dict[tuple[str, str], list[tuple[int, Card]]] = defaultdict(list)
    for number, card in enumerate(work_list.cards, start=1):
        township = "" if work_list.township else card.township_name
        villages[township, card.village_name].append((number, card))
    for row, (place, numbered) in enumerate(sorted(villages.items()), start=2):
        clues = [clue for _, card in numbered for clue in card.clues]
        due = min((clue.due_on for clue in clues if clue.due_on), default=None)
        numbers = say("gaps.pause").join(str(number) for number, _ in numbered)
        sheet.set_row(row, LINE * lines_taken(numbers, columns[-1][1]) + 2)
        sheet.write_string(row, 0, " ".join(filter(None, place)) or say("gaps.unknown_place"), plain)
        counts: Iterable[int] = (len(numbered), len(clues), sum(clue.severity == "C" for clue in clues))
        for at, number in enumerate(counts, start=1):
            sheet.write_number(row, at, number, plain)
        if due is None:
            sheet.write_blank(row, 4, None, day)
        else:
            sheet.write_datetime(row, 4, datetime.combine(due, time()), day)
        sheet.write_string(row, 5, numbers, plain)
    sheet.freeze_panes(2, 1)
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(1)


def write_notes(book: Any, work_list: WorkList, say: Messages) -> None:
    """How the list is filled in and sent back."""
    sheet = book.add_worksheet(say("gaps.sheet_notes"))
    sheet.set_column(0, 0, _NOTE_WIDTH)
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    style = book.add_format({"font_name": FONT, "text_wrap": True, "valign": "top", "font_size": 12})
    notes = [
        *(f"gaps.note_{number}" for number in range(1, 5)),
        *(["gaps.note_5"] if work_list.has_names else []),
    ]
    for row, key in enumerate(notes):
        text = f"{row + 1}. {say(key)}"
        sheet.set_row(row, LINE * 1.3 * lines_taken(text, _NOTE_WIDTH * SIZE / 12))
        sheet.write_string(row, 0, text, style)
