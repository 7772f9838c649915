"""The life of a gap over several days."""

from dataclasses import replace
from datetime import date

CHILD = """
    person_key | is_target | school_age | on_roll | stage
    p1         | true      | 9          | {on_roll} | 小学
"""
ONLY = ["EDU-01"]


def child(county, on_roll: bool) -> None:
    county.give("person", CHILD.format(on_roll=str(on_roll).lower()))


def test_gap_is_found_stays_goes_and_comes_back(county) -> None:
    """Prevents a clue that loses its first day, never closes, or returns under another id."""
    child(county, on_roll=False)
    county.ask("2026-11-23", policies=ONLY)
    county.expect(
        "policies.gap",
        """
        gap_id    | status | first_seen | last_seen  | resolved_on | reason | household_key | township_name
        EDU-01-p1 | open   | 2026-11-23 | 2026-11-23 |             |        | h1            | 甲镇
    """,
    )
    county.ask("2026-11-24", policies=ONLY)
    county.expect(
        "policies.gap",
        """
        gap_id    | status | first_seen | last_seen  | resolved_on
        EDU-01-p1 | open   | 2026-11-23 | 2026-11-24 |
    """,
    )
    child(county, on_roll=True)
    county.ask("2026-11-25", policies=ONLY)
    county.expect(
        "policies.gap",
        """
        gap_id    | status   | first_seen | last_seen  | resolved_on | reason
        EDU-01-p1 | resolved | 2026-11-23 | 2026-11-24 | 2026-11-25  | 政策已落实
    """,
    )
    county.ask("2026-11-26", policies=ONLY)
    county.expect(
        "policies.gap",
        """
        gap_id    | status   | first_seen | last_seen  | resolved_on | reason
        EDU-01-p1 | resolved | 2026-11-23 | 2026-11-24 | 2026-11-25  | 政策已落实
    """,
    )
    child(county, on_roll=False)
    county.ask("2026-11-27", policies=ONLY)
    county.expect(
        "policies.gap",
        """
        gap_id    | status | first_seen | last_seen  | resolved_on | opened_on
        EDU-01-p1 | open   | 2026-11-23 | 2026-11-27 |             | 2026-11-27
    """,
    )


def test_gap_ends_when_the_policy_no_longer_asks(county) -> None:
    """Prevents clues about people who died, left the group or left the data from staying on the list for ever."""
    county.give(
        "person",
        """
        person_key | is_target | school_age | is_deceased
        p1         | true      | 9          | false
        p2         | true      | 9          | false
        p3         | true      | 9          | false
    """,
    )
    county.ask("2026-11-23", policies=ONLY)
    county.give(
        "person",
        """
        person_key | is_target | school_age | is_deceased
        p1         | true      | 9          | true
        p2         | false     | 9          | false
    """,
    )
    county.ask("2026-11-24", policies=ONLY)
    county.expect(
        "policies.gap",
        """
        gap_id    | status   | resolved_on | reason
        EDU-01-p1 | resolved | 2026-11-24  | 不再适用
        EDU-01-p2 | resolved | 2026-11-24  | 不再适用
        EDU-01-p3 | resolved | 2026-11-24  | 对象已不在数据中
    """,
    )


def test_stale_extract_opens_and_closes_nothing(county) -> None:
    """Prevents gaps born of, or closed by, a department that did not deliver."""
    child(county, on_roll=False)
    county.ask("2026-11-23", policies=ONLY)
    county.give(
        "person",
        """
        person_key | is_target | school_age | on_roll | stage
        p1         | true      | 9          | true    | 小学
        p2         | true      | 9          | false   |
    """,
    )
    county.ask("2026-11-24", stale=["education/students"], policies=ONLY)
    county.expect(
        "policies.gap",
        """
        gap_id    | status  | reason                   | first_seen | last_seen  | resolved_on
        EDU-01-p1 | unknown | education/students: late | 2026-11-23 | 2026-11-23 |
    """,
    )
    county.expect(
        "policies.result",
        """
        policy_id | applicable | met | gap | unknown | evaluated | reason
        EDU-01    | 2          | 0   | 0   | 2       | false     | education/students: late
    """,
    )
    county.ask("2026-11-25", policies=ONLY)
    county.expect(
        "policies.gap",
        """
        gap_id    | status   | first_seen | resolved_on
        EDU-01-p1 | resolved | 2026-11-23 | 2026-11-25
        EDU-01-p2 | open     | 2026-11-25 |
    """,
    )


def test_another_departments_delay_matters_only_to_its_policies(county) -> None:
    """Prevents one late department from silencing all others."""
    child(county, on_roll=False)
    county.ask("2026-11-23", stale=["education/students"])
    evaluated = {
        row["policy_id"]: row["evaluated"] for row in county.table("policies.result", "policy_id | evaluated")
    }
    assert evaluated["EDU-01"] == evaluated["EDU-04"] == "false"
    assert evaluated["MED-01"] == evaluated["HOU-01"] == evaluated["VIS-01"] == "true"


