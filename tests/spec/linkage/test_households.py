"""Which persons live together: each case is a table of mentions and the households it must give."""

import pytest

from tests.spec.linkage.conftest import IDS, Linked, homes, together


def test_registry_household_is_the_strongest(linked: Linked) -> None:
    """Prevents an assistance family that cuts across two registry households from merging them."""
    con = linked(f"""
        mention_key | name   | id_number | department    | household_source | household_no
        r1          | 王一一 | {IDS[0]}  | registry      | registry         | 1
        r2          | 王二二 | {IDS[1]}  | registry      | registry         | 2
        c1          | 王一一 | {IDS[0]}  | civil_affairs | civil_affairs    | 9
        c2          | 王二二 | {IDS[1]}  | civil_affairs | civil_affairs    | 9
    """)
    assert homes(con) == together("r1 c1", "r2 c2")


def test_the_registrys_list_says_where_somebody_lives(linked: Linked) -> None:
    """Prevents last year's household number in the list of migrant workers from undoing a household that split."""
    con = linked(f"""
        mention_key | name   | id_number | department | household_source | household_no | unique_source
        r1          | 王一一 | {IDS[0]}  | registry   | registry         | 1            | true
        r2          | 李二二 | {IDS[1]}  | registry   | registry         | 2            | true
        w2          | 李二二 | {IDS[1]}  | registry   | registry         | 1            | false
    """)
    assert homes(con) == together("r1", "r2 w2")


def test_newborn_joins_where_most_co_members_are(linked: Linked) -> None:
    """Prevents a newborn known only to the insurance bureau from becoming a household of his own."""
    con = linked(f"""
        mention_key | name   | id_number | household_source  | household_no
        r1          | 王一一 | {IDS[0]}  | registry          | 1
        r2          | 李二二 | {IDS[1]}  | registry          | 1
        m1          | 王一一 | {IDS[0]}  | medical_insurance | 5
        m2          | 李二二 | {IDS[1]}  | medical_insurance | 5
        m3          | 王小宝 | {IDS[2]}  | medical_insurance | 5
    """)
    assert homes(con) == together("r1 r2 m1 m2 m3")
    row = con.execute(
        "select source, decided, evidence from linkage.household_member join linkage.person using (person_key)"
        " where name = '王小宝'"
    ).fetchone()
    assert row == ("medical_insurance", True, "2 of 2 co-members")


def test_two_grown_ups_whom_the_registry_leaves_out_are_another_family(linked: Linked) -> None:
    """Prevents a brother's family under the same booklet from standing in a registered household, its car with it."""
    registered = "".join(
        f"""
        r{i} | 王{name} | {IDS[i]} | registry          | 1 | 1950-01-01
        m{i} | 王{name} | {IDS[i]} | medical_insurance | 5 |"""
        for i, name in enumerate("甲乙丙丁")
    )
    header = "mention_key | name | id_number | household_source | household_no | birth_date"
    brother = "b | 王戊 | 51990119750101001X | medical_insurance | 5 | 1975-01-01"
    wife = "w | 李己 | 51990119760101001X | medical_insurance | 5 | 1976-01-01"
    child = "c | 王庚 | 51990120200101001X | medical_insurance | 5 | 2020-01-01"
    household = "r0 r1 r2 r3 m0 m1 m2 m3"

    con = linked("\n".join((header + registered, brother, wife, child)))
    assert homes(con) == together(household, "b w c")
    con = linked("\n".join((header + registered, wife, child)))
    assert homes(con) == together(f"{household} w c")


def test_a_guardian_whom_the_registry_leaves_out_has_left(linked: Linked) -> None:
    """Prevents a father who lives elsewhere from standing in the household that the registry lists without him."""
    con = linked("""
        mention_key | record_key | role      | extract  | name   | id_number          | household_source | household_no | birth_date | relation
        r1          | r1         | self      | persons  | 王一一 | 51990119600101001X | registry         | 1            | 1960-01-01 |
        r2          | r2         | self      | persons  | 王小宝 | 51990120100101001X | registry         | 1            | 2010-01-01 |
        s           | s          | self      | students | 王小宝 | 51990120100101001X | education        | s            | 2010-01-01 |
        g           | s          | guardian1 | students | 王三三 | 51990119850101001X | education        | s            |            | 父亲
        o           | s          | guardian2 | students | 王一一 | 51990119600101001X | education        | s            |            | 祖父
    """)
    assert homes(con) == together("r1 r2 s o", "g")


