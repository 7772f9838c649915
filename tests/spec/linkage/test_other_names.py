"""Another name beside a number: its owner's former one where nobody else in the county bears it."""

import pytest

from tests.spec.linkage.conftest import Linked, methods, same_person

NUMBER = "519901198710281238"
KNOWN = f"""
    mention_key | extract     | name   | id_number | birth_date | village_code | household_source  | household_no
    k1          | enrolment   | 张正荣 | {NUMBER}  | 1987-10-28 | 519901100201 | medical_insurance | f
    k2          | persons     | 张正荣 | {NUMBER}  | 1987-10-28 | 519901100201 |                   |
"""


def house(name: str) -> str:
    return f"x | dwellings | {name} | {NUMBER} | | 519901100201 | |\n"


def test_a_name_that_nobody_else_bears_is_a_former_one(linked: Linked) -> None:
    """Prevents a house or a child from having no family because an office still has the name of before."""
    con = linked(KNOWN + house("张兴辉"))
    assert same_person(con, "k1", "x")
    assert methods(con)["x"] == "probabilistic"
    assert con.execute("select mention_key from linkage.id_conflict").fetchall() == [("x",)]


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        pytest.param("李兴辉", "", id="another surname: a wife's"),
        pytest.param(
            "张兴辉",
            "y | enrolment | 张兴辉 | 519901195506071237 | 1955-06-07 | 519901100205 | |",
            id="somebody bears it",
        ),
        pytest.param("张兴辉", "y | students | 张兴辉 | | | | |", id="somebody without a number bears it"),
        pytest.param(
            "张兴辉",
            f"y | deaths | 张正荣 | {NUMBER} | | | |",
            id="a dead man's number in the row of his heir's house",
        ),
        pytest.param(
            "张兴辉",
            "y | enrolment | 张新辉 | 519901195506071237 | 1955-06-07 | 519901100201 | medical_insurance | f",
            id="somebody at home is nearly called so",
        ),
        pytest.param(
            "张兴辉", f"y | settlements | 张兴辉 | {NUMBER} | 1959-01-02 | | |", id="born at another time"
        ),
    ],
)
def test_a_relatives_row_with_this_number(linked: Linked, name: str, rows: str) -> None:
    """Prevents a father's house from becoming his son's because the son's number stands beside it."""
    assert not same_person(linked(KNOWN + house(name) + rows), "k1", "x")


def test_a_childs_number_beside_a_house(linked: Linked) -> None:
    """Prevents a dead grandfather's house from becoming the schoolboy's whose number the office was given."""
    boy = "519901200910071952"
    con = linked(f"""
        mention_key | extract   | role | name   | id_number | birth_date | village_code
        k           | enrolment | self | 黄浩启 | {boy}     | 2009-10-07 | 519901100201
        x           | dwellings | head | 黄继昌 | {boy}     |            | 519901100201
        baby        | enrolment | self | 赵小宝 |           | 2026-10-01 | 519901100201
    """)
    assert not same_person(con, "k", "x")


def test_nearly_the_name_of_a_neighbour(linked: Linked) -> None:
    """Prevents a mother from being lost to her child because a neighbour is called nearly as she was."""
    con = linked(
        KNOWN
        + house("张兴辉")
        + "y | enrolment | 张新辉 | 519901195506071237 | 1955-06-07 | 519901100201 | medical_insurance | g"
    )
    assert same_person(con, "k1", "x")


# A mother who is called otherwise in a school roll; the insurance knows her beside the child.
_FAMILY = f"""
    mention_key | record_key | extract    | role      | name   | id_number          | birth_date | village_code | household_source  | household_no | relation
    k1          |            | enrolment  | self      | 张正荣 | {NUMBER}           | 1987-10-28 | 519901100201 | medical_insurance | f            |
    k2          |            | persons    | self      | 张正荣 | {NUMBER}           | 1987-10-28 | 519901100201 |                   |              |
    c           |            | enrolment  | self      | 李小宝 | 519901201305061219 | 2013-05-06 | 519901100201 | medical_insurance | f            |
    s           | s          | students   | self      | 李小宝 | 519901201305061219 | 2013-05-06 | 519901100201 | education         | s            |
    n           |            | enrolment  | self      | 张兴辉 | 519901199206071237 | 1992-06-07 | 519901100201 | medical_insurance | g            |
"""
_SIGNS = f"x | s | students | guardian1 | 张兴辉 | {NUMBER} | | 519901100201 | education | s | 父亲\n"


