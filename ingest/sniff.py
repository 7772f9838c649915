"""What a file is, by its content: the name of a delivered file promises nothing.

Here belongs the choice between text, workbook and packed file. Reading each belongs to `readers`.
"""

from __future__ import annotations

import mmap
import re
import zipfile
from pathlib import Path

from ingest.refused import Refused

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # the stream that holds a workbook behind a password
_BOOKS = tuple(name.encode("utf-16-le") for name in ("Workbook", "Book"))
_HTML = re.compile(rb"^\s*<(?:!doctype|html|table|\?xml|head|meta)", re.IGNORECASE)
_OTHERS = {
    b"%PDF": "a PDF document",
    b"Rar!": "a RAR archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"BZh": "a bzip2 file",
    b"\xfd7zXZ": "an xz file",
    b"\xff\xfe": "text in UTF-16",
    b"\xfe\xff": "text in UTF-16",
}


def kind_of(path: Path) -> str:
    """`text`, `xlsx`, `xls`, `zip` or `gzip`; raises Refused for anything else, naming what it is."""
    with path.open("rb") as file:
        head = file.read(4096)
    if not head:
        raise Refused("empty_file", "The file holds no bytes.")
    for magic, name in _OTHERS.items():
        if head.startswith(magic):
            raise Refused("unreadable", f"The file is {name}; deliver csv (UTF-8 or GB18030) or a workbook.")
    if head.startswith(b"PK"):
        return _zip_kind(path)
    if head.startswith(b"\x1f\x8b"):
        return "gzip"
    if head.startswith(_OLE):
        return _ole_kind(path)
    body = head.removeprefix(b"\xef\xbb\xbf")
    if _HTML.match(body):
        raise Refused("unreadable", "The file is a web page or XML, neither text in columns nor a workbook.")
    if head.count(0) * 10 > len(head):
        raise Refused(
            "unreadable", "The file is binary or UTF-16 text; deliver csv (UTF-8 or GB18030) or a workbook."
        )
    return "text"


def _zip_kind(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as packed:
            names = {name.casefold() for name in packed.namelist()}
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise Refused(
            "torn", "The file begins as a zip or xlsx and is torn: its directory cannot be read."
        ) from None
    return "xlsx" if "xl/workbook.xml" in names else "zip"


def _ole_kind(path: Path) -> str:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if content.find(_ENCRYPTED) >= 0:
            raise Refused("encrypted", "The workbook is protected by a password.")
        if not any(content.find(book) >= 0 for book in _BOOKS):
            raise Refused("unreadable", "The file is an Office document without a workbook in it.")
    return "xls"
