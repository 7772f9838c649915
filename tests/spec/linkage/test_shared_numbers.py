"""Who lives together under an insurance family number that several house owners share."""

import pytest

from tests.spec.linkage.conftest import Linked, homes

_FATHER, _ELDER, _YOUNGER = "51990119550101001X", "51990119800101001X", "51990119840101001X"
_HEADER = (
    "mention_key | record_key | extract | role | name | id_number | household_source | household_no"
    " | birth_date | sex | village_code | phone | relation\n"
)
# A father and two grown sons under one number; the sons have built houses. One wife shares a telephone with her husband,
# the other nothing; one child is at school, the other is too young.
_FAMILY = f"""\
    f  |   | enrolment | self      | 王一一 | {_FATHER}          | medical_insurance | 5 | 1955-01-01 | 男 | 519901100201 |             |
    e  |   | enrolment | self      | 王二二 | {_ELDER}           | medical_insurance | 5 | 1980-01-01 | 男 | 519901100201 | 13900000001 |
    y  |   | enrolment | self      | 王三三 | {_YOUNGER}         | medical_insurance | 5 | 1984-01-01 | 男 | 519901100201 |             |
    ew |   | enrolment | self      | 李四四 | 51990119860101002X | medical_insurance | 5 | 1986-01-01 | 女 | 519901100201 | 13900000001 |
    yw |   | enrolment | self      | 赵五五 | 51990119810101002X | medical_insurance | 5 | 1981-01-01 | 女 | 519901100201 |             |
    yc |   | enrolment | self      | 王小宝 | 51990120140101001X | medical_insurance | 5 | 2014-01-01 | 男 | 519901100201 |             |
    ec |   | enrolment | self      | 王小贝 | 51990120070101001X | medical_insurance | 5 | 2007-01-01 | 男 | 519901100201 |             |
    s  | s | students  | self      | 王小宝 | 51990120140101001X | education         | s | 2014-01-01 |    | 519901100201 |             |
    g  | s | students  | guardian1 | 王三三 | {_YOUNGER}         | education         | s |            |    |              |             | 父亲
"""  # fmt: skip
_HOUSES = {
    "f": f"df | | dwellings | self | 王一一 | {_FATHER} | | | | | | |\n",
    "e": f"de | | dwellings | self | 王二二 | {_ELDER} | | | | | | |\n",
    "y": f"dy | | dwellings | self | 王三三 | {_YOUNGER} | | | | | | |\n",
}


def _together(linked: Linked, table: str) -> set[str]:
    """Homes of the people who are insured here, as words of their rows in the order of the alphabet."""
    insured = {"f", "e", "y", "ew", "yw", "yc", "ec"}
    return {" ".join(sorted(home & insured)) for home in homes(linked(_HEADER + table)) if home & insured}


@pytest.mark.parametrize(
    ("owners", "expected"),
    [
        pytest.param("", {"e ec ew f y yc yw"}, id="no house is known"),
        pytest.param("e", {"e ec ew f y yc yw"}, id="one house is one home"),
        # the wife by telephone, the pupil by who signs, the wife and the child of nothing by age; the father stays with the eldest
        pytest.param("ey", {"e ec ew f", "y yc yw"}, id="two houses are two homes"),
        pytest.param("fey", {"f", "e ec ew", "y yc yw"}, id="three houses are three homes"),
    ],
)
def test_one_household_one_house(linked: Linked, owners: str, expected: set[str]) -> None:
    """Prevents brothers who have long lived apart from counting as one household, the car of one against the other."""
    assert _together(linked, _FAMILY + "".join(_HOUSES[owner] for owner in owners)) == expected


def test_a_part_of_a_number_says_so(linked: Linked) -> None:
    """Prevents a home that was told by houses from looking as if a department had named it."""
    con = linked(_HEADER + _FAMILY + _HOUSES["e"] + _HOUSES["y"])
    assert con.sql("select distinct source, decided, evidence from linkage.household_member").fetchall() == [
        ("medical_insurance", True, "1 of 2 houses")
    ]


@pytest.mark.parametrize(
    ("rows", "what"),
    [
        (f"dw | | dwellings | self | 李四四 | 51990119860101002X | | | | | | |\n{_HOUSES['e']}", "husband and wife"),
        (f"t | | settlements | self | 王三三 | {_YOUNGER} | | | | | | 13900000001 |\n{_HOUSES['e']}{_HOUSES['y']}", "one telephone"),
        (f"t | | settlements | self | 王一一 | {_FATHER} | | | | | | 13900000001 |\n"
         f"u | | settlements | self | 王三三 | {_YOUNGER} | | | | | | 13900000006 |\n"
         f"v | | settlements | self | 王二二 | {_ELDER} | | | | | | 13900000006 |\n{''.join(_HOUSES.values())}", "two telephones of three"),
        (f"x | | deaths | self | 王一一 | {_FATHER} | | | | | | |\n{_HOUSES['f']}{_HOUSES['e']}", "a dead owner"),
    ],
)  # fmt: skip
def test_two_houses_of_one_home(linked: Linked, rows: str, what: str) -> None:
    """Prevents tearing a couple who own a house each, and a family who have not yet signed over the dead father's."""
    assert "e ec ew y yc yw" in {home.replace(" f", "") for home in _together(linked, _FAMILY + rows)}, what
    con = linked(_HEADER + _FAMILY + rows)
    assert not con.sql("select 1 from linkage.household_member where evidence like '%houses'").fetchall(), (
        what
    )