def test_another_name_in_a_row_of_ones_family(linked: Linked) -> None:
    """Prevents a parent from becoming a namesake of the village because the school has the name of before."""
    con = linked(_FAMILY + _SIGNS)
    assert same_person(con, "k1", "x")
    assert methods(con)["x"] == "probabilistic"


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(_SIGNS.replace("父亲", "母亲"), id="the other sex"),
        pytest.param(_SIGNS.replace("张兴辉", "李兴辉"), id="another surname"),
        pytest.param(_SIGNS + f"d | | deaths | self | 张正荣 | {NUMBER} | | | | |\n", id="a dead owner"),
        pytest.param(_SIGNS + "b | | enrolment | self | 张兴荣 | 519901199001010010 | 1990-01-01 | 519901100201"
                     " | medical_insurance | f |\n", id="somebody at home is called like it"),
        pytest.param(_SIGNS + "b | s | students | guardian2 | 张明辉 | 519901199001010010 | | 519901100201 | education | s | 其他\n",
                     id="somebody in the row is called like it"),
        pytest.param(_SIGNS + "t | t | students | self | 李小宝 | 519901201305061219 | 2013-05-06 | 519901100201 | education | t |\n"
                     "u | t | students | guardian1 | 张兴辉 | 519901199206071237 | | 519901100201 | education | t | 父亲\n",
                     id="he stands beside the same child under his own number"),
        pytest.param(f"x | s2 | students | guardian1 | 张兴辉 | {NUMBER} | | 519901100201 | education | s2 | 父亲\n"
                     "w | s2 | students | self | 李小花 | 519901201405061229 | 2014-05-06 | 519901100201 | education | s2 |\n",
                     id="nobody in the row lives with the owner"),
    ],
)  # fmt: skip
def test_a_row_beside_the_family_that_may_be_a_relatives(linked: Linked, rows: str) -> None:
    """Prevents a father from becoming the grandfather or the uncle whose number the form has."""
    assert not same_person(linked(_FAMILY + rows), "k1", "x")


# Two of four characters, whose middle dot no row has. A cousin of the part's name lives in the village.
_UNDOTTED = f"""
    mention_key | extract     | name     | id_number          | birth_date | sex | village_code | key_kind   | key_no
    k1          | enrolment   | 扎西洛桑 | {NUMBER}           | 1987-10-28 |     | 519901100201 | insured_no | 1
    k2          | persons     | 扎西洛桑 | {NUMBER}           | 1987-10-28 |     | 519901100201 |            |
    c           | enrolment   | 洛桑     | 519901199203034411 | 1992-03-03 |     | 519901100201 | insured_no | 2
    c2          | enrolment   | 扎西     | 519901199403034411 | 1994-03-03 |     | 519901100201 | insured_no | 3
"""


@pytest.mark.parametrize(
    ("row", "known", "same"),
    [
        pytest.param(f"x | dwellings | 洛桑 | {NUMBER} | | | 519901100201 | |", "k1", True, id="the last part"),
        pytest.param(f"x | dwellings | 扎西 | {NUMBER} | | | 519901100201 | |", "k1", True, id="the first part"),
        pytest.param(f"x | dwellings | 西洛 | {NUMBER} | | | 519901100201 | |", "k1", False, id="no part"),
        pytest.param(f"x | enrolment | 洛桑 | {NUMBER} | | | 519901100201 | insured_no | 2", "c", True, id="the cousin's key"),
        pytest.param("x | settlements | 洛桑 | | | | | insured_no | 1", "k1", True, id="the part beside a department's number"),
        pytest.param("x | dwellings | 洛桑 | | | | 519901100201 | |", "k1", False, id="the part alone"),
    ],
)  # fmt: skip
def test_a_part_of_a_name_without_its_dot(linked: Linked, row: str, known: str, same: bool) -> None:
    """Prevents a Tibetan or Yi family from being torn because an office cuts names and writes no middle dot."""
    assert same_person(linked(_UNDOTTED + row), known, "x") == same


def test_a_bill_that_cuts_the_name_and_rounds_the_number(linked: Linked) -> None:
    """Prevents bills from leaving their key's person because one of them has a rounded number."""
    con = linked(
        _UNDOTTED + f"x | settlements | 洛桑 | {NUMBER} | | | | insured_no | 1\n"
        f"y | settlements | 洛桑 | {NUMBER[:15]}000 | | | | insured_no | 1"
    )
    assert same_person(con, "k1", "x")


@pytest.mark.parametrize(
    ("birth_date", "same"),
    [("1987-10-28", True), ("", False)],
    ids=["the number's birth date stands beside it", "nothing but a name like it"],
)
def test_a_slip_of_the_name_and_of_the_sex(linked: Linked, birth_date: str, same: bool) -> None:
    """Prevents a pupil from missing in the insurance because two of four cells have a slip, and a sister from being him."""
    con = linked(f"""
        mention_key | extract   | name   | id_number | birth_date   | sex | village_code
        k1          | enrolment | 张正荣 | {NUMBER}  | 1987-10-28   | 男  | 519901100201
        x           | students  | 张正   | {NUMBER}  | {birth_date} | 女  | 519901100201
    """)
    assert same_person(con, "k1", "x") == same


@pytest.mark.parametrize(("key", "same"), [("1", True), ("", False)], ids=["the person's own key", "no key"])
def test_a_bill_under_quite_another_name(linked: Linked, key: str, same: bool) -> None:
    """Prevents a patient who goes by two names from losing his bills: number and insured number are both his."""
    con = linked(
        _UNDOTTED + f"x | settlements | 游小强 | {NUMBER} | | | | {'insured_no' if key else ''} | {key}\n"
        "y | enrolment | 游小强 | 519901199503034417 | 1995-03-03 | | 519901100203 | insured_no | 9"
    )
    assert same_person(con, "k1", "x") == same
