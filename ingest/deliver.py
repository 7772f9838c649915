"""The one path of a delivered file: landing → archive → typed tables → verdict.

Here belongs the order of steps and their crash safety. A step's rules belong to its module. Everything of one file
is written into a folder aside and renamed when whole, so a killed run leaves nothing under a final name.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from ingest.accept import check_share, conflict, hold_reason, order_of
from ingest.archive import archive_file
from ingest.contract import Contract
from ingest.crash import crash_point
from ingest.delivery import ACCEPTED, HELD, REJECTED, Delivery, save
from ingest.durable import ASIDE, make_folder, publish_folder, sweep_aside
from ingest.landing import UNCLAIMED, Landed, is_unchanged, scan
from ingest.opening import open_table
from ingest.parse import Job, parse
from ingest.readers.packed import check_size
from ingest.reasons import Reason, reason
from ingest.refused import Refused
from ingest.register import accepted_before, load_deliveries
from ingest.seen import Seen
from ingest.settle import empty_rejected, settle, write_empty
from ingest.tables import rows_schema


def take_in(
    home: Path,
    landing: Path,
    received_at: datetime,
    secret: bytes,
    contracts: Mapping[str, Contract],
    only: str | None = None,
) -> list[Delivery]:
    """Take in every new file of `landing` and recognise the known ones; the Delivery of each, in order.

    `only` is a `department/extract`, or `unclaimed` for files that no contract claims; None takes all. `received_at`
    is recorded; `secret` keys the record keys. Nothing a file holds raises: a file that cannot be taken in becomes a
    rejected delivery. Files that still grow are left for the next call. Raises OSError when the machine fails.
    """
    home.mkdir(parents=True, exist_ok=True)  # open: readers pass through to published/
    aside = make_folder(make_folder(home / "raw") / ASIDE)
    sweep_aside(aside)
    sweep_aside(home / "archive" / ASIDE)
    known = {delivery.delivery_id: delivery for delivery in load_deliveries(home)}
    seen = Seen(home)
    taken: list[Delivery] = []
    for landed in scan(landing, contracts, received_at, only):
        delivery = _take_one(home, aside, landed, received_at, secret, known, seen)
        if delivery is not None:
            known[delivery.delivery_id] = delivery
            taken.append(delivery)
    seen.save()
    return list({delivery.delivery_id: delivery for delivery in taken}.values())


def _take_one(
    home: Path,
    aside: Path,
    landed: Landed,
    received_at: datetime,
    secret: bytes,
    known: Mapping[str, Delivery],
    seen: Seen,
) -> Delivery | None:
    """The delivery of one landed file; None when it changed under our hands and must wait."""
    readable = not landed.special
    refused = landed.problem
    try:
        check_size(landed.size)
    except Refused as too_large:
        readable, refused = False, too_large.reason
    try:
        sha256 = seen.hash_of(landed) if readable else _name_hash(landed)
    except (Refused, FileNotFoundError):
        return None  # replaced since the scan: looked at again next time
    delivery = Delivery(
        delivery_id=_delivery_id(landed, sha256),
        department=landed.contract.department if landed.contract else None,
        extract=landed.contract.extract if landed.contract else None,
        data_date=landed.data_date,
        number=landed.number,
        file_name=landed.file_name,
        sha256=sha256 if readable else "",
        bytes=landed.size,
        received_at=received_at,
        verdict=ACCEPTED,
    )
    if delivery.delivery_id in known:
        return _again(home, known[delivery.delivery_id], landed.file_name, received_at)
    if readable and (not is_unchanged(landed) or archive_file(home, landed.path, sha256) is None):
        return None
    folder = make_folder(aside / f"{delivery.delivery_id}.{os.getpid()}")
    if landed.contract is None or refused is not None:
        delivery = _rejected(delivery, refused or reason("unclaimed"))
        if landed.contract is not None:
            write_empty(rows_schema(landed.contract), folder)
    else:
        delivery = _judge(home, folder, landed.contract, delivery, secret, known)
    save(delivery, folder)
    crash_point("parse.before_accept")
    publish_folder(folder, home / delivery.folder)
    return delivery


def _judge(
    home: Path,
    folder: Path,
    contract: Contract,
    delivery: Delivery,
    secret: bytes,
    known: Mapping[str, Delivery],
) -> Delivery:
    same = [other for other in known.values() if other.key == delivery.key]
    assert delivery.data_date is not None and delivery.number is not None  # a claimed name has both
    try:
        other = conflict(delivery.delivery_id, delivery.data_date, delivery.number, same)
        if other is not None:
            raise Refused(
                "second_file",
                day=delivery.data_date,
                number=delivery.number,
                file=other.file_name,
                next=delivery.number + 1,
            )
        delivery = _read(home, folder, contract, delivery, secret)
    except Refused as refused:
        write_empty(rows_schema(contract), folder)
        return _rejected(delivery, refused.reason)
    except (ValueError, LookupError, ArithmeticError) as error:
        # a file that our code cannot follow must not end the day of the other departments; the place is told
        write_empty(rows_schema(contract), folder)
        return _rejected(delivery, reason("unreadable.error", place=_place_of(error)))
    if delivery.verdict == REJECTED or contract.mode != "snapshot":
        return delivery
    held = hold_reason(delivery, accepted_before(same, order_of(delivery)))
    if held is None:
        return delivery
    return replace(delivery, verdict=HELD, rule=held.rule, reason=held.en, reason_zh=held.zh)


def _read(home: Path, folder: Path, contract: Contract, delivery: Delivery, secret: bytes) -> Delivery:
    assert delivery.data_date is not None and delivery.number is not None
    scratch = make_folder(folder / "scratch")
    try:
        source, header = open_table(home / "archive" / delivery.sha256, contract, scratch)
        job = Job(contract, header, delivery.delivery_id, delivery.data_date, delivery.number, secret)
        delivery = replace(delivery, encoding=source.encoding, unknown_columns=header.unknown)
        tally = parse(source, job, folder)
        try:
            check_share(tally.rows_read, tally.rows_bad)
        except Refused as refused:
            empty_rejected(job, folder)
            return replace(
                _rejected(delivery, refused.reason),
                rows_read=tally.rows_read,
                rows_quarantined=tally.rows_read,
            )
        settle(source, job, tally, folder)
    finally:
        shutil.rmtree(scratch)
    return replace(
        delivery,
        rows_read=tally.rows_read,
        rows_loaded=tally.rows_loaded,
        rows_quarantined=tally.rows_bad + tally.duplicates,
        field_issues=tally.field_issues,
        notes=tuple(source.notes),
    )


def _rejected(delivery: Delivery, why: Reason) -> Delivery:
    return replace(delivery, verdict=REJECTED, rule=why.rule, reason=why.en, reason_zh=why.zh)


def _again(home: Path, delivery: Delivery, file_name: str, received_at: datetime) -> Delivery:
    """The same content under another name is noted in the record and has no other effect."""
    if file_name == delivery.file_name or file_name in delivery.also_as:
        return delivery
    noted = replace(
        delivery,
        also_as=(*delivery.also_as, file_name),
        also_at=(*delivery.also_at, received_at.isoformat()),
    )
    save(noted, home / delivery.folder)
    return noted


def _delivery_id(landed: Landed, sha256: str) -> str:
    if landed.contract is None or landed.data_date is None:
        return f"{UNCLAIMED}.{sha256[:16]}"
    day = landed.data_date.strftime("%Y%m%d")
    return f"{landed.contract.department}.{landed.contract.extract}.{day}.{landed.number}.{sha256[:8]}"


def _name_hash(landed: Landed) -> str:
    """What stands for the content of a file that is not opened."""
    return hashlib.sha256(f"{landed.relative}\0{landed.size}\0{landed.mtime_ns}".encode()).hexdigest()


def _place_of(error: BaseException) -> str:
    """Kind of error and the place in our code, never its message (which may quote a cell)."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f" at {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
    return f"{type(error).__name__}{place}"
