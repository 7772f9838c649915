"""When two sound numbers are one person's: one of them is hardly known, and name, birth date and village are the same."""

import pytest

from tests.spec.linkage.conftest import Linked, methods, same_person

KNOWN = """
    mention_key | extract     | name   | id_number          | birth_date | village_code
    k1          | enrolment   | 欧阳建 | 519901198003051236 | 1980-03-05 | 519901100201
    k2          | settlements | 欧阳建 | 519901198003051236 |            |
    k3          | students    | 欧阳建 | 519901198003051236 |            | 519901100201
"""
SECOND = "519901198003051252"


def test_a_number_that_one_row_has_is_a_second_one(linked: Linked) -> None:
    """Prevents a family from missing in the registry because a clerk wrote other last digits, or the police gave new ones."""
    con = linked(f"{KNOWN}    x | persons | 欧阳建 | {SECOND} | 1980-03-05 | 519901100201")
    assert same_person(con, "k1", "x")
    assert methods(con)["x"] == "probabilistic"
    assert con.execute("select mention_key from linkage.id_conflict").fetchall() == [("x",)]


def test_the_birth_date_in_the_number_is_enough(linked: Linked) -> None:
    """Prevents a house, whose row has no birth date, from having no owner."""
    assert same_person(linked(f"{KNOWN}    x | dwellings | 欧阳建 | {SECOND} | | 519901100201"), "k1", "x")


def test_the_birth_date_beside_the_number_is_enough(linked: Linked) -> None:
    """Prevents a pupil from standing twice because the school wrote other digits than those of her birthday beside it."""
    con = linked("""
        mention_key | extract     | name   | id_number          | birth_date | village_code | key_kind   | key_no
        k1          | enrolment   | 欧阳建 | 519901198003051236 | 1980-03-05 | 519901100201 | insured_no | 1
        k2          | settlements | 欧阳建 | 519901198003051236 |            |              | insured_no | 1
        k3          | coverage_ledger | 欧阳建 | 519901198003051236 |        |              |            |
        x           | students    | 欧阳建 | 519901198003061231 | 1980-03-05 | 519901100201 | student_no | 2
        y           | student_aid | 欧阳建 | 519901198003061231 |            |              | student_no | 2
    """)
    assert same_person(con, "k1", "x", "y")


# The insurance has his father's number, with his own birth date beside it, and repeats it in the ledger and in bills.
_REPEATED = """
    mention_key | extract         | name   | id_number          | birth_date | village_code | key_kind   | key_no
    k1          | persons         | 欧阳建 | 519901198003051236 | 1980-03-05 | 519901100201 |            |
    x           | enrolment       | 欧阳建 | 519901195602031239 | {told}     | 519901100201 | insured_no | 2
    y           | coverage_ledger | 欧阳建 | 519901195602031239 |            |              |            |
    z           | settlements     | 欧阳建 | 519901195602031239 |            |              | insured_no | 2
    w           | dwellings       | 欧阳建 | 519901195602031239 |            | 519901100201 |            |
"""


@pytest.mark.parametrize(
    "father", ["", "f | enrolment | 欧阳海 | 519901195602031239 | 1956-02-03 | 519901100201 | insured_no | 1"]
)
def test_a_number_whose_own_row_tells_the_others_birth_date(linked: Linked, father: str) -> None:
    """Prevents a man from standing twice, or with his father, because an office repeats a wrong number in all its lists."""
    assert same_person(linked(_REPEATED.format(told="1980-03-05") + father), "k1", "x", "y", "z", "w")


@pytest.mark.parametrize(
    ("told", "rows"),
    [
        pytest.param("1956-02-03", "", id="its rows tell its own birth date"),
        pytest.param("1980-03-05", "v | disability | 欧阳建 | 519901195602031239 | 1956-02-03 | | |", id="one row of two does"),
        pytest.param("1981-01-01", "", id="its rows tell neither's"),
        pytest.param("1980-03-05", "v | enrolment | 欧阳建 | 519901198003051236 | 1980-03-05 | | insured_no | 3", id="the office has both"),
    ],
)  # fmt: skip
def test_a_father_of_his_sons_name_is_another_person(linked: Linked, told: str, rows: str) -> None:
    """Prevents father and son of one name from becoming one person."""
    assert not same_person(linked(_REPEATED.format(told=told) + rows), "k1", "w")


def test_twins_whom_a_department_has_both(linked: Linked) -> None:
    """Prevents a twin from vanishing because the insurance wrote both with the name of one."""
    con = linked("""
        mention_key | extract     | name   | id_number          | birth_date | village_code | key_kind   | key_no
        k1          | enrolment   | 欧阳建 | 519901198003051236 | 1980-03-05 | 519901100201 | insured_no | 1
        k2          | settlements | 欧阳建 | 519901198003051236 |            |              | insured_no | 1
        x           | enrolment   | 欧阳建 | 519901198003051252 | 1980-03-05 | 519901100201 | insured_no | 2
    """)
    assert not same_person(con, "k1", "x")


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(f"x | persons | 欧阳建 | {SECOND} | | 519901100202", id="another village"),
        pytest.param(f"x | persons | 欧阳建 | {SECOND} | |", id="no village"),
        pytest.param(f"x | persons | 欧阳剑 | {SECOND} | | 519901100201", id="another name"),
        pytest.param("x | persons | 欧阳建 | 519901198003061231 | | 519901100201", id="another day"),
        pytest.param(
            f"x | persons | 欧阳建 | {SECOND} | | 519901100201\n"
            f"y | migrant_work | 欧阳建 | {SECOND} | |\nz | dwellings | 欧阳建 | {SECOND} | |",
            id="known to three extracts",
        ),
        pytest.param(
            f"x | persons | 欧阳建 | {SECOND} | | 519901100201\n"
            + "\n".join(
                f"{extract} | {extract} | 欧阳建 | 519901198003051279 | | 519901100201"
                for extract in ("persons", "dwellings", "disability")
            ),
            id="two whom it may be",
        ),
    ],
)
def test_two_sound_numbers_are_two_people(linked: Linked, rows: str) -> None:
    """Prevents weighing away a number: whoever differs in anything else, or is known by it to several, is another person."""
    assert not same_person(linked(KNOWN + rows), "k1", "x")


def test_a_second_number_leads_to_no_other_second_one(linked: Linked) -> None:
    """Prevents a row from being given to a number whose own rows have just been given to a third."""
    con = linked("""
        mention_key | extract     | name   | id_number          | birth_date | village_code
        a           | persons     | 欧阳建 | 519901198003011236 | 1980-03-02 | 519901100201
        b1          | students    | 欧阳建 | 519901198003021252 | 1980-03-03 | 519901100201
        b2          | student_aid | 欧阳建 | 519901198003021252 |            |
        c1          | enrolment   | 欧阳建 | 519901198003031279 | 1980-03-03 | 519901100201
        c2          | settlements | 欧阳建 | 519901198003031279 |            |
        c3          | disability  | 欧阳建 | 519901198003031279 |            |
    """)
    assert methods(con)["a"] == "id_exact"
