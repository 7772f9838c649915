"""What a delivered table may look like: every accepted layout, and the physical row numbers that come out."""

from __future__ import annotations

import gzip
import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest
import xlsxwriter

from tests.spec.ingest.delivered import Box, csv_text, many_students, students

PLAIN = "学籍号,姓名,身份证件号\nG1,张三,\nG2,李四,\n"

# name → (text, encoding, {student_no: row number})
TEXTS: dict[str, tuple[str, str, dict[str, int]]] = {
    "plain": (PLAIN, "utf-8", {"G1": 2, "G2": 3}),
    "byte order mark": (PLAIN, "utf-8-sig", {"G1": 2, "G2": 3}),
    "GB18030": (PLAIN, "gb18030", {"G1": 2, "G2": 3}),
    "four-byte GB18030": (PLAIN.replace("张三", "𬱖䶮㛃"), "gb18030", {"G1": 2, "G2": 3}),
    "tabs": (PLAIN.replace(",", "\t"), "gb18030", {"G1": 2, "G2": 3}),
    "Windows line ends": (PLAIN.replace("\n", "\r\n"), "utf-8", {"G1": 2, "G2": 3}),
    "old Macintosh line ends": (PLAIN.replace("\n", "\r"), "utf-8", {"G1": 2, "G2": 3}),
    "no line end at the end": (PLAIN.rstrip("\n"), "utf-8", {"G1": 2, "G2": 3}),
    "all quoted": (
        '"学籍号","姓名","身份证件号"\n"G1","张三",""\n"G2","李,四",""\n',
        "utf-8",
        {"G1": 2, "G2": 3},
    ),
    "other order": ("姓名,学籍号\n张三,G1\n李四,G2\n", "utf-8", {"G1": 2, "G2": 3}),
    "title rows": ("学籍表\n\n填报单位：教育局,,\n" + PLAIN, "utf-8", {"G1": 5, "G2": 6}),
    "blank lines": (PLAIN.replace("G2", "\n  \n,,\nG2"), "utf-8", {"G1": 2, "G2": 6}),
    "header repeated": (PLAIN.replace("G2", "学籍号,姓名,身份证件号\nG2"), "utf-8", {"G1": 2, "G2": 4}),
    "page break": (
        "学籍表,,\n" + PLAIN.replace("G2", "学籍表,,\n学籍号,姓名,身份证件号\nG2"),
        "utf-8",
        {"G1": 3, "G2": 6},
    ),
    "totals and signatures": (PLAIN + "合计,2,\n填表人：某某  审核人：某某\n", "utf-8", {"G1": 2, "G2": 3}),
    "signature without line end": (PLAIN + "填 表 人：某某", "utf-8", {"G1": 2, "G2": 3}),
    "line break in a cell": (PLAIN.replace("张三", '"张\n三"'), "utf-8", {"G1": 2, "G2": 4}),
    "line break in the header": (PLAIN.replace("姓名", '" 姓\n名 "'), "utf-8", {"G1": 3, "G2": 4}),
    "full-width header": (
        PLAIN.replace("学籍号", "学　籍　号").replace("身份证件号", "身份证号＊"),
        "utf-8",
        {"G1": 2, "G2": 3},
    ),
    "alias": (
        PLAIN.replace("姓名", "学生姓名").replace("身份证件号", "公民身份号码"),
        "utf-8",
        {"G1": 2, "G2": 3},
    ),
    "quote inside a cell": (PLAIN.replace("张三", '张"三'), "utf-8", {"G1": 2, "G2": 3}),
}


@pytest.mark.parametrize("layout", TEXTS)
def test_text(layout: str, box: Box) -> None:
    """Prevents rows from being lost or misnumbered because of how a text file is written."""
    text, encoding, expected = TEXTS[layout]
    delivery = box.one("education/students_20261123.csv", text.encode(encoding))
    assert (delivery.verdict, delivery.reason) == ("accepted", None)
    assert delivery.encoding == ("gb18030" if encoding == "gb18030" else "utf-8")
    assert {row["student_no"]: row["row_number"] for row in box.table(delivery)} == expected
    assert (delivery.rows_read, delivery.rows_quarantined) == (2, 0)


