"""What the small county's departments deliver, day by day: their systems as tables, changed by the month's events.

Belongs here: the tables of `county.yaml`, the events of `month.yaml`, and the files they become. Does not belong here:
running a day (`days`), what must come of it (`history.txt`, `cards.txt`).
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from ingest.contract import Contract, load_contracts

HERE = Path(__file__).parent
YEAR, MONTH = 2026, 11
_HAS = "有"  # stands for the sound number of the row's person
_REGION = "519901"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)

Row = dict[str, str]


def lines(text: str) -> Iterator[list[str]]:
    """Cells of a table `a | b`, its header first; blank lines and comments are passed over."""
    for line in text.splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            yield [cell.strip() for cell in line.split("|")]


def table(text: str) -> list[Row]:
    """Rows of a table by its header; cells missing at the end of a line are blank."""
    header, *rows = lines(text)
    return [dict(zip(header, [*row, *[""] * (len(header) - len(row))], strict=True)) for row in rows]


def day_of(number: int) -> date:
    """A day of the month."""
    return date(YEAR, MONTH, number)


def month() -> dict[str, Any]:
    """The month's events as `month.yaml` tells them."""
    document: dict[str, Any] = yaml.safe_load((HERE / "month.yaml").read_text(encoding="utf-8"))
    return document


class Departments:
    """The departments' systems; `deliver` changes them and writes what they export into landing."""

    def __init__(self, landing: Path) -> None:
        self._landing = landing
        self._contracts = load_contracts()
        document = yaml.safe_load((HERE / "county.yaml").read_text(encoding="utf-8"))
        self._numbers = _numbers(table(document.pop("people")))
        self._systems: dict[str, dict[str, Row]] = {}
        for extract, text in document.items():
            self._systems[extract] = {self._key(extract, row): row for row in table(text)}

    def deliver(self, number: int, event: Mapping[str, Any], gap_id: Callable[[str], str]) -> None:
        """One event of a day: change the department's system, then export it. `gap_id` finds the clue of `X of Y`."""
        extract = event["extract"]
        contract = self._contracts[extract]
        system = self._systems.setdefault(extract, {})
        for key in event.get("remove", ()):
            del system[key]
        changed = table(event["set"]) if "set" in event else []
        for row in changed:
            if "疑点编号" in row:
                row["疑点编号"] = gap_id(row["疑点编号"])
            key = self._key(extract, row)
            system[key] = system.get(key, {}) | row
        rows = changed if changed and contract.mode == "append" else list(system.values())
        self._write(contract, event.get("dated", day_of(number)), event.get("number", 1), rows)

    def _key(self, extract: str, row: Row) -> str:
        contract = self._contracts[extract]
        headers = [contract.column(name).header for name in contract.keys]
        return " ".join(row[header] for header in headers if header in row)

    def _write(self, contract: Contract, dated: date, number: int, rows: list[Row]) -> None:
        suffix = f"_{number}" if number > 1 else ""
        path = self._landing / contract.department / f"{contract.extract}_{dated:%Y%m%d}{suffix}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        header = list(dict.fromkeys(name for row in rows for name in row))
        with path.open("x", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(header)
            writer.writerows([self._cell(row, name) for name in header] for row in rows)

    def _cell(self, row: Row, header: str) -> str:
        text = row.get(header, "")
        if not text.startswith(_HAS):
            return text
        person = row.get("姓名") or row["户主姓名"]
        return self._numbers[person] + text.removeprefix(_HAS)


def _numbers(people: list[Row]) -> dict[str, str]:
    """A sound citizen number for everybody (GB 11643)."""
    numbers = {}
    for place, person in enumerate(people):
        series = 2 * place + (person["sex"] == "男") + 100
        first = f"{_REGION}{person['born'].replace('-', '')}{series:03d}"
        check = sum(int(digit) * weight for digit, weight in zip(first, _WEIGHTS, strict=True)) % 11
        numbers[person["name"]] = first + "10X98765432"[check]
    return numbers
