"""When two sound numbers are one person's: one is hardly known, and name, village and nearly all that numbers say are the same."""

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
        pytest.param(
            "x | persons | 欧阳建 | 519901198003061311 | 1980-03-06 | 519901100201",
            id="another day and order",
        ),
        pytest.param(
            "x | persons | 欧阳建 | 519902198003061234 | | 519901100201", id="another day and place"
        ),
        pytest.param(
            "x | persons | 欧阳建 | 519901198104051239 | | 519901100201", id="another year and month"
        ),
        pytest.param(
            "x | persons | 欧阳建 | 519901198003061231 | | 519901100202", id="another day, in another village"
        ),
        pytest.param("x | persons | 欧阳建 | 519901198003061231 | |", id="another day, no village"),
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


@pytest.mark.parametrize(
    "number",
    [
        pytest.param("519901197903051231", id="another year"),
        pytest.param("519901198008051234", id="another month"),
        pytest.param("519901198003061231", id="another day"),
        pytest.param("519901198005031230", id="day and month swapped"),
    ],
)
def test_a_number_from_before_the_birth_date_was_put_right(linked: Linked, number: str) -> None:
    """Prevents a man from standing twice because the police corrected his birth date and one office has the old number."""
    con = linked(f"{KNOWN}    x | dwellings | 欧阳建 | {number} | | 519901100201")
    assert same_person(con, "k1", "x")
    assert methods(con)["x"] == "probabilistic"


# The registry and the work list have the old number, but the new birth date.
_OLD_NUMBER = """
    mention_key | extract      | name   | id_number          | birth_date | village_code
    k1          | enrolment    | 欧阳建 | 519901198003051236 |            | 519901100201
    x           | persons      | 欧阳建 | 519901198103051233 | {told}     | 519901100201
    y           | migrant_work | 欧阳建 | 519901198103051233 |            |
"""


@pytest.mark.parametrize(
    ("told", "method"),
    [
        pytest.param("1980-03-05", {"k1": "id_exact", "x": "probabilistic", "y": "probabilistic"}, id="tells the other's"),
        pytest.param("1981-03-05", {"k1": "probabilistic", "x": "id_exact", "y": "id_exact"}, id="tells its own"),
    ],
)  # fmt: skip
def test_the_number_whose_rows_tell_the_others_birth_date_gives_way(
    linked: Linked, told: str, method: dict[str, str]
) -> None:
    """Prevents the sound number of two from being given up for the one that its own row contradicts."""
    con = linked(_OLD_NUMBER.format(told=told))
    assert same_person(con, "k1", "x", "y")
    assert methods(con) == method


# Fifteen digits have no check digit: whatever a finger does to them is a number.
_OLD_FORM = """
    mention_key | extract         | name   | id_number          | id_quality | id_raw             | birth_date | village_code
    k1          | enrolment       | 欧阳建 | 519901198003051236 | valid      | 519901198003051236 | 1980-03-05 | 519901100201
    x           | dwellings       | {name} | {number}           | upgraded   | {old}              |            | {village}
    y           | coverage_ledger | {name} | {number}           | upgraded   | {old}              |            |
"""


@pytest.mark.parametrize(
    ("name", "number", "old", "village", "same"),
    [
        pytest.param("欧阳建", "519901197903051231", "519901790305123", "519901100201", True, id="another year"),
        pytest.param("欧阳建", "519901198003051252", "519901800305125", "519901100201", True, id="another order"),
        pytest.param("欧阳建", "519901197903051231", "519901790305123", "519901100202", False, id="in another village"),
        pytest.param("欧阳剑", "519901197903051231", "519901790305123", "519901100201", False, id="another name"),
        pytest.param("欧阳建", "519901197904061231", "519901790406123", "519901100201", False, id="wholly another date"),
    ],
)  # fmt: skip
def test_fifteen_digits_give_way_to_eighteen(
    linked: Linked, name: str, number: str, old: str, village: str, same: bool
) -> None:
    """Prevents a family from having no house because the office has the number of thirty years ago, with a slip."""
    con = linked(_OLD_FORM.format(name=name, number=number, old=old, village=village))
    assert same_person(con, "k1", "x") == same
    if same:
        assert methods(con)["k1"] == "id_exact"


