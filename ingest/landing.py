"""What lies in the landing folder: each file's department, extract, data date and number, by its place and name.

Here belongs the reading of names. A delivered name is never used as a path of ours. What a file holds belongs to
`sniff`.
"""

from __future__ import annotations

import re
import stat
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from ingest.contract import Contract
from ingest.reasons import Reason, reason
from ingest.words import fold_all, printable

UNCLAIMED = "unclaimed"
SETTLE_SECONDS = 0.1  # a file that grows within this time is still being uploaded
_QUIET_SECONDS = 60  # a file last written longer ago than this is not watched for growth
EXTENSIONS = (".csv.gz", ".txt.gz", ".csv", ".txt", ".xlsx", ".xls", ".zip", ".gz")
# what upload and office programs leave beside a file while it is written or open: no delivery
_PASSING = (".part", ".partial", ".crdownload", ".tmp", ".filepart", ".download")
_COUNTER = re.compile(r"(?:\((?:\d+|副本)\)|-副本|-copy)$")
_NAME = re.compile(r"^(?P<title>.+)_(?P<day>\d{8})(?:_(?P<number>\d{1,4}))?$")


@dataclass(frozen=True)
class Landed:
    """A file in landing. `problem` says why when its place, name or nature already decides."""

    path: Path
    relative: str
    size: int
    mtime_ns: int
    contract: Contract | None = None
    data_date: date | None = None
    number: int | None = None
    problem: Reason | None = None
    special: bool = False
    is_quiet: bool = False  # last written well before it was received

    @property
    def key(self) -> str:
        """`department/extract`, or `unclaimed`."""
        return self.contract.key if self.contract else UNCLAIMED

    @property
    def file_name(self) -> str:
        """The file's own name, safe to show."""
        return printable(self.path.name, 200)


def scan(
    landing: Path, contracts: Mapping[str, Contract], received_at: datetime, only: str | None
) -> list[Landed]:
    """Files under `landing` that have stopped growing, in a fixed order; of one extract (or unclaimed) with `only`.

    Links and special files are listed with a problem and never opened. Hidden files and those that programs leave
    while they write are passed over.
    """
    stamps = ((path, _stamp(path)) for path in _walk(landing))
    landed = [_describe(landing, path, stamp, contracts) for path, stamp in stamps if stamp is not None]
    chosen = [item for item in landed if only is None or item.key == only]
    quiet_ns = int((received_at.timestamp() - _QUIET_SECONDS) * 1e9)
    chosen = [replace(item, is_quiet=item.mtime_ns <= quiet_ns) for item in chosen]
    if not all(item.is_quiet or item.special for item in chosen):
        time.sleep(SETTLE_SECONDS)
    return sorted((item for item in chosen if is_unchanged(item)), key=_order)


def is_unchanged(landed: Landed) -> bool:
    """The file is still the one that was scanned."""
    stamp = _stamp(landed.path)
    return stamp is not None and stamp[:2] == (landed.size, landed.mtime_ns)


def _order(landed: Landed) -> tuple[str, date, int, int, str]:
    """Of two files for one date and number the one that came first; of those that came together, by name."""
    return (landed.key, landed.data_date or date.max, landed.number or 0, landed.mtime_ns, landed.relative)


def _walk(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        name = path.name
        if (
            name.startswith((".", "~$"))
            or name.casefold() == "thumbs.db"
            or name.casefold().endswith(_PASSING)
        ):
            continue
        if path.is_dir() and not path.is_symlink():
            yield from _walk(path)
        else:
            yield path


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.lstat()
    except FileNotFoundError:  # taken away again between two looks: nothing was delivered
        return None
    return (found.st_size, found.st_mtime_ns, found.st_mode)


def _describe(
    landing: Path, path: Path, stamp: tuple[int, int, int], contracts: Mapping[str, Contract]
) -> Landed:
    size, mtime_ns, mode = stamp
    parts = path.relative_to(landing).parts
    relative = "/".join(printable(part, 200) for part in parts)
    contract, day, number, problem = _claim(parts, contracts)
    special = not stat.S_ISREG(mode)
    if special:
        problem = reason("special_file.link" if stat.S_ISLNK(mode) else "special_file.other")
    return Landed(path, relative, size, mtime_ns, contract, day, number, problem, special)


def _claim(
    parts: tuple[str, ...], contracts: Mapping[str, Contract]
) -> tuple[Contract | None, date | None, int | None, Reason | None]:
    departments = sorted({contract.department for contract in contracts.values()})
    if len(parts) != 2 or parts[0] not in departments:
        return None, None, None, reason("unknown_department", departments=", ".join(departments))
    name = fold_all(parts[1]).casefold()
    extension = next((ending for ending in EXTENSIONS if name.endswith(ending)), None)
    if extension is None:
        return None, None, None, reason("unknown_extension", endings=", ".join(EXTENSIONS))
    stem = name.removesuffix(extension)
    while (shorter := _COUNTER.sub("", stem)) != stem:
        stem = shorter
    match = _NAME.match(stem)
    day = _day(match["day"]) if match else None
    number = int(match["number"] or 1) if match else 0
    if match is None or day is None or number < 1:
        return None, None, None, reason("bad_name")
    title = match["title"]
    while (shorter := _COUNTER.sub("", title)) != title:
        title = shorter
    for contract in contracts.values():
        if contract.department == parts[0] and title in (
            contract.extract,
            fold_all(contract.title).casefold(),
        ):
            return contract, day, number, None
    return None, None, None, reason("unknown_extract", department=parts[0])


def _day(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:  # 20261399: not a day, so not a name of a delivery
        return None
