"""Which mentions are one person: each case is a table of mentions and the groups it must give."""

from hashlib import md5

from tests.spec.linkage.conftest import Linked, groups, methods, same_person

# A family whose father has no number anywhere: seven rows of his that agree about equally.
_V = "519901100201"
_WIFE, _BOY, _GIRL = "519901198210012086", "519901200811300892", "519901201210183074"
_OF_NO_NUMBER = [
    (
        "w1",
        "w1",
        f"self | enrolment | 蒋兰碧 | {_WIFE} | 1982-10-01 | {_V} | insured_no | k1 | medical_insurance | F9 |",
    ),
    (
        "w2",
        "w2",
        f"self | persons | 蒋兰碧 | {_WIFE} | 1982-10-01 | {_V} | person_no | p1 | registry | H9 | 户主",
    ),
    (
        "b1",
        "b1",
        f"self | students | 罗强宇 | {_BOY} | 2008-11-30 | {_V} | student_no | g1 | education | {{ward}} |",
    ),
    (
        "b2",
        "b2",
        f"self | enrolment | 罗强宇 | {_BOY} | 2008-11-30 | {_V} | insured_no | k3 | medical_insurance | F9 |",
    ),
    (
        "g1",
        "g1",
        f"self | students | 罗博 | {_GIRL} | 2012-10-18 | {_V} | student_no | g2 | education | {{ward}} |",
    ),
    (
        "f1",
        "f1",
        f"self | enrolment | 罗昌德 | | 1985-03-25 | {_V} | insured_no | k2 | medical_insurance | F9 |",
    ),
    ("f2", "f2", f"self | persons | 罗昌德 | | 1985-03-25 | {_V} | person_no | p2 | registry | H9 | 配偶"),
    ("f3", "b1", f"guardian2 | students | 罗昌德 | | | {_V} | | | education | {{ward}} | 父亲"),
    ("f4", "g1", f"guardian2 | students | 罗昌德 | | | {_V} | | | education | {{ward}} | 父亲"),
    ("f5", "f5", "self | coverage_ledger | 罗昌德 | | | | | | | |"),
    ("f6", "f6", "self | settlements | 罗昌德 | | | | | | | |"),
    ("f8", "f8", f"member_1 | assistance | 罗昌德 | | | {_V} | | | civil_affairs | C9 |"),
    ("w3", "w3", f"head | assistance | 蒋兰碧 | {_WIFE} | | {_V} | | | civil_affairs | C9 |"),
]

FATHER = "51990119800305123X"  # no check digit needed here: ingest has judged the numbers
CHILD = "519901201205061239"


def together(*members: str) -> set[frozenset[str]]:
    return {frozenset(member.split()) for member in members}


def test_same_number_same_name_is_one_person(linked: Linked) -> None:
    """Prevents losing the plain case: one person known to three departments."""
    con = linked(f"""
        mention_key | name   | id_number
        a           | 王建国 | {FATHER}
        b           | 王建国 | {FATHER}
        c           | 王建国 | {FATHER}
    """)
    assert groups(con) == together("a b c")
    assert set(methods(con).values()) == {"id_exact"}


def test_one_character_of_the_name_may_differ(linked: Linked) -> None:
    """Prevents splitting a person over a typing slip; DuckDB's byte distance would call this three edits."""
    con = linked(f"""
        mention_key | name   | id_number
        a           | 王建国 | {FATHER}
        b           | 王建国 | {FATHER}
        c           | 王见国 | {FATHER}
        d           | 王国   | {FATHER}
    """)
    assert groups(con) == together("a b c d")


def test_parents_number_in_a_childs_row_is_no_merge(linked: Linked) -> None:
    """Prevents giving a child his father's benefits: the row's number is also its guardian's."""
    con = linked(f"""
        mention_key | record_key | role      | extract  | name   | id_number | birth_date
        s           | r1         | self      | students | 王小宝 | {FATHER}  | 2012-05-06
        g           | r1         | guardian1 | students | 王建国 | {FATHER}  |
        p           | r2         | self      | persons  | 王建国 | {FATHER}  | 1980-03-05
    """)
    assert groups(con) == together("s", "g p")
    quality = dict(con.execute("select name, identity_quality from linkage.person").fetchall())
    assert quality == {"王小宝": "conflict", "王建国": "valid"}


