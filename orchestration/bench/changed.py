"""The next day of a county: snapshots delivered again with a small share of their rows changed.

Belongs here: rewriting delivered text files. A row that changes gets another record_key and is linked anew; all other
rows are the same to the letter.
"""

import csv
import gzip
import io
import zipfile
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path

import numpy as np
import yaml

from ingest.contract import Contract, load_contracts
from ingest.landing import scan
from ingest.words import header_key
from orchestration.failures import HulianError

_FIRST_PHONE = 10_000_000_000  # eleven digits of a range that no network gives out


def deliver_changed(landing: Path, day: date, share: float, seed: int) -> tuple[int, int]:
    """Write the snapshots of `changed.yaml` again for `day`, with `share` of all rows of the county changed.

    Returns changed rows and rows of all extracts. All changes fall into the extracts of `changed.yaml`. HulianError when
    the landing folder has none of them as text.
    """
    contracts = load_contracts()
    columns: dict[str, str] = yaml.safe_load(
        (files("orchestration.bench") / "changed.yaml").read_text("utf-8")
    )
    newest = {extract: _newest(landing, contracts, extract) for extract in columns}
    tables = {extract: _read(path) for extract, path in newest.items() if path}
    if not tables:
        raise HulianError(f"{landing}: none of {', '.join(columns)} is there as text")
    rows = _rows_of_all(landing, contracts)
    each = share * rows / sum(len(table) for table in tables.values())
    rng = np.random.default_rng(seed)
    changed = 0
    for extract, table in tables.items():
        changed += _change(table, contracts[extract], columns[extract], each, rng)
        department, name = extract.split("/")
        with (landing / department / f"{name}_{day:%Y%m%d}.csv").open(
            "w", encoding="utf-8", newline=""
        ) as file:
            csv.writer(file).writerows(table)
    return changed, rows


def _newest(landing: Path, contracts: dict[str, Contract], extract: str) -> Path | None:
    landed = scan(landing, contracts, datetime.max.replace(tzinfo=UTC), only=extract)
    dated = [item for item in landed if item.data_date is not None and item.contract is not None]
    return max(dated, key=lambda item: (item.data_date or date.min, item.number or 0)).path if dated else None


def _rows_of_all(landing: Path, contracts: dict[str, Contract]) -> int:
    """Rows of the truth's deliveries in force, as the demo county keeps them beside its landing folder."""
    import duckdb

    row = duckdb.execute(
        "select sum(loaded) from read_parquet(?) where in_force",
        [str(landing.parent / "truth" / "deliveries.parquet")],
    ).fetchone()
    assert row is not None
    return int(row[0])


def _read(path: Path) -> list[list[str]]:
    content = path.read_bytes()
    if content.startswith(b"\x1f\x8b"):
        content = gzip.decompress(content)
    elif content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            content = packed.read(packed.namelist()[0])
    text = content.decode("utf-8-sig", errors="replace")
    if (
        text.count("\ufffd") > len(text) // 100
    ):  # a few bad bytes are a damaged file, many are another encoding
        text = content.decode("gb18030", errors="replace")
    delimiter = "\t" if text[:2000].count("\t") > text[:2000].count(",") else ","
    return list(csv.reader(io.StringIO(text), delimiter=delimiter))


def _change(
    table: list[list[str]], contract: Contract, column: str, share: float, rng: np.random.Generator
) -> int:
    """Change the column in a share of the rows below the header; returns how many."""
    headers = set(contract.column(column).headers)
    at, place = next(
        (number, cells.index(cell))
        for number, cells in enumerate(table)
        for cell in cells
        if header_key(cell) in headers
    )
    width = len(table[at])
    whole = [number for number in range(at + 1, len(table)) if len(table[number]) == width]
    chosen = rng.choice(whole, size=min(len(whole), round(share * len(table))), replace=False)
    codes = sorted(set((contract.column(column).codes or {}).values()))
    for number in sorted(chosen.tolist()):
        before = table[number][place]
        if codes:
            table[number][place] = next(code for code in codes if code != before)
        else:
            table[number][place] = str(_FIRST_PHONE + int(rng.integers(10**9)))
    return len(chosen)