def test_identity_conflict_leaves_a_gap_as_it_was(county) -> None:
    """Prevents a number that two people share from opening or closing a clue about either."""
    child(county, on_roll=False)
    county.ask("2026-11-23", policies=ONLY)
    county.give(
        "person",
        """
        person_key | is_target | school_age | on_roll | stage | identity_quality
        p1         | true      | 9          | true    | 小学  | conflict
        p2         | true      | 9          | false   |       | conflict
    """,
    )
    county.ask("2026-11-24", policies=ONLY)
    county.expect(
        "policies.gap",
        """
        gap_id    | status  | last_seen
        EDU-01-p1 | unknown | 2026-11-23
    """,
    )
    county.expect(
        "policies.result",
        """
        policy_id | applicable | unknown | evaluated
        EDU-01    | 2          | 2       | true
    """,
    )


def test_sent_clue_stays_sent(county) -> None:
    """Prevents a clue that a township already holds from being counted as new."""
    child(county, on_roll=False)
    county.ask("2026-11-23", policies=ONLY)
    county.con.execute("UPDATE previous.marts.policy_gap SET status = 'sent'")
    county.ask("2026-11-24", policies=ONLY)
    county.expect("policies.gap", "gap_id | status\nEDU-01-p1 | sent")


def test_term_before_its_payment_day_is_not_judged(county) -> None:
    """Prevents clues about aid that nobody owes yet."""
    county.give(
        "person",
        """
        person_key | is_target | school_age | on_roll | stage
        p1         | true      | 9          | true    | 小学
    """,
    )
    county.ask("2026-10-30", policies=["EDU-04"])
    county.expect(
        "policies.result",
        """
        policy_id | applicable | gap | evaluated | reason
        EDU-04    | 0          | 0   | false     | 未到2026-10-31,暂不评判
    """,
    )
    assert county.table("policies.gap", "gap_id") == []
    county.ask("2026-10-31", policies=["EDU-04"])
    county.expect("policies.gap", "gap_id | status\nEDU-04-p1 | open")
    county.ask("2027-03-01", policies=["EDU-04"])
    county.expect("policies.gap", "gap_id | status | last_seen\nEDU-04-p1 | unknown | 2026-10-31")


def test_policy_comes_into_force_and_is_retired(county, by_id) -> None:
    """Prevents gaps of a rule that is not law yet, and of one that no longer is."""
    dated = [replace(by_id["EDU-01"], in_force_from=date(2026, 11, 24), in_force_to=date(2026, 11, 25))]
    child(county, on_roll=False)
    county.ask("2026-11-23", files=dated)
    assert county.table("policies.gap", "gap_id") == []
    county.expect(
        "policies.result", "policy_id | evaluated | reason\nEDU-01 | false | 政策自2026-11-24起执行"
    )
    county.ask("2026-11-24", files=dated)
    county.ask("2026-11-25", files=dated)
    county.expect("policies.gap", "gap_id | status\nEDU-01-p1 | open")
    county.ask("2026-11-26", files=dated)
    county.expect(
        "policies.gap",
        "gap_id | status | resolved_on | reason\nEDU-01-p1 | resolved | 2026-11-26 | 政策已停止执行",
    )


def test_same_day_twice_gives_equal_tables(county) -> None:
    """Prevents a repeated run from ageing, closing or reopening anything."""
    child(county, on_roll=False)
    county.give(
        "household",
        """
        household_key | is_target | is_monitored | last_visit_on | identified_on
        h1            | true      | true         | 2026-09-01    | 2025-12-31
    """,
    )
    county.ask("2026-11-22")
    county.verdicts("gap_id | verified_on | verdict | reason\nEDU-01-p1 | 2026-11-22 | 属实 | 其他")
    county.give("village", "village_kind | first_secretaries\n脱贫村 | 0")
    county.ask("2026-11-23")
    for table in ("policies.gap", "policies.card", "policies.result"):
        county.con.execute(f"CREATE TABLE first_{table.partition('.')[2]} AS FROM {table}")
    for _ in range(2):  # with yesterday's, then with its own result as the published one
        county.ask("2026-11-23")
        for table in ("gap", "card", "result"):
            changed = f"(FROM policies.{table} EXCEPT FROM first_{table}) UNION (FROM first_{table} EXCEPT FROM policies.{table})"
            assert county.con.execute(changed).fetchall() == []
    assert county.con.execute("SELECT count(*) > 3 FROM policies.gap").fetchone() == (True,)


def test_marts_without_our_own_columns_are_read(county) -> None:
    """Prevents a warehouse published by an older version from ending the run."""
    child(county, on_roll=False)
    county.ask("2026-11-23", policies=ONLY)
    county.con.execute("ALTER TABLE previous.marts.policy_gap DROP COLUMN opened_on")
    county.con.execute("ALTER TABLE previous.marts.policy_gap DROP COLUMN evidence")
    county.ask("2026-11-24", policies=ONLY)
    county.expect(
        "policies.gap", "gap_id | status | first_seen | opened_on\nEDU-01-p1 | open | 2026-11-23 | 2026-11-23"
    )


def test_resolved_gap_stays_resolved_while_a_department_is_late(county) -> None:
    """Prevents a closed clue from coming back as unknown because nobody delivered."""
    child(county, on_roll=False)
    county.ask("2026-11-23", policies=ONLY)
    child(county, on_roll=True)
    county.ask("2026-11-24", policies=ONLY)
    county.ask("2026-11-25", stale=["education/students"], policies=ONLY)
    county.expect("policies.gap", "gap_id | status | resolved_on\nEDU-01-p1 | resolved | 2026-11-24")
