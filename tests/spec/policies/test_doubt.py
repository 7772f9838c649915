"""Doubt: the record that would close a gap, or the weak link that it rests on, told by file, row and reason."""

import json
from collections.abc import Sequence
from datetime import date

import pytest

from expectations.doubt import write_doubt
from expectations.parameters import resolve
from expectations.policy import load_policies
from tests.spec.policies.conftest import County, parse

DAY = "2026-11-23"
TABLES = """
CREATE SCHEMA linkage; CREATE SCHEMA raw;
CREATE TABLE linkage.doubtful_candidate (extract VARCHAR, delivery_id VARCHAR, row_number INTEGER, role VARCHAR,
    own_person_key VARCHAR, own_unproven BOOLEAN, person_key VARCHAR, why VARCHAR, score DOUBLE);
CREATE TABLE linkage.weak_link (person_key VARCHAR, extract VARCHAR, delivery_id VARCHAR, row_number INTEGER,
    role VARCHAR, match_method VARCHAR, match_score DOUBLE);
CREATE TABLE raw.delivery (delivery_id VARCHAR, file_name VARCHAR, data_date DATE, status VARCHAR);
CREATE TABLE raw.quarantined_row (delivery_id VARCHAR, department VARCHAR, extract VARCHAR, row_number INTEGER, rule VARCHAR,
    raw_row VARCHAR);
CREATE TABLE marts.household_member (household_key VARCHAR, person_key VARCHAR);
"""
DEFAULTS = {"delivery_id": "d", "row_number": "7", "own_unproven": "true", "score": "0.4"}


def doubt(
    county: County,
    policies: list[str],
    day: str = DAY,
    candidate: str = "",
    link: str = "",
    homes: str = "",
    unread: Sequence[tuple[str, list[str]]] = (),
) -> None:
    """Ask, and look for doubt with these candidates, weak links, members, and rows of visits kept out (rule, cells)."""
    if not county.con.execute("SELECT 1 FROM duckdb_schemas() WHERE schema_name = 'raw'").fetchone():
        county.con.execute(TABLES)
        county.con.execute(
            "INSERT INTO raw.delivery VALUES ('d', 'file_20261110.csv', '2026-11-10', 'accepted')"
        )
    for table, rows in (
        ("linkage.doubtful_candidate", candidate), ("linkage.weak_link", link), ("marts.household_member", homes)
    ):  # fmt: skip
        county.con.execute(f"DELETE FROM {table}")
        names = [
            column[0] for column in county.con.execute(f"SELECT * FROM {table} LIMIT 0").description or ()
        ]
        for row in parse(rows) if rows else []:
            full = {name: row.get(name, DEFAULTS.get(name)) for name in names}
            county.con.execute(f"INSERT INTO {table} VALUES ({', '.join('?' for _ in names)})", [full[n] for n in names])  # fmt: skip
    county.con.execute("DELETE FROM raw.quarantined_row")
    for rule, cells in unread:
        row = ["d", "registry", "visits", 7, rule, json.dumps(cells, ensure_ascii=False)]
        county.con.execute("INSERT INTO raw.quarantined_row VALUES (?, ?, ?, ?, ?, ?)", row)
    county.ask(day, policies=policies, publish=False)
    chosen = [policy for policy in load_policies() if policy.id in policies]
    write_doubt(county.con, chosen, resolve(date.fromisoformat(day)))


CHILDREN = """
    person_key | is_target | school_age | on_roll | stage | is_deceased
    mine       | true      | 9          | false   |       | false
    enrolled   | false     |            | true    | 小学  | false
    dropout    | false     |            | false   | 小学  | false
    dead       | false     |            |         |       | true
"""


