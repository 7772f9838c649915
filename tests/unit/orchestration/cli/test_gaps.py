"""Which clues are in the list, in which order, and whose names may be joined to them."""

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest
from rich.console import Console

from orchestration.cli import clue_words
from orchestration.cli.gaps import select_clues, with_names
from orchestration.cli.gaps_table import render_table
from orchestration.cli.messages import Messages, NothingPublished, WrongUsage
from orchestration.failures import HulianError
from orchestration.home import Home
from orchestration.keyring import Keyring

ZH = Messages("zh")


def _ids(home: Home, **narrowed: str) -> list[str]:
    return [clue.gap_id for clue in select_clues(home.warehouse, ZH, **narrowed).clues]


def test_one_card_per_household_in_the_order_of_the_day(home: Home) -> None:
    """Prevents a household from being visited twice for two rules, and closed clues from being visited at all."""
    found = select_clues(home.warehouse, ZH)
    assert [(card.household_key, [clue.gap_id for clue in card.clues]) for card in found.cards] == [
        ("h1", ["EDU-01-p2", "MED-01-p2"]),
        ("h3", ["MED-01-p4"]),
        ("h2", ["REG-06-h2"]),
    ]
    assert found.cards[0].apart == 1, "the card tells that there is more in another section"
    assert (found.cards[0].due_on, found.cards[1].due_on) == (date(2026, 12, 8), None)


def test_doubtful_clues_and_those_of_no_household_stand_apart(home: Home) -> None:
    """Prevents a walk for a record that only fails to match, and a project's clue from vanishing with the households."""
    found = select_clues(home.warehouse, ZH)
    assert [(card.household_key, [clue.gap_id for clue in card.clues]) for card in found.doubtful] == [
        ("h1", ["EDU-04-p2"])
    ]
    assert [clue.gap_id for clue in found.others] == ["TEA-01-519901101201", "FND-01-J1"]
    assert [clue.thing for clue in found.others] == ["", "通村道路"]
    assert _ids(home)[-3:] == ["EDU-04-p2", "TEA-01-519901101201", "FND-01-J1"], "after everything else"


def test_a_clue_says_whom_it_is_about_without_a_name(home: Home) -> None:
    """Prevents a family of six from being asked which child is meant."""
    found = select_clues(home.warehouse, ZH, township="甲乡")
    assert clue_words.subject(found.cards[0].clues[0], ZH) == "之子，男，9 岁"
    assert clue_words.state(found.cards[0].clues[1], ZH) == "已下发 11-23"
    assert clue_words.household(found.cards[0], ZH, township=False) == [
        "上村", "户编号 5199000001", "脱贫户 · 脱贫不稳定户 · 红卡", "4 口人 · 有未成年人", "已挂 53 天 · 另 1 条见别处",
    ]  # fmt: skip


def test_a_clue_says_what_it_was_measured_by(home: Home) -> None:
    """Prevents an officer from arguing about a line that the list does not tell, and from reading another card's."""
    edu, med = select_clues(home.warehouse, ZH, township="甲乡").cards[0].clues
    assert clue_words.standard(edu, ZH) == "6 岁起应入学，义务教育到 14 岁（8 月 31 日的周岁）"
    assert clue_words.standard(med, ZH) == "", "a policy without parameters has nothing to tell"
    by_card = replace(edu, parameters="visit_interval_days_blue=92; visit_interval_days_red=15")
    assert clue_words.standard(by_card, ZH) == "红卡每 15 天走访一次"
    assert clue_words.standard(replace(by_card, card="yellow"), ZH).count("，") == 1, (
        "none of its own: all are told"
    )
    money = replace(edu, parameters="disbursement_lag=0.2; monitoring_line=8800")
    assert clue_words.standard(money, ZH) == "拨付可落后时间进度 20%，监测收入线每人每年 8,800 元"


def test_a_day_of_an_older_version_is_told(home: Home, tmp_path: Path) -> None:
    """Prevents a stack trace between an upgrade and its first run."""
    older = tmp_path / "older.duckdb"
    shutil.copy(home.warehouse, older)
    with duckdb.connect(str(older)) as connection:
        connection.execute("drop table marts.household_clue_card")
    with pytest.raises(NothingPublished, match="再运行一天"):
        select_clues(older, ZH)


