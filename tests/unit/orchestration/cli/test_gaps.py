"""Which clues are in the list, in which order, and whose names may be joined to them."""

import pytest
from rich.console import Console

from orchestration.cli.gaps import render_table, select_clues, with_names
from orchestration.cli.messages import Messages, NothingPublished, WrongUsage
from orchestration.failures import HulianError
from orchestration.home import Home
from orchestration.keyring import Keyring

ZH = Messages("zh")


def _ids(home: Home, **narrowed: str) -> list[str]:
    return [clue.gap_id for clue in select_clues(home.warehouse, ZH, **narrowed).clues]


def test_the_worst_come_first_and_closed_ones_not_at_all(home: Home) -> None:
    """Prevents a critical clue of a red household from standing below a contradiction in a form."""
    assert _ids(home) == ["EDU-01-p2", "MED-01-p2", "MED-01-p4", "TEA-01-519901101201", "REG-06-h2"]


@pytest.mark.parametrize(
    ("narrowed", "expected"),
    [
        ({"township": "乙乡"}, ["MED-01-p4", "TEA-01-519901101201"]),
        ({"policy": "MED-01"}, ["MED-01-p2", "MED-01-p4"]),
        ({"card": "red"}, ["EDU-01-p2", "MED-01-p2"]),
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
    """Prevents a list of numbers that tells nobody what to do at the door."""
    console = Console(record=True, width=160)
    render_table(console, select_clues(home.warehouse, ZH, card="red"), ZH)
    text = console.export_text()
    assert "共 2 条" in text
    assert "5199000001" in text
    assert "到户核查什么" in text
    assert text.count("脱贫人口监测对象未参保") == 1
