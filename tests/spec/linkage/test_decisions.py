"""What people decided about pairs overrides numbers and weights; each case is a table of mentions and one of decisions."""

from tests.spec.linkage.conftest import Linked, methods, person_keys, same_person

NUMBER = "519901198003051236"
OTHER = "519901198003051252"
ROWS = f"""
    mention_key | extract         | name   | id_number
    a:self      | persons         | 王建国 | {NUMBER}
    b:self      | coverage_ledger | 王建国 |
    c:self      | enrolment       | 李秀英 | {OTHER}
"""


def test_decided_pair_is_one_person(linked: Linked) -> None:
    """Prevents a person's verdict from being ignored: the row without number is his."""
    con = linked(
        ROWS,
        decisions="""left_record_key | right_record_key | decision
        b | a | 同一人""",
    )
    assert same_person(con, "a:self", "b:self")
    assert methods(con)["b:self"] == "decision"
    assert methods(con)["a:self"] == "id_exact"


def test_decision_may_name_a_person(linked: Linked) -> None:
    """Prevents a decision about a person, not a row, from having no effect."""
    key = person_keys(linked(ROWS))["a:self"]
    con = linked(
        ROWS,
        decisions=f"""left_record_key | right_person_key | decision
        b | {key} | 同一人""",
    )
    assert same_person(con, "a:self", "b:self")


def test_two_sound_numbers_merge_only_by_decision(linked: Linked) -> None:
    """Prevents a person with two numbers (one corrected by the police) from staying two for ever."""
    con = linked(
        ROWS,
        decisions="""left_record_key | right_record_key | decision
        c | a | 同一人""",
    )
    assert same_person(con, "a:self", "c:self")
    assert con.execute("select count(*) from linkage.person where id_number is not null").fetchone() == (1,)


def test_parted_rows_are_two_people(linked: Linked) -> None:
    """Prevents a wrong link from coming back every morning after somebody has refused it."""
    rows = f"""
        mention_key | extract         | name   | id_number | id_raw             | key_kind   | key_no
        a:self      | enrolment       | 王建国 | {NUMBER}  |                    | insured_no | 7
        b:self      | coverage_ledger | 王建国 |           | 519901198003051336 |            |
        s:self      | settlements     | 王建国 |           |                    | insured_no | 7
    """
    assert same_person(linked(rows), "a:self", "b:self", "s:self")
    con = linked(
        rows,
        decisions="""left_record_key | right_record_key | decision
        b | a | 不同人""",
    )
    assert not same_person(con, "a:self", "b:self")
    assert same_person(con, "a:self", "s:self")
    assert methods(con)["b:self"] == "decision"


def test_latest_decision_counts(linked: Linked) -> None:
    """Prevents an old verdict from outliving its correction."""
    con = linked(
        ROWS,
        decisions="""left_record_key | right_record_key | decision | decided_on
        b | a | 同一人 | 2026-10-01
        a | b | 不同人 | 2026-11-01""",
    )
    assert not same_person(con, "a:self", "b:self")


def test_decision_about_rows_that_have_left_is_quiet(linked: Linked) -> None:
    """Prevents a morning from failing because a decided row was corrected and has another key."""
    con = linked(
        ROWS,
        decisions="""left_record_key | right_record_key | decision
        gone | a | 同一人""",
    )
    assert methods(con)["b:self"] == "unmatched"