@pytest.mark.parametrize(
    ("extract", "owner", "why", "told"),
    [
        ("education/students", "enrolled", "name_birth_date", "学籍信息 file_20261110.csv 第7行：同名同出生日期,另一村或未填村"),
        ("education/students", "enrolled", "number_slip", "学籍信息 file_20261110.csv 第7行：证件号码差一位"),
        ("education/students", "enrolled", "weighed", "学籍信息 file_20261110.csv 第7行：与其相似,未能认定是否同一人"),
        # a row that could not be read says nothing but whose it may be
        ("education/students", "", "unread_number", "学籍信息 file_20261110.csv 第7行：该行未能读入,行内有其证件号码"),
        # the dead are asked nothing
        ("civil_affairs/deaths", "dead", "name", "死亡登记 file_20261110.csv 第7行：同名,该行未写出生日期和村"),
        # were the row hers, she would still be missing from the roll
        ("education/students", "dropout", "name_birth_date", None),
        # the row of another list closes nothing
        ("medical_insurance/enrolment", "enrolled", "name_birth_date", None),
        ("medical_insurance/enrolment", "", "unread_number", None),
    ],
)  # fmt: skip
def test_record_that_would_close_a_gap(
    county: County, extract: str, owner: str, why: str, told: str | None
) -> None:
    """Prevents a child from being called a dropout while her row lies unlinked in the roll, and a true dropout from being
    put aside for a row that would change nothing."""
    county.give("person", CHILDREN)
    doubt(
        county,
        ["EDU-01"],
        candidate=f"""
        extract   | own_person_key | person_key | why
        {extract} | {owner}        | mine       | {why}
    """,
    )
    found = county.con.execute(
        "SELECT subject_key, doubt, doubt_score IS NOT NULL FROM policies.gap"
    ).fetchall()
    assert found == [("mine", told, told is not None)]


def test_best_candidate_is_told_and_asked_anew_each_day(county: County) -> None:
    """Prevents yesterday's doubt from clinging to a clue after the row was linked to somebody else."""
    county.give("person", CHILDREN)
    two = """
        extract            | row_number | own_person_key | person_key | why          | score
        education/students | 8          | enrolled       | mine       | name_village | 0.3
        education/students | 9          | enrolled       | mine       | number_slip  | 0.9
    """
    doubt(county, ["EDU-01"], candidate=two)
    county.expect(
        "policies.gap",
        """
        gap_id      | status | doubt
        EDU-01-mine | open   | 学籍信息 file_20261110.csv 第9行：证件号码差一位
    """,
    )
    county.con.execute("CREATE TABLE previous.marts.policy_gap AS FROM policies.gap")
    county.con.execute("CREATE TABLE previous.marts.warning_card AS FROM policies.card")
    county.published = True
    doubt(county, ["EDU-01"], day="2026-11-24")
    county.expect(
        "policies.gap",
        """
        gap_id      | status | first_seen | doubt | doubt_score
        EDU-01-mine | open   | 2026-11-23 |       |
    """,
    )


def test_gap_of_a_person_who_may_be_somebody_else(county: County) -> None:
    """Prevents a family on the assistance list from being called uninsured only because its row bears a wrong number."""
    county.give(
        "person",
        """
        person_key | is_target | assisted_dibao | insured
        row        |           | true           |
        known      | false     |                | true
        also       | false     |                | false
    """,
    )
    one = """
        extract                  | own_person_key | own_unproven | person_key | why
        civil_affairs/assistance | row            | {unproven}   | {known}    | name_village
    """
    doubt(county, ["MED-02"], candidate=one.format(unproven="true", known="known"))
    told = "社会救助对象 file_20261110.csv 第7行：对象只据此行,可能就是另一在册人员(同名同村)"
    assert county.con.execute("SELECT subject_key, doubt FROM policies.gap").fetchall() == [("row", told)]
    for unproven, known in (("false", "known"), ("true", "also")):
        doubt(county, ["MED-02"], candidate=one.format(unproven=unproven, known=known))
        assert county.con.execute("SELECT subject_key, doubt FROM policies.gap").fetchall() == [("row", None)]