def test_family_of_one_registered_elder_is_not_drawn_in(linked: Linked) -> None:
    """Prevents chaining: an elder's registry household does not swallow a family of three who are unknown to it."""
    con = linked(f"""
        mention_key | name   | id_number | household_source  | household_no
        r1          | 王一一 | {IDS[0]}  | registry          | 1
        m1          | 王一一 | {IDS[0]}  | medical_insurance | 5
        m2          | 李二二 | {IDS[1]}  | medical_insurance | 5
        m3          | 王三三 | {IDS[2]}  | medical_insurance | 5
        m4          | 王四四 | {IDS[3]}  | medical_insurance | 5
    """)
    assert homes(con) == together("r1 m1", "m2 m3 m4")


def test_reused_family_number_in_two_villages_is_two_families(linked: Linked) -> None:
    """Prevents gluing two families whose villages number them alike."""
    con = linked(f"""
        mention_key | name   | id_number | household_source  | household_no | village_code
        m1          | 王一一 | {IDS[0]}  | medical_insurance | 5            | 519901100201
        m2          | 李二二 | {IDS[1]}  | medical_insurance | 5            | 519901100202
    """)
    assert homes(con) == together("m1", "m2")


def test_every_person_has_one_household(linked: Linked) -> None:
    """Prevents a person whom no source places from vanishing."""
    con = linked("""
        mention_key | name
        a           | 王一一
        b           | 李二二
    """)
    assert con.sql(
        "select count(*), count(distinct household_key) from linkage.household_member"
    ).fetchone() == (2, 2)


def test_person_in_two_registry_households_is_placed_once_and_told(linked: Linked) -> None:
    """Prevents counting a person twice, and hides nothing: the registry names him in two households."""
    con = linked(f"""
        mention_key | name   | id_number | household_source | household_no
        r1          | 王一一 | {IDS[0]}  | registry         | 1
        r2          | 王一一 | {IDS[0]}  | registry         | 2
        r3          | 李二二 | {IDS[1]}  | registry         | 2
    """)
    row = con.execute(
        "select source, decided, evidence from linkage.household_member join linkage.person using (person_key)"
        " where name = '王一一'"
    ).fetchone()
    assert row == ("registry", True, "2 registry households")


FAMILY = f"""
        mention_key | extract   | role      | record_key | name   | id_number | village_code | household_source  | household_no | relation
        f           | enrolment | self      | f          | 王一一 | {IDS[0]}  | 519901100201 | medical_insurance | 5            |
        m           | enrolment | self      | m          | 李二二 | {IDS[1]}  | 519901100201 | medical_insurance | 6            |
        c           | enrolment | self      | c          | 王小宝 | {IDS[2]}  | 519901100201 | medical_insurance | 6            |
        s           | students  | self      | s          | 王小宝 | {IDS[2]}  | 519901100201 | education         | s            |
        g           | students  | guardian1 | s          | 王一一 | {IDS[0]}  | 519901100201 | education         | s            | 父亲
"""


def test_father_of_another_family_number_joins_his_child(linked: Linked) -> None:
    """Prevents tearing a family whose parents pay their premiums under two family numbers."""
    assert homes(linked(FAMILY)) == together("f m c s g")


def test_registry_households_are_not_joined_by_guardians(linked: Linked) -> None:
    """Prevents a school row from merging two households that the registry keeps apart."""
    registry = f"""
        r1 | persons | self | r1 | 王一一 | {IDS[0]} | 519901100201 | registry | 1 |
        r2 | persons | self | r2 | 李二二 | {IDS[1]} | 519901100201 | registry | 2 |
        r3 | persons | self | r3 | 王小宝 | {IDS[2]} | 519901100201 | registry | 2 |"""
    assert homes(linked(FAMILY.rstrip() + registry)) == together("f g r1", "m c s r2 r3")


def test_aunt_who_signs_for_a_child_keeps_her_own_home(linked: Linked) -> None:
    """Prevents a relation of which the registry knows no pair from merging two families: only parents are trusted unseen."""
    assert homes(linked(FAMILY.replace("父亲", "其他"))) == together("f g", "m c s")


def test_guardian_of_another_village_stays_at_home(linked: Linked) -> None:
    """Prevents a grandmother in another village, named as guardian, from being moved to the child's home."""
    elsewhere = FAMILY.replace(f"{IDS[0]}  | 519901100201", f"{IDS[0]}  | 519901100206")
    assert homes(linked(elsewhere)) == together("f g", "m c s")


def test_wrong_village_of_one_row_does_not_split_a_family(linked: Linked) -> None:
    """Prevents tearing a child from his family because a clerk picked the wrong village in his insurance row alone."""
    con = linked(f"""
        mention_key | extract   | name   | id_number | household_source  | household_no | village_code
        m1          | enrolment | 王一一 | {IDS[0]}  | medical_insurance | 5            | 519901100201
        m2          | enrolment | 李二二 | {IDS[1]}  | medical_insurance | 5            | 519901100201
        m3          | enrolment | 王小宝 | {IDS[2]}  | medical_insurance | 5            | 519901100206
    """)
    assert homes(con) == together("m1 m2 m3")


