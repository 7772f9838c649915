"""Which rows of the registry a township gets to correct."""

import csv
import io
from pathlib import Path

import duckdb
import pytest

from orchestration.cli.messages import Messages, WrongUsage
from orchestration.cli.rules_list import csv_bytes, select_flags, xlsx_bytes
from orchestration.cli.rules_verb import rules
from orchestration.home import Home

ZH = Messages("zh")


@pytest.fixture
def flagged(home: Home) -> Home:
    """The published day with three flags in two townships."""
    with duckdb.connect(str(home.warehouse.resolve())) as connection:
        connection.execute("""
            create table marts.registry_rule_result as select * from (values
                (date '2026-11-23', '1_01_001 · 1_12_001', 1), (date '2026-11-23', '5_19_003', 2), (date '2026-11-23', '1_11_001', 0)
            ) t(run_date, rule_id, flagged);
            create table marts.registry_rule_hit as select * from (values
                ('5_19_003', '收入可疑', '5', 'household', '5199000001', '甲乡', '519901100201'),
                ('5_19_003', '收入可疑', '5', 'household', '=5199000003', '乙乡', '519901101201'),
                ('1_01_001 · 1_12_001', '同号多人', '1', 'person', '5199000001/1', '甲乡', '519901100201')
            ) t(rule_id, title, class, subject_kind, subject_key, township_name, village_code)
        """)
    return home


def test_a_township_gets_its_own_rows_gravest_first(flagged: Home) -> None:
    """Prevents a township from getting another's rows, and grave errors from standing below doubtful ones."""
    found = select_flags(flagged.warehouse, ZH, "甲乡", None)
    assert [(flag.rule_id, flag.registry_no) for flag in found.flags] == [
        ("1_01_001 · 1_12_001", "5199000001/1"),
        ("5_19_003", "5199000001"),
    ]
    whole = select_flags(flagged.warehouse, ZH, None, None)
    assert [(c.rule_class, c.flagged, c.townships) for c in whole.counts] == [("1", 1, 1), ("5", 2, 2)]
    assert xlsx_bytes(whole, ZH) == xlsx_bytes(whole, ZH)


def test_a_rule_is_found_by_any_of_its_numbers(flagged: Home) -> None:
    """Prevents officers from having to know how numbers were joined; what is no number is refused."""
    assert len(select_flags(flagged.warehouse, ZH, None, "1_12_001").flags) == 1
    assert select_flags(flagged.warehouse, ZH, None, "1_11_001").flags == ()
    for narrowed in ({"township": "丙乡", "rule": None}, {"township": None, "rule": "9_99_999"}):
        with pytest.raises(WrongUsage, match="没有这个"):
            select_flags(flagged.warehouse, ZH, **narrowed)


def test_the_csv_runs_no_formula(flagged: Home, tmp_path: Path) -> None:
    """Prevents a registry number from being run by the spreadsheet program that opens the list."""
    found = select_flags(flagged.warehouse, ZH, "乙乡", None)
    [line] = csv.DictReader(io.StringIO(csv_bytes(found, ZH).decode("utf-8-sig")))
    assert line["登记编号（户编号/人编号）"] == "'=5199000003"
    assert rules(flagged, "乙乡", None, "xlsx", tmp_path / "list.xlsx", "zh") == 0
    assert rules(flagged, None, None, "pdf", None, "zh") == 2
