"""From an archived file to the one table in it: unpacked, decoded, the right sheet, the header found.

Here belongs the choice of reader. What each reader does belongs to `readers`.
"""

from __future__ import annotations

from itertools import product
from pathlib import Path

from ingest.contract import Contract
from ingest.header import SEARCHED, Header, find_header
from ingest.readers.decoding import likely_encodings
from ingest.readers.delimited import SEPARATORS, Delimited
from ingest.readers.packed import check_size, check_workbook, unpack
from ingest.readers.source import Source
from ingest.readers.spreadsheet import open_sheets
from ingest.refused import NoHeader, Refused
from ingest.sniff import kind_of


def open_table(path: Path, contract: Contract, scratch: Path) -> tuple[Source, Header]:
    """The source of rows of an archived file and its header row. Unpacked content is written into `scratch`.

    Raises Refused when the file cannot be read, or no table in it holds every required column.
    """
    check_size(path.stat().st_size)
    path, kind = _unpacked(path, scratch)
    if kind == "text":
        return _open_text(path, contract)
    if kind == "xlsx":
        check_workbook(path)
    return _open_workbook(path, kind, contract)


def _unpacked(path: Path, scratch: Path) -> tuple[Path, str]:
    kind = kind_of(path)
    layers = 0
    while kind in ("zip", "gzip"):
        layers += 1
        # a zip may hold a csv.gz; nothing else is packed twice
        inner = scratch / f"unpacked.{layers}"
        unpack(path, kind, inner)
        inside = kind_of(inner)
        if inside == "zip" or (inside == "gzip" and kind == "gzip"):
            raise Refused("nested_archive")
        path, kind = inner, inside
    return path, kind


def _open_text(path: Path, contract: Contract) -> tuple[Source, Header]:
    refusals: list[NoHeader] = []
    for encoding, separator in product(likely_encodings(path), SEPARATORS):
        source = Delimited(path, encoding, separator)
        head = source.head(SEARCHED)
        try:
            return source, find_header(head, contract)
        except NoHeader as refused:
            refusals.append(refused)
    raise max(refusals, key=lambda refused: refused.found)  # the likelier separator tells the better reason


def _open_workbook(path: Path, kind: str, contract: Contract) -> tuple[Source, Header]:
    sheets = open_sheets(path, kind)
    if not sheets:
        raise Refused("unreadable.no_sheet")
    found: list[tuple[Source, Header]] = []
    refusals: list[NoHeader] = []
    hidden = 0
    for visible, sheet in sorted(sheets, key=lambda item: not item[0]):
        if not visible and found:
            hidden += 1
            continue
        try:
            header = find_header(sheet.head(SEARCHED), contract)
        except NoHeader as refused:
            refusals.append(refused)
            continue
        if not found or next(iter(sheet.records(header.row, len(header.cells))), None) is not None:
            found.append((sheet, header))
    if not found:
        raise max(refusals, key=lambda refused: refused.found)
    filled = [item for item in found if next(iter(item[0].records(item[1].row, len(item[1].cells))), None)]
    if len(filled) > 1:
        raise Refused("two_tables", count=len(filled))
    source, header = (filled or found)[0]
    if hidden:
        source.notes.append("Hidden sheets were not read.")
    return source, header
