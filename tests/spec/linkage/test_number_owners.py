"""Whose a number is that rows of several names or department keys claim."""

import pytest

from tests.spec.linkage.conftest import Linked, methods, same_person
from tests.spec.linkage.test_damage import sound_number

# Two women of one name; the insurance has a number of its own for each. A bill of the first bears the second's ID number.
_NAMESAKES = """
    mention_key | extract     | name   | id_number          | birth_date | village_code | key_kind   | key_no
    a1          | enrolment   | 欧阳梅 | 519901196803201228 | 1968-03-20 | 519901100201 | insured_no | a
    a2          | students    | 欧阳梅 | 519901196803201228 |            | 519901100201 |            |
    b1          | enrolment   | 欧阳梅 | 519901199002241226 | 1990-02-24 | 519901200203 | insured_no | b
    b2          | students    | 欧阳梅 | 519901199002241226 |            | 519901200203 |            |
    x           | settlements | 欧阳梅 | 519901199002241226 |            |              | insured_no | {key}
"""


@pytest.mark.parametrize(("key", "whose"), [("a", "a1"), ("b", "b1")])
def test_a_bill_is_its_keys_whosever_number_was_picked(linked: Linked, key: str, whose: str) -> None:
    """Prevents one woman's hospital bills from burdening her namesake in another township."""
    con = linked(_NAMESAKES.format(key=key))
    assert same_person(con, whose, "x")
    assert not same_person(con, "a1", "b1")


def test_a_namesakes_number_beside_ones_own_birth_date(linked: Linked) -> None:
    """Prevents an insured woman from becoming her namesake because the clerk picked the other of the two."""
    con = linked("""
        mention_key | extract     | name   | id_number          | birth_date | village_code | key_kind   | key_no
        x           | enrolment   | 欧阳梅 | 519901199002241226 | 1968-03-20 | 519901100201 | insured_no | a
        a           | settlements | 欧阳梅 | 519901196803201228 |            |              | insured_no | a
        b           | settlements | 欧阳梅 | 519901199002241226 |            |              |            |
    """)
    assert same_person(con, "x", "a")
    assert not same_person(con, "x", "b")


def test_of_two_numbers_under_one_key_the_one_whose_birth_date_is_known(linked: Linked) -> None:
    """Prevents a bill with a slip that makes a sound number from leaving its patient."""
    con = linked("""
        mention_key | extract     | name   | id_number          | birth_date | village_code | key_kind   | key_no
        k           | enrolment   | 欧阳梅 | 519901196803201228 | 1968-03-20 | 519901100201 | insured_no | a
        x           | settlements | 欧阳梅 | 519901195112151229 |            |              | insured_no | a
    """)
    assert same_person(con, "k", "x")


# A number that a clerk typed for three people, each of whom has another.
_PLACEHOLDER = """
    mention_key | extract     | name     | id_number          | birth_date | village_code | key_kind   | key_no
    a1          | enrolment   | 欧阳梅   | 519901196803201228 | 1968-03-20 | 519901100201 | insured_no | a
    b1          | enrolment   | 司马林   | 519901199002241226 | 1990-02-24 | 519901100203 | insured_no | b
    x           | settlements | 欧阳梅   | 519901201010100019 |            |              | insured_no | a
    y           | settlements | {second} | 519901201010100019 | {told}     |              | insured_no | {key}
"""


def test_a_number_of_people_who_all_have_another_is_nobodys(linked: Linked) -> None:
    """Prevents the first in the alphabet from owning a number that stands for none, and losing the row for it."""
    con = linked(_PLACEHOLDER.format(second="司马林", told="", key="b"))
    assert same_person(con, "a1", "x")
    assert same_person(con, "b1", "y")
    assert set(con.sql("select mention_key from linkage.id_conflict").fetchall()) == {("x",), ("y",)}


def test_a_number_whose_birth_date_a_row_knows_has_an_owner(linked: Linked) -> None:
    """Prevents a sound number from being nobody's because its owner has a second one."""
    con = linked(_PLACEHOLDER.format(second="司马林", told="2010-10-10", key=""))
    assert not same_person(con, "x", "y")
    assert con.sql("select mention_key from linkage.id_conflict").fetchall() == [("x",)]


