"""Which persons live together: each case is a table of mentions and the households it must give."""

from tests.spec.linkage.conftest import Linked, homes

IDS = [f"51990119{year}0101001X" for year in range(50, 60)]


def together(*members: str) -> set[frozenset[str]]:
    return {frozenset(member.split()) for member in members}


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
