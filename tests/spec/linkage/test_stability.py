"""Keys from day to day: each case is yesterday's table, today's table and the redirects between them."""

from tests.spec.linkage.conftest import Linked, person_keys, redirects

NUMBER = "519901198003051236"
OTHER = "519901198003051252"


def test_unchanged_day_has_no_redirects(linked: Linked) -> None:
    """Prevents keys that change although nothing did."""
    table = f"""
        mention_key | name   | id_number | household_source | household_no
        a:self      | 王建国 | {NUMBER}  | registry         | 1
        b:self      | 李秀英 |           | registry         | 1
    """
    first = linked(table)
    second = linked(table, yesterday=first)
    assert person_keys(first) == person_keys(second)
    assert redirects(second) == set()


def test_number_that_turns_up_leaves_a_redirect(linked: Linked) -> None:
    """Prevents losing the history of a person whose number was found: a bill of his, unchanged, tells who he was."""
    first = linked("""
        mention_key | extract     | name   | id_number | key_kind   | key_no
        e1:self     | enrolment   | 王建国 |           | insured_no | 7
        s:self      | settlements | 王建国 |           | insured_no | 7
    """)
    second = linked(
        f"""
        mention_key | extract     | name   | id_number | key_kind   | key_no
        e2:self     | enrolment   | 王建国 | {NUMBER}  | insured_no | 7
        s:self      | settlements | 王建国 |           | insured_no | 7
    """,
        yesterday=first,
    )
    old, new = person_keys(first)["s:self"], person_keys(second)["s:self"]
    assert old != new
    assert (old, new, "person", "renumbered") in redirects(second)


def test_number_that_is_corrected_in_the_only_row_leaves_a_redirect(linked: Linked) -> None:
    """Prevents the history of somebody whom one row alone knows from ending on the day when its number is put right."""
    table = """
        mention_key | extract   | name   | id_number | id_raw | key_kind   | key_no
        e{day}:self | enrolment | 王建国 | {number}  | {raw}  | insured_no | 7
        o{day}:self | enrolment | 李秀英 | {other}   |        | insured_no | 8
    """
    first = linked(table.format(day=1, number="", raw="5.19901E+17", other=""))
    second = linked(table.format(day=2, number=NUMBER, raw="", other=""), yesterday=first)
    old, new = person_keys(first)["e1:self"], person_keys(second)["e2:self"]
    assert {redirect for redirect in redirects(second) if redirect[2] == "person"} == {
        (old, new, "person", "renumbered")
    }


def test_person_found_again_keeps_his_later_key(linked: Linked) -> None:
    """Prevents a key that swings to and fro while a department loses and finds a number."""
    without = """
        mention_key | extract     | name   | id_number | key_kind   | key_no
        e1:self     | enrolment   | 王建国 |           | insured_no | 7
        s:self      | settlements | 王建国 |           | insured_no | 7
    """
    found = f"""
        mention_key | extract     | name   | id_number | key_kind   | key_no
        e2:self     | enrolment   | 王建国 | {NUMBER}  | insured_no | 7
        s:self      | settlements | 王建国 |           | insured_no | 7
    """
    first = linked(without)
    second = linked(found, yesterday=first)
    third = linked(without, yesterday=second)
    assert person_keys(third)["s:self"] == person_keys(second)["s:self"]
    assert {(old, new) for old, new, kind, _ in redirects(third) if kind == "person"} == {
        (person_keys(first)["s:self"], person_keys(second)["s:self"])
    }


def test_two_that_become_one_are_told_as_merged(linked: Linked) -> None:
    """Prevents gaps of a key that nobody bears: the row that stood alone now belongs to a known person."""
    rows = f"""
        mention_key | name   | id_number
        a:self      | 王建国 | {NUMBER}
        b:self      | 王建国 |
    """
    first = linked(rows)
    second = linked(
        rows, decisions="left_record_key | right_record_key | decision\nb | a | 同一人", yesterday=first
    )
    keys = person_keys(first)
    assert (keys["b:self"], keys["a:self"], "person", "merged") in redirects(second)


def test_one_that_becomes_two_leads_to_most_of_his_rows(linked: Linked) -> None:
    """Prevents a redirect to a stray row: a department key used by two people is split when their numbers come in."""
    first = linked("""
        mention_key | extract     | name   | key_kind   | key_no
        e:self      | enrolment   | 王建国 | insured_no | 7
        s1:self     | settlements | 王建国 | insured_no | 7
        s2:self     | settlements | 王建国 | insured_no | 7
    """)
    second = linked(
        f"""
        mention_key | extract     | name   | id_number | key_kind   | key_no
        n:self      | enrolment   | 王建国 | {NUMBER}  | insured_no | 7
        s1:self     | settlements | 王建国 |           | insured_no | 7
        s2:self     | settlements | 王建国 |           | insured_no | 7
        e:self      | enrolment   | 王建国 |           |            |
    """,
        yesterday=first,
    )
    old, new = person_keys(first)["s1:self"], person_keys(second)["s1:self"]
    assert (old, new, "person", "split") in redirects(second)


def test_household_that_joins_another_leaves_a_redirect(linked: Linked) -> None:
    """Prevents losing a household's gaps on the day when the registry lists it under another number."""
    first = linked(f"""
        mention_key | extract   | name   | id_number | household_source  | household_no
        a:self      | enrolment | 王建国 | {NUMBER}  | medical_insurance | 5
        b:self      | enrolment | 李秀英 | {OTHER}   | medical_insurance | 5
    """)
    second = linked(
        f"""
        mention_key | extract   | name   | id_number | household_source  | household_no
        a:self      | enrolment | 王建国 | {NUMBER}  | medical_insurance | 5
        b:self      | enrolment | 李秀英 | {OTHER}   | medical_insurance | 5
        r1:self     | persons   | 王建国 | {NUMBER}  | registry          | 1
        r2:self     | persons   | 李秀英 | {OTHER}   | registry          | 1
    """,
        yesterday=first,
    )
    old = first.execute("select household_key from linkage.household").fetchone()
    new = second.execute("select household_key from linkage.household").fetchone()
    assert old and new
    assert redirects(second) == {(old[0], new[0], "household", "renumbered")}


def test_who_is_known_by_his_other_number_from_today_on_leaves_a_redirect(linked: Linked) -> None:
    """Prevents the history of somebody from ending on the day when more offices have his new number than his old one."""
    old, new = "519901198002041259", "519901198003201235"
    table = f"""
        mention_key | extract   | name   | id_number | village_code | phone       | key_kind   | key_no
        e:self      | enrolment | 王建国 | {old}     | 519901100201 | 13900001111 | insured_no | 7
        d:self      | dwellings | 王建国 | {old}     | 519901100201 |             |            |
        p:self      | persons   | 王建国 | {new}     | 519901100201 | 13900001111 | person_no  | 8
    """
    first = linked(table)
    more = "".join(
        f"        {extract}:self | {extract} | 王建国 | {new} | 519901100201 | | |\n"
        for extract in ("disability", "assistance")
    )
    second = linked(table.rstrip() + "\n" + more, yesterday=first)
    before, today = person_keys(first), person_keys(second)
    assert len(set(before.values())) == len(set(today.values())) == 1
    assert before["e:self"] != today["e:self"]
    assert (before["e:self"], today["e:self"], "person", "renumbered") in redirects(second)
