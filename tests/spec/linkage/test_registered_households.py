"""Whom a registered household counts: its list, without whom it still names though he has left, and with whom it has not yet."""

import pytest

from tests.spec.linkage.conftest import IDS, Linked, homes, together


def test_a_house_of_ones_own_is_a_home_of_ones_own(linked: Linked) -> None:
    """Prevents an old mother who lives in her own house from standing in her son's registered household."""
    table = f"""
        mention_key | extract   | name   | id_number | household_source  | household_no | birth_date
        r1          | persons   | 王一一 | {IDS[5]}  | registry          | 1            | 1975-01-01
        r2          | persons   | 王小宝 | {IDS[2]}  | registry          | 1            | 2010-01-01
        m1          | enrolment | 王一一 | {IDS[5]}  | medical_insurance | 5            |
        m2          | enrolment | 王小宝 | {IDS[2]}  | medical_insurance | 5            |
        m3          | enrolment | 李五五 | {IDS[3]}  | medical_insurance | 5            | 1953-01-01
        d1          | dwellings | 王一一 | {IDS[5]}  |                   |              |"""
    own = f"\nd3 | dwellings | 李五五 | {IDS[3]} | | |"
    assert homes(linked(table)) == together("r1 r2 m1 m2 m3 d1")
    assert homes(linked(table + own)) == together("r1 r2 m1 m2 d1", "m3 d3")


def test_a_grown_daughter_whom_the_registry_leaves_out_has_married(linked: Linked) -> None:
    """Prevents a married daughter from counting in the household of her parents, whose booklet she still has."""
    table = """
        mention_key | extract   | name   | id_number          | household_source  | household_no | birth_date | sex
        r1          | persons   | 王一一 | 51990119600101001X | registry          | 1            | 1960-01-01 | 男
        r2          | persons   | 李二二 | 51990119620101002X | registry          | 1            | 1962-01-01 | 女
        m1          | enrolment | 王一一 | 51990119600101001X | medical_insurance | 5            |            |
        m2          | enrolment | 李二二 | 51990119620101002X | medical_insurance | 5            |            |
        c           | enrolment | 赵小宝 | 51990120260101002X |                   |              | 2026-01-01 | 女
        m3          | enrolment | {name} | {number}           | medical_insurance | 5            | {birth}    | {sex}
    """
    daughter = {"name": "王五五", "number": "51990119900101002X", "birth": "1990-01-01", "sex": "女"}
    assert homes(linked(table.format(**daughter))) == together("r1 r2 m1 m2", "m3", "c")
    at_home = together("r1 r2 m1 m2 m3", "c")
    young = {"number": "51990120020101002X", "birth": "2002-01-01"}
    for kept in (young, {"sex": "男", "number": "51990119900101001X"}, {"name": "赵五五"}):
        assert homes(linked(table.format(**daughter | kept))) == at_home, kept


def test_a_listed_daughter_lives_with_her_husbands_family(linked: Linked) -> None:
    """Prevents a married daughter from standing with her parents because the registry has not struck her off yet."""
    table = """
        mention_key | extract   | name   | id_number          | household_source  | household_no | birth_date | sex | relation | unique_source
        r1          | persons   | 王一一 | 51990119600101001X | registry          | 1            | 1960-01-01 | 男  | 户主     | true
        r2          | persons   | 王五五 | 51990119900101002X | registry          | 1            | 1990-01-01 | 女  | {rel}    | true
        m1          | enrolment | 王一一 | 51990119600101001X | medical_insurance | {father}     |            |     |          |
        m2          | enrolment | 王五五 | 51990119900101002X | medical_insurance | 6            |            |     |          |
        m3          | enrolment | 赵六六 | 51990119880101001X | medical_insurance | 6            | 1988-01-01 | 男  |          |
        c           | enrolment | 赵小宝 | 51990120260101002X | medical_insurance | 6            | 2026-01-01 | 女  |          |
    """
    assert homes(linked(table.format(rel="之女", father=5))) == together("r1 m1", "r2 m2 m3 c")
    # the head's wife, and a daughter whose father shares the booklet, live where the registry says
    at_home = {"r1", "r2", "m1", "m2"}
    for relation, father in (("配偶", 5), ("之女", 6)):
        assert any(at_home <= home for home in homes(linked(table.format(rel=relation, father=father))))


