"""Decoding and records of text files, at the edges that whole deliveries hide."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.readers import decoding
from ingest.readers.decoding import likely_encodings
from ingest.readers.delimited import Delimited
from ingest.readers.spreadsheet import cell_text


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


CHOICES = {
    "ASCII": (b"a,b\n", "utf-8"),
    "UTF-8": ("姓名,学籍号\n".encode(), "utf-8"),
    "UTF-8 with a mark": ("姓名\n".encode("utf-8-sig"), "utf-8-sig"),
    "GB18030": ("姓名,学籍号\n张三\n".encode("gb18030"), "gb18030"),
    "UTF-8 with one bad line": ("姓名\n张三\n".encode() + b"\xff\xfe\n" + "李四\n".encode(), "utf-8"),
    "GB18030 with one bad line": ("姓名\n张三\n".encode("gb18030") + b"\xff\n", "gb18030"),
    "UTF-8 with a GB18030 line": ("姓名\n张三\n".encode() + "李四\n".encode("gb18030"), "utf-8"),
}


@pytest.mark.parametrize("what", CHOICES)
def test_encoding(what: str, tmp_path: Path) -> None:
    """Prevents one bad line from turning a whole file into other characters."""
    content, expected = CHOICES[what]
    assert likely_encodings(write(tmp_path / "f", content))[0] == expected


@settings(max_examples=40, deadline=None)
@given(
    rows=st.lists(
        st.lists(st.text("甲乙𬱖䶮a ,\"'", max_size=5), min_size=3, max_size=3), min_size=1, max_size=30
    ),
    encoding=st.sampled_from(["utf-8", "gb18030"]),
)
def test_what_is_written_is_read(
    rows: list[list[str]], encoding: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Prevents a cell from changing between file and table, across every boundary of blocks."""
    import csv
    import io

    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    path = write(tmp_path_factory.mktemp("f") / "f.csv", out.getvalue().encode(encoding))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(decoding, "_BLOCK", 7)
        read = list(Delimited(path, encoding, ",").records(0, 3))
    kept = [(at, row) for at, row in enumerate(rows, start=1) if any(cell.strip() for cell in row)]
    assert [(number, list(cells), fault) for number, cells, fault in read] == [
        (at, row, None) for at, row in kept
    ]


def test_bad_lines_are_found_in_any_block(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Prevents a bad byte from being blamed on another line."""
    monkeypatch.setattr(decoding, "_BLOCK", 16)
    lines = [f"甲{at},乙".encode("gb18030") for at in range(40)]
    lines[22] += b"\xff"
    path = write(tmp_path / "f", b"\n".join(lines) + b"\n")
    faults = [number for number, _, fault in Delimited(path, "gb18030", ",").records(0, 2) if fault]
    assert faults == [23]


def test_open_quote_costs_one_row(tmp_path: Path) -> None:
    """Prevents one stray quote from swallowing the rest of a file."""
    content = "a,b\n" + '1,"x\n' + "".join(f"{at},y\n" for at in range(2, 5000))
    _check_open_quote(content, tmp_path)
    _check_open_quote(content.replace("400,y", '400,"y"'), tmp_path)  # a later quote closes it by chance


def _check_open_quote(content: str, tmp_path: Path) -> None:
    records = list(Delimited(write(tmp_path / "f", content.encode()), "utf-8", ",").records(1, 2))
    assert [(number, fault) for number, _, fault in records if fault] == [(2, "unbalanced_quote")]
    assert [number for number, _, _ in records] == list(range(2, 5001))


NUMBERS = {
    519901100201.0: "519901100201",
    519901900101123.0: "519901900101123",
    519901199001011233.0: "5.19901199001011E+17",
    1234.5: "1234.5",
    0.1 + 0.2: "0.3",
    -3.0: "-3",
    True: "TRUE",
}


@pytest.mark.parametrize(("value", "text"), NUMBERS.items(), ids=str)
def test_spreadsheet_numbers(value: float, text: str) -> None:
    """Prevents a rounded number from looking like a sound one, and a code from growing a fraction."""
    assert cell_text(value) == text