NAMES = [
    "students_20261123.csv",
    "students_20261123.txt",
    "students_20261123.xls",
    "学籍信息_20261123.csv",
    "学籍信息_20261123 (2).csv",
    "学籍信息_20261123（2）.csv",
    "学籍信息 (22)_20261123.csv",
    "STUDENTS_20261123.CSV",
    "students_20261123_1.csv",
]


@pytest.mark.parametrize("name", NAMES)
def test_name(name: str, box: Box) -> None:
    """Prevents a delivery from going unclaimed because of its title, copy counter or extension."""
    delivery = box.one(f"education/{name}", PLAIN)
    assert (delivery.key, delivery.data_date, delivery.number) == (
        "education/students",
        date(2026, 11, 23),
        1,
    )
    assert delivery.verdict == "accepted"


def zipped(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("__MACOSX/._junk", b"junk")
        file.writestr(name, content)
    return out.getvalue()


def dwellings() -> bytes:
    """A workbook as offices send it: a sheet of notes, merged titles, numeric codes, serial dates, a signature."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    book.add_worksheet("填写说明").write(0, 0, "请如实填写")
    sheet = book.add_worksheet("数据")
    day = book.add_format({"num_format": "yyyy/m/d"})
    sheet.merge_range(0, 0, 0, 6, "农房安全排查表")
    headers = [
        "序号",
        "房屋编号",
        "户主\n姓名",
        "户主证件号码",
        "行政村代码",
        "房屋安全等级",
        "鉴定日期",
        "是否唯一住房",
    ]
    sheet.write_row(2, 0, headers)
    sheet.write_row(3, 0, [1, 510001, "张三", 519901199001011233, 519901100201, "C级", 46349, "√"])
    sheet.write_row(4, 0, [2, "F2", "李四", "519901199001011233", "519901100202", 4])
    sheet.write_datetime(4, 6, date(2026, 11, 23), day)
    sheet.merge_range(5, 4, 6, 4, "519901100203")
    sheet.write_row(5, 0, [3, "F3", "王五", ""])
    sheet.write_row(6, 0, [4, "F4", "赵六", ""])
    sheet.write(5, 7, "√")
    sheet.write(8, 0, "填表人：某某")
    book.close()
    return out.getvalue()


def test_workbook(box: Box) -> None:
    """Prevents numeric cells, dates, merged cells and a second sheet from changing what a person typed."""
    delivery = box.one("housing/dwellings_20261123.xlsx", dwellings())
    assert (delivery.verdict, delivery.encoding, delivery.unknown_columns) == ("accepted", "xlsx", ("序号",))
    rows = box.table(delivery)
    assert [row["row_number"] for row in rows] == [4, 5, 6, 7]
    assert [row["dwelling_no"] for row in rows] == ["510001", "F2", "F3", "F4"]
    assert [row["head_id_number_quality"] for row in rows] == ["damaged", "valid", "absent", "absent"]
    assert rows[0]["head_id_number_raw"] == "5.19901199001011E+17"
    assert [row["village_code"] for row in rows] == [
        "519901100201",
        "519901100202",
        "519901100203",
        "519901100203",
    ]
    assert [row["safety_grade"] for row in rows] == ["C", "D", None, None]
    assert rows[0]["assessed_on"] == rows[1]["assessed_on"] == date(2026, 11, 23)
    assert [row["only_dwelling"] for row in rows] == [True, False, True, False]


@pytest.mark.parametrize("kind", ["xlsx in zip", "csv in zip", "gz in zip", "csv.gz"])
def test_packed(kind: str, box: Box) -> None:
    """Prevents a packed file from being read otherwise than the same file unpacked."""
    text = many_students(3).encode()
    content, name = {
        "xlsx in zip": (zipped("房.xlsx", dwellings()), "housing/dwellings_20261123.zip"),
        "csv in zip": (zipped("表/学籍.csv", text), "education/students_20261123.zip"),
        "gz in zip": (zipped("a.csv.gz", gzip.compress(text)), "education/students_20261123.zip"),
        "csv.gz": (gzip.compress(text), "education/students_20261123.csv.gz"),
    }[kind]
    delivery = box.one(name, content)
    assert (delivery.verdict, delivery.rows_loaded) == ("accepted", 4 if kind.startswith("xlsx") else 3)


def test_ticks_are_asked_of_the_whole_column(box: Box) -> None:
    """Prevents blank from meaning 否 where other words than ticks stand in the column."""
    header = "残疾人证号|姓名|困难生活补贴|重度护理补贴"
    delivery = box.one(
        "civil_affairs/disability_20261123.csv",
        csv_text(header, "51990119900101123341|张三|√|√", "51990119900101002X32|李四||", "51990119|王五||是"),
    )
    rows = box.table(delivery)
    assert [row["living_allowance"] for row in rows] == [True, False, False]
    assert [row["nursing_allowance"] for row in rows] == [True, None, True]
    assert [row["id_number"] for row in rows] == ["519901199001011233", "51990119900101002X", None]
    assert [row["id_number_quality"] for row in rows] == ["upgraded", "upgraded", "damaged"]


def test_doubled_header_with_equal_cells_is_read_once(box: Box) -> None:
    """Prevents a harmless copy of a column from rejecting a file."""
    delivery = box.one("education/students_20261123.csv", csv_text("学籍号|姓名|姓名", "G1|张三|张三"))
    assert delivery.verdict == "accepted"


def test_unknown_columns_are_told(box: Box) -> None:
    """Prevents a new or renamed column from being dropped in silence."""
    delivery = box.one("education/students_20261123.csv", csv_text("序号|学籍号|姓名|血型", "1|G1|张三|A"))
    assert delivery.unknown_columns == ("序号", "血型")


def test_last_row_of_a_key_counts(box: Box) -> None:
    """Prevents a key from standing twice, and the earlier row from vanishing without a trace."""
    delivery = box.one("education/students_20261123.csv", students("G1|张三|", "G2|李四|", "G1 |张三三|"))
    assert [(row["student_no"], row["row_number"]) for row in box.table(delivery)] == [("G2", 3), ("G1", 4)]
    assert [(q["row_number"], q["rule"]) for q in box.table(delivery, "quarantined")] == [
        (2, "duplicate_key")
    ]
    assert (delivery.rows_read, delivery.rows_loaded, delivery.rows_quarantined) == (3, 2, 1)


def test_blank_numbers_are_no_key(box: Box) -> None:
    """Prevents two namesakes without a number from being taken for one row delivered twice."""
    header = "姓名|身份证号码|年度|参保情况"
    delivery = box.one(
        "medical_insurance/coverage_ledger_20261123.csv",
        csv_text(
            header,
            "王伟||2026|其他",
            "王伟|无|2026|死亡",
            "王伟|5.19E+17|2026|其他",
            "王伟|5.19E+17|2026|死亡",
        ),
    )
    assert [row["row_number"] for row in box.table(delivery)] == [2, 3, 5]


def test_the_same_row_has_the_same_key_tomorrow(box: Box) -> None:
    """Prevents unchanged rows from being linked anew every day, and keys from being guessable without the secret."""
    one = box.one("education/students_20261123.csv", "学籍号,姓名,血型\nG1,张三,A\n")
    two = box.one("education/students_20261124.csv", "姓名,学籍号\n张三,G1\n")
    three = box.one("education/students_20261125.csv", "姓名,学籍号\n张四,G1\n")
    keys = [box.table(delivery)[0]["record_key"] for delivery in (one, two, three)]
    assert keys[0] == keys[1] != keys[2]
    assert len(str(keys[0])) == 32


def test_types(box: Box) -> None:
    """Prevents a column from arriving in another room with another type than docs/architecture.md promises."""
    delivery = box.one(
        "funds/assets_20261123.csv",
        csv_text("资产编号|资产名称|原值|形成年度", "Z1|茶厂|1,200,000.50元|2021"),
    )
    row = box.table(delivery)[0]
    assert (row["original_value"], row["year"], row["data_date"]) == (
        Decimal("1200000.50"),
        2021,
        date(2026, 11, 23),
    )
