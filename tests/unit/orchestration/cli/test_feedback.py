"""What a department is told of its own errors, and what it must never be told."""

import csv
import io
import stat
import zipfile
from pathlib import Path

import duckdb
import pytest

from orchestration.cli.feedback import departments_of, published_source
from orchestration.cli.feedback_book import book_bytes
from orchestration.cli.feedback_verb import feedback
from orchestration.cli.messages import Messages, WrongUsage
from orchestration.engine import encrypted_database
from orchestration.home import Home
from orchestration.keyring import Keyring

ZH = Messages("zh")
STUDENTS = "education.students.20261120.1.0a"
OTHER_S_NUMBER, OWN_NUMBER, OWN_NAME = "519901198001010012", "519901198001010", "=cmd|calc"

_TABLES = """
create table lineage.issue_rule as select * from (values
    ('not_an_id_number', '不是有效的公民身份号码', 'no sound ID number', '按证件更正', 'correct it'),
    ('required_value_blank', '必填项空白', 'a required value is blank', '补填该项', 'fill it in'),
    ('name_differs', '姓名写法不一致', 'another name', '按证件核对', 'compare'),
    ('person_twice', '同一人有两行', 'two rows', '合并', 'join'),
    ('unclaimed', '不属于任何约定的数据表', 'no contract', '按约定命名', 'name it')
) t(rule, sentence_zh, sentence_en, mend_zh, mend_en);

create table lineage.department_issue as select *, date '2026-11-20' as data_date, 'accepted' as status, '句' as sentence from (values
    ('education', 'students', 'education.students.20261120.1.0a', '学籍信息_20261120.csv', 'damaged_id', 7, 'id_number', 'not_an_id_number', null, null, null, null),
    ('education', 'students', 'education.students.20261120.1.0a', '学籍信息_20261120.csv', 'quarantined_row', 9, 'name', 'required_value_blank', null, null, null, null),
    ('education', 'students', 'education.students.20261120.1.0a', '学籍信息_20261120.csv', 'contradiction', 5, 'name', 'name_differs', null, 'education,medical_insurance', null, null),
    ('education', 'students', 'education.students.20261120.1.0a', '学籍信息_20261120.csv', 'duplicate_row', 3, null, 'person_twice', null, null, '学籍信息_20261120.csv', 4),
    ('housing', 'dwellings', 'housing.dwellings.20261101.1.0d', '=dwellings.csv', 'damaged_id', 2, 'head_id_number', 'not_an_id_number', null, null, null, null),
    (null, null, 'unclaimed.0e', '[x]表.docx', 'refused_delivery', null, null, 'unclaimed', 'no contract claims this file', null, null, null)
) t(department, extract, delivery_id, file_name, kind, row_number, column_name, rule, detail, other_departments, other_file_name, other_row_number);

create table lineage.department_issue_count as select * from (values
    ('education', 'students', 'education.students.20261120.1.0a', date '2026-11-20', '学籍信息_20261120.csv', 'accepted', 'damaged_id', 100, 1, 1, 'b', 50, 2, 2),
    ('education', 'students', 'education.students.20261120.1.0a', date '2026-11-20', '学籍信息_20261120.csv', 'accepted', 'contradiction', 100, 1, 1, 'b', 50, null, null),
    ('education', 'students', 'education.students.20261120.1.0a', date '2026-11-20', '学籍信息_20261120.csv', 'accepted', 'two_households', 100, 0, 0, 'b', 50, 0, 0)
) t(department, extract, delivery_id, data_date, file_name, status, kind, rows_read, issues, rows_affected, previous_delivery_id, previous_rows_read, previous_issues, previous_rows_affected);
"""
_CELLS = f"""
create table identities.field_issue as select * from (values
    ('{STUDENTS}', 7, 'id_number', 'not_an_id_number', '{OWN_NUMBER}')
) t(delivery_id, row_number, column_name, rule, raw_text);
create table identities.quarantined_row as select * from (values
    ('{STUDENTS}', 9, 'name', 'required_value_blank', '["G1", "", "女"]')
) t(delivery_id, row_number, column_name, rule, raw_row);
create table identities.issue_cell as select * from (values
    ('{STUDENTS}', 5, 'name', 'name_differs', '{OWN_NAME}'),
    ('housing.dwellings.20261101.1.0d', 2, 'head_id_number', 'other_rule', '{OTHER_S_NUMBER}')
) t(delivery_id, row_number, column_name, rule, own_value);
"""