def test_wrong_village_does_not_part_two(linked: Linked) -> None:
    """Prevents tearing a couple apart: of two villages of one member each, the one that their other rows bear out counts."""
    wife = "51990119510101002X"
    con = linked(f"""
        mention_key | extract   | name   | id_number | household_source  | household_no | village_code
        m1          | enrolment | 王一一 | {IDS[0]}  | medical_insurance | 5            | 519901100201
        m2          | enrolment | 李二二 | {wife}    | medical_insurance | 5            | 519901100206
        d1          | dwellings | 王一一 | {IDS[0]}  |                   |              | 519901100201
        d2          | dwellings | 李二二 | {wife}    |                   |              | 519901100201
    """)
    assert homes(con) == together("m1 m2 d1 d2")


def test_blank_village_does_not_split_a_family(linked: Linked) -> None:
    """Prevents members whose row leaves the village blank from becoming a family of their own."""
    con = linked(f"""
        mention_key | name   | id_number | department        | extract   | household_source  | household_no | village_code
        m1          | 王一一 | {IDS[0]}  | medical_insurance | enrolment | medical_insurance | 5            | 519901100201
        m2          | 李二二 | {IDS[1]}  | medical_insurance | enrolment | medical_insurance | 5            | 519901100201
        m3          | 王三三 | {IDS[2]}  | medical_insurance | enrolment | medical_insurance | 5            |
        m4          | 王四四 | {IDS[3]}  | medical_insurance | enrolment | medical_insurance | 5            |
    """)
    assert homes(con) == together("m1 m2 m3 m4")


def test_person_in_two_registry_households_lives_where_others_name_him(linked: Linked) -> None:
    """Prevents a married daughter whom her parents' list still has from being taken from her husband and child."""
    lists = f"""
        mention_key | extract | name   | id_number | household_source  | household_no | relation | village_code
        r1          | persons | 王老爹 | {IDS[0]}  | registry          | 1            | 户主     | 519901100201
        r2          | persons | 王一一 | {IDS[1]}  | registry          | 1            | 之女     | 519901100201
        r3          | persons | 李大山 | {IDS[2]}  | registry          | 2            | 户主     | 519901100202
        r4          | persons | 王一一 | {IDS[1]}  | registry          | 2            | 配偶     | 519901100202
"""
    assert homes(linked(lists)) == together(
        "r1", "r2 r3 r4"
    )  # nothing but her place there: she keeps that household
    rows_there = f"        d | dwellings | 王一一 | {IDS[1]} | | | | 519901100201\n"
    assert homes(linked(lists + rows_there)) == together("r1 r2 r4 d", "r3")
    family = f"""
        m1 | enrolment | 李大山 | {IDS[2]} | medical_insurance | 5 | |
        m2 | enrolment | 王一一 | {IDS[1]} | medical_insurance | 5 | |"""
    assert homes(linked(lists + rows_there + family.lstrip("\n"))) == together("r1", "r2 r3 r4 d m1 m2")


NUMBERED_BY_VILLAGE = f"""
        mention_key | extract   | name   | id_number | household_source  | household_no | village_code
        a1          | enrolment | 王一一 | {IDS[0]}  | medical_insurance | 0001         | 519901100201
        a2          | enrolment | 王二二 | {IDS[1]}  | medical_insurance | 0001         | 519901100201
        b1          | enrolment | 李三三 | {IDS[2]}  | medical_insurance | 0001         | 519901100202
        b2          | enrolment | 李四四 | {IDS[3]}  | medical_insurance | 0001         | 519901100202
        c1          | enrolment | 赵五五 | {IDS[4]}  | medical_insurance | 0001         | 519901100203
"""


def test_families_that_each_village_numbers_from_one(linked: Linked) -> None:
    """Prevents a family of one from being moved to the family of its number in another village."""
    assert homes(linked(NUMBERED_BY_VILLAGE)) == together("a1 a2", "b1 b2", "c1")


def test_blank_village_beside_a_number_of_every_village_is_nobodys(linked: Linked) -> None:
    """Prevents two strangers from becoming a family because both their rows leave the village blank."""
    blank = f"""
        x           | enrolment | 钱六六 | {IDS[5]}  | medical_insurance | 0001         |
        y           | enrolment | 孙七七 | {IDS[6]}  | medical_insurance | 0001         |"""
    assert homes(linked(NUMBERED_BY_VILLAGE.rstrip() + blank)) == together("a1 a2", "b1 b2", "c1", "x", "y")


