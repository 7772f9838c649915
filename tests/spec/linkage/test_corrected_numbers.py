"""A number from before a birth date was put right: whose it is, by who stands beside it at home."""

import pytest

from tests.spec.linkage.conftest import Linked, methods, same_person

# The registry has the new number, the insurance the old one, of a month before: the lunar calendar's date.
_NEW = """
    mention_key | extract      | name   | id_number          | birth_date | village_code | phone       | household_source  | household_no | key_kind   | key_no
    k1          | persons      | 欧阳建 | 519901198003201235 | 1980-03-20 | 519901100201 | {phone}     | registry          | 100          | person_no  | 1001
    k2          | migrant_work | 欧阳建 | 519901198003201235 |            |              |             |                   |              | person_no  | 1001
    k3          | assistance   | 欧阳建 | 519901198003201235 |            | 519901100201 |             |                   |              |            |
    wife        | persons      | 林秀英 | 519901198201021220 | 1982-01-02 | 519901100201 |             | registry          | 100          | person_no  | 1002
"""
_OLD = """    x | enrolment       | 欧阳建 | {old} | | 519901100201 | {phone} | medical_insurance | {family} | {key_kind} | {key_no}
    y | coverage_ledger | 欧阳建 | {old} | | | | | | |
    w | enrolment       | 林秀英 | 519901198201021220 | 1982-01-02 | 519901100201 | | medical_insurance | f1 | insured_no | 2
"""
LUNAR = "519901198002041259"


def _table(
    phones: tuple[str, str] = ("", ""),
    old: str = LUNAR,
    family: str = "",
    key: tuple[str, str] = ("insured_no", "1"),
) -> str:
    return _NEW.format(phone=phones[0]) + _OLD.format(
        old=old, phone=phones[1], family=family, key_kind=key[0], key_no=key[1]
    )


def test_who_stands_with_both_at_home_shows_that_they_are_one(linked: Linked) -> None:
    """Prevents a man from being poor in one list and uninsured in the other, because one of them has his old number."""
    con = linked(_table(family="f1"))
    assert same_person(con, "k1", "k2", "x", "y")
    assert not same_person(con, "k1", "wife")
    assert methods(con)["x"] == "probabilistic"
    assert con.execute(
        "select count(*) from linkage.id_conflict where mention_key in ('x', 'y')"
    ).fetchone() == (2,)


def test_one_telephone_shows_it(linked: Linked) -> None:
    """Prevents the same where the insurance knows no family number, as of a man who is insured alone."""
    assert same_person(linked(_table(phones=("13900001111", "13900001111"))), "k1", "x", "y")


def test_one_department_key_shows_it(linked: Linked) -> None:
    """Prevents a man's bills from standing apart: the hospital has his insured number, with the old ID number."""
    con = linked("""
        mention_key | extract     | name   | id_number          | birth_date | village_code | key_kind   | key_no
        k1          | enrolment   | 欧阳建 | 519901198003201235 | 1980-03-20 | 519901100201 | insured_no | 1
        k2          | persons     | 欧阳建 | 519901198003201235 | 1980-03-20 | 519901100201 | person_no  | 1001
        x           | settlements | 欧阳建 | 519901198002041259 |            |              | insured_no | 1
        y           | disability  | 欧阳建 | 519901198002041259 |            | 519901100201 |            |
    """)
    assert same_person(con, "k1", "x", "y")


@pytest.mark.parametrize(
    ("old", "why"),
    [
        ("519901197807111259", "the birth dates are far apart"),
        ("519901198002041240", "another sex"),
        ("519902198002041259", "given out elsewhere"),
    ],
)
def test_a_number_that_is_not_nearly_his_is_anothers(linked: Linked, old: str, why: str) -> None:
    """Prevents a cousin of the same name, who is insured with the family, from losing his own place."""
    assert not same_person(linked(_table(family="f1", old=old)), "k1", "x"), why


def test_a_department_that_knows_both_has_two_people(linked: Linked) -> None:
    """Prevents two brothers of one name and nearly one age from becoming one: the registry numbers a person once."""
    con = linked(_table(family="f1", key=("person_no", "1003")))
    assert not same_person(con, "k1", "x")


def test_nobody_at_home_shows_nothing(linked: Linked) -> None:
    """Prevents two namesakes of a village from becoming one where nothing but name and nearly the birth date is shared."""
    assert not same_person(linked(_table()), "k1", "x")


def _corrected(pairs: int) -> str:
    """So many men, each known by his new number and his telephone to one list and by his old ones to another."""
    names = [f"欧阳{letter}" for letter in "山水林田江河海川峰岭松柏"]
    rows = []
    for i, name in enumerate(names[:pairs]):
        new, old = (
            f"5199011970{1 + i % 9:02}2{i % 10}1{i:02}5",
            f"5199011970{1 + i % 9:02}0{i % 9 + 1}3{i:02}7",
        )
        rows += [f"a{i} | persons | {name} | {new} | 519901100202 | 1391111{i:04} | person_no | 20{i:02}",
                 f"b{i} | enrolment | {name} | {old} | 519901100202 | 1391111{i:04} | insured_no | 30{i:02}"]  # fmt: skip
    return "\n".join(rows)


_ALONE = """
    mention_key | extract   | name   | id_number          | village_code | phone | key_kind   | key_no
    k1          | persons   | 欧阳建 | 519901198003201235 | 519901100201 |       | person_no  | 1001
    k2          | disability| 欧阳建 | 519901198003201235 | 519901100201 |       |            |
    x           | dwellings | 欧阳建 | 519901198002041259 | 519901100201 |       |            |
"""


def test_where_a_county_shows_many_the_name_alone_is_enough_in_its_village(linked: Linked) -> None:
    """Prevents a house from having no owner in a county whose offices are known to keep old numbers, and only there."""
    assert same_person(linked(_ALONE + _corrected(12)), "k1", "k2", "x")
    assert not same_person(linked(_ALONE + _corrected(3)), "k1", "x")


def test_a_second_namesake_in_the_village_leaves_it_open(linked: Linked) -> None:
    """Prevents the house from going to the wrong one of two men of the name."""
    other = " o | enrolment | 欧阳建 | 519901195001011238 | 519901100201 | | insured_no | 9\n"
    assert not same_person(linked(_ALONE + other + _corrected(12)), "k1", "x")


def test_a_pupils_number_tells_the_old_one(linked: Linked) -> None:
    """Prevents a pupil from being uninsured: the roll put the number right, and kept the old one as the pupil's number."""
    con = linked("""
        mention_key | extract         | name   | id_number          | birth_date | village_code | key_kind   | key_no
        k1          | students        | 欧阳建 | 519901201003201233 | 2010-03-20 | 519901100201 | student_no | G519901201002041257
        k2          | student_aid     | 欧阳建 | 519901201003201233 |            |              | student_no | G519901201002041257
        x           | enrolment       | 欧阳建 | 519901201002041257 | 2010-02-04 | 519901100201 | insured_no | 1
        y           | coverage_ledger | 欧阳建 | 519901201002041257 |            |              |            |
    """)
    assert same_person(con, "k1", "x", "y")


def test_rows_of_the_old_number_come_under_whatever_writing(linked: Linked) -> None:
    """Prevents a slip in one row of the old number from leaving that row behind."""
    con = linked(
        _table(family="f1") + "    z | settlements | 欧阳健 | " + LUNAR + " | | | | | | insured_no | 1\n"
    )
    assert same_person(con, "k1", "x", "z")
