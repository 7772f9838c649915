"""What each written cell means: the tables are the documentation."""

from __future__ import annotations

import pyarrow as pa
import pytest

from ingest.cells.columns import read_cells
from ingest.contract import Column, Contract

# kind | written | read ("!" behind it: a field issue)
CELLS = """
text | 张家村 | 张家村
text |   ＡＢ１２（三）号 | AB12（三）号
text | '00123 | 00123
text | 519901100201.0 | 519901100201
text | 5.19901100201E+11 | 519901100201
text | 5.19901E+11 | 5.19901E+11 !
text | 6222021234567890123.0 | 6222021234567890123.0 !
text | NULL | -
text | null | -
text | 无 | -
text | — | -
name | 王 伟 | 王伟
name | 阿依古丽•买买提 | 阿依古丽·买买提
name | 阿依古丽．买买提 | 阿依古丽·买买提
name | 阿依古丽.买买提 | 阿依古丽·买买提
name | 阿依古丽‧买买提 | 阿依古丽·买买提
name | 阿依古丽・买买提 | 阿依古丽·买买提
name | 阿依古丽∙买买提 | 阿依古丽·买买提
name | 𬱖䶮 | 𬱖䶮
name | NULL | -
phone | １００１２３４５６７８ | 10012345678
phone | 10012345678.0 | 10012345678
phone | 100-1234 5678 | 10012345678
date | 2026-11-23 | 2026-11-23
date | 2026/11/23 | 2026-11-23
date | 20261123 | 2026-11-23
date | 20261123.0 | 2026-11-23
date | 2026年11月23日 | 2026-11-23
date | 2026.11.23 | 2026-11-23
date | 2026/1/5 | 2026-01-05
date | ２０２６－１１－２３ | 2026-11-23
date | 2026-11-23 08:30:00 | 2026-11-23
date | 2026-11-23T08:30:00 | 2026-11-23
date | 2026/1/5 0:00 | 2026-01-05
date | 202611 | 2026-11-01
date | 2026-11 | 2026-11-01
date | 2026年11月 | 2026-11-01
date | 46349 | 2026-11-23
date | 46349.5 | 2026-11-23
date | 2024-02-29 | 2024-02-29
date | 2026-02-29 | - !
date | 2026-13-01 | - !
date | 2026 | - !
date | 不详 | - !
month | 202611 | 2026-11-01
month | 2026-11-23 | 2026-11-01
month | 2026年1月 | 2026-01-01
month | 202613 | - !
money | 1,234.50元 | 1234.50
money | 1，234.5 元 | 1234.50
money | ￥100 | 100.00
money | -80 | -80.00
money | 0.1 | 0.10
money | 1.5万元 | - !
money | 1,23 | - !
money | 很多 | - !
decimal | 0.8 | 0.8
decimal | 1,200.5 | 1200.5
decimal | 三亩 | - !
int | 12 | 12
int | 12.0 | 12
int | 12.5 | - !
bool | 是 | True
bool | 否 | False
bool | 1 | True
bool | 0 | False
bool | 1.0 | True
bool | y | True
bool | Ｎ | False
bool | √ | True
bool | 有 | - !
sex | 男 | 男
sex | 1 | 男
sex | ２ | 女
sex | 2.0 | 女
sex | 未知 | - !
grade | C级 | C
grade | 3 | C
grade | Ｄ级 | D
grade | E | - !
paid_by | 无 | 无
health | 长期慢性病，残疾 | ['长期慢性病', '残疾']
health | 残疾;长期慢性病、残疾 | ['残疾', '长期慢性病']
health | 健康,高兴 | - !
measures | 其他,技能培训 | ['其他', '技能培训']
measures | 无 | -
village | 519901100201 | 519901100201
village | 519901100201.0 | 519901100201
village | 5.19901100201E+11 | 519901100201
village | 5.19901E+11 | - !
village | 519901100 | - !
id_number | 519901199001011233 | 519901199001011233 valid
id_number | '519901199001011233 | 519901199001011233 valid
id_number | ５１９９０１１９９００１０１１２３３ | 519901199001011233 valid
id_number | 519901 19900101 1233 | 519901199001011233 valid
id_number | 51990119900101002x | 51990119900101002X valid
id_number | 51990119900101002Ｘ | 51990119900101002X valid
id_number | 519901199001010003 | 519901199001010003 valid
id_number | 519901900101123 | 519901199001011233 upgraded
id_number | 519901900101123.0 | 519901199001011233 upgraded
id_number | 51990119900101123341 | 519901199001011233 upgraded
id_number | 51990119900101123341B1 | 519901199001011233 upgraded
id_number | 519901199001011234 | - damaged !
id_number | 519901199001011000 | - damaged !
id_number | 519901199001011233.0 | - damaged !
id_number | 5.19923E+17 | - damaged !
id_number | 519901199002301232 | - damaged !
id_number | 519901901301123 | - damaged !
id_number | 51990119900101123441 | - damaged !
id_number | 999999199001011234 | - absent
id_number | NULL | - absent
id_number | 待办 | - absent !
id_number | 000000000000000000 | - absent !
"""
COLUMNS = {
    "sex": ("education/students", "sex"),
    "grade": ("housing/dwellings", "safety_grade"),
    "paid_by": ("medical_insurance/enrolment", "subsidy_category"),
    "health": ("registry/persons", "health_status"),
    "measures": ("registry/persons", "measure_industry"),
}
ROWS = [tuple(part.strip(" ") for part in line.split("|")) for line in CELLS.strip().splitlines()]


@pytest.mark.parametrize(("kind", "written", "expected"), ROWS, ids=[f"{row[0]}:{row[1]}" for row in ROWS])
def test_cell(kind: str, written: str, expected: str, contracts: dict[str, Contract]) -> None:
    """Prevents a value from being lost, guessed or changed on its way from the cell to the table."""
    key, name = COLUMNS.get(kind, ("", ""))
    column = contracts[key].column(name) if key else Column("x", "x", ("x",), kind)
    cells = read_cells(column, pa.array([written]), contracts["registry/persons"].words)
    value = cells.values[0].as_py()
    told = "-" if value is None else str(value)
    if kind == "id_number":
        told += f" {cells.beside['_quality'][0].as_py()}"
    assert told + (" !" if cells.issue[0] else "") == expected


def test_blank_keeps_its_row_and_raw_text(contracts: dict[str, Contract]) -> None:
    """Prevents a blank number from looking like a damaged one: absent, no raw text, no issue."""
    column = Column("x", "x", ("x",), "id_number")
    cells = read_cells(column, pa.array(["", " 　", "无"]), contracts["registry/persons"].words)
    assert cells.beside["_quality"].to_pylist() == ["absent"] * 3
    assert cells.beside["_raw"].to_pylist() == [None] * 3
    assert not cells.issue.any()


def test_damaged_number_keeps_its_text(contracts: dict[str, Contract]) -> None:
    """Prevents the surviving digits of a ruined number, which linkage needs, from being thrown away."""
    column = Column("x", "x", ("x",), "id_number")
    cells = read_cells(
        column, pa.array(["'5.19923e+17", "519901199001011 000"]), contracts["registry/persons"].words
    )
    assert cells.beside["_raw"].to_pylist() == ["5.19923E+17", "519901199001011000"]
