"""The record of one delivered file: what it was, how it was judged, and where it is kept.

Here belongs the record and its JSON form. Judging belongs to `accept`, status on a day to `register`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

from ingest.durable import write_json

ACCEPTED, HELD, REJECTED = "accepted", "held", "rejected"
FILE = "delivery.json"


@dataclass(frozen=True)
class Delivery:
    """One delivered file. Counts hold `rows_read == rows_loaded + rows_quarantined`.

    `verdict` is the judgement when it was taken in (`accepted`, `held`, `rejected`); `rule`, `reason`
    (English) and `reason_zh` say why it is not accepted. department, extract, data_date and number are null for a file that no contract claims.
    `also_as` are other names under which the same content came, `also_at` when; `released_at`, `released_by` come from the
    operator's releases and are not part of the stored record.
    """

    delivery_id: str
    department: str | None
    extract: str | None
    data_date: date | None
    number: int | None
    file_name: str
    sha256: str
    bytes: int
    received_at: datetime
    verdict: str
    reason: str | None = None
    reason_zh: str | None = None
    rule: str | None = None
    encoding: str | None = None
    rows_read: int = 0
    rows_loaded: int = 0
    rows_quarantined: int = 0
    field_issues: int = 0
    unknown_columns: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    also_as: tuple[str, ...] = ()
    also_at: tuple[str, ...] = ()
    released_at: datetime | None = field(default=None, compare=False)
    released_by: str | None = field(default=None, compare=False)

    @property
    def key(self) -> str:
        """`department/extract`, or `unclaimed`."""
        return f"{self.department}/{self.extract}" if self.extract else "unclaimed"

    @property
    def folder(self) -> Path:
        """Where its tables are, relative to `HULIAN_HOME`."""
        if self.department is None or self.extract is None:
            return Path("raw", "rejected", self.delivery_id)
        return Path("raw", self.department, self.extract, self.delivery_id)


_STORED = tuple(f.name for f in fields(Delivery) if not f.name.startswith("released"))


def save(delivery: Delivery, folder: Path) -> None:
    """Write `delivery.json` into `folder`, in one step."""
    value: dict[str, Any] = {name: getattr(delivery, name) for name in _STORED}
    value["data_date"] = delivery.data_date.isoformat() if delivery.data_date else None
    value["received_at"] = delivery.received_at.isoformat()
    write_json(folder / FILE, value)


def load(file: Path) -> Delivery:
    """Read one `delivery.json`; raises ValueError naming the file when it is damaged."""
    try:
        value: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        known = {name: value[name] for name in _STORED if name in value}
        known["data_date"] = date.fromisoformat(known["data_date"]) if known["data_date"] else None
        known["received_at"] = datetime.fromisoformat(known["received_at"])
        for name in ("unknown_columns", "notes", "also_as", "also_at"):
            known[name] = tuple(known.get(name) or ())
        return Delivery(**known)
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{'/'.join(file.parts[-3:])} is damaged ({type(error).__name__})") from None