def test_wrong_village_beside_a_number_of_every_village(linked: Linked) -> None:
    """Prevents a clerk's wrong village from making somebody a stranger's family: his other rows tell where he lives."""
    wrong = f"""
        x           | enrolment | 钱六六 | {IDS[5]}  | medical_insurance | 0001         | 519901100202
        d           | dwellings | 钱六六 | {IDS[5]}  |                   |              | 519901100203"""
    rows = NUMBERED_BY_VILLAGE.rstrip() + wrong
    assert homes(linked(rows)) == together("a1 a2", "b1 b2", "c1", "x d")
    # of equally many rows, those beside a namesake of his family count
    assert homes(linked(rows.replace("钱六六", "李六六"))) == together("a1 a2", "b1 b2 x d", "c1")


def test_stranger_of_a_registered_familys_number_does_not_join_it(linked: Linked) -> None:
    """Prevents a row whose village may be wrong from making somebody a member of a family that the registry lists."""
    registered = f"""
        r1          | persons   | 王一一 | {IDS[0]}  | registry          | 9            | 519901100201
        r2          | persons   | 王二二 | {IDS[1]}  | registry          | 9            | 519901100201
        x           | enrolment | 钱六六 | {IDS[5]}  | medical_insurance | 0001         | 519901100201"""
    rows = NUMBERED_BY_VILLAGE.rstrip() + registered
    assert homes(linked(rows)) == together("a1 a2 r1 r2", "b1 b2", "c1", "x")
    assert homes(linked(rows.replace("钱六六", "王六六"))) == together("a1 a2 r1 r2 x", "b1 b2", "c1")


def test_telephone_holds_a_family_where_the_registry_bears_it_out(linked: Linked) -> None:
    """Prevents tearing a family of two family numbers, and gluing neighbours where many give a cadre's telephone."""
    header = (
        "        mention_key | name | id_number | household_source | household_no | village_code | phone\n"
    )
    families = f"""
        a | 李一一 | {IDS[0]} | medical_insurance | 5 | 519901100201 | 13900000001
        b | 李二二 | {IDS[1]} | medical_insurance | 6 | 519901100201 | 13900000001
        c | 赵三三 | {IDS[2]} | medical_insurance | 7 | 519901100203 | 13900000001
    """

    def registry(together_too: bool) -> str:
        """Forty pairs of one telephone each: of one household, or each of two."""
        return "".join(
            f"        r{pair}{one} | 王{pair}{one} | 51990119{60 + pair}0{one + 1}01001X | registry |"
            f" {pair}{'' if together_too else one} | 519901100202 | 1380000{pair:04d}\n"
            for pair in range(40)
            for one in (0, 1)
        )

    found = homes(linked(header + registry(True) + families.lstrip("\n")))
    assert {frozenset("ab"), frozenset("c")} <= found
    found = homes(linked(header + registry(False) + families.lstrip("\n")))
    assert {frozenset("a"), frozenset("b"), frozenset("c")} <= found


@pytest.mark.parametrize(
    ("birth", "house", "at_home"),
    [
        pytest.param("1980-01-01", "", True, id="a disabled man"),
        pytest.param("2026-02-01", "", True, id="a newborn"),
        pytest.param("1950-01-01", "d", True, id="an old man with a house"),
        pytest.param("1950-01-01", "", False, id="an old man without one"),
    ],
)
def test_whoever_gets_assistance_alone_lives_with_his_family(
    linked: Linked, birth: str, house: str, at_home: bool
) -> None:
    """Prevents a disabled man from counting as a household because assistance is granted to him alone (单人保)."""
    number = f"519901{birth.replace('-', '')}001X"
    con = linked(f"""
        mention_key | extract    | name   | id_number          | birth_date | household_source  | household_no
        m1          | enrolment  | 王一一 | 51990119750101001X | 1975-01-01 | medical_insurance | 5
        m2          | enrolment  | 李二二 | 51990119760101002X | 1976-01-01 | medical_insurance | 5
        m3          | enrolment  | 王三三 | 51990120050101001X | 2005-01-01 | medical_insurance | 5
        m4          | enrolment  | 王四四 | {number}           | {birth}    | medical_insurance | 5
        a           | assistance | 王四四 | {number}           |            | civil_affairs     | 9
        c           | enrolment  | 赵小宝 | 51990120260301002X | 2026-03-01 |                   |
        {"d | dwellings | 王四四 | " + number + " | | |" if house else ""}
    """)
    own = "m4 a d" if house else "m4 a"
    assert homes(con) == together(*([f"m1 m2 m3 {own}"] if at_home else ["m1 m2 m3", own]), "c")
