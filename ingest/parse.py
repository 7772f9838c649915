"""A readable table of text as typed Parquet: rows loaded, rows quarantined, field issues.

Here belongs the pass over the rows of one delivery, in batches that bound the memory, and the two questions that
need the whole file: keys that stand twice, and blanks in columns of ticks.
"""

from __future__ import annotations

import gc
import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ingest.cells.columns import read_cells
from ingest.cells.result import Cells, Mask, mask_of
from ingest.contract import Contract
from ingest.crash import crash_point
from ingest.header import Header, is_footer, maybe_footers
from ingest.readers.source import TORN, Record, Source
from ingest.refused import Refused
from ingest.tables import ISSUES, QUARANTINED, TableWriter, rows_schema

_CELLS_PER_BATCH = 2_000_000  # about 150 MB of Python strings
_SEPARATOR = "\x1f"
DUPLICATE = "duplicate_key"


@dataclass
class Tally:
    """Counts and whole-file facts of one delivery while it is read."""

    rows_read: int = 0
    rows_bad: int = 0
    rows_loaded: int = 0
    field_issues: int = 0
    duplicates: int = 0
    keys: list[pa.Array] = field(default_factory=list)
    numbers: list[npt.NDArray[np.int32]] = field(default_factory=list)
    # how often the same cells stood in rows whose own key has a blank
    alike: Counter[str] = field(default_factory=Counter)
    # boolean columns: (saw a tick, saw any other filled cell)
    ticks: dict[str, tuple[bool, bool]] = field(default_factory=dict)


@dataclass(frozen=True)
class Job:
    """What stays the same for all rows of a delivery."""

    contract: Contract
    header: Header
    delivery_id: str
    data_date: date
    number: int
    secret: bytes


def parse(source: Source, job: Job, folder: Path) -> Tally:
    """Write `rows.parquet`, `quarantined.parquet` and `issues.parquet` of one delivery into `folder`.

    Raises Refused for a file that turns out to be torn or whose doubled headers disagree.
    """
    tally = Tally()
    with (
        _no_cycle_collection(),
        TableWriter(folder / "rows.parquet", rows_schema(job.contract)) as rows,
        TableWriter(folder / "quarantined.parquet", QUARANTINED) as quarantined,
        TableWriter(folder / "issues.parquet", ISSUES) as issues,
    ):
        for batch in _batches(source, job):
            _take_batch(batch, job, tally, rows, quarantined, issues)
            crash_point("parse.mid_rows")
    return tally