def test_rows_without_a_village_where_the_county_shows_what_such_numbers_are(linked: Linked) -> None:
    """Prevents bills, which name no village, from being lost or given to a namesake: the rows with villages tell which."""
    slip = "{key} | {extract} | {name} | 5199011{year}03051236 | | {village}\n"
    names = [f"欧阳{letter}" for letter in "春夏秋冬东南西北中天地"]
    known = "".join(slip.format(key=f"k{i}", extract="enrolment", name=name, year=960 + i, village="519901100201")
                    + slip.format(key=f"l{i}", extract="settlements", name=name, year=960 + i, village="")
                    for i, name in enumerate(names))  # fmt: skip
    header = "mention_key | extract | name | id_number | birth_date | village_code\n"

    def houses(villages: list[str]) -> str:
        return "".join(slip.format(key=f"d{i}", extract="dwellings", name=names[i], year=930 + i, village=village)
                       for i, village in enumerate(villages))  # fmt: skip

    bill = slip.format(key="x", extract="disability", name=names[10], year=940, village="")
    here, elsewhere = "519901100201", "519901100202"
    assert same_person(linked(header + known + houses([here] * 10) + bill), "k10", "x")
    assert not same_person(linked(header + known + houses([here] * 9) + bill), "k10", "x"), "too few to tell"
    mixed = houses([here] * 8 + [elsewhere] * 2)
    assert not same_person(linked(header + known + mixed + bill), "k10", "x"), (
        "namesakes have such numbers here"
    )


def test_a_department_key_in_common_is_as_good_as_a_village(linked: Linked) -> None:
    """Prevents a patient's bills from standing beside her, under two numbers of which one is a slip."""
    con = linked("""
        mention_key | extract         | name   | id_number          | birth_date | village_code | key_kind   | key_no
        x           | enrolment       | 欧阳建 | 519901198003051252 | 1980-03-05 | 519901100201 | insured_no | 1
        k1          | settlements     | 欧阳建 | 519901198003051236 |            |              | insured_no | 1
        k2          | coverage_ledger | 欧阳建 | 519901198003051236 |            |              |            |
    """)
    assert same_person(con, "x", "k1", "k2")


def test_a_row_that_tells_the_birth_date_of_a_ledgers_number(linked: Linked) -> None:
    """Prevents a woman from standing twice because only the ledger, which names no village, has her new number."""
    con = linked("""
        mention_key | extract         | name   | id_number          | birth_date | village_code
        x           | persons         | 欧阳建 | 519901196906181232 | 1969-07-19 | 519901100201
        y           | enrolment       | 欧阳建 | 519901196906181232 | 1969-07-19 | 519901100201
        k           | coverage_ledger | 欧阳建 | 519901196907191232 |            |
    """)
    assert same_person(con, "k", "x", "y")


def test_a_number_that_has_an_owner_in_another_village_keeps_him(linked: Linked) -> None:
    """Prevents a namesake's family from vanishing because a school wrote her number beside another girl's birthday."""
    con = linked("""
        mention_key | extract         | name   | id_number          | birth_date | village_code | household_source | household_no
        k1          | enrolment       | 欧阳建 | 519901198003051236 | 1980-03-05 | 519901100201 |                  |
        x           | students        | 欧阳建 | 519901195602031239 | 1980-03-05 | 519901100201 |                  |
        y           | assistance      | 欧阳建 | 519901195602031239 |            | 519901200205 |                  |
        z           | coverage_ledger | 欧阳建 | 519901195602031239 |            |              |                  |
    """)
    assert not same_person(con, "k1", "y")


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


@pytest.mark.parametrize(("phone", "same"), [("13800000001", True), ("13800000002", False)])
def test_two_numbers_that_many_know_under_one_telephone(linked: Linked, phone: str, same: bool) -> None:
    """Prevents a man from standing twice because half of the offices have his new number: name, birth date, village, telephone agree."""
    con = linked(f"""
        mention_key | extract      | name   | id_number          | birth_date | village_code | phone
        k1          | enrolment    | 欧阳建 | 519901198003051236 | 1980-03-05 | 519901100201 | 13800000001
        k2          | settlements  | 欧阳建 | 519901198003051236 |            |              |
        k3          | students     | 欧阳建 | 519901198003051236 |            | 519901100201 |
        x           | persons      | 欧阳建 | {SECOND}           | 1980-03-05 | 519901100201 | {phone}
        y           | migrant_work | 欧阳建 | {SECOND}           |            |              |
        z           | dwellings    | 欧阳建 | {SECOND}           |            | 519901100201 |
    """)
    assert same_person(con, "k1", "x", "y", "z") == same