def test_the_wrong_sex_in_all_rows_is_a_slip_where_the_birth_date_is_told(linked: Linked) -> None:
    """Prevents a woman from losing her own number because the insurance has her as a man, year after year."""
    con = linked("""
        mention_key | extract   | name   | id_number          | sex | birth_date
        k           | enrolment | 司马怡 | 519901201303191228 | 男  | 2013-03-19
        o           | enrolment | 司马怡 | 519901201303191228 | 男  | 2013-03-19
    """)
    assert same_person(con, "k", "o")
    assert set(methods(con).values()) == {"id_exact"}


def test_a_childs_bill_with_the_number_of_who_signs(linked: Linked) -> None:
    """Prevents a mother's number from becoming her daughter's by one bill against one signature."""
    con = linked("""
        mention_key | record_key | extract     | role      | name   | id_number          | birth_date | village_code | household_source | household_no
        s           | s          | students    | self      | 司马怡 | 519901201303191228 | 2013-03-19 | 519901100201 | education        | s
        g           | s          | students    | guardian1 | 王英   | 519901198101011226 |            | 519901100201 | education        | s
        n           |            | enrolment   | self      | 王英   | 519901197001011229 | 1970-01-01 | 519901100201 |                  |
        x           |            | settlements | self      | 司马怡 | 519901198101011226 |            |              |                  |
    """)
    assert not same_person(con, "g", "x")
    assert con.sql("select match_method from linkage.mention_link where mention_key = 'g'").fetchall() == [
        ("id_exact",)
    ]


def test_many_bills_with_a_wifes_number_are_one_slip(linked: Linked) -> None:
    """Prevents a woman from losing her number because the hospital's register of her husband has it and all his bills repeat it."""
    con = linked("""
        mention_key | extract     | name   | id_number          | sex | birth_date | village_code | key_kind   | key_no
        w           | enrolment   | 王桂秀 | 519901196803201228 | 女  | 1968-03-20 | 519901100201 | insured_no | w
        h           | enrolment   | 欧阳山 | 519901196501011238 | 男  | 1965-01-01 | 519901100201 | insured_no | h
        b1          | settlements | 欧阳山 | 519901196803201228 |     |            |              | insured_no | h
        b2          | settlements | 欧阳山 | 519901196803201228 |     |            |              | insured_no | h
        b3          | settlements | 欧阳山 | 519901196803201228 |     |            |              | insured_no | h
        b4          | settlements | 欧阳山 | 519901196803201228 |     |            |              | insured_no | h
    """)
    assert same_person(con, "h", "b1", "b2", "b3", "b4")
    assert not same_person(con, "w", "h")
    methods = dict(con.sql("select mention_key, match_method from linkage.mention_link").fetchall())
    assert methods["w"] == "id_exact"


def test_a_name_whose_row_tells_another_birth_date_owns_no_number(linked: Linked) -> None:
    """Prevents a dead woman from being taken for a living namesake: the insurance typed her number for her daughter-in-law in all its lists."""
    con = linked("""
        mention_key | extract         | name   | id_number          | birth_date | sex | village_code | key_kind   | key_no
        x           | enrolment       | 欧阳梅 | 519901194311110889 | 1966-01-19 | 女  | 519901100201 | insured_no | a
        y           | coverage_ledger | 欧阳梅 | 519901194311110889 |            |     |              |            |
        z           | settlements     | 欧阳梅 | 519901194311110889 |            |     |              | insured_no | a
        dead        | deaths          | 马群碧 | 519901194311110889 |            |     |              |            |
    """)
    assert methods(con)["dead"] == "id_exact"
    assert not same_person(con, "x", "dead")
    assert same_person(con, "x", "z")


