"""What becomes of rows without a sound number of their own: damage by damage, each a small table among 900 others."""

import pytest

from tests.spec.linkage.conftest import Linked, groups, methods, person_keys, same_person

NUMBER = "519901198003051236"
HER = "519901198207110027"
KNOWN = f"""
        mention_key | extract   | name   | id_number | id_raw | sex | birth_date | village_code | household_source  | household_no | key_no
        own         | enrolment | 欧阳建 | {NUMBER}  |        | 男  | 1980-03-05 | 519901100201 | medical_insurance | v1           |
        bill        | settlements | 欧阳建 | {NUMBER} |       |     |            |              |                   |              |
        wife        | enrolment | 尉迟兰 | {HER}     |        | 女  | 1982-07-11 | 519901100201 | medical_insurance | v1           |
"""


def row(text: str) -> str:
    return KNOWN + text


@pytest.mark.parametrize(
    "written",
    [
        "519901198003051000",  # a spreadsheet rounded it: 15 digits survive
        "5.19901198003051E+17",
        "519901198003051336",  # one digit wrong
        "519901198003501236",  # two neighbours swapped
        "51990119800305236",  # one digit missing
        "5199011980030512336",  # one digit too many
    ],
)
def test_damaged_number_finds_its_owner(linked: Linked, written: str) -> None:
    """Prevents losing the people whose number a spreadsheet or a finger ruined."""
    con = linked(row(f"x | coverage_ledger | 欧阳建 | | {written} | | | | | |"), crowd=True)
    assert same_person(con, "own", "x")
    assert methods(con)["x"] == "damaged_id"


def test_damaged_number_near_a_strangers_is_no_evidence(linked: Linked) -> None:
    """Prevents taking one slip for proof: the name is another's, so the number says nothing."""
    con = linked(row("x | coverage_ledger | 万俟海 | | 519901198003051336 | | | | | |"), crowd=True)
    assert not same_person(con, "own", "x")
    assert methods(con)["x"] == "unmatched"


def test_damaged_number_is_never_rewritten(linked: Linked) -> None:
    """Prevents a guessed number from being passed on as known."""
    con = linked(
        "mention_key | extract | name | id_raw\nx | coverage_ledger | 欧阳建 | 519901198003051336", crowd=True
    )
    assert con.execute(
        "select id_number, identity_quality from linkage.person where name = '欧阳建'"
    ).fetchone() == (
        None,
        "damaged",
    )


@pytest.mark.parametrize(
    ("name", "birth_date"),
    [
        ("欧阳建", "1980-03-05"),  # only the number is missing
        ("欧杨健", "1980-03-05"),  # typed by sound
        ("欧阳", "1980-03-05"),  # a character missing
        ("欧阳建", "1980-05-03"),  # day and month swapped
    ],
)
def test_row_without_number_is_found_by_what_it_says(linked: Linked, name: str, birth_date: str) -> None:
    """Prevents splitting a person whose school or registry row lacks the number: name, birth date and village speak."""
    con = linked(row(f"x | persons | {name} | | | 男 | {birth_date} | 519901100201 | | |"), crowd=True)
    assert same_person(con, "own", "x")
    assert methods(con)["x"] == "probabilistic"


def test_namesake_of_another_birth_date_is_another_person(linked: Linked) -> None:
    """Prevents merging two namesakes of one village who were born in different years."""
    con = linked(row("x | persons | 欧阳建 | | | 男 | 1951-09-27 | 519901100201 | | |"), crowd=True)
    assert not same_person(con, "own", "x")


def test_member_without_number_is_found_through_his_family(linked: Linked) -> None:
    """Prevents losing a member of an assisted family who is only a name: his wife heads it, and he lives with her."""
    con = linked(
        row(f"""a:head | assistance | 尉迟兰 | {HER} | | | | 519901100201 | civil_affairs | a1 |
        a:member_1 | assistance | 欧阳健 | | | | | 519901100201 | civil_affairs | a1 |"""),
        crowd=True,
    )
    assert same_person(con, "own", "a:member_1")


def test_name_alone_of_two_namesakes_stays_open(linked: Linked) -> None:
    """Prevents guessing: a bill with nothing but a name that two people bear is linked to neither."""
    con = linked(
        row("""other | enrolment | 欧阳建 | 519901196512120019 | | 男 | 1965-12-12 | 519901100204 | medical_insurance | v9 |
        x | settlements | 欧阳建 | | | | | | | |"""),
        crowd=True,
    )
    assert methods(con)["x"] == "unmatched"


