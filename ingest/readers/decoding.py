"""Bytes of a text file as decoded lines, strictly.

Here belong the choice between UTF-8 and GB18030 and the marking of lines whose bytes the encoding does not have.
Decoding is Python's own: DuckDB's decoder of Windows code page 936 corrupted every row without an error
(docs/decisions/0012-decoding-in-python.md).
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from ingest.refused import Refused

BOM = b"\xef\xbb\xbf"
_BLOCK = 4 << 20
_LONGEST_LINE = 16 << 20  # a line longer than this is no row of a table, and would not fit the memory


def likely_encodings(path: Path) -> tuple[str, ...]:
    """`utf-8-sig` alone, or `utf-8` and `gb18030`, the likelier first.

    UTF-8 checks itself: GB18030 text seldom passes as UTF-8, while short UTF-8 text may pass as GB18030. So UTF-8 comes
    first when at least half of the lines with non-ASCII bytes are sound UTF-8. The other one follows, for a short file
    whose few characters pass as both (女 in GB18030 is sound UTF-8): its header row tells which it is.
    """
    with path.open("rb") as file:
        if file.read(3) == BOM:
            return ("utf-8-sig",)
    sound = odd = 0
    for block in _blocks(path):
        if block.isascii() or _decodes(block, "utf-8"):
            sound += not block.isascii()
            continue
        for line in block.split(b"\n"):
            if not line.isascii():
                fits = _decodes(line, "utf-8")
                sound += fits
                odd += not fits
    return ("utf-8", "gb18030") if sound >= odd else ("gb18030", "utf-8")


def _decodes(raw: bytes, encoding: str) -> bool:
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _blocks(path: Path) -> Iterator[bytes]:
    """Blocks of whole lines, at least 4 MiB but the last; old Macintosh line ends become new ones."""
    with path.open("rb") as file:
        first = file.read(_BLOCK)
        file.seek(0)
        old_mac = b"\r" in first and b"\n" not in first
        rest = b""
        while block := file.read(_BLOCK):
            block = rest + (block.replace(b"\r", b"\n") if old_mac else block)
            end = block.rfind(b"\n") + 1
            rest = block[end:]
            if len(rest) > _LONGEST_LINE:
                raise Refused("unreadable.long_line")
            if end:
                yield block[:end]
        if rest:
            yield rest


class Lines:
    """An iterator of decoded lines (with their line ends) that remembers the lines of the record being read.

    `number` counts the lines handed out, `taken` holds them since it was last cleared, `bad` the numbers of lines
    with bytes that the encoding does not have (shown with replacement characters) or a NUL.
    """

    def __init__(self, path: Path, encoding: str) -> None:
        self.number = 0
        self.taken: list[str] = []
        self.bad: set[int] = set()
        self._decoded = 0
        self._back: list[str] = []
        self._lines = self._decode(path, encoding)

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> str:
        line = self._back.pop() if self._back else next(self._lines)
        self.number += 1
        self.taken.append(line)
        return line

    def give_back(self, count: int) -> None:
        """Hand out the last `count` taken lines again."""
        if count:
            self._back.extend(reversed(self.taken[-count:]))
            del self.taken[-count:]
            self.number -= count

    def _decode(self, path: Path, encoding: str) -> Iterator[str]:
        plain = "utf-8" if encoding == "utf-8-sig" else encoding
        for index, block in enumerate(_blocks(path)):
            if index == 0:
                block = block.removeprefix(BOM)
            try:
                text = block.decode(plain)
            except UnicodeDecodeError:
                text = self._decode_lines(block, plain)
            if "\0" in text:
                marked = text.split("\n")
                self.bad.update(self._decoded + at for at, line in enumerate(marked, start=1) if "\0" in line)
            self._decoded += text.count("\n")
            yield from io.StringIO(text, newline="\n")

    def _decode_lines(self, block: bytes, encoding: str) -> str:
        lines = block.split(b"\n")
        decoded = []
        for at, line in enumerate(lines, start=1):
            try:
                decoded.append(line.decode(encoding))
            except UnicodeDecodeError:
                decoded.append(line.decode(encoding, "replace").replace("\n", "\ufffd"))
                self.bad.add(self._decoded + at)
        return "\n".join(decoded)
