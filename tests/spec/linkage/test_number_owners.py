"""Whose a number is that rows of several names or department keys claim."""

import pytest

from tests.spec.linkage.conftest import Linked, methods, same_person

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
