"""Policies that ask about other policies' gaps: monitored in time, seen again, decided in time, screened to the end."""

GUARANTEES = ["MED-01", "REG-02", "REG-12"]


def target(county, monitored: str = "false", eliminated: str = "false", water_safe: str = "true") -> None:
    county.give(
        "household",
        "household_key | is_target | is_monitored | is_eliminated | water_safe | last_visit_on\n"
        f"h1 | true | {monitored} | {eliminated} | {water_safe} | 2026-11-23",
    )


def test_an_unanswered_guarantee_asks_for_monitoring_after_the_days_of_echo(county) -> None:
    """Prevents a child out of school from standing on a list for ever while nobody looks at the family."""
    target(county)
    county.give("person", "person_key | is_target | insured\np1 | true | false")
    county.ask("2026-10-01", policies=GUARANTEES)
    county.ask("2026-10-31", policies=GUARANTEES)
    county.expect("policies.gap", "gap_id | status\nMED-01-p1 | open\nREG-12-h1 | open")
    county.ask("2026-11-01", policies=GUARANTEES)
    county.expect("policies.gap", "gap_id | status\nMED-01-p1 | open\nREG-02-h1 | open\nREG-12-h1 | open")
    target(county, monitored="true")
    county.ask("2026-11-02", policies=GUARANTEES)
    county.expect(
        "policies.gap", "gap_id | status\nMED-01-p1 | open\nREG-02-h1 | resolved\nREG-12-h1 | resolved"
    )


def test_a_confirmed_guarantee_asks_at_once_and_a_refuted_one_never(county) -> None:
    """Prevents waiting where somebody was at the door, and asking again where he found nothing."""
    target(county)
    county.give("person", "person_key | is_target | insured\np1 | true | false")
    county.ask("2026-11-01", policies=GUARANTEES)
    county.verdicts("gap_id | verified_on | verdict\nMED-01-p1 | 2026-11-02 | 属实")
    county.ask("2026-11-03", policies=GUARANTEES)
    county.expect("policies.gap", "gap_id | status\nMED-01-p1 | confirmed\nREG-02-h1 | open")
    county.verdicts("gap_id | verified_on | verdict | reason\nMED-01-p1 | 2026-11-04 | 不属实 | 已在外地享受")
    county.ask("2026-12-20", policies=GUARANTEES)
    county.expect("policies.gap", "gap_id | status\nMED-01-p1 | refuted\nREG-02-h1 | resolved")


def test_a_stale_department_neither_opens_nor_closes_what_follows(county) -> None:
    """Prevents a late delivery from closing the families' clues for a day."""
    target(county)
    county.give("person", "person_key | is_target | insured\np1 | true | false")
    county.ask("2026-10-01", policies=GUARANTEES)
    county.ask("2026-11-05", policies=GUARANTEES)
    county.ask("2026-11-06", policies=GUARANTEES, stale=["medical_insurance/enrolment"])
    county.expect(
        "policies.gap",
        """
        gap_id    | status  | reason
        MED-01-p1 | unknown | medical_insurance/enrolment: late
        REG-02-h1 | unknown | 所依据的疑点今天无法判断
        REG-12-h1 | unknown | 所依据的疑点今天无法判断
    """,
    )
    county.ask("2026-11-07", policies=GUARANTEES)
    county.expect("policies.gap", "gap_id | status\nMED-01-p1 | open\nREG-02-h1 | open\nREG-12-h1 | open")


def test_the_clock_of_a_clue_that_came_back_starts_again(county) -> None:
    """Prevents a family from being overdue on the day its trouble returns."""
    target(county)
    county.give("person", "person_key | is_target | insured\np1 | true | false")
    county.ask("2026-01-05", policies=GUARANTEES)
    county.give("person", "person_key | is_target | insured\np1 | true | true")
    county.ask("2026-01-06", policies=GUARANTEES)
    county.give("person", "person_key | is_target | insured\np1 | true | false")
    county.ask("2026-11-01", policies=GUARANTEES)
    county.ask("2026-11-16", policies=GUARANTEES)
    county.expect("policies.gap", "gap_id | status\nMED-01-p1 | open")
    county.ask("2026-11-17", policies=GUARANTEES)
    county.expect(
        "policies.gap",
        "gap_id | status | due_on\nMED-01-p1 | open | 2026-11-16\nREG-12-h1 | open | 2026-11-16",
    )


def test_a_risk_seen_again_is_told_on_the_same_day(county) -> None:
    """Prevents an eliminated household's new trouble from waiting for tomorrow's run."""
    target(county, eliminated="true", water_safe="false")
    county.ask("2026-11-23", policies=["WAT-01", "REG-07"])
    county.expect("policies.gap", "gap_id | status\nREG-07-h1 | open\nWAT-01-h1 | open")
    target(county, eliminated="true")
    county.ask("2026-11-24", policies=["WAT-01", "REG-07"])
    county.expect("policies.gap", "gap_id | status\nREG-07-h1 | resolved\nWAT-01-h1 | resolved")


def test_screening_is_not_over_because_time_passed(county) -> None:
    """Prevents a family on subsistence allowance from leaving the list after sixty days without an answer."""
    county.give("household", "household_key | rural_dibao_since | is_target\nh1 | 2026-09-24 | false")
    for day in ("2026-11-23", "2026-11-24", "2026-12-20"):
        county.ask(day, policies=["CIV-02"])
        county.expect("policies.gap", "gap_id | status | first_seen\nCIV-02-h1 | open | 2026-11-23")
    county.give("household", "household_key | rural_dibao_since | is_target\nh1 | 2026-09-24 | true")
    county.ask("2026-12-21", policies=["CIV-02"])
    county.expect("policies.gap", "gap_id | status\nCIV-02-h1 | resolved")


def test_a_refuted_screening_stays_refuted_while_nothing_changes(county) -> None:
    """Prevents yesterday's state of the clue from counting as a new fact that voids the verdict."""
    county.give("household", "household_key | rural_dibao_since | is_target\nh1 | 2026-11-20 | false")
    county.ask("2026-11-23", policies=["CIV-02"])
    county.verdicts("gap_id | verified_on | verdict | reason\nCIV-02-h1 | 2026-11-24 | 不属实 | 其他")
    for day in ("2026-11-25", "2026-11-26", "2026-11-27"):
        county.ask(day, policies=["CIV-02"])
        county.expect("policies.gap", "gap_id | status\nCIV-02-h1 | refuted")