# A son in the registry list of his parents, who signs for a child in another village.
_SON = """
    mention_key | record_key | role      | extract   | name   | id_number          | household_source  | household_no | birth_date | relation | unique_source | village_code
    r1          |            | self      | persons   | 王一一 | 51990119600101001X | registry          | 1            | 1960-01-01 | 户主     | true          | 519901100201
    r2          |            | self      | persons   | 王二二 | 51990119900101001X | registry          | 1            | 1990-01-01 | {rel}    | true          | 519901100201
    m1          |            | self      | enrolment | 王一一 | 51990119600101001X | medical_insurance | {father}     |            |          |               | 519901100201
    m2          |            | self      | enrolment | 王二二 | 51990119900101001X | medical_insurance | {son}        |            |          |               | {town}
    m3          |            | self      | enrolment | 赵六六 | 51990119910101002X | medical_insurance | 6            | 1991-01-01 |          |               | {town}
    s           | s          | self      | students  | 王小宝 | 51990120160101001X | education         | s            | 2016-01-01 |          |               | 519901200301
    g           | s          | guardian1 | students  | {signs} | {number}          | education         | s            |            | 父亲     |               | 519901200301
"""
_SIGNS = {"rel": "之子", "father": 5, "signs": "王二二", "number": "51990119900101001X"}
_SIGNS_NOT = _SIGNS | {"signs": "赵七七", "number": "51990119890101001X"}
_IN_TOWN, _AT_HOME = "519901200301", "519901100201"


@pytest.mark.parametrize(
    ("son", "left"),
    [
        pytest.param(_SIGNS | {"son": 6, "town": _AT_HOME}, True, id="insured with another family, signs for a child"),
        pytest.param(_SIGNS_NOT | {"son": 6, "town": _IN_TOWN}, True, id="insured with another family elsewhere"),
        pytest.param(_SIGNS | {"son": "", "town": _IN_TOWN}, True, id="insured by his work in town, signs for a child"),
        pytest.param(_SIGNS_NOT | {"son": 6, "town": _AT_HOME}, False, id="insured with another family of the village"),
        pytest.param(_SIGNS_NOT | {"son": "", "town": _IN_TOWN}, False, id="works in town"),
        pytest.param(_SIGNS | {"son": "", "town": _AT_HOME}, False, id="signs for a child in town"),
        pytest.param(_SIGNS | {"son": 5, "town": _AT_HOME}, False, id="insured with his father"),
        pytest.param(_SIGNS | {"son": 6, "town": _IN_TOWN, "rel": "配偶"}, False, id="who keeps the household"),
    ],
)  # fmt: skip
def test_a_listed_son_who_lives_in_town(linked: Linked, son: dict[str, str | int], left: bool) -> None:
    """Prevents a young family in town from standing with his parents, who did not strike him off the registry's list."""
    con = linked(_SON.format(**son))
    assert any({"r1", "r2"} <= home for home in homes(con)) != left


def test_a_registered_household_of_a_daughter_alone_does_not_vanish(linked: Linked) -> None:
    """Prevents a registered household from being seen by nobody because the only one in it is insured with others."""
    con = linked("""
        mention_key | extract   | name   | id_number          | household_source  | household_no | birth_date | sex | relation | unique_source
        r           | persons   | 王五五 | 51990119900101002X | registry          | 1            | 1990-01-01 | 女  | 之女     | true
        m1          | enrolment | 王五五 | 51990119900101002X | medical_insurance | 6            |            |     |          |
        m2          | enrolment | 赵六六 | 51990119880101001X | medical_insurance | 6            | 1988-01-01 | 男  |          |
        c           | enrolment | 赵小宝 | 51990120260101002X |                   |              | 2026-01-01 | 女  |          |
    """)
    assert con.execute(
        "select household_no from linkage.household where household_no is not null"
    ).fetchall() == [("1",)]