def test_a_clerks_telephone_is_no_familys(linked: Linked) -> None:
    """Prevents brothers who both gave the village clerk's telephone from counting as one household."""
    owners = (("王二二", _ELDER), ("王三三", _YOUNGER))
    villagers = [
        (f"孙小{letter}", f"5199011975{month:02}01001X")
        for month, letter in enumerate("春夏秋冬东南西北中", 1)
    ]
    of_one = "".join(
        f"t{i} | | settlements | self | {name} | {number} | | | | | | 13900000009 |\n"
        for i, (name, number) in enumerate((*owners, *villagers))
    )
    parted = {"e ec ew f", "y yc yw"}
    assert _together(linked, _FAMILY + _HOUSES["e"] + _HOUSES["y"] + of_one) == parted, "of eleven people"
    of_ten = of_one.rsplit("\n", 2)[0] + "\n"
    assert _together(linked, _FAMILY + _HOUSES["e"] + _HOUSES["y"] + of_ten) != parted, (
        "of ten: as large as a family is"
    )


# Who belongs to whom: one person more under the number, and what else is known of him or of others.
_ONE_MORE = "ec2 | | enrolment | self | 赵小丽 | 51990120080101002X | medical_insurance | 5 | 2008-01-01 | 女 | 519901100201 | {phone} |\n"
_PUPIL = """\
    s2 | s2 | students | self      | 赵小丽 | 51990120080101002X | education | s2 | 2008-01-01 | | 519901100201 | |
    g2 | s2 | students | guardian1 | {name} | {number} | education | s2 | | | | | 母亲
"""


@pytest.mark.parametrize(
    ("rows", "home"),
    [
        pytest.param(_ONE_MORE.format(phone=""), "e ec ec2 ew f", id="by age"),
        pytest.param(_ONE_MORE.format(phone="13900000003")
                     + f"t | | settlements | self | 王三三 | {_YOUNGER} | | | | | | 13900000003 |\n",
                     "y yc yw ec2", id="by telephone"),
        pytest.param(_ONE_MORE.format(phone="13900000001") + _PUPIL.format(name="王三三", number=_YOUNGER),
                     "y yc yw ec2", id="who signs says more than a telephone"),
        pytest.param(_ONE_MORE.format(phone="") + _PUPIL.format(name="赵五五", number="51990119810101002X"),
                     "y yc yw ec2", id="by the wife of an owner, who is told by age"),
        pytest.param(_ONE_MORE.format(phone="13900000001").replace("2008", "2012")
                     + "".join(f"t{i} | | settlements | self | {name} | {number} | | | | | | 13900000005 |\n"
                               for i, name, number in ((1, "王三三", _YOUNGER), (2, "赵五五", "51990119810101002X"),
                                                       (3, "赵小丽", "51990120120101002X"))),
                     "y yc yw ec2", id="a telephone of either home leads to neither"),
    ],
)  # fmt: skip
def test_who_lives_with_which_owner(linked: Linked, rows: str, home: str) -> None:
    """Prevents a child from standing in her uncle's home where her own family's rows tell whose she is."""
    found = linked(_HEADER + _FAMILY + _HOUSES["e"] + _HOUSES["y"] + rows.lstrip("\n"))
    assert any(set(home.split()) <= one for one in homes(found))


def test_an_owner_has_one_wife(linked: Linked) -> None:
    """Prevents an unmarried sister from being taken for the second wife of the brother nearest to her in age."""
    sister = "q | | enrolment | self | 王六六 | 51990119830601002X | medical_insurance | 5 | 1983-06-01 | 女 | 519901100201 | |\n"
    found = linked(_HEADER + _FAMILY + sister + _HOUSES["e"] + _HOUSES["y"])
    assert any({"y", "q"} <= home for home in homes(found)), "nearest in age"
    assert any({"e", "yw"} <= home for home in homes(found)), "nothing leads anywhere: stays with the eldest"


def test_ties_do_not_join_what_houses_part(linked: Linked) -> None:
    """Prevents a grandmother who signs for one son's child from gluing both sons' homes together."""
    signs = f"h | s | students | guardian2 | 王二二 | {_ELDER} | education | s | | | | | 父亲\n"
    apart = _FAMILY.replace("medical_insurance | 5 | 1984", "medical_insurance | 6 | 1984").replace(
        "medical_insurance | 5 | 2014", "medical_insurance | 6 | 2014"
    )
    assert {"e ec ew f yw", "y yc"} == _together(linked, apart + signs + _HOUSES["e"] + _HOUSES["y"])


def test_the_eldest_owners_home_keeps_its_key(linked: Linked) -> None:
    """Prevents a family's visits and clues from being lost on the day when a son's new house is surveyed."""
    before = linked(_HEADER + _FAMILY + _HOUSES["e"])
    after = linked(_HEADER + _FAMILY + _HOUSES["e"] + _HOUSES["y"])
    key = "select household_key from linkage.household_member join linkage.person using (person_key) where name = '王二二'"
    assert before.sql(key).fetchall() == after.sql(key).fetchall()


def test_where_the_registrys_households_own_two_houses_a_house_parts_nobody(linked: Linked) -> None:
    """Prevents tearing the families of a county whose survey counts barns, or names as owner whoever was at home."""
    registered = "".join(
        f"r{i}{j} | | persons | self | 王{i}{j} | {number} | registry | {i} | | | | |\n"
        f"h{i}{j} | | dwellings | self | 王{i}{j} | {number} | | | | | | |\n"
        for i in range(8)
        for j, number in enumerate((f"5199011960010{i + 1}001X", f"5199011975010{i + 1}001X"))
    )
    table = _FAMILY + _HOUSES["e"] + _HOUSES["y"] + registered
    assert _together(linked, table) == {"e ec ew f y yc yw"}
    ones = "\n".join(line for line in table.splitlines() if not line.startswith(("h01", "h11", "h21")))
    assert _together(linked, ones) == {"e ec ew f", "y yc yw"}
