"""A landing folder and a home of one's own, for tests that deliver files and look at what became of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow.parquet as pq

from ingest.contract import Contract
from ingest.deliver import take_in
from ingest.delivery import Delivery
from ingest.register import DeliveryStatus, in_force, load_deliveries, status_on

RECEIVED = datetime(2099, 1, 1, tzinfo=UTC)  # long after every test file was written: nothing is waited for


@dataclass
class Box:
    """One data team's landing folder and home."""

    landing: Path
    home: Path
    contracts: Mapping[str, Contract]

    def put(self, relative: str, content: str | bytes, encoding: str = "utf-8") -> Path:
        """Write one file into landing."""
        path = self.landing / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    def take(self, only: str | None = None) -> list[Delivery]:
        """Take in what lies in landing."""
        return take_in(self.home, self.landing, RECEIVED, b"secret of the tests", self.contracts, only)

    def one(self, relative: str, content: str | bytes, encoding: str = "utf-8") -> Delivery:
        """Deliver one file and return what became of it."""
        before = {d.delivery_id for d in load_deliveries(self.home)}
        self.put(relative, content, encoding)
        new = [d for d in self.take() if d.delivery_id not in before]
        assert len(new) == 1
        return new[0]

    def table(self, delivery: Delivery, name: str = "rows") -> list[dict[str, object]]:
        """Rows of one of a delivery's Parquet files."""
        return pq.read_table(self.home / delivery.folder / f"{name}.parquet").to_pylist()

    def statuses(self, day: str) -> list[DeliveryStatus]:
        """Status of every delivery on a day."""
        return status_on(load_deliveries(self.home), date.fromisoformat(day), self.contracts)

    def in_force(self, key: str, day: str) -> list[Delivery]:
        """Deliveries of an extract that count on a day."""
        return in_force(self.statuses(day), key)


def csv_text(header: str, *rows: str) -> str:
    """A csv from `|`-separated lines, as the tables in these tests write them."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for line in (header, *rows):
        writer.writerow([cell.strip(" ") for cell in line.split("|")])
    return out.getvalue()


def students(*rows: str) -> str:
    """A school roll of 学籍号 | 姓名 | 身份证件号 rows."""
    return csv_text("学籍号|姓名|身份证件号", *rows)


def many_students(count: int, first: int = 0) -> str:
    """A sound school roll of `count` students."""
    return students(*(f"G{first + at}|学生{at}|" for at in range(count)))
