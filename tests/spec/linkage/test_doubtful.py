"""Whom a doubtful row may speak of: each way is a table of mentions, and the persons whom the row is told for."""

import json

import duckdb
import pytest

from linkage.doubtful import scale, write_doubtful
from linkage.review import write_review
from tests.spec.linkage.conftest import Linked, parse, person_keys

OWN = "519901201203041238"
OTHER = "519901198703072677"
BORN_WITH_HER = "519901201203042679"
HERE, THERE = "519901100201", "519901101203"
# The person whom the rows below may speak of, as the registry and the insurance bureau know her.
KNOWN = f"""
    mention_key | department        | extract   | name   | id_number | id_raw | birth_date | village_code | key_kind   | key_no | household_source | household_no
    known       | registry          | persons   | 和玉兰 | {OWN}     |        | 2012-03-04 | {HERE}       |            |        | registry         | h1
    insured     | medical_insurance | enrolment | 和玉兰 | {OWN}     |        | 2012-03-04 | {HERE}       | insured_no | 77     |                  |
"""


def candidates(
    con: duckdb.DuckDBPyConnection, unread: str = "", known: str = "known"
) -> list[tuple[str, str | None]]:
    """(why, doubtful extract) of the candidates for the person of `known`."""
    con.execute("alter table intermediate.int_mention add column delivery_id text")
    con.execute("alter table intermediate.int_mention add column row_number integer")
    con.execute("update intermediate.int_mention set delivery_id = extract, row_number = rowid + 2")
    con.execute("create schema raw; create table raw.delivery (delivery_id text, status text)")
    con.execute("insert into raw.delivery values ('students', 'accepted'), ('older', 'superseded')")
    con.execute(
        "create table raw.quarantined_row"
        " (delivery_id text, department text, extract text, row_number integer, column_name text, rule text, raw_row text)"
    )
    for row in parse(unread) if unread else []:
        cells = json.dumps([cell.strip() for cell in str(row["cells"]).split(",")], ensure_ascii=False)
        con.execute(
            "insert into raw.quarantined_row values (?, 'education', 'students', 9, null, ?, ?)",
            [row["delivery"], row["rule"], cells],
        )
    write_review(con, 0.1)
    write_doubtful(con)
    return con.execute(
        "select why, extract from linkage.doubtful_candidate where person_key = ? order by all",
        [person_keys(con)[known]],
    ).fetchall()


@pytest.mark.parametrize(
    ("row", "why"),
    [
        # another village's roll, with a number that nobody else knows
        (f"name=和玉兰 id_number={BORN_WITH_HER} birth_date=2012-03-04 village_code={THERE}", "name_birth_date"),
        (f"name=和玉兰 id_number={OTHER} village_code={HERE}", "name_village"),
        (f"name=和玉兰 id_number={OTHER}", "name"),
        # one digit off, and a name that is too far away for a link
        (f"name=段翠华 id_raw={OWN[:16]}48", "number_slip"),
        (f"name=段翠华 id_raw={OWN[:15]}000", "number_digits"),
        (f"name=段翠华 id_number={OWN}", "number_claimed"),
        ("name=段翠华 key_kind=insured_no key_no=77", "department_key"),
    ],
)  # fmt: skip
def test_each_way_a_row_may_be_somebodys(linked: Linked, row: str, why: str) -> None:
    """Prevents a clue about a family whose record lies one slip away in another list."""
    cells = dict(cell.split("=") for cell in row.split())
    header = [name.strip() for name in KNOWN.strip().splitlines()[0].split("|")]
    line = {"mention_key": "doubtful", "department": "education", "extract": "students", **cells}
    table = KNOWN.rstrip() + "\n    " + " | ".join(line.get(name, "") for name in header) + "\n"
    con = linked(table)
    assert candidates(con) == [(why, "education/students")]
    score, own, known = con.execute(
        "select score, own_person_key, person_key from linkage.doubtful_candidate where why = ?", [why]
    ).fetchone()
    assert 0 < score <= scale()["scores"][why]
    assert own == person_keys(con)["doubtful"] != known


def test_somebody_else_is_no_candidate(linked: Linked) -> None:
    """Prevents true clues from being put aside for a namesake who is known to be another: other birth date, other village."""
    con = linked(
        KNOWN
        + f"""
    other       | education         | students  | 和玉兰 | {OTHER}   |        | 1987-03-07 | {THERE}      |            |        |                  |
    """.strip("\n")
    )
    assert candidates(con) == []


def test_a_person_under_two_numbers_each_known_to_several_is_a_candidate(linked: Linked) -> None:
    """Prevents "not insured" from being said of whoever is insured under his other number, which a bill bears out too."""
    con = linked(
        KNOWN
        + f"""
    roll        | education         | students  | 和玉兰 | {BORN_WITH_HER} |  | 2012-03-04 | {HERE}       |            |        |                  |
    aid         | education         | student_aid | 和玉兰 | {BORN_WITH_HER} | |            |              |            |        |                  |
    ledger      | medical_insurance | coverage_ledger | 和玉兰 | {BORN_WITH_HER} | |        |              |            |        |                  |
    bill        | medical_insurance | settlements | 和玉兰 | {OWN}     |        |            |              |            |        |                  |
    """.strip("\n")
    )
    assert ("name_birth_date_village", "education/students") in candidates(con)


@pytest.mark.parametrize(
    ("unread", "why"),
    [
        (f"delivery | rule | cells\n students | wrong_number_of_cells | 和玉兰, {OWN}, x", "unread_number"),
        (f"delivery | rule | cells\n students | required_value_blank | 和 玉兰, , {HERE}", "unread_name"),
        ("delivery | rule | cells\n students | required_value_blank | 和玉兰, 2012年3月4日", "unread_name"),
        ("delivery | rule | cells\n students | required_value_blank | 和玉兰, 2012年3月5日", None),
        (f"delivery | rule | cells\n students | duplicate_key | 和玉兰, {OWN}", None),
        (f"delivery | rule | cells\n older    | wrong_number_of_cells | 和玉兰, {OWN}", None),
    ],
)
def test_a_row_that_could_not_be_read(linked: Linked, unread: str, why: str | None) -> None:
    """Prevents a broken line of a file from becoming a family's fault; a row that another row replaces is no loss."""
    assert candidates(linked(KNOWN), unread) == ([(why, "education/students")] if why else [])


def test_people_have_called_them_different(linked: Linked) -> None:
    """Prevents asking the county every day about two people whom it has told apart."""
    con = linked(
        KNOWN.replace("known       |", "known:self  |")
        + f"""
    doubtful:self | education         | students  | 和玉兰 | {OTHER}   |        | 2012-03-04 | {HERE}       |            |        |                  |
    """.strip("\n"),
        decisions="""
        left_record_key | right_record_key | decision
        doubtful        | known            | 不同人
    """,
    )
    assert candidates(con, known="known:self") == []


def test_links_by_weight_are_told(linked: Linked) -> None:
    """Prevents a clue that rests on likeness alone from looking as sure as one that rests on a number."""
    con = linked(
        KNOWN
        + f"""
    likely      | education         | students  | 和玉兰 |           |        | 2012-03-04 | {HERE}       |            |        |                  |
    """.strip("\n"),
        crowd=True,
    )
    candidates(con)
    assert con.execute("select person_key, extract, match_method from linkage.weak_link").fetchall() == [
        (person_keys(con)["known"], "education/students", "probabilistic")
    ]
