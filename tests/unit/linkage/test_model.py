"""The pinned model: whole, sane, and the same text for the same county."""

import json

import duckdb
import pytest

from linkage.comparisons import COMPARISONS, install_comparison_macros
from linkage.id_number import install_number_macros
from linkage.names import install_name_macros
from linkage.score import load_model, splink_settings


def test_model_weighs_every_level() -> None:
    """Prevents a level that was added to the comparisons and forgotten in the model."""
    weights = load_model().weights
    for comparison in COMPARISONS:
        assert set(weights[comparison.name]) == {level.label for level in comparison.levels}


def test_probabilities_are_probabilities() -> None:
    """Prevents a slip of the pen in the file: an m or u of zero is an infinite weight."""
    for levels in load_model().weights.values():
        for m, u in levels.values():
            assert 0 < m <= 1
            assert 0 < u <= 1


@pytest.mark.parametrize(
    ("comparison", "better", "worse"),
    [
        ("name", "same", "one character apart"),
        ("name", "one character apart", "other"),
        ("birth_date", "same", "one part apart"),
        ("birth_date", "one part apart", "other"),
        ("village", "same", "same township"),
        ("phone", "same", "other"),
        ("household", "co-members at home there", "other"),
        ("damaged_number", "survives", "strange"),
        ("number", "own", "of a stranger"),
    ],
)
def test_more_agreement_weighs_more(comparison: str, better: str, worse: str) -> None:
    """Prevents a trained model in which agreement speaks against a match."""
    weights = load_model().weights[comparison]
    assert weights[better][0] / weights[better][1] > weights[worse][0] / weights[worse][1]


def test_agreement_among_relatives_weighs_less() -> None:
    """Prevents twins and brothers from being merged: at home a shared birth date or a similar name says little."""
    name, birth = load_model().weights["name"], load_model().weights["birth_date"]
    assert name["one character apart at home"][1] > 5 * name["one character apart"][1]
    assert birth["same at home"][1] > 5 * birth["same"][1]


def test_last_level_catches_the_rest() -> None:
    """Prevents pairs without any level, which Splink would refuse in the middle of a run."""
    for comparison in splink_settings(load_model(), {})["comparisons"]:
        assert comparison["comparison_levels"][-1]["sql_condition"] == "ELSE"


def test_broken_model_file_is_refused() -> None:
    """Prevents a run with a half-written model."""
    with pytest.raises(KeyError):
        load_model(json.dumps({"version": "1", "weights": {}}))


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    """A connection with the macros of comparisons."""
    con = duckdb.connect()
    install_name_macros(con)
    install_number_macros(con)
    install_comparison_macros(con)
    return con


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("one_part_apart(date '1980-03-05', date '1980-03-15')", True),
        ("one_part_apart(date '1980-03-05', date '1980-05-03')", True),
        ("one_part_apart(date '1980-03-05', date '1981-03-06')", False),
        ("any_name_apart(['王建国'], '王健国')", True),
        ("any_name_apart(['王建国'], '王国')", True),
        ("any_name_apart(['王建国'], '李建军')", False),
        ("any_name_cut(['阿依古丽买买提'], '阿依古丽')", True),
        ("any_name_cut(['王建国'], '王建')", False),
        ("number_survives('519901198003051000', '519901198003051236')", True),
        ("number_survives('519901198003051336', '519901198003051236')", True),
        ("number_survives('519901198003054436', '519901198003051236')", False),
        ("number_survives('5.1990119800E+17', '519901198003051236')", False),
        ("number_survives('51990119051236', '519901198003051236')", True),
        ("number_survives('51990119051237', '519901198003051236')", False),
        ("number_strange('51990119051236', '519901198003051236')", False),
        ("number_strange('51990119051237', '519901198003051236')", True),
        ("number_strange('519901196511302214', '519901198003051236')", True),
        ("number_strange('5.19901E+17', '519901198003051236')", False),
        ("at_home(null, 3)", False),
    ],
)
def test_conditions_of_levels(con: duckdb.DuckDBPyConnection, condition: str, expected: bool) -> None:
    """Prevents comparing by bytes, and damage that looks like contradiction."""
    assert con.execute(f"select {condition}").fetchone() == (expected,)


def _number_level(con: duckdb.DuckDBPyConnection, **said: str) -> str:
    """The level of `number` that a pair reaches whose open row has another's number, as SQL texts by column."""
    (comparison,) = (c for c in COMPARISONS if c.name == "number")
    levels = " ".join(f"when {level.condition} then '{level.label}'" for level in comparison.levels)
    columns = {
        "context_l": "null::int[]",
        "number_home_l": "null::int[]",
        "claims_of_surname_l": "null",
    } | said
    row = con.execute(f"""
        select case {levels} end from (
            select '519901201205061238' as claimed_number_l, '519901198003051236' as id_number_r, '司徒海' as name_l,
                ['端木远'] as names_r, 'si tu hai' as sound_l, 'duan mu yuan' as sound_r, null::date as birth_date_l,
                null::date as birth_date_r, null as sex_l, null as sex_r, 7 as record_no_r,
                {", ".join(f"{value} as {column}" for column, value in columns.items())}
        )""").fetchone()
    assert row is not None
    return str(row[0])


@pytest.mark.parametrize(
    ("context", "label"),
    [
        ("[7, 8]", "of somebody at home of its people"),
        ("[]::int[]", "of somebody at home"),
        ("null::int[]", "of somebody at home"),
    ],
)
def test_a_wards_number_says_nothing_of_who_lives_with_him(
    con: duckdb.DuckDBPyConnection, context: str, label: str
) -> None:
    """Prevents a stepfather who signs with the child's number from being the father, whatever he is called."""
    assert _number_level(con, context_l=context, number_home_l="[7]") == label
    m, u = load_model().weights["number"]["of somebody at home of its people"]
    assert m == u


@pytest.mark.parametrize(
    ("of_surname", "label"),
    [
        ("true", "of a stranger"),
        ("false", "of a stranger of another surname"),
        ("null", "of a stranger of another surname"),  # nobody is known by it
    ],
)
def test_a_number_of_ones_own_surname_is_a_relatives_or_ones_own(
    con: duckdb.DuckDBPyConnection, of_surname: str, label: str
) -> None:
    """Prevents a house from having no owner because a finger slipped into the line of a neighbour."""
    assert _number_level(con, claims_of_surname_l=of_surname) == label
    weights = load_model().weights["number"]
    assert weights[label][0] > 0.01
    assert weights["of a stranger of another surname"][0] > 5 * weights["of a stranger"][0]
