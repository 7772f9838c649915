"""The name of husband or wife beside a number: whose row it is, by what else the row says."""

import pytest

from tests.spec.linkage.conftest import Linked, same_person

HUSBAND, WIFE = "519901197503081232", "519901197711052225"
_HOME = f"""
    mention_key | extract   | role   | name   | id_number | sex | birth_date | village_code | household_source  | household_no | relation | key_kind   | key_no
    h1          | persons   | self   | 欧阳建 | {HUSBAND} | 男  | 1975-03-08 | 519901100201 | registry          | 100          | 户主     | person_no  | 1001
    h2          | enrolment | self   | 欧阳建 | {HUSBAND} | 男  | 1975-03-08 | 519901100201 | medical_insurance | 7            |          | insured_no | 71
    w1          | persons   | self   | 林秀英 | {WIFE}    | 女  | 1977-11-05 | 519901100201 | registry          | 100          | 配偶     | person_no  | 1002
    w2          | enrolment | self   | 林秀英 | {WIFE}    | 女  | 1977-11-05 | 519901100201 | medical_insurance | 7            |          | insured_no | 72
"""
_SLIP = f"林秀英 | {HUSBAND}"


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(f"enrolment | self | {_SLIP} | 男 | | | | | | |", id="sex"),
        pytest.param(f"students | guardian1 | {_SLIP} | | | 519901100201 | education | x | 父亲 | |", id="sex by relation"),
        pytest.param(f"enrolment | self | {_SLIP} | 男 | 1975-03-08 | 519901100201 | | | | |", id="sex and birth date"),
        pytest.param(f"settlements | self | {_SLIP} | | | | | | | insured_no | 71", id="department key"),
    ],
)  # fmt: skip
def test_the_row_is_the_numbers(linked: Linked, row: str) -> None:
    """Prevents a man from being uninsured because his wife's name stands beside his number."""
    con = linked(_HOME + "x | " + row)
    assert same_person(con, "h1", "x")
    assert not same_person(con, "w1", "x")
    assert con.execute("select mention_key from linkage.id_conflict").fetchall() == [("x",)]


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(f"enrolment | self | {_SLIP} | 女 | 1977-11-05 | 519901100201 | | | | |", id="sex and birth date"),
        pytest.param(f"students | guardian2 | {_SLIP} | | | 519901100201 | education | x | 母亲 | |", id="sex by relation"),
        pytest.param(f"settlements | self | {_SLIP} | | | | | | | insured_no | 72", id="department key"),
        pytest.param(f"dwellings | head | {_SLIP} | | | 519901100201 | | | | |", id="nothing, and the county shows no such slips"),
    ],
)  # fmt: skip
def test_the_row_is_the_names(linked: Linked, row: str) -> None:
    """Prevents a wife's row from becoming her husband's because a clerk took his number for hers."""
    con = linked(_HOME + "x | " + row, crowd=True)
    assert not same_person(con, "h1", "x")
    assert same_person(con, "w1", "x")


def test_who_stands_beside_under_her_own_number_is_not_named_twice(linked: Linked) -> None:
    """Prevents an assisted family from losing its head because the wife's name was copied into his line."""
    con = linked(
        _HOME.rstrip()
        + f"""
        x | assistance | head     | 林秀英 | {HUSBAND} | | | 519901100201 | civil_affairs | a1 | 户主 | |
        y | assistance | member_1 | 林秀英 | {WIFE}    | | | 519901100201 | civil_affairs | a1 | 配偶 | |
    """
    )
    assert same_person(con, "h1", "x")
    assert same_person(con, "w1", "y")


def test_what_one_row_tells_holds_for_all_rows_of_the_slip(linked: Linked) -> None:
    """Prevents a house from staying without an owner though the insurance's row with the same slip tells whose it is."""
    con = linked(
        _HOME.rstrip()
        + f"""
        x | enrolment | self | 林秀英 | {HUSBAND} | 男 | 1975-03-08 | | | | | |
        y | dwellings | head | 林秀英 | {HUSBAND} | | | 519901100201 | | | | |
    """
    )
    assert same_person(con, "h1", "x", "y")


def test_where_a_county_shows_both_a_row_that_does_not_tell_stays_open(linked: Linked) -> None:
    """Prevents guessing: where names are as often wrong as numbers, a house of a couple is either's."""
    rows = []
    for n in range(40):
        village, he, she = f"51990110{n + 10:02d}01", _number("03", n, 1), _number("10", n, 2)
        name, wife, home = f"王{_CHARACTERS[n]}刚", f"李{_CHARACTERS[n]}芳", f"h{n}"
        rows += [
            f"a{n} | persons   | self | {name} | {he}  | 男 | 1975-03-{n % 28 + 1:02d} | {village} | registry | {home} | 户主 | |",
            f"b{n} | persons   | self | {wife} | {she} | 女 | 1975-10-{n % 28 + 1:02d} | {village} | registry | {home} | 配偶 | |",
            f"c{n} | enrolment | self | {wife} | {he}  | {'男' if n % 2 else '女'} | | {village} | | | | |",
        ]
    con = linked(
        _HOME + "\n".join(rows) + f"\nx | dwellings | head | {_SLIP} | | | 519901100201 | | | | |", crowd=True
    )
    wrong = [n for n in range(40) if not same_person(con, f"a{n}" if n % 2 else f"b{n}", f"c{n}")]
    assert not wrong
    assert not same_person(con, "h1", "x")
    assert not same_person(con, "w1", "x")


_CHARACTERS = "伟强磊军洋勇艳杰涛明超秀霞平桂林海山春雷鹏飞鑫波斌辉建华国庆志宏德福贵昌荣兴旺祥"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _number(month: str, n: int, order: int) -> str:
    digits = f"5199011975{month}{n % 28 + 1:02d}{n:02d}{order}"
    return digits + "10X98765432"[sum(int(d) * w for d, w in zip(digits, _WEIGHTS, strict=True)) % 11]
