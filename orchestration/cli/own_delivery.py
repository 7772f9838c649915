"""Deliveries that the data team writes itself, by a command: `landing/<department>/<extract>_<day>[_N].csv`.

A later number of a day replaces the earlier ones whole (that is how append extracts are corrected), so every file
carries the day's rows before it. What the rows say belongs to the command that writes them.
"""

import csv
import io
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from ingest.contract import load_contracts
from ingest.register import load_deliveries
from orchestration.durable import fsync_file, fsync_folder
from orchestration.home import PRIVATE_FILE, Home


def headers(extract: str) -> dict[str, str]:
    """Column name → heading of `department/extract`, as its contract says."""
    return {column.name: column.header for column in load_contracts()[extract].delivered}


def rows_so_far(home: Home, landing: Path, extract: str, day: date) -> tuple[int, list[dict[str, str]]]:
    """The day's highest number so far, in landing or taken in before, and its rows by heading; (0, []) without one."""
    folder, name = landing / extract.split("/")[0], extract.split("/")[1]
    files: dict[int, Path] = {}
    for delivery in load_deliveries(home.root):
        if delivery.key == extract and delivery.data_date == day and delivery.number:
            files[delivery.number] = home.root / "archive" / delivery.sha256
    for path in folder.glob(f"{name}_*.csv"):
        matched = re.fullmatch(rf"{name}_(\d{{8}})(?:_(\d+))?\.csv", path.name)
        if matched and matched[1] == f"{day:%Y%m%d}":
            files[int(matched[2] or 1)] = path
    if not files:
        return 0, []
    number = max(files)
    return number, read_rows(files[number].read_bytes())


def read_rows(content: bytes) -> list[dict[str, str]]:
    """Rows of a delivery of ours, by heading."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def write_next(
    landing: Path, extract: str, day: date, number: int, rows: Iterable[Mapping[str, str]]
) -> Path:
    """Write the day's file after `number` and return its path; nothing is seen of it before it is whole.

    `rows` are by heading; headings left out are blank.
    """
    folder = landing / extract.split("/")[0]
    folder.mkdir(parents=True, exist_ok=True)
    suffix = f"_{number + 1}" if number else ""
    path = folder / f"{extract.split('/')[1]}_{day:%Y%m%d}{suffix}.csv"
    return _write_whole(path, list(headers(extract).values()), rows)


def _write_whole(path: Path, header: Sequence[str], rows: Iterable[Mapping[str, str]]) -> Path:
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE)
    with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, header, restval="")
        writer.writeheader()
        writer.writerows(rows)
    fsync_file(aside)
    aside.rename(path)
    fsync_folder(path.parent)
    return path