def test_father_and_son_one_character_apart(linked: Linked) -> None:
    """Prevents the one-character rule from merging a son whose row carries his father's number."""
    con = linked(f"""
        mention_key | name   | id_number | birth_date
        a           | 王建国 | {FATHER}  | 1980-03-05
        b           | 王建国 | {FATHER}  |
        c           | 王建军 | {FATHER}  | 2012-05-06
    """)
    assert groups(con) == together("a b", "c")


def test_one_number_on_many_names_joins_nobody(linked: Linked) -> None:
    """Prevents a form's example number from gluing strangers together."""
    rows = "\n".join(
        f"m{i} | {name} | {FATHER}" for i, name in enumerate(["赵一", "钱二二", "孙三", "李四四", "周五"])
    )
    con = linked(f"mention_key | name | id_number\n{rows}")
    assert groups(con) == together("m0", "m1", "m2", "m3", "m4")


def test_department_key_joins_a_row_without_number(linked: Linked) -> None:
    """Prevents losing a bill that carries only the insured person's number of the insurance bureau."""
    con = linked(f"""
        mention_key | extract     | name   | id_number | key_kind   | key_no
        e           | enrolment   | 王建国 | {FATHER}  | insured_no | 77
        s           | settlements | 王建国 |           | insured_no | 77
    """)
    assert groups(con) == together("e s")
    assert methods(con) == {"e": "id_exact", "s": "department_key"}


def test_department_key_with_another_name_is_another_person(linked: Linked) -> None:
    """Prevents merging a wife's bill booked under her husband's insurance number."""
    con = linked(f"""
        mention_key | extract     | name   | id_number | key_kind   | key_no
        e           | enrolment   | 王建国 | {FATHER}  | insured_no | 77
        s           | settlements | 李秀英 |           | insured_no | 77
    """)
    assert groups(con) == together("e", "s")


def test_name_alone_never_joins(linked: Linked) -> None:
    """Prevents guessing among namesakes: a row without number or key is a person of his own."""
    con = linked(f"""
        mention_key | name   | id_number
        a           | 王建国 | {FATHER}
        b           | 王建国 |
    """)
    assert groups(con) == together("a", "b")
    assert methods(con)["b"] == "unmatched"


def test_minority_name_with_and_without_dot(linked: Linked) -> None:
    """Prevents splitting a person whose name is written without its middle dot."""
    con = linked(f"""
        mention_key | name         | id_number
        a           | 阿依·古丽    | {FATHER}
        b           | 阿依古丽     | {FATHER}
    """)
    assert groups(con) == together("a b")


def test_keys_do_not_depend_on_row_order_or_threads(linked: Linked) -> None:
    """Prevents keys that change from day to day for the same person."""
    forward = f"""
        mention_key | name   | id_number
        a           | 王建国 | {FATHER}
        b           | 李秀英 | {CHILD}
        c           | 张三   |
    """
    lines = forward.strip().splitlines()
    backward = "\n".join([lines[0], *reversed(lines[1:])])
    keys = "select mention_key, person_key from linkage.mention_link order by all"
    assert linked(forward).sql(keys).fetchall() == linked(backward).sql(keys).fetchall()


def test_rounded_number_whose_check_digit_fits_by_chance(linked: Linked) -> None:
    """Prevents a spreadsheet's three zeros from making a second person: one case in eleven passes the check digit."""
    con = linked("""
        mention_key | name   | id_number          | key_kind   | key_no
        a           | 王建国 | 519901198003051230 |            |
        b           | 王建国 | 519901198003051230 |            |
        c           | 王建国 | 519901198003051000 |            |
        d           | 李秀英 | 519901198003051000 |            |
    """)
    assert groups(con) == together("a b c", "d")
    assert methods(con)["c"] == "damaged_id"


def test_number_that_really_ends_in_zeros_is_sound(linked: Linked) -> None:
    """Prevents every thousandth person from being taken for a damaged one."""
    con = linked("""
        mention_key | name   | id_number
        a           | 王建国 | 519901198003051000
        b           | 王建国 | 519901198003051000
    """)
    assert groups(con) == together("a b")
    assert set(methods(con).values()) == {"id_exact"}


