"""The workbook that went out is taken in again as the delivery registry/verdicts."""

import os
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest
from openpyxl import load_workbook

from ingest.contract import load_contracts
from ingest.deliver import take_in
from orchestration.cli.gaps import select_clues
from orchestration.cli.messages import Messages
from orchestration.cli.worklist import write_work_list
from orchestration.home import Home

HEADER = 5  # title, three sections, headings


def _fill_in(file: Path, verdicts: dict[str, tuple[date, str, str]]) -> None:
    """What a township officer does: choose a verdict and a reason, set the real date."""
    book = load_workbook(file)
    sheet = book.worksheets[0]
    column = {cell.value: cell.column for cell in sheet[HEADER]}
    for row in range(HEADER + 1, sheet.max_row + 1):
        if verdict := verdicts.get(str(sheet.cell(row, column["疑点编号"]).value)):
            for heading, value in zip(("核查日期", "核查结果", "原因"), verdict, strict=True):
                sheet.cell(row, column[heading]).value = value
    book.save(file)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("file_format", ["xlsx", "csv"])
def test_what_went_out_comes_back(home: Home, tmp_path: Path, lang: str, file_format: str) -> None:
    """Prevents a workbook that looks right to people and is rejected, or loses rows, when it returns."""
    say = Messages(lang)
    folder = tmp_path / "landing" / "registry"
    folder.mkdir(parents=True)
    file = folder / f"疑点核查反馈_20261124.{file_format}"
    write_work_list(select_clues(home.warehouse, say), file_format, file, say)
    expected = {
        gap: (date(2026, 11, 23), None, None)
        for gap in ("EDU-01-p2", "EDU-04-p2", "MED-01-p4", "TEA-01-519901101201", "REG-06-h2", "FND-01-J1")
    }
    expected["MED-01-p2"] = (date(2026, 11, 23), None, None)
    if file_format == "xlsx":
        _fill_in(file, {"MED-01-p2": (date(2026, 11, 24), "不属实", "已在外地享受")})
        expected["MED-01-p2"] = (date(2026, 11, 24), "不属实", "已在外地享受")
    received = datetime(2026, 11, 24, 9, tzinfo=UTC)
    os.utime(file, (0, 0))  # delivered long ago: ingest does not wait to see whether it still grows
    (delivery,) = take_in(home.root, folder.parent, received, b"secret of the tests", load_contracts())
    assert (delivery.verdict, delivery.reason) == ("accepted", None)
    assert (delivery.rows_read, delivery.rows_loaded, delivery.field_issues) == (7, 7, 0)
    rows = home.root / "raw" / "registry" / "verdicts" / delivery.delivery_id / "rows.parquet"
    with duckdb.connect() as connection:
        found = connection.execute(
            "select gap_id, verified_on, verdict, reason from read_parquet(?)", [str(rows)]
        ).fetchall()
    assert {gap: tuple(rest) for gap, *rest in found} == expected
