"""What bad input gets: every kind of delivery that is rejected, with the sentence people read."""

from __future__ import annotations

import gzip
import io
import os
import zipfile
from collections.abc import Callable

import pytest
import xlsxwriter

from ingest.readers import packed
from tests.spec.ingest.delivered import Box, csv_text, many_students, students


def workbook(*sheets: list[list[object]]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    for rows in sheets:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    book.close()
    return out.getvalue()


def zipped(members: dict[str, bytes], link: bool = False) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            if link:
                info.external_attr = 0o120777 << 16
            file.writestr(info, content)
    return out.getvalue()


def locked(content: bytes) -> bytes:
    """The same zip with the mark of a password on its member."""
    raw = bytearray(content)
    raw[6] |= 1
    raw[raw.rfind(b"PK\x01\x02") + 8] |= 1
    return bytes(raw)


ROLL = many_students(5).encode()
SHEET: list[list[object]] = [["学籍号", "姓名"], ["G1", "张三"]]
XML_HEAD = (
    b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
)


def with_part(book: bytes, name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            new.writestr(member, content if member == name else old.read(member))
    return out.getvalue()


FAR_CELL = (
    XML_HEAD + b'<sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
)
ENTITIES = (
    b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>' + XML_HEAD + b"<sheetData/></worksheet>"
)

# what is wrong → (file, content, the sentence)
CASES: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "missing required column": (
        "education/students_20261123.csv",
        lambda: csv_text("姓名|性别", "张三|男").encode(),
        "No row holds every required column; row 1 comes nearest and lacks 学籍号.",
    ),
    "no header at all": (
        "education/students_20261123.csv",
        lambda: b"1,2,3\n4,5,6\n",
        "No row holds every required column; none of its columns is there: 学籍号、姓名.",
    ),
    "no bytes": ("education/students_20261123.csv", lambda: b"", "The file holds no bytes."),
    "blank lines only": (
        "education/students_20261123.csv",
        lambda: b"\n\n\n",
        "No row holds every required column; none of its columns is there: 学籍号、姓名.",
    ),
    "torn text": (
        "education/students_20261123.csv",
        lambda: students("G1|张三|", "G2|李四|").encode()[:-2],
        "The file is torn: row 3, its last, breaks off.",
    ),
    "torn inside a quote": (
        "education/students_20261123.csv",
        lambda: '学籍号,姓名\nG1,张三\nG2,"李'.encode(),
        "The file is torn: row 3, its last, breaks off.",
    ),
    "torn inside a character": (
        "education/students_20261123.csv",
        lambda: "学籍号,姓名\nG1,张三\nG2,李四".encode()[:-1],
        "The file is torn: row 3, its last, breaks off.",
    ),
    "torn workbook": (
        "education/students_20261123.xlsx",
        lambda: workbook(SHEET)[:-30],
        "The file begins as a zip or xlsx and is torn: its directory cannot be read.",
    ),
    "torn gzip": (
        "education/students_20261123.csv.gz",
        lambda: gzip.compress(ROLL)[:-9],
        "The packed file cannot be unpacked (EOFError): it is torn.",
    ),
    "flipped bits in a zip": (
        "education/students_20261123.zip",
        lambda: (
            zipped({"a.csv": ROLL}).replace(ROLL[:0] + b"\x03\x04", b"\x03\x04", 1)[:60]
            + b"\xff" * 8
            + zipped({"a.csv": ROLL})[68:]
        ),
        "The packed file cannot be unpacked (error): it is torn.",
    ),
    "encrypted zip": (
        "education/students_20261123.zip",
        lambda: locked(zipped({"a.csv": ROLL})),
        "The zip is protected by a password.",
    ),
    "encrypted workbook": (
        "education/students_20261123.xlsx",
        lambda: (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
            + bytes(2000)
            + "EncryptedPackage".encode("utf-16-le")
            + bytes(2000)
        ),
        "The workbook is protected by a password.",
    ),
    "UTF-16": (
        "education/students_20261123.txt",
        lambda: ROLL.decode().encode("utf-16"),
        "The file is in the format UTF-16; deliver csv (UTF-8 or GB18030) or a workbook.",
    ),
    "UTF-16 without mark": (
        "education/students_20261123.txt",
        lambda: ROLL.decode().encode("utf-16-le"),
        "The file is binary or UTF-16 text; deliver csv (UTF-8 or GB18030) or a workbook.",
    ),
    "PDF": (
        "education/students_20261123.csv",
        lambda: b"%PDF-1.7 ...",
        "The file is in the format PDF; deliver csv (UTF-8 or GB18030) or a workbook.",
    ),
    "web page": (
        "education/students_20261123.xls",
        lambda: "<html><table><tr><td>学籍号</td></tr></table></html>".encode(),
        "The file is a web page or XML, neither text in columns nor a workbook.",
    ),
    "doubled header": (
        "education/students_20261123.csv",
        lambda: csv_text("学籍号|姓名|姓名", "G1|张三|张三", "G2|李四|王五").encode(),
        "The header 姓名 stands twice in row 1 with different cells.",
    ),
    "too many bad rows": (
        "education/students_20261123.csv",
        lambda: (many_students(7) + "G90,短\nG91,短\n").encode(),
        "2 of 9 rows are unreadable, more than 20%; the first are listed with rows.",
    ),
    "two files in a zip": (
        "education/students_20261123.zip",
        lambda: zipped({"a.csv": ROLL, "b.csv": ROLL}),
        "The zip holds 2 files; it must hold exactly one.",
    ),
    "nested zip": (
        "education/students_20261123.zip",
        lambda: zipped({"a.zip": zipped({"a.csv": ROLL})}),
        "The packed file holds another packed file.",
    ),
    "path out of the zip": (
        "education/students_20261123.zip",
        lambda: zipped({"../../a.csv": ROLL}),
        "The file in the zip points outside the zip.",
    ),
    "link in a zip": (
        "education/students_20261123.zip",
        lambda: zipped({"a.csv": b"/etc/passwd"}, link=True),
        "The zip holds a link or a special file.",
    ),
    "zip bomb": (
        "education/students_20261123.zip",
        lambda: zipped({"a.csv": b"0" * 5_000_000}),
        "The file unpacks to more than 100 times its size.",
    ),
    "gzip bomb": (
        "education/students_20261123.csv.gz",
        lambda: gzip.compress(b"0" * 5_000_000),
        "The file unpacks to more than 100 times its size.",
    ),
    "blown-up workbook": (
        "education/students_20261123.xlsx",
        lambda: with_part(workbook(SHEET), "xl/worksheets/sheet1.xml", FAR_CELL),
        "A sheet spans more cells than any table has.",
    ),
    "entities in a workbook": (
        "education/students_20261123.xlsx",
        lambda: with_part(workbook(SHEET), "xl/worksheets/sheet1.xml", ENTITIES),
        "The workbook declares XML entities, which no spreadsheet program writes.",
    ),
    "two sheets with rows": (
        "education/students_20261123.xlsx",
        lambda: workbook(SHEET, SHEET),
        "2 sheets hold the header and rows; deliver one table per file.",
    ),
    "unknown extract": (
        "education/teachers_20261123.csv",
        lambda: ROLL,
        "No contract of education has an extract of that name.",
    ),
    "unknown department": (
        "police/students_20261123.csv",
        lambda: ROLL,
        "The file does not lie directly in a department's folder "
        "(civil_affairs, education, funds, housing, linkage, medical_insurance, registry, work_list).",
    ),
    "no date in the name": (
        "education/students.csv",
        lambda: ROLL,
        "The name must be <extract>_<YYYYMMDD>, with _N for a correction.",
    ),
    "a day that is none": (
        "education/students_20261399.csv",
        lambda: ROLL,
        "The name must be <extract>_<YYYYMMDD>, with _N for a correction.",
    ),
    "another kind of file": (
        "education/students_20261123.docx",
        lambda: ROLL,
        "The name must end in one of .csv.gz, .txt.gz, .csv, .txt, .xlsx, .xls, .zip, .gz.",
    ),
}


@pytest.mark.parametrize("wrong", CASES)
def test_rejected(wrong: str, box: Box) -> None:
    """Prevents bad input from being half taken in, from ending the run, or from an unclear reason."""
    relative, content, sentence = CASES[wrong]
    delivery = box.one(relative, content())
    assert (delivery.verdict, delivery.reason) == ("rejected", sentence)
    assert delivery.rows_loaded == 0
    assert delivery.rows_read == delivery.rows_quarantined
    assert box.in_force("education/students", "2026-11-30") == []
    assert not list((box.home / "raw" / ".aside").iterdir())


def test_special_files_are_not_opened(box: Box) -> None:
    """Prevents a link from reading a file outside landing, and a FIFO from stopping the run for ever."""
    (box.landing / "education").mkdir()
    (box.landing / "education" / "students_20261123.csv").symlink_to(box.put("secret.csv", ROLL))
    os.mkfifo(box.landing / "education" / "student_aid_20261123.csv")
    reasons = {d.key: d.reason for d in box.take() if d.department}
    assert reasons == {
        "education/students": "The delivery is a symbolic link; deliver the file itself.",
        "education/student_aid": "The delivery is a special file; deliver the file itself.",
    }


def test_too_many_bytes(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    """Prevents a huge file from being copied and read at all."""
    monkeypatch.setattr(packed, "LARGEST", 10)
    delivery = box.one("education/students_20261123.csv", ROLL)
    assert (delivery.verdict, delivery.reason) == ("rejected", "The file has more than 2 GiB.")
    assert not (box.home / "archive").exists()


def test_second_file_for_a_day(box: Box) -> None:
    """Prevents two contents for one date and number: which one counts would depend on luck."""
    first = box.one("education/students_20261123.csv", many_students(5))
    second = box.one("education/学籍信息_20261123.csv", many_students(6))
    assert second.verdict == "rejected"
    assert second.reason == (
        "Another file for 2026-11-23 number 1 was taken in before, with other content "
        "(students_20261123.csv); deliver a correction as _2."
    )
    overwritten = box.one("education/students_20261123.csv", many_students(7))
    assert overwritten.verdict == "rejected"
    assert box.in_force("education/students", "2026-11-23") == [first]


def test_after_a_rejected_file_the_same_number_may_come_again(box: Box) -> None:
    """Prevents a torn upload from blocking its own repair."""
    assert box.one("education/students_20261123.csv", many_students(5).encode()[:-4]).verdict == "rejected"
    mended = box.one("education/students_20261123.csv", many_students(5))
    assert mended.verdict == "accepted"
    assert box.in_force("education/students", "2026-11-23") == [mended]


def test_same_content_again_is_noted(box: Box) -> None:
    """Prevents a file that was delivered twice from counting twice or from being refused."""
    first = box.one("education/students_20261123.csv", many_students(5))
    box.put("education/学籍信息_20261123 (2).csv", many_students(5))
    again = box.take()
    assert [d.delivery_id for d in again] == [first.delivery_id]
    assert again[0].also_as == ("学籍信息_20261123 (2).csv",)
    assert box.take() == again


# written line → rule of its quarantine
BAD_ROWS = {
    b"G1,\xe5\xbc\xa0\xe4\xb8\x89\n": "wrong_number_of_cells",
    b"G1,\xe5\xbc\xa0\xe4\xb8\x89,,\n": "wrong_number_of_cells",
    b"G1,\xff\xfe,\n": "undecodable_bytes",
    b"G1,\xe5\xbc\x00\xa0,\n": "undecodable_bytes",
    b"G1,a\x00b,\n": "undecodable_bytes",
    b",\xe5\xbc\xa0\xe4\xb8\x89,\n": "required_value_blank",
    b"G1,NULL,\n": "required_value_blank",
    b'G1,"\xe5\xbc\xa0,\n': "unbalanced_quote",
    b"G1," + b"x" * 200_000 + b",\n": "cell_too_long",
    b"S0,\xe5\xbc\xa0\xe4\xb8\x89,\n": "duplicate_key",
}


@pytest.mark.parametrize(("line", "rule"), BAD_ROWS.items(), ids=list(map(str, range(len(BAD_ROWS)))))
def test_quarantined_row(line: bytes, rule: str, box: Box) -> None:
    """Prevents a bad row from being loaded, lost, or from taking its neighbours with it."""
    sound = students(*(f"S{at}|学生|" for at in range(10))).encode()
    header, _, rest = sound.partition(b"\n")
    delivery = box.one("education/students_20261123.csv", header + b"\n" + line + rest)
    assert delivery.verdict == "accepted"
    assert (delivery.rows_read, delivery.rows_loaded, delivery.rows_quarantined) == (11, 10, 1)
    row = box.table(delivery, "quarantined")[0]
    assert (row["row_number"], row["rule"]) == (2, rule)
    assert [row["row_number"] for row in box.table(delivery)] == list(range(3, 13))


# a record over two lines, above ten sound rows → rows read, rows loaded, quarantined row and rule
OVER_TWO_LINES = {
    'X1,"张\n三",\n': (11, 11, []),
    'X1,"张\n三"\n': (11, 10, [(2, "wrong_number_of_cells")]),
    'X1,"张\n三",,,\n': (11, 10, [(2, "wrong_number_of_cells")]),
    ',"张\n三",\n': (11, 10, [(2, "required_value_blank")]),
    # two stray quotes in two rows are no record over two lines: the second row's person must not vanish
    'X1,"张三,\nX2,李四,x"\n': (12, 11, [(2, "unbalanced_quote")]),
}


@pytest.mark.parametrize("lines", OVER_TWO_LINES)
def test_a_record_over_two_lines_is_one_row(lines: str, box: Box) -> None:
    """Prevents a bad record from being counted once per physical line, and a stray quote from swallowing a row."""
    read, loaded, bad = OVER_TWO_LINES[lines]
    header, _, rest = many_students(10).partition("\n")
    delivery = box.one("education/students_20261123.csv", f"{header}\n{lines}{rest}")
    assert (delivery.rows_read, delivery.rows_loaded) == (read, loaded)
    assert [(row["row_number"], row["rule"]) for row in box.table(delivery, "quarantined")] == bad
    assert [row["row_number"] for row in box.table(delivery)][-10:] == list(range(4, 14))


def test_bad_optional_cell_keeps_the_row(box: Box) -> None:
    """Prevents a person from vanishing because one optional field was filled in badly."""
    delivery = box.one(
        "education/students_20261123.csv",
        csv_text("学籍号|姓名|身份证件号|出生日期", "G1|张三|5.19901E+17|去年", "G2|李四||2015-01-01"),
    )
    assert (delivery.rows_loaded, delivery.rows_quarantined, delivery.field_issues) == (2, 0, 2)
    issues = [
        (i["row_number"], i["column_name"], i["rule"], i["raw_text"]) for i in box.table(delivery, "issues")
    ]
    assert issues == [
        (2, "id_number", "not_an_id_number", "5.19901E+17"),
        (2, "birth_date", "not_a_date", "去年"),
    ]


def test_no_reason_quotes_a_cell(box: Box) -> None:
    """Prevents a delivered value from reaching logs through the reason of a rejection."""
    canary = "欧阳金丝雀"
    delivery = box.one(
        "education/students_20261123.csv",
        csv_text("学籍号|姓名", *(f"|{canary}" for _ in range(5))) + f"{canary},{canary},{canary}",
    )
    assert delivery.verdict == "rejected"
    assert canary not in repr(delivery)
