"""The register of deliveries: what was delivered, what counts on a given day, and the raw view over it.

Here belongs status as a pure function of the deliveries and the run date, so that any past day can be asked again.
Judging one file belongs to `accept`.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from ingest.accept import hold_reason, order_of
from ingest.contract import Contract
from ingest.delivery import ACCEPTED, FILE, HELD, REJECTED, Delivery, load
from ingest.durable import FILE_MODE, fsync_path
from ingest.reasons import Reason, reason
from ingest.tables import rows_schema

SUPERSEDED = "superseded"
_ID = re.compile(r"^[a-z0-9_.]+$")


@dataclass(frozen=True)
class DeliveryStatus:
    """A delivery and what it is on one run date: `accepted`, `superseded`, `rejected` or `held`, and why.

    `rule` is the stable word for the reason, for tools; `reason` and `reason_zh` the sentence.
    """

    delivery: Delivery
    status: str
    rule: str | None = None
    reason: str | None = None
    reason_zh: str | None = None


def load_deliveries(home: Path) -> list[Delivery]:
    """Every delivery ever taken in, ordered by extract, data date and number, with the operator's releases."""
    releases = _releases(home)
    found = []
    for file in sorted((home / "raw").glob(f"*/*/{FILE}")) + sorted((home / "raw").glob(f"*/*/*/{FILE}")):
        if file.relative_to(home / "raw").parts[0].startswith("."):
            continue
        delivery = load(file)
        if delivery.delivery_id in releases:
            at, by = releases[delivery.delivery_id]
            delivery = replace(delivery, released_at=at, released_by=by)
        found.append(delivery)
    return sorted(found, key=lambda delivery: (delivery.key, order_of(delivery)))


def status_on(
    deliveries: Iterable[Delivery], run_date: date, contracts: Mapping[str, Contract]
) -> list[DeliveryStatus]:
    """What each delivery is on `run_date`, in the order of `load_deliveries`.

    A data date after the run date is held and comes into force by itself. Of snapshots the newest accepted one
    counts; of additions the highest number of each data date.
    """
    groups: dict[str, list[Delivery]] = {}
    for delivery in sorted(deliveries, key=lambda d: (d.key, order_of(d))):
        groups.setdefault(delivery.key, []).append(delivery)
    statuses: list[DeliveryStatus] = []
    for key, group in groups.items():
        mode = contracts[key].mode if key in contracts else "snapshot"
        statuses += _snapshots(group, run_date) if mode == "snapshot" else _additions(group, run_date)
    return statuses


def _waiting(delivery: Delivery, run_date: date) -> DeliveryStatus | None:
    if delivery.verdict == REJECTED:
        return DeliveryStatus(delivery, REJECTED, delivery.rule, delivery.reason, delivery.reason_zh)
    if delivery.data_date is not None and delivery.data_date > run_date:
        return _because(delivery, HELD, reason("future_date", day=delivery.data_date, run_date=run_date))
    return None


def _snapshots(group: Sequence[Delivery], run_date: date) -> list[DeliveryStatus]:
    statuses: list[DeliveryStatus] = []
    current: int | None = None
    for delivery in group:
        status = _waiting(delivery, run_date)
        if status is None:
            held = hold_reason(delivery, statuses[current].delivery if current is not None else None)
            status = _because(delivery, HELD, held) if held else DeliveryStatus(delivery, ACCEPTED)
        if status.status == ACCEPTED:
            if current is not None:
                statuses[current] = _superseded(statuses[current].delivery, delivery)
            current = len(statuses)
        statuses.append(status)
    return statuses


def _additions(group: Sequence[Delivery], run_date: date) -> list[DeliveryStatus]:
    statuses = [_waiting(delivery, run_date) or DeliveryStatus(delivery, ACCEPTED) for delivery in group]
    highest = {
        s.delivery.data_date: s.delivery for s in statuses if s.status == ACCEPTED
    }  # in order: the last wins
    return [
        _superseded(status.delivery, highest[status.delivery.data_date])
        if status.status == ACCEPTED and highest[status.delivery.data_date] is not status.delivery
        else status
        for status in statuses
    ]


def _superseded(delivery: Delivery, by: Delivery) -> DeliveryStatus:
    return _because(delivery, SUPERSEDED, reason("superseded", delivery=by.delivery_id))


def _because(delivery: Delivery, status: str, why: Reason) -> DeliveryStatus:
    return DeliveryStatus(delivery, status, why.rule, why.en, why.zh)


