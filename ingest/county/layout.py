"""Rows of cells to a delivered file: header habits, title and signature rows, bad rows, encodings and packing.

Belongs here: the shape of a file and the physical number of each row in it. What stands in a cell is `cells`.
"""

import gzip
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ingest.county.draw import Bools, Ints, Texts, texts
from ingest.county.identity import check_digits
from ingest.county.xlsx import fixed_entry, write_xlsx

BAD_BYTE = "\x1a"  # stands in a line's text for a byte that no encoding has
BAD_SHARE = 0.0004


@dataclass(frozen=True)
class Sheet:
    """The cells of one file in writing order: header words, columns of text, the names behind them ('' = no contract column)."""

    headers: list[str]
    names: list[str]
    columns: list[Texts]


@dataclass(frozen=True)
class Written:
    """What a file holds: the physical row number of each given row, and how many rows a reader must quarantine besides."""

    row_numbers: Ints
    quarantined: int


def write_sheet(
    path: Path,
    sheet: Sheet,
    layout: dict[str, Any],
    required: list[str],
    rng: np.random.Generator,
    county: str,
) -> Written:
    """Write one file in its layout's format; returns where each row stands."""
    if layout["format"] == "xlsx":
        return _write_spreadsheet(path, sheet, layout, required, rng, county)
    return _write_text(path, sheet, layout, required, rng)


def _bad_rows(layout: dict[str, Any], count: int, rng: np.random.Generator) -> list[tuple[int, str]]:
    """Return (before which row, which defect) of the bad rows of a file; none in a file of few rows."""
    kinds = layout.get("bad", []) if count >= 40 else []
    each = max(1, round(count * BAD_SHARE / max(1, len(kinds))))
    places = np.sort(rng.choice(np.arange(1, count), size=each * len(kinds), replace=False))
    return [(place, kinds[number % len(kinds)]) for number, place in enumerate(places.tolist())]


def _write_spreadsheet(
    path: Path,
    sheet: Sheet,
    layout: dict[str, Any],
    required: list[str],
    rng: np.random.Generator,
    county: str,
) -> Written:
    count, width = len(sheet.columns[0]), len(sheet.columns)
    titles = [title.replace("{county}", county) for title in layout.get("titles", [])]
    footers = layout.get("footers", [])
    bad = [place for place, kind in _bad_rows(layout, count, rng) if kind == "blank_required"]
    blank = [position for position, name in enumerate(sheet.names) if name in required]
    top = len(titles) + 1
    source = np.insert(np.arange(count), bad, bad)
    is_bad = np.insert(np.zeros(count, dtype=bool), bad, True)
    columns, numeric = [], []
    for position in range(width):
        body = sheet.columns[position][source]
        if blank and position == blank[-1]:
            body = np.where(is_bad, "", body)
        is_rounded = (
            _rounded(body) if sheet.names[position].endswith("id_number") else np.zeros(len(body), dtype=bool)
        )
        body[is_rounded] = texts([f"{number[0]}.{number[1:15]}E+17" for number in body[is_rounded]])
        first = position == 0
        head = [*(titles if first else [""] * len(titles)), sheet.headers[position]]
        tail = footers if first else [""] * len(footers)
        columns.append(np.concatenate([texts(head), body, texts(tail)]))
        mask = np.zeros(len(columns[-1]), dtype=bool)
        if sheet.names[position] in [*layout.get("numeric", []), *layout.get("serial_dates", [])]:
            mask[top : top + len(body)] = body != ""
        else:
            mask[top : top + len(body)] = is_rounded
        numeric.append(mask)
    write_xlsx(path, columns, numeric)
    return Written(top + 1 + np.flatnonzero(~is_bad), len(bad))


def _rounded(cells: Texts) -> Bools:
    """Mask of numbers that a spreadsheet took for figures: 15 digits are left, the check digit fails; stored as figures."""
    text = pd.Series(cells, dtype="str")
    ruined = text.str.fullmatch(r"\d{15}000").to_numpy(dtype=bool, copy=True)
    ruined[ruined] = check_digits(texts(text[ruined].str[:17].tolist())) != "0"
    return ruined


