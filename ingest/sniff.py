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
    b"%PDF": "PDF",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}


def kind_of(path: Path) -> str:
    """`text`, `xlsx`, `xls`, `zip` or `gzip`; raises Refused for anything else, naming what it is."""
    with path.open("rb") as file:
        head = file.read(4096)
    if not head:
        raise Refused("empty_file")
    for magic, name in _OTHERS.items():
        if head.startswith(magic):
            raise Refused("unreadable.other", kind=name)
    if head.startswith(b"PK"):
        return _zip_kind(path)
    if head.startswith(b"\x1f\x8b"):
        return "gzip"
    if head.startswith(_OLE):
        return _ole_kind(path)
    body = head.removeprefix(b"\xef\xbb\xbf")
    if _HTML.match(body):
        raise Refused("unreadable.web_page")
    if head.count(0) * 10 > len(head):
        raise Refused("unreadable.binary")
    return "text"


def _zip_kind(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as packed:
            names = {name.casefold() for name in packed.namelist()}
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise Refused("torn.zip") from None
    return "xlsx" if "xl/workbook.xml" in names else "zip"


def _ole_kind(path: Path) -> str:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if content.find(_ENCRYPTED) >= 0:
            raise Refused("encrypted.workbook")
        if not any(content.find(book) >= 0 for book in _BOOKS):
            raise Refused("unreadable.no_workbook")
    return "xls"
