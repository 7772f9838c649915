"""The file that goes to a township and comes back."""

import csv
import io
import itertools
from dataclasses import replace
from datetime import datetime

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from orchestration.cli.gaps import WorkList, select_clues, with_names
from orchestration.cli.messages import Messages
from orchestration.cli.worklist import csv_bytes, write_work_list
from orchestration.cli.worklist_sheet import xlsx_bytes
from orchestration.home import Home
from orchestration.keyring import Keyring

ZH = Messages("zh")
HEADER = 5  # title, three sections, headings


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


def _table(sheet: Worksheet) -> tuple[list[str], list[int]]:
    """Headings, and the rows that hold a clue."""
    headings = [str(cell.value) for cell in sheet[HEADER]]
    at = headings.index("疑点编号") + 1
    return headings, [row for row in range(HEADER + 1, sheet.max_row + 1) if sheet.cell(row, at).value]


def test_one_card_per_household_one_line_per_clue(home: Home) -> None:
    """Prevents a household from standing on several cards, and a clue without a verdict of its own."""
    sheet = _sheet(xlsx_bytes(select_clues(home.warehouse, ZH), ZH))
    assert sheet["A1"].value == "疑点核查清单 · 2026-11-23 · 全县 · 共 7 条"
    headings, rows = _table(sheet)
    assert headings[:6] == ["序号", "户", "疑点", "到户核查什么", "看什么材料", "办理期限"]
    assert headings[6:12] == ["核查日期", "核查结果", "原因", "豁免到期", "核查人", "说明"]
    ids = [sheet.cell(row, headings.index("疑点编号") + 1).value for row in rows]
    assert ids == [clue.gap_id for clue in select_clues(home.warehouse, ZH).clues]
    first = rows[0]
    assert f"B{first}:B{first + 1}" in {str(merged) for merged in sheet.merged_cells.ranges}
    assert str(sheet.cell(first, 2).value).split("\n")[:2] == ["甲乡 上村", "户编号 5199000001"]
    assert sheet.cell(first, 3).value == "【严重】义务教育适龄儿童疑似失学\n之子，男，9 岁\n属实待办"
    assert "\n标准：6 岁起应入学" in str(sheet.cell(first, 4).value)
    bands = [sheet.cell(row, 1).value for row in range(HEADER + 1, rows[-1]) if row not in rows]
    assert bands == ["一、入户核查", "二、先核数据", "三、村、项目和资产"]
    assert [sheet.cell(row, 1).value for row in range(2, HEADER)] == bands, (
        "so that ingest knows them for titles"
    )


def test_it_prints_on_a4_with_the_heading_on_every_page(home: Home) -> None:
    """Prevents a list that comes out of the printer without headings, cut at the side, or with codes nobody reads."""
    sheet = _sheet(xlsx_bytes(select_clues(home.warehouse, ZH), ZH))
    headings, rows = _table(sheet)
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.print_title_rows == f"${HEADER}:${HEADER}"
    assert str(sheet.print_area).endswith(f"$A$1:$L${rows[-1]}")
    assert "疑点编号" not in headings[:12]
    widths = sum(sheet.column_dimensions[chr(65 + at)].width for at in range(12))
    assert (widths * 7 + 12 * 5) * 0.75 * sheet.page_setup.scale / 100 <= (11.69 - 0.7) * 72


def test_no_card_is_torn_by_a_page_s_end(home: Home) -> None:
    """Prevents a family whose second clue stands on a page that the officer left at the office."""
    found = select_clues(home.warehouse, ZH)
    many = replace(found, cards=tuple(found.cards[at % 3] for at in range(40)))
    sheet = _sheet(xlsx_bytes(many, ZH))
    _headings, rows = _table(sheet)
    breaks = [at.id for at in sheet.row_breaks.brk]  # a page ends below this row
    begins = {row for row in rows if sheet.cell(row, 1).value is not None} | {
        row - 1 for row in rows if row - 1 not in rows
    }
    assert len(breaks) >= 5
    assert {end + 1 for end in breaks} <= begins
    ends = [HEADER, *breaks, rows[-1]]
    for before, end in itertools.pairwise(ends):
        height = sum(sheet.row_dimensions[row].height for row in (HEADER, *range(before + 1, end + 1)))
        assert height * sheet.page_setup.scale / 100 <= 595 - 1.05 * 72