@pytest.fixture
def told(home: Home) -> Home:
    """The published day with errors of two offices and a file of nobody."""
    with duckdb.connect(str(home.warehouse.resolve())) as connection:
        connection.execute(_TABLES)
    restricted = home.current / "restricted.duckdb"
    key = Keyring.open(home).restricted_database
    with encrypted_database(restricted, key, "identities", read_only=False) as connection:
        connection.execute(_CELLS)
    return home


def _csv(folder: Path, office: str) -> list[dict[str, str]]:
    [file] = folder.glob(f"*_{office}_*.csv")
    return list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))


def test_an_office_is_told_where_what_and_how_to_mend(told: Home, tmp_path: Path) -> None:
    """Prevents a list that names a rule but not the row, or that tells a column by a name no office knows."""
    assert feedback(told, "教育局", "csv", tmp_path, False, "zh") == 0
    lines = _csv(tmp_path, "教育局")
    assert [(line["问题类别"], line["行号"], line["字段"], line["怎样更正"]) for line in lines] == [
        ("整行未采用", "9", "姓名", "补填该项"),
        ("重复", "3", "", "合并"),
        ("号码有误", "7", "身份证件号", "按证件更正"),
        ("信息不一致", "5", "姓名", "按证件核对"),
    ]
    against = "与哪些部门不一致 / 另一行"
    assert [line[against] for line in lines] == ["", "本文件第 4 行", "", "本部门其他数据、医保局"]
    assert {path.name for path in tmp_path.iterdir() if path.is_file()} == {
        "数据质量反馈单_教育局_20261123.csv"
    }


def test_values_are_the_office_s_own_and_private(told: Home, tmp_path: Path) -> None:
    """Prevents another office's text, a formula or an open file from reaching whoever gets the list."""
    assert feedback(told, "education", "both", tmp_path / "out", True, "zh") == 0
    files = list((tmp_path / "out").iterdir())
    assert len(files) == 2
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 and "内部" in file.name for file in files)
    own = [line["本部门原始内容"] for line in _csv(tmp_path / "out", "教育局")]
    assert own == ["G1 |  | 女", "", OWN_NUMBER, f"'{OWN_NAME}"]
    [book] = (file for file in files if file.suffix == ".xlsx")
    parts = zipfile.ZipFile(book)
    text = "".join(parts.read(name).decode() for name in parts.namelist())
    assert OWN_NUMBER in text
    assert "<f>" not in text, "a cell became a formula"
    assert OTHER_S_NUMBER not in text


def test_without_values_nobody_s_cells_are_opened(told: Home, tmp_path: Path) -> None:
    """Prevents the plain list from needing, or leaking, what is restricted; a delivered name stays text."""
    (told.current / "restricted.duckdb").unlink()
    assert feedback(told, None, "both", tmp_path / "out", False, "zh") == 0
    content = b"".join(file.read_bytes() for file in (tmp_path / "out").glob("*.csv"))
    assert OWN_NUMBER.encode() not in content
    assert _csv(tmp_path / "out", "住建局")[0]["文件"] == "'=dwellings.csv"
    assert _csv(tmp_path / "out", "数据组")[0]["问题"].startswith("不属于任何约定的数据表"), (
        "a file of nobody"
    )


def test_the_file_before_is_compared(told: Home) -> None:
    """Prevents an office that mends from being told the same as one that does not, and a guess where nothing is known."""
    with published_source(told.warehouse, ZH, None, "") as source:
        found = source.of("education")
    assert [(c.kind, c.issues, c.share, c.share_before) for c in found.counts] == [
        ("damaged_id", 1, 0.01, 0.04),
        ("contradiction", 1, 0.01, None),
    ]
    assert found.total == 4
    assert book_bytes(found, ZH) == book_bytes(found, ZH), "the same day gives the same workbook"


def test_an_unknown_office_is_refused(told: Home) -> None:
    """Prevents a misspelt office from looking like one without errors."""
    with (
        published_source(told.warehouse, ZH, None, "") as source,
        pytest.raises(WrongUsage, match="没有这个部门"),
    ):
        departments_of(source, "气象局", ZH)
    assert feedback(told, None, "table", None, True, "zh") == 2, "values go to files only"


def test_a_day_of_an_older_version_is_told(home: Home) -> None:
    """Prevents a stack trace on a day that was published without issues."""
    assert feedback(home, None, "table", None, False, "zh") == 1
