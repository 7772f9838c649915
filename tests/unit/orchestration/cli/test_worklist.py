"""The file that goes to a township and comes back."""

import csv
import io
from datetime import datetime

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from orchestration.cli.gaps import WorkList, select_clues, with_names
from orchestration.cli.messages import Messages
from orchestration.cli.worklist import csv_bytes, write_work_list, xlsx_bytes
from orchestration.home import Home
from orchestration.keyring import Keyring

ZH = Messages("zh")


def _named(home: Home) -> WorkList:
    plain = select_clues(home.warehouse, ZH)
    return with_names(
        plain,
        home.warehouse,
        home.published / "restricted.duckdb",
        Keyring.open(home).restricted_database,
        ZH,
    )


def _sheet(content: bytes) -> Worksheet:
    return load_workbook(io.BytesIO(content)).worksheets[0]


def test_the_workbook_can_be_worked_with(home: Home) -> None:
    """Prevents a sheet without title, frozen header or filters, or whose rows lost their order."""
    sheet = _sheet(xlsx_bytes(select_clues(home.warehouse, ZH), ZH))
    assert sheet["A1"].value == "疑点核查清单 · 2026-11-23 · 全县 · 共 5 条"
    headings = [cell.value for cell in sheet[2]]
    assert headings[:6] == ["疑点编号", "政策", "到户核查什么", "乡镇", "村", "户编号"]
    assert headings[-6:] == ["核查日期", "核查结果", "原因", "豁免到期", "核查人", "说明"]
    assert sheet.freeze_panes == "B3"
    assert sheet.auto_filter.ref == f"A2:{sheet.cell(7, len(headings)).coordinate}"
    assert [sheet.cell(row, 1).value for row in (3, 7)] == ["EDU-01-p2", "REG-06-h2"]


def test_drop_downs_are_the_contract_s_code_lists(home: Home) -> None:
    """Prevents verdicts that ingest would record as field issues because the sheet offered other words."""
    sheet = _sheet(xlsx_bytes(select_clues(home.warehouse, ZH), ZH))
    lists = {
        str(rule.sqref): rule.formula1
        for rule in sheet.data_validations.dataValidation
        if rule.type == "list"
    }
    headings = [cell.value for cell in sheet[2]]
    by_heading = {headings[next(iter(sheet[ref]))[0].column - 1]: words for ref, words in lists.items()}
    assert by_heading["核查结果"] == '"属实,不属实,豁免"'
    assert by_heading["原因"] == '"数据错误,已在外地享受,参军,服刑,死亡,失联,自愿放弃,整户外迁,已整改,其他"'
    assert all(ref.endswith("7") for ref in lists), "the rule covers every row of the list"


def test_the_verification_date_is_filled_in(home: Home) -> None:
    """Prevents a returned row from being quarantined: its key needs clue and date."""
    sheet = _sheet(xlsx_bytes(select_clues(home.warehouse, ZH), ZH))
    column = [cell.value for cell in sheet[2]].index("核查日期") + 1
    assert [sheet.cell(row, column).value for row in range(3, 8)] == [datetime(2026, 11, 23)] * 5  # noqa: DTZ001 a day


def test_no_cell_is_run_as_a_formula(home: Home) -> None:
    """Prevents a name typed as `=cmd|…` in an extract from running on a township's computer."""
    sheet = _sheet(xlsx_bytes(_named(home), ZH))
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value == "=cmd|calc"]
    assert cells, "the name stands in the workbook"
    assert {cell.data_type for cell in cells} == {"s"}
    assert b"<f>" not in xlsx_bytes(_named(home), ZH)
    rows = list(csv.reader(io.StringIO(csv_bytes(_named(home), ZH).decode("utf-8-sig"))))
    assert "'=cmd|calc" in [cell for row in rows for cell in row]


def test_csv_opens_in_excel_as_chinese(home: Home) -> None:
    """Prevents a list that opens as mojibake, and one with other columns than the workbook."""
    work_list = select_clues(home.warehouse, ZH)
    content = csv_bytes(work_list, ZH)
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert list(rows[0]) == [cell.value for cell in _sheet(xlsx_bytes(work_list, ZH))[2]]
    assert rows[0]["疑点编号"] == "EDU-01-p2"
    assert rows[0]["核查日期"] == "2026-11-23"


def test_only_a_list_with_names_is_private(home: Home) -> None:
    """Prevents names in a file that everybody on the machine can read."""
    plain, named = home.root / "plain.xlsx", home.root / "named.csv"
    named.write_text("older list")
    named.chmod(0o644)
    write_work_list(select_clues(home.warehouse, ZH), "xlsx", plain, ZH)
    write_work_list(_named(home), "csv", named, ZH)
    assert named.stat().st_mode & 0o777 == 0o600, "also where a readable file stood before"
    assert "王小明" in named.read_text("utf-8-sig")
    assert plain.stat().st_mode & 0o400
    assert "王小明" not in {cell.value for row in _sheet(plain.read_bytes()).iter_rows() for cell in row}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_same_list_gives_the_same_file(home: Home, lang: str) -> None:
    """Prevents two lists of one day that differ only by the minute in which they were written."""
    say = Messages(lang)
    work_list = select_clues(home.warehouse, say)
    assert xlsx_bytes(work_list, say) == xlsx_bytes(work_list, say)
    headings = [cell.value for cell in _sheet(xlsx_bytes(work_list, say))[2]]
    assert {"疑点编号", "核查日期", "核查结果"} <= set(headings), (
        "what comes back is headed as the contract says"
    )