@pytest.mark.parametrize(("score", "doubted"), [("0.6", True), ("0.9999", False)])
def test_accusation_that_rests_on_a_weak_link(county: County, score: str, doubted: bool) -> None:
    """Prevents "drawing 低保 after death" from being said of the living because a death was linked to a namesake."""
    rows = "\n".join(f"        q{n} | true | 2026-01-05 | false" for n in range(60))
    county.give(
        "person",
        f"""
        person_key | is_deceased | died_on    | assisted
        p          | true        | 2026-01-05 | true
{rows}
    """,
    )
    doubt(
        county,
        ["DEC-01"],
        link=f"""
        person_key | extract              | delivery_id | row_number | match_method  | match_score
        p          | civil_affairs/deaths | d           | 12         | probabilistic | {score}
        p          | registry/persons     | d           | 13         | probabilistic | 0.55
    """,
    )
    told = "死亡登记 file_20261110.csv 第12行：该行无证件号码佐证,凭姓名等认定" if doubted else None
    status = (
        "unknown" if doubted else "open"
    )  # nobody is accused while bad data is the cause with near certainty
    found = county.con.execute("SELECT gap_id, status, doubt FROM policies.gap").fetchall()
    assert found == [("DEC-01-p", status, told)]


def test_accusation_opens_when_its_doubt_is_gone_and_is_withheld_when_it_comes_back(county: County) -> None:
    """Prevents an accusation from being lost with its doubt, and one under way from being called back."""
    rows = "\n".join(f"        q{n} | | true | false" for n in range(60))
    county.give(
        "person",
        f"""
        person_key | household_key | assisted_dibao | assisted_tekun
        p          | h             | true           | true
{rows}
    """,
    )
    county.give("household", "household_key | is_target | living_members\n h | true | 1")
    link = """
        person_key | extract                  | delivery_id | row_number | match_method  | match_score
        p          | civil_affairs/assistance | d           | 12         | probabilistic | {score}
    """
    seen = []
    for day, score, sent in (
        ("2026-11-21", "0.6", ""),
        ("2026-11-22", "0.9999", ""),
        ("2026-11-23", "0.6", ""),
        ("2026-11-24", "0.9999", "gap_id | sent_on\n CIV-04-p | 2026-11-24"),
        ("2026-11-25", "0.6", "gap_id | sent_on\n CIV-04-p | 2026-11-24"),
    ):
        if sent:
            county.sent(sent)
        doubt(county, ["CIV-04"], day=day, link=link.format(score=score))
        county.publish()
        seen += county.con.execute(
            "SELECT status, first_seen::VARCHAR, due_on IS NULL FROM policies.gap"
        ).fetchall()
    assert seen == [
        ("unknown", "2026-11-21", True),
        ("open", "2026-11-21", False),
        ("unknown", "2026-11-21", True),
        ("sent", "2026-11-21", False),
        ("sent", "2026-11-21", False),
    ]


def test_need_waits_for_its_data_and_not_for_ever(county: County) -> None:
    """Prevents a family in need from being forgotten because nobody has looked at the row that may be its own."""
    rows = "\n".join(f"        q{n} | true | true" for n in range(60))
    county.give("person", f"person_key | assisted_dibao | insured\n p | true | false\n{rows}\n row | | true")
    candidate = """
        extract                     | own_person_key | person_key | why                     | score
        medical_insurance/enrolment | row            | p          | name_birth_date_village | {score}
    """
    seen = []
    for day, score in (("2026-11-01", "0.6"), ("2026-11-30", "0.6"), ("2026-12-01", "0.6")):
        doubt(county, ["MED-02"], day=day, candidate=candidate.format(score=score))
        county.publish()
        seen += county.con.execute("SELECT status, doubt_score > 0.95 FROM policies.gap").fetchall()
    assert seen == [("unknown", True), ("unknown", True), ("open", True)]
    doubt(county, ["MED-02"], day="2026-12-02", candidate=candidate.format(score="0.2"))
    assert county.con.execute(
        "SELECT status, doubt_score BETWEEN 0.5 AND 0.95 FROM policies.gap"
    ).fetchall() == [("open", True)]