def repeats(statuses: Iterable[DeliveryStatus]) -> list[DeliveryStatus]:
    """A status for every other name under which a content came, so that an auditor finds each file he was sent.

    Its rows were counted with the first name and are not counted again. What was refused is refused under each name.
    """
    found = []
    for status in statuses:
        first = status.delivery
        times = dict(
            zip(first.also_as, first.also_at, strict=False)
        )  # records of older versions have no times
        for place, name in enumerate(first.also_as, start=1):
            again = replace(
                first,
                delivery_id=f"{first.delivery_id}.again{place}",
                file_name=name,
                received_at=datetime.fromisoformat(times[name]) if name in times else first.received_at,
                rows_read=0,
                rows_loaded=0,
                rows_quarantined=0,
                field_issues=0,
            )
            if status.status == REJECTED:
                found.append(replace(status, delivery=again))
            else:
                found.append(_because(again, SUPERSEDED, reason("same_content", file=first.file_name)))
    return found


def accepted_before(deliveries: Iterable[Delivery], order: tuple[date, int, str]) -> Delivery | None:
    """The accepted snapshot that stands last before `order`; None if there is none."""
    before = sorted((d for d in deliveries if order_of(d) < order), key=order_of)
    accepted = [s.delivery for s in _snapshots(before, order[0]) if s.status == ACCEPTED]
    return accepted[-1] if accepted else None


def in_force(statuses: Iterable[DeliveryStatus], key: str) -> list[Delivery]:
    """Deliveries of `department/extract` that count, in order."""
    return [s.delivery for s in statuses if s.status == ACCEPTED and s.delivery.key == key]


def release(home: Path, delivery_id: str, by: str, at: datetime) -> None:
    """Let a held delivery in: one line in `settings/releases.jsonl`. KeyError when there is no such delivery."""
    if delivery_id not in {delivery.delivery_id for delivery in load_deliveries(home)}:
        raise KeyError(f"no delivery {delivery_id!r}")
    settings = home / "settings"
    settings.mkdir(exist_ok=True)
    file = settings / "releases.jsonl"
    line = json.dumps({"delivery_id": delivery_id, "by": by, "at": at.isoformat()}, ensure_ascii=False)
    with os.fdopen(
        os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, FILE_MODE), "a", encoding="utf-8"
    ) as out:
        out.write(line + "\n")
        out.flush()
        os.fsync(out.fileno())
    fsync_path(file.parent)


def _releases(home: Path) -> dict[str, tuple[datetime, str]]:
    file = home / "settings" / "releases.jsonl"
    if not file.exists():
        return {}
    releases: dict[str, tuple[datetime, str]] = {}
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
            releases[value["delivery_id"]] = (datetime.fromisoformat(value["at"]), str(value["by"]))
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(
                f"settings/releases.jsonl line {number} is no release ({type(error).__name__})"
            ) from None
    return releases


def raw_view_sql(contract: Contract, deliveries: Sequence[Delivery], home: Path) -> str:
    """The SELECT (DuckDB) of an extract's raw view over the deliveries in force.

    Of an append extract each key's latest version (data date, number); of an extract never delivered an empty table
    of the same columns. A column that the contract got after every delivery in force is null. File names are generated,
    so no delivered text stands in the SQL.
    """
    schema = rows_schema(contract)
    missing = _in_no_file(schema, deliveries, home)
    columns = ", ".join(
        f'cast(null as {_sql_type(f.type)}) as "{f.name}"' if f.name in missing else f'"{f.name}"'
        for f in schema
    )
    if not deliveries:
        return f"select {columns} where false"
    files = ", ".join(_sql_file(home, delivery) for delivery in deliveries)
    select = f"select {columns} from read_parquet([{files}], union_by_name = true)"
    if contract.mode == "append" and len(deliveries) > 1:
        keys = ", ".join(f'"{name}"' for name in contract.keys)
        latest = "data_date desc, delivery_number desc, row_number desc"
        select += f" qualify row_number() over (partition by {keys} order by {latest}) = 1"
    return select


def _in_no_file(schema: pa.Schema, deliveries: Sequence[Delivery], home: Path) -> set[str]:
    """Columns that no delivery has; mostly one look, for the newest has them all."""
    missing = set(schema.names)
    for delivery in reversed(deliveries):
        missing -= set(pq.read_schema(home / delivery.folder / "rows.parquet").names)
        if not missing:
            break
    return missing


def _sql_file(home: Path, delivery: Delivery) -> str:
    if not all(_ID.match(part) for part in delivery.folder.parts):
        raise ValueError("a delivery's folder has a name that ingest never gives")
    path = (home.absolute() / delivery.folder / "rows.parquet").as_posix()
    # in a path DuckDB reads [, * and ? as patterns; a class of one character is that character
    return "'" + re.sub(r"([\[*?])", r"[\1]", path).replace("'", "''") + "'"


def _sql_type(kind: pa.DataType) -> str:
    if pa.types.is_list(kind):
        return "varchar[]"
    if pa.types.is_decimal(kind):
        return f"decimal({kind.precision},{kind.scale})"
    names = {pa.string(): "varchar", pa.date32(): "date", pa.int32(): "integer", pa.int64(): "bigint"}
    return {**names, pa.float64(): "double", pa.bool_(): "boolean"}[kind]
