"""The Parquet tables of a delivery: their schemas, and a writer that is whole only when closed.

Here belongs the layout that docs/architecture.md promises to other rooms.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ingest.cells.columns import fields
from ingest.contract import Contract

QUARANTINED = pa.schema(
    [
        ("row_number", pa.int32()),
        ("column_name", pa.string()),
        ("rule", pa.string()),
        ("raw_row", pa.string()),
    ]
)
ISSUES = pa.schema(
    [
        ("row_number", pa.int32()),
        ("column_name", pa.string()),
        ("rule", pa.string()),
        ("raw_text", pa.string()),
    ]
)
_ORIGIN = [
    pa.field("record_key", pa.string()),
    pa.field("delivery_id", pa.string()),
    pa.field("data_date", pa.date32()),
    pa.field("delivery_number", pa.int32()),
    pa.field("row_number", pa.int32()),
]


def rows_schema(contract: Contract) -> pa.Schema:
    """Columns of `rows.parquet`: where the row stands, then every contract column in order."""
    return pa.schema([*_ORIGIN, *(field for column in contract.columns for field in fields(column))])


class TableWriter:
    """A Parquet file written batch by batch; an empty one has its schema too."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._schema = schema
        self._writer = pq.ParquetWriter(path, schema, compression="zstd", compression_level=1)

    def __enter__(self) -> TableWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writer.close()

    def write(self, columns: list[pa.Array]) -> None:
        """Append one batch of columns, in the schema's order and types."""
        self._writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=self._schema))

    def write_rows(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Append a few rows given as tuples (quarantine: short by nature)."""
        if rows:
            by_column = zip(*rows, strict=True)
            self.write(
                [pa.array(cells, kind) for cells, kind in zip(by_column, self._schema.types, strict=True)]
            )
