"""Names in Latin letters, as systems write that cannot take a character."""

from tests.spec.linkage.conftest import Linked, same_person

KNOWN = """
    mention_key | extract     | name   | id_number          | birth_date | village_code | key_kind   | key_no
    k1          | persons     | 欧阳建 | 519901198003051236 | 1980-03-05 | 519901100201 | person_no  | 1001
    k2          | disability  | 欧阳建 | 519901198003051236 |            | 519901100201 |            |
"""


def test_beside_the_number_it_is_the_name_of_that_sound(linked: Linked) -> None:
    """Prevents a man from being uninsured because the insurance's system wrote his name in letters."""
    con = linked(KNOWN + """        x | enrolment   | OUYANG JIAN | 519901198003051236 | 1980-03-05 | 519901100201 | insured_no | 1
        y | settlements | ouyangjian  | 519901198003051236 |            |              | insured_no | 1
    """)  # fmt: skip
    assert same_person(con, "k1", "k2", "x", "y")


def test_another_sound_is_another_name(linked: Linked) -> None:
    """Prevents a wife's row, in letters and with her husband's number, from becoming his."""
    con = linked(
        KNOWN + "    x | enrolment | LIN XIUYING | 519901198003051236 | | 519901100201 | insured_no | 1"
    )
    assert not same_person(con, "k1", "x")


def test_without_a_number_it_is_the_only_such_name_of_the_village(linked: Linked) -> None:
    """Prevents a house from having no owner because its number is lost and its owner's name stands in letters."""
    con = linked(KNOWN + "    x | dwellings | ouyangjian | | | 519901100201 | |", crowd=True)
    assert same_person(con, "k1", "x")
    two = (
        KNOWN
        + """        o | enrolment | 欧阳健 | 519901195001011238 | 1950-01-01 | 519901100201 | insured_no | 9
        x | dwellings | ouyangjian | | | 519901100201 | |
    """
    )
    assert not same_person(linked(two, crowd=True), "k1", "x")


def test_bills_without_a_village_are_read_as_the_insured_row(linked: Linked) -> None:
    """Prevents a child's bills from standing apart when all rows of the insurance have the name in letters and a damaged number."""
    con = linked(KNOWN + """        x | enrolment   | ouyangjian | | 1980-03-05 | 519901100201 | insured_no | 1
        y | settlements | ouyangjian | |            |              | insured_no | 1
    """, crowd=True)  # fmt: skip
    assert same_person(con, "k1", "x", "y")


def test_a_name_of_another_country_stays(linked: Linked) -> None:
    """Prevents a foreign wife, who has no other name, from being read as anybody or told as an error."""
    con = linked(KNOWN + "    x | enrolment | NGUYEN THI HOA | | 1985-01-01 | 519901100201 | insured_no | 1")
    assert not same_person(con, "k1", "x")
    assert con.execute("select count(*) from linkage.mention_link").fetchone() == (3,)
