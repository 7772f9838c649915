"""Files that offices open in spreadsheet programs: texts stay texts, numbers stay numbers."""

import pytest

from orchestration.cli import table_file
from orchestration.cli.spreadsheet import lines_taken


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_no_text_of_a_delivery_runs_as_a_formula(start: str) -> None:
    """Prevents a name such as =HYPERLINK(…) that a department typed from running in a township's office."""
    sheet = table_file.Sheet("a", "a", [table_file.Column("名称", 8)], [[f"{start}1+1"]])
    assert (
        table_file.csv_bytes(sheet).decode("utf-8-sig").split("\r\n", 1)[1].strip('"').startswith(f"'{start}")
    )


def test_a_number_below_nothing_stays_a_number() -> None:
    """Prevents amounts that are owed from becoming texts that nobody can add up."""
    sheet = table_file.Sheet("a", "a", [table_file.Column("金额", 8)], [[-5]])
    assert table_file.csv_bytes(sheet).decode("utf-8-sig") == "金额\r\n-5\r\n"


@pytest.mark.parametrize(
    ("text", "width", "lines"), [("", 8, 1), ("四个汉字", 8, 1), ("四个汉字多", 8, 2), ("a\nb", 8, 2)]
)
def test_rows_are_as_high_as_their_text(text: str, width: int, lines: int) -> None:
    """Prevents rows whose last line is hidden in print."""
    assert lines_taken(text, width) == lines