def _quoted(column: Texts, delimiter: str) -> pa.Array:
    text = pa.array(column, pa.string())
    needs = pc.match_substring_regex(text, f'[{delimiter}"\n]')
    if not pc.any(needs).as_py():
        return text
    return pc.if_else(
        needs, pc.binary_join_element_wise('"', pc.replace_substring(text, '"', '""'), '"', ""), text
    )


def _write_text(
    path: Path, sheet: Sheet, layout: dict[str, Any], required: list[str], rng: np.random.Generator
) -> Written:
    delimiter = "\t" if layout["format"] == "tsv" else ","
    count = len(sheet.columns[0])
    cells = [_quoted(column, delimiter) for column in sheet.columns]
    lines = texts(pc.binary_join_element_wise(*cells, delimiter).to_pylist()) if count else texts([])
    header = delimiter.join(_quoted(texts([word]), delimiter)[0].as_py() for word in sheet.headers)
    bad = _bad_rows(layout, count, rng)
    extra = [_defect(kind, place, cells, sheet.names, required, delimiter, header) for place, kind in bad]
    places = [place for place, _ in bad]
    body = np.insert(lines, places, texts(extra))
    given = np.insert(np.ones(count, dtype=bool), places, False)
    heights = np.array([1 + line.count("\n") if "\n" in line else 1 for line in body], dtype=np.int64)
    first = 2 + header.count("\n")
    starts = (
        first + np.concatenate([[0], np.cumsum(heights)[:-1]]).astype(np.int64)
        if len(body)
        else np.array([], dtype=np.int64)
    )
    newline = "\r\n" if layout.get("encoding") == "gb18030" else "\n"
    text = newline.join([header, *body.tolist()]) + newline
    data = text.encode(layout["encoding"]).replace(BAD_BYTE.encode(), b"\xff")
    _pack(path, data, delimiter)
    return Written(starts[given], sum(kind not in ("header_again", "blank_line") for _, kind in bad))


def _defect(
    kind: str,
    place: int,
    cells: list[pa.Array],
    names: list[str],
    required: list[str],
    delimiter: str,
    header: str,
) -> str:
    """Return a line that is no good: a copy of a row that stands right elsewhere, with one defect."""
    row = [str(column[place].as_py()) for column in cells]
    if kind == "header_again":
        return header
    if kind == "blank_line":
        return ""
    if kind == "short":
        row = row[:-2]
    elif kind == "long":
        row = [*row, "", "x"]
    elif kind == "blank_required":
        row[max(position for position, name in enumerate(names) if name in required)] = ""
    elif kind == "bad_byte":
        at = names.index("name")
        row[at] = row[at][:1] + BAD_BYTE
    elif kind == "duplicate":
        return delimiter.join(row)
    return delimiter.join(row)


def _pack(path: Path, data: bytes, delimiter: str) -> None:
    """Write bytes plainly, gzipped or in a zip that holds one file, with the same bytes every time."""
    if path.name.endswith(".gz"):
        with (
            path.open("wb") as file,
            gzip.GzipFile(filename="", mode="wb", fileobj=file, compresslevel=1, mtime=0) as packed,
        ):
            packed.write(data)
    elif path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(
                fixed_entry("export.csv" if delimiter == "," else "export.txt"), data, compresslevel=1
            )
    else:
        path.write_bytes(data)


def shuffled(sheet: Sheet, rng: np.random.Generator) -> Sheet:
    """Return the sheet with its columns in another order."""
    order = rng.permutation(len(sheet.names)).tolist()
    return Sheet(
        [sheet.headers[i] for i in order], [sheet.names[i] for i in order], [sheet.columns[i] for i in order]
    )


def with_serial(sheet: Sheet) -> Sheet:
    """Return the sheet with a 序号 column in front."""
    serial = texts(pd.Series(range(1, len(sheet.columns[0]) + 1), dtype="int64").astype(str).tolist())
    return Sheet(["序号", *sheet.headers], ["", *sheet.names], [serial, *sheet.columns])