@pytest.mark.parametrize(
    ("narrowed", "expected"),
    [
        ({"township": "乙乡"}, ["MED-01-p4", "TEA-01-519901101201", "FND-01-J1"]),
        ({"policy": "MED-01"}, ["MED-01-p2", "MED-01-p4"]),
        ({"card": "red"}, ["EDU-01-p2", "MED-01-p2", "EDU-04-p2"]),
        ({"township": "甲乡", "policy": "MED-01", "card": "red"}, ["MED-01-p2"]),
        ({"township": "甲乡", "card": "yellow"}, []),
    ],
)
def test_the_list_can_be_narrowed(home: Home, narrowed: dict[str, str], expected: list[str]) -> None:
    """Prevents a township from getting another's families."""
    assert _ids(home, **narrowed) == expected


@pytest.mark.parametrize(
    ("narrowed", "told"),
    [
        ({"township": "丙乡"}, "没有这个乡镇：丙乡"),
        ({"policy": "XYZ-99"}, "没有这个政策：XYZ-99"),
        ({"card": "green"}, "没有这个卡：green"),
    ],
)
def test_what_does_not_exist_is_refused(home: Home, narrowed: dict[str, str], told: str) -> None:
    """Prevents a misspelt township from looking like one without clues."""
    with pytest.raises(WrongUsage, match=told):
        select_clues(home.warehouse, ZH, **narrowed)


def test_nothing_published_is_said(home: Home) -> None:
    """Prevents a stack trace before the first run."""
    with pytest.raises(NothingPublished, match="hulian demo"):
        select_clues(home.published / "absent.duckdb", ZH)


def test_a_village_s_clue_has_its_village_and_no_household(home: Home) -> None:
    """Prevents clues about villages from being dropped by the join to households."""
    clue = select_clues(home.warehouse, ZH, policy="TEA-01").clues[0]
    assert (clue.township_name, clue.village_name, clue.household_no, clue.card) == ("乙乡", "上村", "", None)


def test_names_are_joined_by_key_only_when_asked(home: Home) -> None:
    """Prevents names on a list that nobody asked names for, and another person's name on a clue."""
    plain = select_clues(home.warehouse, ZH)
    assert not plain.has_names
    named = with_names(
        plain,
        home.warehouse,
        home.published / "restricted.duckdb",
        Keyring.open(home).restricted_database,
        ZH,
    )
    found = {clue.gap_id: (clue.person_name, clue.head_name) for clue in named.clues}
    assert found["MED-01-p2"] == ("王小明", "王建国")
    assert found["REG-06-h2"] == ("", "=cmd|calc"), "a household's clue names its head"
    assert found["TEA-01-519901101201"] == ("", "")
    assert named.has_names


def test_a_wrong_key_is_one_sentence(home: Home) -> None:
    """Prevents the engine's message, which may quote the key, from reaching a terminal or a log."""
    plain = select_clues(home.warehouse, ZH)
    with pytest.raises(HulianError, match="HULIAN_KEY") as caught:
        with_names(plain, home.warehouse, home.published / "restricted.duckdb", "another key", ZH)
    assert "another key" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_the_terminal_shows_what_to_check(home: Home) -> None:
    """Prevents a list of numbers that tells nobody what to do at the door, or one that needs a wide screen."""
    console = Console(record=True, width=100)
    render_table(console, select_clues(home.warehouse, ZH), ZH)
    text = console.export_text()
    assert "共 7 条" in text
    assert "户编号 5199000001" in text
    assert "EDU-01-p2" in text, "what `hulian trace` takes"
    sections = [
        text.index(words) for words in ("一、入户核查", "二、先核数据", "三、村、项目和资产", "到户核查什么")
    ]
    assert sections == sorted(sections)
    doors = text[sections[-1] :]
    assert doors.count("MED-01") == 1, "once per policy, though two families have it"
    assert doors.count("6 岁起应入学") == 1, "by which standard, once per policy"
    assert "缴费凭证或医保电子凭证" in doors.replace("\n", "").replace(" ", "")