def test_two_rows_without_number_find_each_other(linked: Linked) -> None:
    """Prevents a child whom no number knows from standing twice: his school row and his insurance row agree."""
    con = linked(
        row("""e | enrolment | 欧阳小宝 | | | 男 | 2015-03-20 | 519901100201 | medical_insurance | v1 |
        s | students | 欧阳小宝 | | | 男 | 2015-03-20 | 519901100201 | | |
        l | coverage_ledger | 尉迟兰 | | | | | | | |"""),
        crowd=True,
    )
    assert same_person(con, "e", "s")
    assert not same_person(con, "e", "own")


def test_twin_without_number_is_not_the_other_twin(linked: Linked) -> None:
    """Prevents merging twins: one birth date, one home, names one character apart, and one of them has no number."""
    con = linked(
        row("""t1 | enrolment | 欧阳春兰 | 519901201603120128 | | 女 | 2016-03-12 | 519901100201 | medical_insurance | v1 |
        t2 | enrolment | 欧阳春梅 | | | 女 | 2016-03-12 | 519901100201 | medical_insurance | v1 |"""),
        crowd=True,
    )
    assert not same_person(con, "t1", "t2")


def test_row_with_a_relatives_number_goes_to_its_own_name(linked: Linked) -> None:
    """Prevents a husband's row that carries his wife's number from becoming hers or nobody's."""
    con = linked(
        row(f"""w | settlements | 尉迟兰 | {HER} | | | | | | |
        x | persons | 欧阳建 | {HER} | | 男 | 1980-03-05 | 519901100201 | | |"""),
        crowd=True,
    )
    assert same_person(con, "own", "x")
    assert not same_person(con, "wife", "x")


def test_two_people_of_one_row_are_never_one_person(linked: Linked) -> None:
    """Prevents a child named after his father from becoming his own guardian."""
    con = linked(
        row("""s:self | students | 欧阳建 | | | 男 | | 519901100201 | education | s |
        s:guardian1 | students | 欧阳建 | | | | | 519901100201 | education | s |"""),
        crowd=True,
    )
    assert not same_person(con, "s:self", "s:guardian1")


def test_same_links_for_any_number_of_threads_and_any_order(linked: Linked) -> None:
    """Prevents links that depend on the machine or on how the rows arrived."""
    rows = """x | persons | 欧杨健 | | | 男 | 1980-03-05 | 519901100201 | | |
        e | enrolment | 欧阳小宝 | | | 男 | 2015-03-20 | 519901100201 | medical_insurance | v1 |
        s | students | 欧阳小宝 | | | 男 | 2015-03-20 | 519901100201 | | |"""
    lines = row(rows).strip().splitlines()
    backward = "\n".join([lines[0], *reversed(lines[1:])])
    first = linked(row(rows), crowd=True, threads=1)
    assert person_keys(first) == person_keys(linked(backward, crowd=True, threads=4))
    assert groups(first) == groups(linked(row(rows), crowd=True, threads=2))


def test_nearly_the_name_and_another_birth_date_is_a_relative(linked: Linked) -> None:
    """Prevents a grandfather without a number from becoming his grandson: in a family names are alike."""
    grandson = "519901195809250013"
    con = linked(
        f"""
        mention_key | extract     | name   | id_number  | sex | birth_date | village_code | household_source  | household_no
        young       | enrolment   | 谷清   | {grandson} | 男  | 1958-09-25 | 519901100201 | medical_insurance | f99
        wife        | enrolment   | 李兰香 | 519901196002030028 | 女 | 1960-02-03 | 519901100201 | medical_insurance | f99
        wife2       | settlements | 李兰香 | 519901196002030028 | 女 | 1960-02-03 | 519901100201 | civil_affairs     | 9
        old         | settlements | 谷国清 |            | 男  | 1935-02-18 | 519901100201 | civil_affairs     | 9
    """,
        crowd=True,
    )
    assert not same_person(con, "young", "old")


def test_a_row_without_birth_date_does_not_join_two_namesakes(linked: Linked) -> None:
    """Prevents a child from becoming a man of his name, because a row of neither birth date fits them both."""
    con = linked(
        """
        mention_key | extract     | name   | sex | birth_date | village_code | phone
        man         | enrolment   | 薛俊杰 | 男  | 1993-04-16 | 519901100201 | 10456542876
        either      | dwellings   | 薛俊杰 | 男  |            | 519901100201 | 10456542876
        child       | settlements | 薛俊杰 | 男  | 2023-08-12 | 519901100201 |
    """,
        crowd=True,
    )
    assert not same_person(con, "man", "child")