def test_drop_downs_are_the_contract_s_code_lists(home: Home) -> None:
    """Prevents verdicts that ingest would record as field issues because the sheet offered other words."""
    sheet = _sheet(xlsx_bytes(select_clues(home.warehouse, ZH), ZH))
    headings, rows = _table(sheet)
    lists = {
        str(rule.sqref): rule.formula1
        for rule in sheet.data_validations.dataValidation
        if rule.type == "list"
    }
    by_heading = {headings[next(iter(sheet[ref]))[0].column - 1]: words for ref, words in lists.items()}
    assert by_heading["核查结果"] == '"属实,不属实,豁免"'
    assert by_heading["原因"] == '"数据错误,已在外地享受,参军,服刑,死亡,失联,自愿放弃,整户外迁,已整改,其他"'
    assert all(ref.endswith(str(rows[-1])) for ref in lists), "the rule covers every row of the list"


def test_the_verification_date_is_filled_in(home: Home) -> None:
    """Prevents a returned row from being quarantined: its key needs clue and date."""
    sheet = _sheet(xlsx_bytes(select_clues(home.warehouse, ZH), ZH))
    headings, rows = _table(sheet)
    column = headings.index("核查日期") + 1
    assert [sheet.cell(row, column).value for row in rows] == [datetime(2026, 11, 23)] * 7  # noqa: DTZ001 a day


def test_villages_tell_which_cards_to_take_along(home: Home) -> None:
    """Prevents three trips to one village."""
    book = load_workbook(io.BytesIO(xlsx_bytes(select_clues(home.warehouse, ZH), ZH)))
    rows = [[cell.value for cell in row] for row in book["按村"].iter_rows(min_row=3)]
    assert [row[:4] + row[5:] for row in rows] == [
        ["乙乡 上村", 1, 1, 1, "2"],
        ["甲乡 上村", 2, 3, 2, "1、3"],
    ]


def test_no_cell_is_run_as_a_formula(home: Home) -> None:
    """Prevents a name typed as `=cmd|…` in an extract from running on a township's computer."""
    sheet = _sheet(xlsx_bytes(_named(home), ZH))
    cells = [cell for row in sheet.iter_rows() for cell in row if "=cmd|calc" in str(cell.value)]
    assert cells, "the name stands in the workbook"
    assert {cell.data_type for cell in cells} == {"s"}
    assert b"<f>" not in xlsx_bytes(_named(home), ZH)
    rows = list(csv.reader(io.StringIO(csv_bytes(_named(home), ZH).decode("utf-8-sig"))))
    assert "'=cmd|calc" in [cell for row in rows for cell in row]


def test_csv_opens_in_excel_as_chinese(home: Home) -> None:
    """Prevents a list that opens as mojibake, and one that cannot come back."""
    work_list = select_clues(home.warehouse, ZH)
    content = csv_bytes(work_list, ZH)
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert {"核查日期", "核查结果", "原因", "豁免到期", "核查人", "说明"} <= set(rows[0])
    assert [(row["疑点编号"], row["序号"]) for row in rows][:3] == [
        ("EDU-01-p2", "1"), ("MED-01-p2", "1"), ("MED-01-p4", "2"),
    ]  # fmt: skip
    assert rows[0]["户编号"] == "5199000001"
    assert [row["部分"] for row in rows if row["存疑（可能因数据有误）"]] == ["二、先核数据"]
    assert rows[0]["核查日期"] == "2026-11-23"
    assert [bool(row["判断标准"]) for row in rows[:2]] == [True, False]


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
    assert "王小明" not in "".join(
        str(cell.value) for row in _sheet(plain.read_bytes()).iter_rows() for cell in row
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_same_list_gives_the_same_file(home: Home, lang: str) -> None:
    """Prevents two lists of one day that differ only by the minute in which they were written."""
    say = Messages(lang)
    work_list = select_clues(home.warehouse, say)
    assert xlsx_bytes(work_list, say) == xlsx_bytes(work_list, say)
    headings = [cell.value for cell in _sheet(xlsx_bytes(work_list, say))[HEADER]]
    assert {"疑点编号", "核查日期", "核查结果"} <= set(headings), (
        "what comes back is headed as the contract says"
    )
