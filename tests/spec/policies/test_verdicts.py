"""What townships answer, and how long an answer holds."""

CHILD = """
    person_key | is_target | school_age | on_roll | stage
    p1         | true      | 9          | {on_roll} | 小学
"""
ONLY = ["EDU-01"]


def child(county, on_roll: bool) -> None:
    county.give("person", CHILD.format(on_roll=str(on_roll).lower()))


def test_verdict_not_so_silences_for_180_days(county) -> None:
    """Prevents a refuted clue from being walked to again next day, or from being silenced for ever."""
    child(county, on_roll=False)
    county.ask("2026-01-05", policies=ONLY)
    county.verdicts("""
        gap_id | verified_on | verdict | reason
        EDU-01-p1  | 2026-01-06  | 不属实  | 已在外地享受
    """)
    county.ask("2026-01-07", policies=ONLY)
    county.expect(
        "policies.gap",
        """
        gap_id    | status  | reason       | last_seen
        EDU-01-p1 | refuted | 已在外地享受 | 2026-01-07
    """,
    )
    county.ask("2026-07-05", policies=ONLY)
    county.expect("policies.gap", "gap_id | status\nEDU-01-p1 | refuted")
    county.ask("2026-07-06", policies=ONLY)
    county.expect("policies.gap", "gap_id | status | reason | first_seen\nEDU-01-p1 | open | | 2026-01-05")


def test_latest_check_counts_and_future_ones_do_not(county) -> None:
    """Prevents the order of arrival, or a check dated after the run, from deciding."""
    child(county, on_roll=False)
    county.ask("2026-11-23", policies=ONLY)
    county.verdicts("""
        gap_id | verified_on | verdict | reason
        EDU-01-p1  | 2026-11-24  | 属实    | 其他
        EDU-01-p1  | 2026-11-20  | 不属实  | 数据错误
        EDU-01-p1  | 2026-11-26  | 不属实  | 失联
        EDU-01-p1  | 2026-11-25  |         |
    """)
    county.ask("2026-11-25", policies=ONLY)
    county.expect("policies.gap", "gap_id | status | reason\nEDU-01-p1 | confirmed | 其他")


def test_exemption_ends_on_its_date_or_with_the_year(county) -> None:
    """Prevents exemptions without an end."""
    county.give(
        "person",
        """
        person_key | is_target | school_age
        p1         | true      | 9
        p2         | true      | 9
    """,
    )
    county.ask("2026-11-23", policies=ONLY)
    county.verdicts("""
        gap_id    | verified_on | verdict | reason | exempt_until
        EDU-01-p1 | 2026-11-24  | 豁免    | 服刑   | 2026-11-30
        EDU-01-p2 | 2026-11-24  | 豁免    | 参军   |
    """)
    county.ask("2026-11-30", policies=ONLY)
    county.expect(
        "policies.gap",
        """
        gap_id    | status | reason | exempt_until
        EDU-01-p1 | exempt | 服刑   | 2026-11-30
        EDU-01-p2 | exempt | 参军   | 2026-12-31
    """,
    )
    county.ask("2026-12-31", policies=ONLY)
    county.expect(
        "policies.gap",
        """
        gap_id    | status | exempt_until
        EDU-01-p1 | open   |
        EDU-01-p2 | exempt | 2026-12-31
    """,
    )
    county.ask("2027-01-01", policies=ONLY)
    county.expect("policies.gap", "gap_id | status\nEDU-01-p1 | open\nEDU-01-p2 | open")


def test_confirmed_until_the_policy_holds_and_not_beyond(county) -> None:
    """Prevents an old confirmation from speaking for a gap that came back."""
    child(county, on_roll=False)
    county.ask("2026-11-23", policies=ONLY)
    county.verdicts("""
        gap_id | verified_on | verdict | reason
        EDU-01-p1  | 2026-11-24  | 属实    | 已整改
    """)
    county.ask("2026-11-25", policies=ONLY)
    county.expect(
        "policies.gap", "gap_id | status | reason | due_on\nEDU-01-p1 | confirmed | 已整改 | 2026-12-24"
    )
    child(county, on_roll=True)
    county.ask("2026-11-26", policies=ONLY)
    county.expect("policies.gap", "gap_id | status | due_on\nEDU-01-p1 | resolved |")
    child(county, on_roll=False)
    for day in ("2026-11-27", "2026-11-28"):
        county.ask(day, policies=ONLY)
        county.expect("policies.gap", "gap_id | status\nEDU-01-p1 | open")
    county.verdicts("""
        gap_id | verified_on | verdict | reason
        EDU-01-p1  | 2026-11-24  | 属实    | 已整改
        EDU-01-p1  | 2026-11-28  | 属实    | 其他
    """)
    county.ask("2026-11-29", policies=ONLY)
    county.expect("policies.gap", "gap_id | status\nEDU-01-p1 | confirmed")


def test_refuted_and_exempt_hold_while_a_department_is_late(county) -> None:
    """Prevents a late delivery from putting an answered clue back on the list."""
    county.give(
        "person",
        """
        person_key | is_target | school_age
        p1         | true      | 9
        p2         | true      | 9
        p3         | true      | 9
    """,
    )
    county.ask("2026-11-23", policies=ONLY)
    county.verdicts("""
        gap_id    | verified_on | verdict | reason
        EDU-01-p1 | 2026-11-23  | 不属实  | 数据错误
        EDU-01-p2 | 2026-11-23  | 豁免    | 参军
        EDU-01-p3 | 2026-11-23  | 属实    | 其他
    """)
    county.ask("2026-11-24", policies=ONLY)
    county.ask("2026-11-25", stale=["education/students"], policies=ONLY)
    county.expect(
        "policies.gap",
        """
        gap_id    | status
        EDU-01-p1 | refuted
        EDU-01-p2 | exempt
        EDU-01-p3 | unknown
    """,
    )
    county.ask("2026-11-26", policies=ONLY)
    county.expect(
        "policies.gap",
        """
        gap_id    | status
        EDU-01-p1 | refuted
        EDU-01-p2 | exempt
        EDU-01-p3 | confirmed
    """,
    )


def test_refutation_ends_when_the_facts_change(county) -> None:
    """Prevents an answer about last month's facts from silencing today's."""
    county.give("person", "person_key | is_target | school_age | student_status\np1 | true | 9 |")
    county.ask("2026-11-23", policies=ONLY)
    county.verdicts("gap_id | verified_on | verdict | reason\nEDU-01-p1 | 2026-11-24 | 不属实 | 数据错误")
    county.ask("2026-11-24", policies=ONLY)
    county.give("person", "person_key | is_target | school_age | age\np1 | true | 9 | 10")
    county.ask("2026-11-25", policies=ONLY)
    county.expect("policies.gap", "gap_id | status\nEDU-01-p1 | refuted")
    county.give(
        "person", "person_key | is_target | school_age | on_roll | stage\np1 | true | 9 | false | 小学"
    )
    for day in ("2026-11-26", "2026-11-27"):
        county.ask(day, policies=ONLY)
        county.expect("policies.gap", "gap_id | status | opened_on\nEDU-01-p1 | open | 2026-11-26")
