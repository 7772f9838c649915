"""A day whose links are not as usual: nothing is published, the last good day stays, and the command says so."""

import csv
import gzip
import io
import json
import subprocess
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import openpyxl

from ingest.contract import Contract, load_contracts
from ingest.landing import scan
from ingest.words import header_key
from tests.conftest import Installation

Demo = tuple[Installation, subprocess.CompletedProcess[str]]

_NEXT = "2026-11-25"


def _rows(path: Path) -> list[list[str]]:
    content = path.read_bytes()
    if content.startswith(b"\x1f\x8b"):
        content = gzip.decompress(content)
    elif content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = packed.namelist()
            if "[Content_Types].xml" in names:
                sheet = openpyxl.load_workbook(io.BytesIO(content), read_only=True).worksheets[0]
                return [
                    ["" if v is None else str(v) for v in row] for row in sheet.iter_rows(values_only=True)
                ]
            content = packed.read(names[0])
    text = content.decode("utf-8-sig", errors="replace")
    if text.count("\ufffd") > len(text) // 100:
        text = content.decode("gb18030", errors="replace")
    delimiter = "\t" if text[:2000].count("\t") > text[:2000].count(",") else ","
    return list(csv.reader(io.StringIO(text), delimiter=delimiter))


def _without_numbers(rows: list[list[str]], contract: Contract) -> None:
    """Blank every ID number below the header."""
    headers = {
        header for column in contract.columns if column.kind == "id_number" for header in column.headers
    }
    columns: list[int] = []
    for row in rows:
        if columns:
            for column in columns:
                if column < len(row):
                    row[column] = ""
        elif any(header_key(cell) in headers for cell in row):
            columns = [place for place, cell in enumerate(row) if header_key(cell) in headers]


def _deliver_without_numbers(landing: Path, into: Path) -> None:
    """Every extract again without a single number: snapshots for the next day, additions as corrected deliveries."""
    contracts = load_contracts()
    for item in scan(landing, contracts, datetime(2027, 1, 1, tzinfo=UTC), only=None):
        contract = item.contract
        if contract is None or not any(column.kind == "id_number" for column in contract.columns):
            continue
        assert item.data_date is not None and item.number is not None
        day, number = (_NEXT.replace("-", ""), 1)
        if contract.mode == "append":
            day, number = f"{item.data_date:%Y%m%d}", item.number + 5
        rows = _rows(item.path)
        _without_numbers(rows, contract)
        folder = into / contract.department
        folder.mkdir(parents=True, exist_ok=True)
        suffix = f"_{number}" if number > 1 else ""
        with (folder / f"{contract.extract}_{day}{suffix}.csv").open(
            "w", encoding="utf-8", newline=""
        ) as file:
            csv.writer(file).writerows(rows)


def test_a_day_without_numbers_is_not_published(demo: Demo, tmp_path: Path) -> None:
    """Prevents a county whose numbers were all lost in one export from being published as strangers: exit code 3."""
    installation = demo[0].copy(tmp_path / "home")
    home = installation.home
    landing = tmp_path / "landing"
    _deliver_without_numbers(installation.landing, landing)
    before = (home / "published" / "current").resolve()
    ledger = (home / "ledger.jsonl").read_text()
    done = installation.hulian("run", "--date", _NEXT, "--landing", str(landing))
    assert done.returncode == 3, done.stdout + done.stderr
    assert "link_rate_drop" in done.stderr
    assert (home / "published" / "current").resolve() == before
    assert (home / "ledger.jsonl").read_text() == ledger
    with installation.read() as con:
        shares = con.sql(
            "select run_date, linked_share from lineage.link_quality where scope_kind = 'all' order by run_date"
        ).fetchall()
    assert shares and all(share > 0.95 for _, share in shares)
    assert json.loads((before / "manifest.json").read_text())["run_date"] < _NEXT