@contextmanager
def _no_cycle_collection() -> Iterator[None]:
    """Millions of small lists and no cycles: searching them for garbage cost a third of the time (16 s against 11 s)."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _batches(source: Source, job: Job) -> Iterator[list[Record]]:
    width = len(job.header.cells)
    records = source.records(job.header.row, width)
    count = max(1000, _CELLS_PER_BATCH // max(width, 1))
    while batch := list(islice(records, count)):
        yield batch


def _raw_json(cells: Sequence[str]) -> str:
    return json.dumps(list(cells), ensure_ascii=False)


def _take_batch(
    batch: list[Record],
    job: Job,
    tally: Tally,
    rows: TableWriter,
    quarantined: TableWriter,
    issues: TableWriter,
) -> None:
    contract, header = job.contract, job.header
    bad: list[tuple[int, str | None, str, str | None]] = [
        (number, None, fault, _raw_json(cells))
        for number, cells, fault in batch
        if fault is not None
        if not (is_footer(cells, contract.words.footer) or header.is_title(cells))
    ]
    if bad and bad[-1][2] == TORN:
        raise Refused("torn.last_row", row=bad[-1][0])
    batch = [record for record in batch if record[2] is None]
    numbers = np.fromiter((record[0] for record in batch), dtype=np.int32, count=len(batch))
    by_column = list(zip(*(record[1] for record in batch), strict=True)) if batch else []
    texts = (
        {name: pa.array(by_column[at], pa.string()) for name, at in header.positions.items()} if batch else {}
    )
    for name, others in header.doubled.items() if batch else ():
        for at in others:
            if not texts[name].equals(pa.array(by_column[at], pa.string())):
                raise Refused("doubled_header", header=contract.column(name).header, row=header.row)
    if batch:
        typed = _read_columns(job, texts, len(batch))
        faults, skipped = _row_faults(batch, by_column, job, texts, typed)
        bad += [
            (int(numbers[at]), name, rule, _raw_json(batch[at][1])) for at, (name, rule) in faults.items()
        ]
        keep = np.ones(len(batch), dtype=np.bool_)
        keep[[*faults, *skipped]] = False
        tally.rows_loaded += int(keep.sum())
        _write_issues(job, texts, typed, numbers, keep, tally, issues)
        _write_rows(job, texts, typed, numbers, keep, tally, rows)
    tally.rows_bad += len(bad)
    tally.rows_read = tally.rows_loaded + tally.rows_bad
    quarantined.write_rows(sorted(bad))


def _read_columns(job: Job, texts: dict[str, pa.Array], count: int) -> dict[str, Cells]:
    empty = pa.array([""] * count, pa.string())
    return {
        column.name: read_cells(
            column, texts.get(column.derived_from or column.name, empty), job.contract.words
        )
        for column in job.contract.columns
    }


def _row_faults(
    batch: list[Record],
    by_column: list[tuple[str, ...]],
    job: Job,
    texts: dict[str, pa.Array],
    typed: dict[str, Cells],
) -> tuple[dict[int, tuple[str, str]], list[int]]:
    """Rows that lack a required value (index → column, rule), and indexes of headers, titles and signatures."""
    header, words = job.header, job.contract.words
    required = [column for column in job.contract.delivered if column.required]
    positions = [header.positions[column.name] for column in required]
    first = texts[required[0].name]
    repeats = mask_of(pc.equal(first, header.cells[positions[0]]))
    faults: dict[int, tuple[str, str]] = {}
    for column in required:
        cells = typed[column.name]
        for blank in np.flatnonzero(mask_of(pc.is_null(cells.values))):
            rule = cells.rule if cells.issue[blank] else "required_value_blank"
            faults.setdefault(int(blank), (column.name, rule))
    skipped = []
    doubtful = [*np.flatnonzero(repeats), *maybe_footers(by_column, words.footer)]
    for at in sorted({*faults, *map(int, doubtful)}):
        here = batch[at][1]
        complete = at not in faults
        no_row = is_footer(here, words.footer, complete) or header.is_repeat(here, positions)
        if no_row or (not complete and header.is_title(here)):
            skipped.append(at)
            faults.pop(at, None)
    return faults, skipped


def _write_issues(
    job: Job,
    texts: dict[str, pa.Array],
    typed: dict[str, Cells],
    numbers: npt.NDArray[np.int32],
    keep: Mask,
    tally: Tally,
    issues: TableWriter,
) -> None:
    for column in job.contract.columns:
        cells = typed[column.name]
        if cells.ticks is not None:
            filled = mask_of(pc.is_valid(cells.values)) | cells.issue
            ticked, other = tally.ticks.get(column.name, (False, False))
            tally.ticks[column.name] = (
                ticked or bool((cells.ticks & keep).any()),
                other or bool((filled & ~cells.ticks & keep).any()),
            )
        at = np.flatnonzero(cells.issue & keep)
        if at.size:
            raw = texts[column.derived_from or column.name].take(pa.array(at))
            same = [pa.repeat(pa.scalar(word, pa.string()), at.size) for word in (column.name, cells.rule)]
            issues.write([pa.array(numbers[at]), *same, raw])
            tally.field_issues += int(at.size)


def _write_rows(
    job: Job,
    texts: dict[str, pa.Array],
    typed: dict[str, Cells],
    numbers: npt.NDArray[np.int32],
    keep: Mask,
    tally: Tally,
    rows: TableWriter,
) -> None:
    count = int(keep.sum())
    if not count:
        return
    chosen = pa.array(keep)
    everything = bool(keep.all())

    def kept(array: pa.Array) -> pa.Array:
        return array if everything else array.filter(chosen)

    empty = pa.array([""] * count, pa.string())
    raw = [kept(texts[c.name]) if c.name in texts else empty for c in job.contract.delivered]
    keys = kept(_row_keys(job.contract, typed))
    columns: list[pa.Array] = [
        _record_keys(job, raw, keys.is_null().to_numpy(zero_copy_only=False), tally),
        pa.repeat(pa.scalar(job.delivery_id), count),
        pa.repeat(pa.scalar(job.data_date, pa.date32()), count),
        pa.repeat(pa.scalar(job.number, pa.int32()), count),
        pa.array(numbers[keep]),
    ]
    for column in job.contract.columns:
        cells = typed[column.name]
        columns += [kept(array) for array in (cells.values, *cells.beside.values())]
    rows.write(columns)
    tally.keys.append(keys)
    tally.numbers.append(numbers[keep])


def _record_keys(job: Job, raw: list[pa.Array], keyless: Mask, tally: Tally) -> pa.Array:
    """Keyed BLAKE2b (16 bytes, hex) of department, extract and the raw cells in the contract's order.

    Rows whose own key has a blank may be alike to the letter and still be two people: the second also counts its place.
    """
    joined = pc.binary_join_element_wise(*raw, _SEPARATOR).to_pylist()
    for at in np.flatnonzero(keyless):
        text = joined[at]
        tally.alike[text] += 1
        if tally.alike[text] > 1:
            joined[at] = f"{text}\x1d{tally.alike[text]}"
    key = job.secret if len(job.secret) <= 64 else hashlib.blake2b(job.secret).digest()
    start = hashlib.blake2b(
        job.contract.key.encode() + b"\x1e", digest_size=16, key=key, person=b"record_key"
    )

    def digest(text: str) -> str:
        state = start.copy()
        state.update(text.encode("utf-8", "surrogatepass"))
        return state.hexdigest()

    return pa.array([digest(text) for text in joined], pa.string())


def _row_keys(contract: Contract, typed: dict[str, Cells]) -> pa.Array:
    """One text per row that stands for its key; null where a part is blank, since blanks are nobody's key."""
    parts = []
    for name in contract.keys:
        cells = typed[name]
        if "_raw" in cells.beside:
            absent = pc.equal(cells.beside["_quality"], "absent")
            parts.append(pc.if_else(absent, pa.scalar(None, pa.string()), cells.beside["_raw"]))
        else:
            parts.append(pc.cast(cells.values, pa.string()))
    return pc.binary_join_element_wise(*parts, _SEPARATOR)