def test_a_homes_secret_decides_nothing(linked: Linked) -> None:
    """Prevents two homes from counting other persons in the same files: a row's key is hashed with the home's secret."""

    def found(salt: str) -> set[frozenset[str]]:
        def key(name: str) -> str:
            return md5(f"{salt}{name}".encode()).hexdigest()

        def line(name: str, record: str, rest: str) -> str:
            return f"{key(name)} | {key(record)} | {rest.format(ward=key(record))}"

        con = linked(
            "mention_key | record_key | role | extract | name | id_number | birth_date | village_code | key_kind | key_no"
            " | household_source | household_no | relation\n"
            + "\n".join(line(name, record, rest) for name, record, rest in _OF_NO_NUMBER),
            crowd=True,
        )
        names = {key(name): name for name, _, _ in _OF_NO_NUMBER}
        return {frozenset(names[row] for row in group if row in names) for group in groups(con)}

    first, *others = (found(salt) for salt in "abcdefgh")
    assert all(other == first for other in others)


def test_bills_say_no_more_of_a_number_than_the_key_that_denies_it(linked: Linked) -> None:
    """Prevents a woman from being her son because her bills repeat the number that the insurance bureau took for hers."""
    con = linked("""
        mention_key | extract     | name   | id_number          | sex | birth_date | key_kind   | key_no
        e           | enrolment   | 端木英 | 519901200210071232 | 女  | 1976-11-21 | insured_no | k1
        b1          | settlements | 端木英 | 519901200210071232 |     |            | insured_no | k1
        b2          | settlements | 端木英 | 519901200210071232 |     |            | insured_no | k1
    """)
    conflicts = {row[0] for row in con.execute("select mention_key from linkage.id_conflict").fetchall()}
    assert conflicts == {"e", "b1", "b2"} and same_person(con, "e", "b1", "b2")


def test_a_row_without_a_number_is_nobody_elses(linked: Linked) -> None:
    """Prevents a guardian's row without a number from proving that the longer name is another woman's."""
    con = linked("""
        mention_key | record_key | role      | extract   | name   | id_number          | birth_date | village_code
        e           | e          | self      | enrolment | 端木慧 | 519901198401053185 | 1984-01-05 | 519901100201
        d           | d          | self      | dwellings | 端木慧媛 | 519901198401053185 |          | 519901100201
        s           | s          | self      | students  | 司徒宝 | 519901201501053184 | 2015-01-05 | 519901100201
        g           | s          | guardian1 | students  | 端木慧媛 |                  |            | 519901100201
    """)
    assert same_person(con, "e", "d") and methods(con)["d"] == "id_exact"


def test_a_son_of_his_fathers_name_and_his_bills(linked: Linked) -> None:
    """Prevents a boy from being his father because his bills repeat the number that stands in his insurance row."""
    con = linked("""
        mention_key | extract     | name   | id_number          | sex | birth_date | village_code | key_kind   | key_no
        f1          | enrolment   | 端木古 | 519901197501010874 | 男  | 1975-01-01 | 519901100201 | insured_no | k1
        f2          | dwellings   | 端木古 | 519901197501010874 |     |            | 519901100201 |            |
        s1          | enrolment   | 端木古 | 519901197501010874 | 男  | 2009-03-16 | 519901100201 | insured_no | k2
        s2          | settlements | 端木古 | 519901197501010874 |     |            |              | insured_no | k2
        s3          | students    | 端木古 | 519901200903160976 | 男  | 2009-03-16 | 519901100201 | student_no | g1
    """)
    assert same_person(con, "f1", "f2") and same_person(con, "s1", "s2") and not same_person(con, "f1", "s1")


def test_a_fathers_number_in_the_registry_row_of_a_son_of_his_name(linked: Linked) -> None:
    """Prevents a young man from being his father because the registry has the one's number and the other's birth date."""
    con = linked(
        """
        mention_key | extract   | name   | id_number          | sex | birth_date | village_code
        f1          | enrolment | 端木军 | 519901196210102931 | 男  | 1962-10-10 | 519901100201
        f2          | dwellings | 端木军 | 519901196210102931 |     |            | 519901100201
        s1          | enrolment | 端木军 | 519901198807256058 | 男  | 1988-07-25 | 519901100201
        s2          | persons   | 端木军 | 519901196210102931 | 男  | 1988-07-25 | 519901100201
        """,
        crowd=True,
    )
    assert same_person(con, "s1", "s2") and not same_person(con, "f1", "s2")
    assert con.execute("select mention_key from linkage.id_conflict").fetchall() == [("s2",)]