def test_household_is_asked_with_a_members_row(county: County) -> None:
    """Prevents a monitored family from being called unassisted while its own row stands under a wrong number."""
    county.give(
        "household",
        """
        household_key | is_target | is_monitored | income_per_capita | assisted_dibao
        home          | true      | true         | 3000              | false
        away          | false     | false        |                   | true
    """,
    )
    doubt(
        county,
        ["CIV-01"],
        candidate="""
        extract                  | own_person_key | person_key | why
        civil_affairs/assistance | stray          | member     | name_village
    """,
        homes="""
        household_key | person_key
        home          | member
        away          | stray
    """,
    )
    told = "社会救助对象 file_20261110.csv 第7行：同名同村"
    assert county.con.execute("SELECT gap_id, doubt FROM policies.gap").fetchall() == [("CIV-01-home", told)]


def test_gaps_about_gaps_share_their_doubt(county: County) -> None:
    """Prevents a late visit from being charged to an officer when only a doubtful clue made the card yellow."""
    county.give("person", "person_key | household_key | is_target | registry_dibao\n p | h1 | true | true")
    county.give(
        "household",
        """
        household_key | is_target | is_monitored | monitoring_category | identified_on | last_visit_on
        h1            | true      | true         | 边缘易致贫户        | 2020-01-31    | 2026-10-10
    """,
    )
    candidate = """
        extract                  | own_person_key | person_key | why             | score
        civil_affairs/assistance |                | p          | unread_number   | {score}
    """
    for score, doubted in (("0.9", True), ("0.0001", False)):
        doubt(county, ["CIV-03", "VIS-01"], candidate=candidate.format(score=score))
        found = dict(county.con.execute("SELECT policy_id, doubt FROM policies.gap").fetchall())
        assert set(found) == {"CIV-03", "VIS-01"}
        told = "社会救助对象 file_20261110.csv 第7行：该行未能读入,行内有其证件号码"
        assert found == (
            {"CIV-03": told, "VIS-01": f"所依疑点存疑：{told}"} if doubted else dict.fromkeys(found)
        )


CELLS = "wrong_number_of_cells"


@pytest.mark.parametrize(
    ("rule", "cells", "doubted"),
    [
        # the row tells a day from which the card's interval has not passed
        (CELLS, ["V1", "5199000001", "2026-11-09", "入户", "", ""], True),
        (CELLS, ["V1", " 5199000001", "2026年8月23日"], True),
        (CELLS, ["V1", "5199000001", "2026-08-22"], False),
        (CELLS, ["V1", "5199000001", "2026/8/22 00:00:00"], False),
        (CELLS, ["V1", "5199000001", "20260822"], False),
        # no day in it that can be, so none after the delivery's
        ("unreadable_value", ["V1", "5199000001", "上周二"], True),
        ("unreadable_value", ["V1", "5199000001", "2062-11-09"], True),
        # another household's, one whose number is not whole, one that stands in the file in another row
        (CELLS, ["V1", "5199000002", "2026-11-09"], False),
        (CELLS, ["V1", "519900000", "2026-11-09"], False),
        ("duplicate_key", ["V1", "5199000001", "2026-11-09"], False),
    ],
)
def test_visit_that_could_not_be_read(county: County, rule: str, cells: list[str], doubted: bool) -> None:
    """Prevents an officer from being told of a visit overdue that he made and whose row was kept out, and an old row from
    excusing him."""
    county.give(
        "household",
        """
        household_key | household_no | is_target | is_monitored | monitoring_category | risk_1 | identified_on
        h1            | 5199000001   | true      | true         | 边缘易致贫户        | 因病   | 2020-01-31
    """,
    )
    doubt(county, ["VIS-01"], unread=[(rule, cells)])
    told = "走访记录 file_20261110.csv 第7行：该行未能读入,行内有该户户编号" if doubted else None
    found = county.con.execute("SELECT gap_id, doubt, doubt_score > 0.9 FROM policies.gap").fetchall()
    assert found == [("VIS-01-h1", told, doubted or None)]


def test_parameters_of_the_day_stand_with_the_gap(county: County) -> None:
    """Prevents an auditor from comparing a family's income with another year's line."""
    county.give(
        "household",
        """
        household_key | is_target | income_per_capita
        h1            | true      | 3000
    """,
    )
    county.ask(DAY, policies=["REG-01", "HOU-01"])
    county.expect("policies.gap", "policy_id | parameters\n REG-01 | monitoring_line=8800")