@pytest.mark.parametrize(
    ("row", "drawn"),
    [
        pytest.param(
            "| 51990119900101002X | 1990-01-01 | 女 | 519901100201", True, id="a wife of the village"
        ),
        pytest.param("| 51990119900101002X | 1990-01-01 | 女 | 519901100202", False, id="of another village"),
        pytest.param("| 51990119900101002X | 1990-01-01 | 女 | ", False, id="of a village that nobody knows"),
        pytest.param("| 51990120240601002X | 2024-06-01 | 女 | ", True, id="a child of two years"),
        pytest.param(
            "| 51990120200101002X | 2020-01-01 | 女 | 519901100201", False, id="a child of six years"
        ),
    ],
)
def test_whom_the_registry_may_have_left_out(linked: Linked, row: str, drawn: bool) -> None:
    """Prevents another mother's children, who share the booklet, from counting in a registered household."""
    con = linked(f"""
        mention_key | extract   | name   | id_number          | birth_date | sex | village_code | household_source  | household_no
        r1          | persons   | 王一一 | 51990119850101001X | 1985-01-01 | 男  | 519901100201 | registry          | 1
        r2          | persons   | 王二二 | 51990120080101001X | 2008-01-01 | 男  | 519901100201 | registry          | 1
        m1          | enrolment | 王一一 | 51990119850101001X | 1985-01-01 | 男  | 519901100201 | medical_insurance | 5
        m2          | enrolment | 王二二 | 51990120080101001X | 2008-01-01 | 男  | 519901100201 | medical_insurance | 5
        x           | enrolment | 赵五五 {row} | medical_insurance | 5
        c           | enrolment | 钱小宝 | 51990120260101002X | 2026-01-01 | 女  | 519901100201 |                   |
    """)
    assert homes(con) == together(*(["r1 r2 m1 m2 x"] if drawn else ["r1 r2 m1 m2", "x"]), "c")


def test_an_old_man_who_has_a_house_and_an_insurance_number_of_his_own(linked: Linked) -> None:
    """Prevents a father who keeps house for himself from being taken for supported by the son with whom he is listed."""
    table = """
        mention_key | extract   | name   | id_number          | household_source  | household_no | birth_date | relation | unique_source
        r1          | persons   | 王一一 | 51990119800101001X | registry          | 1            | 1980-01-01 | 户主     | true
        r2          | persons   | 王二二 | 51990119500101001X | registry          | 1            | 1950-01-01 | {rel}    | true
        m1          | enrolment | 王一一 | 51990119800101001X | medical_insurance | 5            |            |          |
        m2          | enrolment | 王二二 | 51990119500101001X | medical_insurance | {number}     |            |          |
        c           | enrolment | 赵小宝 | 51990120260101002X |                   |              | 2026-01-01 |          |
        d1          | dwellings | {head} | {owner}            |                   |              |            |          |
        d2          | dwellings | 王二二 | 51990119500101001X |                   |              |            |          |
    """
    apart = {"rel": "之父", "number": 6, "head": "王一一", "owner": "51990119800101001X"}
    assert homes(linked(table.format(**apart))) == together("r1 m1 d1", "r2 m2 d2", "c")
    # insured with the son, the head himself, or the owner of the only house
    for listed in ({"number": 5}, {"rel": "户主"}, {"head": "钱七七", "owner": "51990119700101001X"}):
        assert any({"r1", "r2"} <= home for home in homes(linked(table.format(**apart | listed)))), listed
