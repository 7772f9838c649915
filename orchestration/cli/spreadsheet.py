"""What files for offices share: cells that no program runs as a formula, rows as high as their text, whole files only.

Layout of one list belongs to the module that writes it (`table_file`, `worklist_sheet`, `feedback_book`, `rules_list`).
"""

import csv
import io
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

# A cell that begins so is run as a formula by spreadsheet programs when they open a csv file; the wide forms of the
# signs are taken for the narrow ones by some.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
LINE_HEIGHT = 15  # points, for the default font
OPEN_FILE = 0o644
# In memory: what may be restricted must not pass through a temporary file; texts stay texts.
BOOK_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def harmless(text: str) -> str:
    """A text that a spreadsheet program does not run when it opens a csv file."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def lines_taken(text: str, width: float) -> int:
    """Lines that a text takes in a column so many characters wide; a Chinese character is two wide and may end a line."""
    lines = 0
    for line in text.split("\n"):
        lines, taken = lines + 1, 0
        for character in line:
            wide = 2 if east_asian_width(character) in "WFA" else 1
            lines, taken = (lines + 1, wide) if taken + wide > width else (lines, taken + wide)
    return lines


def csv_text(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Rows as UTF-8 text with a byte order mark (Excel reads Chinese by it), formulas made harmless; None is blank.

    Numbers and dates stay what they are: a minus before a number is no formula.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(headings)
    for row in rows:
        writer.writerow(
            [harmless(cell) if isinstance(cell, str) else "" if cell is None else str(cell) for cell in row]
        )
    return text.getvalue().encode("utf-8-sig")


def write_whole(content: bytes, output: Path, mode: int = OPEN_FILE) -> None:
    """Write `output` aside with its mode and rename it: nobody opens a half, and nobody a restricted file in between."""
    aside = output.with_name(f".{output.name}.{os.getpid()}")
    aside.unlink(missing_ok=True)
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    aside.replace(output)


def cell_formats(book: Any) -> dict[str, Any]:
    """The house's cell styles: title, header, text, number, share, date, note."""
    cell = {"border": 1, "border_color": "#BFBFBF", "valign": "top"}
    return {
        "title": book.add_format({"bold": True, "font_size": 15, "valign": "vcenter"}),
        "heading": book.add_format({"bold": True, "font_size": 12, "valign": "vcenter"}),
        "note": book.add_format({"text_wrap": True, "valign": "top", "font_color": "#404040"}),
        "header": book.add_format(
            {
                **cell,
                "bold": True,
                "valign": "vcenter",
                "align": "center",
                "text_wrap": True,
                "bg_color": "#DCE6F1",
            }
        ),
        "text": book.add_format({**cell, "text_wrap": True, "num_format": "@"}),
        "number": book.add_format({**cell, "num_format": "#,##0"}),
        "plain_number": book.add_format({**cell, "num_format": "0"}),
        "share": book.add_format({**cell, "num_format": "0.00%"}),
        "date": book.add_format({**cell, "num_format": "yyyy-mm-dd", "align": "center"}),
    }