def test_whoever_has_no_name_is_not_guessed(linked: Linked) -> None:
    """Prevents an aunt from becoming the mother: a form says 妈妈, and one woman of the pupil's family is known."""
    child, aunt = "519901201502030018", "519901198802030020"
    forms = "".join(
        f"""
        p{i} | q{i} | self      | students  | 万{name} | 5199012014020{i}0018 | 2014-02-0{i} | 519901100202 | education         | q{i} |
        g{i} | q{i} | guardian1 | students  | 于{name} | 5199011985020{i}0020 |              | 519901100202 | education         | q{i} | 母亲
        e{i} | e{i} | self      | enrolment | 于{name} | 5199011985020{i}0020 | 1985-02-0{i} | 519901100202 | medical_insurance | w{i} |"""
        for i, name in enumerate("甲", 1)
    )
    con = linked(
        f"""
        mention_key | record_key | role      | extract   | name   | id_number | birth_date | village_code | household_source  | household_no | relation
        pupil       | r1         | self      | students  | 高一鸣 | {child}   | 2015-02-03 | 519901100201 | education         | r1           |
        guardian    | r1         | guardian1 | students  | 妈妈   |           |            | 519901100201 | education         | r1           | 母亲
        member      | m1         | self      | enrolment | 高一鸣 | {child}   | 2015-02-03 | 519901100201 | medical_insurance | f99          |
        aunt        | m2         | self      | enrolment | 高雅芝 | {aunt}    | 1988-02-03 | 519901100201 | medical_insurance | f99          | {forms}
    """,
        crowd=True,
    )
    assert not same_person(con, "guardian", "aunt")


def test_a_grandmother_of_another_village(linked: Linked) -> None:
    """Prevents a grandmother from being nobody because fathers are of their children's village, and mothers' mothers are not."""
    header = "mention_key | record_key | role | extract | name | id_number | sex | birth_date | village_code | relation"
    rows = []
    for i, (one, other) in enumerate((one, other) for one in "梅兰竹菊荷莲" for other in "山水林田江河"):
        number, child = (
            f"5199011955{i % 12 + 1:02}{i // 12 + 1:02}{i:02}28",
            f"5199012015{i % 12 + 1:02}{i // 12 + 1:02}{i:02}15",
        )
        born = f"{i % 12 + 1:02}-{i // 12 + 1:02}"
        rows += [
            f"e{i} | | self | enrolment | 端木{one}{other} | {number} | 女 | 1955-{born} | 519901100201 |",
            f"s{i} | s{i} | self | students | 宇文{other}{one} | {child} | 男 | 2015-{born} | 519901101202 |",
            f"g{i} | s{i} | guardian1 | students | 端木{one}{other} | {number} | | | 519901101202 | 外祖母",
        ]
    rows += [
        "e | | self | enrolment | 司徒桂枫 | 519901195612011228 | 女 | 1956-12-01 | 519901100203 |",
        "s | s | self | students | 皇甫荷 | 519901201612011236 | 男 | 2016-12-01 | 519901101205 |",
        "g | s | guardian1 | students | 司徒桂枫 | | | | 519901101205 | 外祖母",
    ]
    con = linked("\n".join((header, *rows)), crowd=True)
    row = con.execute("select match_score from linkage.mention_link where mention_key = 'g'").fetchone()
    assert same_person(con, "e", "g") and row is not None
    assert row[0] > 0.995  # 0.989 where all relations are taken alike


@pytest.mark.parametrize(("born", "found"), [("1954-03-05", True), ("1991-03-05", False)])
def test_a_grandfather_is_two_generations_older(linked: Linked, born: str, found: bool) -> None:
    """Prevents a man of 27 from being the grandfather of a schoolchild because he bears his name."""
    number = f"519901{born.replace('-', '')}1232"
    con = linked(
        f"""
        mention_key | record_key | role      | extract   | name   | id_number          | birth_date | village_code | relation | household_source  | household_no
        man         |            | self      | enrolment | 司徒昭 | {number}           | {born}     | 519901100201 |          | medical_insurance | v1
        insured     |            | self      | enrolment | 端木莹 | 519901201803051224 | 2018-03-05 | 519901100201 |          | medical_insurance | v1
        child       | s          | self      | students  | 端木莹 | 519901201803051224 | 2018-03-05 | 519901100201 |          | education         | s
        grandfather | s          | guardian1 | students  | 司徒昭 |                    |            | 519901100201 | 爷爷     | education         | s
        """,
        crowd=True,
    )
    assert same_person(con, "man", "grandfather") == found


