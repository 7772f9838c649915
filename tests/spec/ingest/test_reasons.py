"""Why a delivery does not count, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from ingest import reasons
from ingest.reasons import reason
from tests.spec.ingest.delivered import Box, many_students, students

TEXTS = yaml.safe_load(Path(reasons.__file__).with_name("reasons.yaml").read_text(encoding="utf-8"))
USED = re.compile(r'(?:Refused|NoHeader|reason)\(\s*"([a-z_.]+)"(?: if [^"]*"([a-z_.]+)")?')
# delivered file → rule and the Chinese sentence
SAID = {
    "": ("empty_file", "文件是空的。"),
    "%PDF-1.4": ("unreadable", "文件是PDF；请报送 csv（UTF-8 或 GB18030）或工作簿。"),
    "姓名,班级\n张三,一班\n": ("missing_column", "没有一行含有全部必需的列；第1行最接近，缺：学籍号。"),
    students("G1|张三|", "坏行", "G3|李四|"): (
        "too_many_bad_rows",
        "3行中有1行无法读取，超过20%；前几行已列出行号。",
    ),
}


@pytest.mark.parametrize("content", SAID, ids=[rule for rule, _ in SAID.values()])
def test_refused_in_chinese(content: str, box: Box) -> None:
    """Prevents a clerk who reads Chinese from being told in English what to mend."""
    delivery = box.one("education/students_20261123.csv", content)
    assert (delivery.rule, delivery.reason_zh) == SAID[content]
    assert delivery.reason and delivery.reason.isascii() == ("学籍号" not in delivery.reason)


def test_held_and_replaced_in_chinese(box: Box) -> None:
    """Prevents the operator from guessing why a file waits, or what counts in its place."""
    box.one("education/students_20261101.csv", many_students(10))
    box.one("education/students_20261102.csv", many_students(2))
    later = box.one("education/students_20261103.csv", many_students(11))
    assert [status.reason_zh for status in box.statuses("2026-11-03")] == [
        f"已由{later.delivery_id}替代。",
        "共2行，不足2026-11-01那份10行的一半；核实无误请放行。",
        None,
    ]
    assert (
        box.statuses("2026-11-02")[2].reason_zh
        == "数据日期2026-11-03晚于运行日期2026-11-02，到那天自动生效。"
    )


def test_every_reason_is_said_in_both_languages_and_used() -> None:
    """Prevents a reason that ends the day because nobody wrote its sentence, and sentences that nobody says."""
    for case, texts in TEXTS.items():
        wanted = [set(re.findall(r"{(\w+)}", texts[language])) for language in ("zh", "en")]
        assert wanted[0] == wanted[1], case
        assert reason(case, **dict.fromkeys(wanted[0], "-")).rule == case.split(".")[0]
    files = Path(reasons.__file__).parent.rglob("*.py")
    used = {
        case
        for file in files
        for found in USED.findall(file.read_text(encoding="utf-8"))
        for case in found
        if case
    }
    assert used == set(TEXTS)
