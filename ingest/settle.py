"""What can be said of a delivery only when all its rows are read.

Here belong keys that stand twice, blanks in columns of ticks, and the emptying of a delivery that is rejected.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ingest.parse import DUPLICATE, Job, Tally
from ingest.readers.source import Source
from ingest.tables import ISSUES, QUARANTINED, TableWriter, rows_schema

REJECTED_WHOLE = "delivery_rejected"


def settle(source: Source, job: Job, tally: Tally, folder: Path) -> None:
    """Quarantine earlier rows of a key that stands twice; make blanks 否 where all other values are ticks."""
    repeated = _repeated(tally)
    ticked = [name for name, (tick, other) in tally.ticks.items() if tick and not other]
    if not repeated.size and not ticked:
        return
    dropped = pa.array(repeated)

    def mend(batch: pa.RecordBatch) -> pa.RecordBatch:
        batch = batch.filter(pc.invert(pc.is_in(batch["row_number"], dropped)))
        for name in ticked:
            at = batch.schema.get_field_index(name)
            batch = batch.set_column(at, batch.schema.field(at), pc.fill_null(batch[name], False))
        return batch

    _rewrite(folder / "rows.parquet", rows_schema(job.contract), mend)
    if repeated.size:
        tally.duplicates = int(repeated.size)
        tally.rows_loaded -= tally.duplicates
        _rewrite(
            folder / "issues.parquet",
            ISSUES,
            lambda b: b.filter(pc.invert(pc.is_in(b["row_number"], dropped))),
        )
        tally.field_issues = pq.read_metadata(folder / "issues.parquet").num_rows
        wanted = frozenset(int(number) for number in repeated)
        _add_quarantined(
            folder,
            [
                (number, None, DUPLICATE, json.dumps(list(cells), ensure_ascii=False))
                for number, cells, _ in source.records(job.header.row, len(job.header.cells))
                if number in wanted
            ],
        )


def empty_rejected(job: Job, folder: Path) -> int:
    """Move every loaded row of a rejected delivery to the quarantine (its text stays in the archive); their number."""
    numbers = pq.read_table(folder / "rows.parquet", columns=["row_number"])["row_number"].to_pylist()
    _add_quarantined(folder, [(number, None, REJECTED_WHOLE, None) for number in numbers])
    with (
        TableWriter(folder / "rows.parquet", rows_schema(job.contract)),
        TableWriter(folder / "issues.parquet", ISSUES),
    ):
        pass
    return len(numbers)


def write_empty(schema: pa.Schema, folder: Path) -> None:
    """The three tables of a delivery of which no row was read."""
    with (
        TableWriter(folder / "rows.parquet", schema),
        TableWriter(folder / "quarantined.parquet", QUARANTINED),
        TableWriter(folder / "issues.parquet", ISSUES),
    ):
        pass


def _repeated(tally: Tally) -> npt.NDArray[np.int32]:
    """Row numbers whose key stands again further down."""
    if not tally.keys:
        return np.array([], dtype=np.int32)
    encoded = pa.chunked_array(tally.keys).combine_chunks().dictionary_encode()
    numbers = np.concatenate(tally.numbers)
    known = np.flatnonzero(encoded.is_valid().to_numpy(zero_copy_only=False))
    keys = pc.fill_null(encoded.indices, 0).to_numpy(zero_copy_only=False)[known]
    last = np.zeros(len(encoded.dictionary), dtype=np.int64)
    np.maximum.at(last, keys, known)
    return np.asarray(numbers[known[last[keys] != known]], dtype=np.int32)


def _rewrite(path: Path, schema: pa.Schema, mend: Callable[[pa.RecordBatch], pa.RecordBatch]) -> None:
    old = path.with_suffix(".old")
    path.rename(old)
    with pq.ParquetFile(old) as file, TableWriter(path, schema) as out:
        for batch in file.iter_batches():
            out.write(mend(batch).columns)
    old.unlink()


def _add_quarantined(folder: Path, rows: list[tuple[int, str | None, str, str | None]]) -> None:
    path = folder / "quarantined.parquet"
    before = [tuple(row.values()) for row in pq.read_table(path).to_pylist()]
    with TableWriter(path, QUARANTINED) as out:
        out.write_rows(sorted([*before, *rows], key=lambda row: row[0]))
