"""A column of delivered texts as typed columns, by its kind in the contract.

Here belongs the choice of the reader and the Arrow type per kind. The rules of a kind belong to its module.
"""

from __future__ import annotations

import pyarrow as pa

from ingest.cells.code import read_bool, read_code, read_list
from ingest.cells.date import read_date, read_month
from ingest.cells.id_number import read_id_number
from ingest.cells.name import read_name
from ingest.cells.number import MONEY, read_decimal, read_int, read_money
from ingest.cells.place import read_village
from ingest.cells.result import Cells
from ingest.cells.text import read_phone, read_text
from ingest.contract import Column, Words

_TYPES: dict[str, pa.DataType] = {
    "date": pa.date32(),
    "month": pa.date32(),
    "money": MONEY,
    "decimal": pa.float64(),
    "int": pa.int64(),
    "bool": pa.bool_(),
    "list": pa.list_(pa.string()),
}


def fields(column: Column) -> list[pa.Field]:
    """The typed columns that stand for a contract column: itself, and beside an ID number its quality and raw text."""
    own = pa.field(column.name, _TYPES.get(column.kind, pa.string()))
    if column.kind != "id_number":
        return [own]
    return [own, pa.field(f"{column.name}_quality", pa.string()), pa.field(f"{column.name}_raw", pa.string())]


def read_cells(column: Column, texts: pa.Array, words: Words) -> Cells:
    """Typed cells of `texts` (string array without nulls, one per row). Each distinct text is read once."""
    encoded = texts.dictionary_encode()
    cells = _read(column, encoded.dictionary, words)
    at = encoded.indices
    rows = at.to_numpy(zero_copy_only=False)
    return Cells(
        values=cells.values.take(at),
        issue=cells.issue[rows],
        rule=cells.rule,
        beside={suffix: array.take(at) for suffix, array in cells.beside.items()},
        ticks=None if cells.ticks is None else cells.ticks[rows],
    )


def _read(column: Column, texts: pa.Array, words: Words) -> Cells:
    match column.kind:
        case "text":
            return read_text(texts, words.blank, column.pattern)
        case "name":
            return read_name(texts, words.blank)
        case "phone":
            return read_phone(texts, words.blank)
        case "id_number":
            return read_id_number(texts, words.blank)
        case "date":
            return read_date(texts, words.blank)
        case "month":
            return read_month(texts, words.blank)
        case "money":
            return read_money(texts, words.blank)
        case "decimal":
            return read_decimal(texts, words.blank)
        case "int":
            return read_int(texts, words.blank)
        case "bool":
            return read_bool(texts, words)
        case "code":
            return read_code(texts, words.blank, column.codes or {})
        case "list":
            return read_list(texts, words.blank, column.codes)
        case "village":
            return read_village(texts, words.blank)
    raise ValueError(f"no reader for cells of kind {column.kind}")
