"""Whose row it is when its number stands in no list of persons and one person of the village bears its name.

A county names its men and women by other characters: 军 and 强 here are men's, 芳 and 娟 women's, 平 either's.
"""

import pytest

from tests.spec.linkage.conftest import Linked, methods, same_person

HEADER = "mention_key | extract | name | id_number | sex | birth_date | village_code"
# Six men and six women whose names teach what 军强 and 芳娟 say of the sex; 平平 is borne by both.
_VILLAGERS = "\n".join(
    f"{sex}{i} | enrolment | {surname}{given} | 5199011970{i + 1:02}{day}00{digit} | {sex} | 1970-{i + 1:02}-{day} | 519901100203"
    for sex, digit, day, given in (("男", "15", "11", "军强"), ("女", "28", "12", "芳娟"))
    for i, surname in enumerate("赵钱孙李周吴")
)
_EITHER = "\n".join(
    f"{sex}平{i} | enrolment | {surname}平平 | 5199011971{i + 1:02}{day}00{digit} | {sex} | 1971-{i + 1:02}-{day} | 519901100203"
    for sex, digit, day in (("男", "15", "11"), ("女", "28", "12"))
    for i, surname in enumerate("郑王冯")
)
MAN, WOMAN = "519901196003051219", "519901196204061226"
KNOWN = f"k | enrolment | 司徒军强 | {MAN} | 男 | 1960-03-05 | 519901100201"
HOUSE = f"d | dwellings | 司徒军强 | {WOMAN} | | | 519901100201"


def county(*rows: str) -> str:
    return "\n".join((HEADER, _VILLAGERS, _EITHER, *rows))


def test_a_dead_wifes_number_in_the_row_of_a_house(linked: Linked) -> None:
    """Prevents a house from having no owner because the office still has his late wife's number."""
    con = linked(county(KNOWN, HOUSE))
    assert same_person(con, "k", "d")
    assert methods(con)["d"] == "probabilistic"
    assert con.execute("select mention_key from linkage.id_conflict").fetchall() == [("d",)]


def test_a_name_of_either_sex_says_nothing(linked: Linked) -> None:
    """Prevents a woman from being taken for the man of her name."""
    con = linked(
        county(
            f"k | enrolment | 司徒平平 | {MAN} | 男 | 1960-03-05 | 519901100201",
            f"d | dwellings | 司徒平平 | {WOMAN} | | | 519901100201",
        )
    )
    assert not same_person(con, "k", "d")


def test_a_number_of_the_names_own_sex_is_its_bearers(linked: Linked) -> None:
    """Prevents an old man whom no list knows from being taken for a younger one of his name."""
    con = linked(
        county(
            KNOWN,
            "d | dwellings | 司徒军强 | 519901193103051234 | | | 519901100201",
        )
    )
    assert not same_person(con, "k", "d")
    assert methods(con)["d"] == "id_exact"


def test_two_of_the_name_in_the_village(linked: Linked) -> None:
    """Prevents a guess between namesakes."""
    con = linked(
        county(
            KNOWN,
            "o | enrolment | 司徒军强 | 519901198506071235 | 男 | 1985-06-07 | 519901100201",
            HOUSE,
        )
    )
    assert not same_person(con, "k", "d") and not same_person(con, "o", "d")


def test_a_number_that_a_list_knows_is_somebodys(linked: Linked) -> None:
    """Prevents a woman who is insured from losing her house to a man of her name."""
    con = linked(
        county(
            KNOWN,
            f"w | enrolment | 司徒军强 | {WOMAN} | 女 | 1962-04-06 | 519901100202",
            HOUSE,
        )
    )
    assert same_person(con, "w", "d")


def test_the_villages_of_all_its_rows_are_asked(linked: Linked) -> None:
    """Prevents a bill without a village from reaching across the county when the house says where its owner lives."""
    con = linked(
        county(
            f"k | enrolment | 司徒军强 | {MAN} | 男 | 1960-03-05 | 519901100202",
            HOUSE,
            f"b | settlements | 司徒军强 | {WOMAN} | | | ",
        )
    )
    assert same_person(con, "d", "b") and not same_person(con, "k", "d")


def test_a_number_given_anew_with_a_birth_date_put_right(linked: Linked) -> None:
    """Prevents a house from losing its owner because the housing bureau has his number from before his birth date was put right."""
    con = linked(county(KNOWN, "d | dwellings | 司徒军强 | 519901196103050231 | | | 519901100201"))
    assert same_person(con, "k", "d")
    assert con.execute("select mention_key from linkage.id_conflict").fetchall() == [("d",)]


@pytest.mark.parametrize(
    ("number", "village"),
    [
        ("519901196104060231", "519901100201"),  # two parts of the date differ
        ("519901196803050235", "519901100201"),  # eight years
        ("519902196103050236", "519901100201"),  # given out elsewhere
        ("519901196103050231", ""),  # no village tells that he is the one of this name
    ],
)
def test_a_namesake_born_at_another_time(linked: Linked, number: str, village: str) -> None:
    """Prevents a man whom no list knows from being taken for his namesake."""
    con = linked(county(KNOWN, f"d | dwellings | 司徒军强 | {number} | | | {village}"))
    assert not same_person(con, "k", "d")
