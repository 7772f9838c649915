"""Files inside files: a zip or gzip that holds one delivery, and the parts of a workbook, within bounds.

Here belong the bounds against blown-up, nested and hostile archives. Nothing in an archive names a path: the one
member is written under a name of ours.
"""

from __future__ import annotations

import gzip
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from ingest.refused import Refused

LARGEST = 2 << 30  # bytes, delivered or unpacked
MOST_TIMES = 100  # unpacked, in times of the packed size
_MOST_MEMBERS = 1000
_MOST_CELLS = 60_000_000  # of one sheet; the reader holds a sheet whole, 24-32 bytes a cell
_CHUNK = 1 << 20
_JUNK = ("__macosx/", ".ds_store", "thumbs.db")
_READ_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    ValueError,
    RuntimeError,
    OSError,
)
# Patterns that begin with a fixed text are found several times faster: a registry's sheet has 200 MB.
_ROW = re.compile(rb"<row\b(?:[^>]*?\br=[\"'](\d+)[\"'])?[^>]*>")
_ANY_ROW = re.compile(rb"<(?:\w+:)?row\b(?:[^>]*?\br=[\"'](\d+)[\"'])?[^>]*>")
_FAR = re.compile(rb"r=[\"']([A-Z]{3,4})\d")
_LETTERS = 26
# From 26 columns on: a cell in the columns of this first letter or a later one, by the letter's place.
_LETTERED = [re.compile(rb"r=[\"']([%c-Z])[A-Z]\d" % letter) for letter in b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"]


class _Readable(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...


def check_size(size: int) -> None:
    """Raises Refused when a file has more bytes than any delivery may have."""
    if size > LARGEST:
        raise Refused("too_large.file")


def _bounded(stream: _Readable, packed_size: int) -> Iterator[bytes]:
    unpacked = 0
    while chunk := stream.read(_CHUNK):
        unpacked += len(chunk)
        if unpacked > LARGEST:
            raise Refused("too_large.unpacked")
        if unpacked > MOST_TIMES * max(packed_size, 1):
            raise Refused("too_large.times", most=MOST_TIMES)
        yield chunk


def unpack(path: Path, kind: str, into: Path) -> None:
    """Write what the `zip` or `gzip` file holds to `into`; raises Refused when that is not exactly one sound file."""
    size = path.stat().st_size
    try:
        if kind == "gzip":
            with gzip.open(path) as stream:
                _write(stream, size, into)
            return
        with zipfile.ZipFile(path) as packed:
            member = _only_member(packed)
            with packed.open(member) as stream:
                _write(stream, size, into)
    except _READ_ERRORS as error:
        raise Refused("torn.packed", error=type(error).__name__) from None


def _write(stream: _Readable, size: int, into: Path) -> None:
    with into.open("wb") as out:
        for chunk in _bounded(stream, size):
            out.write(chunk)


def _only_member(packed: zipfile.ZipFile) -> zipfile.ZipInfo:
    members = [
        member
        for member in packed.infolist()
        if not member.is_dir() and not member.filename.casefold().startswith(_JUNK[0])
        if member.filename.casefold().rpartition("/")[2] not in _JUNK[1:]
    ]
    if len(members) != 1:
        raise Refused("not_one_file", count=len(members))
    member = members[0]
    parts = re.split(r"[/\\]", member.filename)
    if ".." in parts or parts[0] == "" or re.match(r"^[A-Za-z]:", member.filename):
        raise Refused("unsafe_path")
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind and not stat.S_ISREG(kind):
        raise Refused("special_file.in_zip")
    if member.flag_bits & 1:
        raise Refused("encrypted.zip")
    return member


def check_workbook(path: Path) -> None:
    """Read every part of an xlsx once, in bounds; raises Refused for one that would blow up or is torn.

    The reader of workbooks trusts what a sheet says about itself: one cell in the last column of the last row
    would make it reserve 17 billion cells. So rows, columns and entities are looked at here first.
    """
    size = path.stat().st_size
    unpacked = 0
    try:
        with zipfile.ZipFile(path) as packed:
            if len(packed.infolist()) > _MOST_MEMBERS:
                raise Refused("too_large.parts", most=_MOST_MEMBERS)
            for member in packed.infolist():
                if member.flag_bits & 1:
                    raise Refused("encrypted.workbook")
                with packed.open(member) as stream:
                    counted = _bounded(stream, max(size - unpacked // MOST_TIMES, 1))
                    sheet = member.filename.casefold().startswith("xl/worksheets/")
                    unpacked += _check_part(counted, sheet)
                if unpacked > LARGEST or unpacked > MOST_TIMES * size:
                    raise Refused("too_large.workbook", most=MOST_TIMES)
    except _READ_ERRORS as error:
        raise Refused("torn.unpack_workbook", error=type(error).__name__) from None


def _check_part(chunks: Iterator[bytes], sheet: bool) -> int:
    size = rows = last_row = wide = 0
    in_row = 0  # cells counted since the last row began
    lettered = 0  # first letters of two that columns reach; they are counted in whole letters
    rest = b""
    for chunk in chunks:
        size += len(chunk)
        if b"<!DOCTYPE" in rest[-16:] + chunk or b"<!ENTITY" in rest[-16:] + chunk:
            raise Refused("unreadable.entities")
        if not sheet:
            rest = chunk[-16:]
            continue
        chunk = rest + chunk
        end = chunk.rfind(b">") + 1
        chunk, rest = chunk[:end], chunk[end:]
        at = 0
        prefixed = b":row" in chunk or b":c " in chunk
        for row in (_ANY_ROW if prefixed else _ROW).finditer(chunk):
            wide = max(wide, in_row + _cells(chunk, at, row.start(), prefixed))
            in_row, at, rows = 0, row.end(), rows + 1
            last_row = max(last_row, int(row[1] or 0))
        in_row += _cells(chunk, at, len(chunk), prefixed)
        for letters in set(_FAR.findall(chunk)):
            wide = max(wide, _column_number(letters))
        while lettered < _LETTERS and (further := _LETTERED[lettered].search(chunk)):
            lettered = further[1][0] - 64
    wide = max(wide, in_row, (lettered + 1) * _LETTERS if rows else 0)
    if max(rows, last_row) * wide > _MOST_CELLS:
        raise Refused("too_large.sheet")
    return size


def _cells(chunk: bytes, start: int, end: int, prefixed: bool) -> int:
    plain = chunk.count(b"<c ", start, end) + chunk.count(b"<c>", start, end)
    return plain + chunk.count(b":c ", start, end) if prefixed else plain


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