@pytest.mark.parametrize(
    "twin",
    [
        pytest.param("欧阳诗妍 | 519901201603120128 | 女 | 2016-03-12", id="a name one character apart"),
        pytest.param("欧阳小满 | 519901201603120128 | 女 | 2016-03-12", id="a name that nobody else bears"),
    ],
)
def test_twins_entered_under_one_number(linked: Linked, twin: str) -> None:
    """Prevents one of two sisters from vanishing: the insurance numbers both, and typed one's ID number twice."""
    con = linked(
        f"""
        mention_key | extract         | name     | id_number          | sex | birth_date | village_code | key_kind   | key_no
        t1          | enrolment       | 欧阳诗语 | 519901201603120128 | 女  | 2016-03-12 | 519901100203 | insured_no | t1
        t1l         | coverage_ledger | 欧阳诗语 | 519901201603120128 |     |            |              |            |
        t2          | enrolment       | {twin} | 519901100203 | insured_no | t2
    """,
        crowd=True,
    )
    assert same_person(con, "t1", "t1l")
    assert not same_person(con, "t1", "t2")


def test_a_pupil_with_the_number_of_the_father_who_signs(linked: Linked) -> None:
    """Prevents a child and his father from becoming one: the roll has the father's number for both, and reads a birth date in it."""
    con = linked(
        """
        mention_key | record_key | extract     | role      | name     | id_number          | sex | birth_date | village_code | key_kind   | key_no
        f           |            | enrolment   | self      | 欧阳博志 | 519901199307170811 | 男  | 1993-07-17 | 519901100203 | insured_no | f
        h           |            | dwellings   | head      | 欧阳博志 | 519901199307170811 |     |            | 519901100203 |            |
        x           | s          | students    | self      | 欧阳恒佳 | 519901199307170811 | 男  | 1993-07-17 | 519901100203 | student_no | s
        g           | s          | students    | guardian1 | 欧阳博志 |                    |     |            | 519901100203 |            |
        a           |            | student_aid | self      | 欧阳恒佳 | 519901199307170811 |     |            |              | student_no | s
    """,
        crowd=True,
    )
    assert same_person(con, "f", "h")
    assert same_person(con, "x", "a")
    assert not same_person(con, "f", "x")


def _wrong_numbers(filled: bool) -> str:
    """Twenty people whom the insurance has twice under one key, the second time with a neighbour's number; and one more such row.

    `filled`: the form reads the birth date in the number.
    """
    lines = [
        "mention_key | extract | name | id_number | birth_date | village_code | phone | key_kind | key_no"
    ]
    for i, given in enumerate("山水林田江河海川峰岭松柏梅兰竹菊荷莲桂枫"):
        his, other = f"1971-{3 + i % 9:02d}-{10 + i}", f"1982-{3 + i % 9:02d}-{10 + i - i % 2}"
        told = other if filled else his
        lines += [
            f"his{i} | enrolment | 尉迟{given} | {sound_number(his)} | {his} | 519901100204 | | insured_no | k{i}",
            f"row{i} | enrolment | 尉迟{given} | {sound_number(other)} | {told} | 519901100204 | | insured_no | k{i}",
            f"other{i} | enrolment | 司徒{given} | {sound_number(other)} | {other} | 519901100205 | | insured_no | o{i}",
        ]
    own, other = sound_number("1968-03-20"), sound_number("1990-02-24")
    lines += [
        f"own | persons | 欧阳梅 | {own} | 1968-03-20 | 519901100201 | 13800000001 | person_no | p",
        f"neighbour | persons | 上官海 | {other} | 1990-02-24 | 519901100202 | 13800000002 | person_no | q",
        f"x | enrolment | 欧阳梅 | {other} | 1990-02-24 | 519901100201 | | insured_no | x",
    ]
    return "\n".join(lines)


@pytest.mark.parametrize("filled", [True, False])
def test_a_birth_date_that_the_form_has_read_in_anothers_number(linked: Linked, filled: bool) -> None:
    """Prevents a woman's insurance from being nobody's because its form reads birth dates in numbers, and this one is a neighbour's."""
    con = linked(_wrong_numbers(filled), crowd=True)
    assert same_person(con, "own", "x") == filled
    assert not same_person(con, "neighbour", "x")