@pytest.mark.parametrize(
    ("telephone", "found"),
    [("13900000001", "one"), ("13900000002", "other"), ("", None), ("13900000009", None)],
    ids=["the first's", "the second's", "none", "somebody else's"],
)
def test_the_telephone_in_a_pupils_row_is_the_familys(
    linked: Linked, telephone: str, found: str | None
) -> None:
    """Prevents a father without a number from being taken for a namesake of the village, where the school knows his telephone."""
    con = linked(
        f"""
        mention_key | record_key | role      | extract   | name   | id_number          | sex | birth_date | village_code | phone       | relation
        one         | o          | self      | enrolment | 欧阳建 | 519901198003051236 | 男  | 1980-03-05 | 519901100201 | 13900000001 |
        other       | p          | self      | enrolment | 欧阳建 | 519901198511201252 | 男  | 1985-11-20 | 519901100201 | 13900000002 |
        pupil       | s          | self      | students  | 欧阳宝 | 519901201206071239 | 男  | 2012-06-07 | 519901100201 | {telephone} |
        father      | s          | guardian1 | students  | 欧阳建 |                    |     |            | 519901100201 |             | 父亲
        """,
        crowd=True,
    )
    fathers = person_keys(con)["father"]
    assert {name for name in ("one", "other") if person_keys(con)[name] == fathers} == (
        {found} if found else set()
    )


@pytest.mark.parametrize(
    "repeats", [True, False], ids=["an office that repeats itself", "an office that types anew"]
)
def test_what_an_office_typed_in_place_of_a_number(linked: Linked, repeats: bool) -> None:
    """Prevents a ledger row without a number from going to the namesake whose number the same office has."""
    header = "mention_key | department | extract | name | id_number | id_raw | birth_date | village_code | key_kind | key_no\n"
    # Forty people whose number the insurance has ruined, in its list and in a bill, alike or each in its way.
    habit = "".join(
        f"e{i} | medical_insurance | enrolment | 端木{name} | | 待补 | 19{60 + i}-04-0{1 + i % 9} | 519901100202 | insured_no | a{i}\n"
        f"s{i} | medical_insurance | settlements | 端木{name} | | {'待补' if repeats else '不详'} | | | insured_no | a{i}\n"
        for i, name in enumerate(
            "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥金木水火土日月星云雨风雷电山石田河海"
        )
    )
    con = linked(
        header
        + habit
        + """
        own   | registry          | persons         | 欧阳建 | 519901198003051236 |      | 1980-03-05 | 519901100201 | person_no  | p1
        list  | medical_insurance | enrolment       | 欧阳建 |                    | 待补 | 1980-03-05 | 519901100201 | insured_no | b1
        other | medical_insurance | enrolment       | 欧阳建 | 519901198511201252 |      | 1985-11-20 | 519901100203 | insured_no | b2
        o     | registry          | persons         | 欧阳建 | 519901198511201252 |      | 1985-11-20 | 519901100203 | person_no  | p2
        x     | medical_insurance | coverage_ledger | 欧阳建 |                    | 待补 |            |              |            |
        """.lstrip("\n"),
        crowd=True,
    )
    keys = person_keys(con)
    assert keys["own"] == keys["list"]
    assert (keys["x"] == keys["own"], keys["x"] == keys["other"]) == (repeats, False)


def test_nobody_follows_a_name_to_somebody_else(linked: Linked) -> None:
    """Prevents two old women without number from becoming one because either could be the name in the list of houses."""
    con = linked(
        """
        mention_key | extract   | name   | sex | birth_date | village_code | phone       | key_kind  | key_no
        a           | persons   | 尉迟桑 | 女  | 1950-01-01 | 519901100201 | 13800000001 | person_no | a
        house       | dwellings | 尉迟桑 |     |            | 519901100201 | 13800000001 |           |
        b           | persons   | 尉迟桑 | 女  | 1952-03-04 |              |             | person_no | b
    """,
        crowd=True,
    )
    assert same_person(con, "a", "house")
    assert not same_person(con, "a", "b")
