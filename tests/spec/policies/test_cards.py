"""Who holds which card, since when, and when its clues are due."""


def test_colour_follows_the_worst_open_gap(county) -> None:
    """Prevents a family in need from being visited as rarely as one that is well."""
    county.give(
        "household",
        """
        household_key | is_target | is_monitored | last_visit_on
        h1            | true      | true         | 2026-11-23
        h2            | true      | true         | 2026-11-23
        h3            | true      | true         | 2026-11-23
        h4            | true      | false        | 2026-11-23
        h5            | true      | false        | 2026-11-23
        h6            | false     | false        | 2026-11-23
    """,
    )
    county.give(
        "person",
        """
        person_key | household_key | is_target | insured | registry_dibao
        p1         | h1            | true      | false   | false
        p2         | h2            | true      | true    | true
        p3         | h3            | true      | true    | false
        p4         | h4            | true      | false   | false
        p5         | h5            | true      | true    | true
    """,
    )
    county.ask("2026-11-23")
    county.expect(
        "policies.card",
        """
        household_key | card   | since
        h1            | red    |
        h2            | yellow |
        h3            | blue   |
        h4            | clue   |
    """,
    )


def test_the_dead_colour_no_card(county) -> None:
    """Prevents a payment to a deceased member from turning the family red."""
    county.give(
        "household",
        """
        household_key | is_target | is_monitored | last_visit_on | living_members
        h1            | true      | true         | 2026-11-23    | 1
        h2            | true      | true         | 2026-11-23    | 0
    """,
    )
    county.give(
        "person",
        """
        person_key | household_key | is_target | insured | is_deceased | died_on    | assisted
        p1         | h1            | true      | true    | true        | 2026-01-01 | true
        p2         | h2            | true      | true    | true        | 2026-01-01 | true
    """,
    )
    county.ask("2026-11-23")
    county.expect("policies.gap", "gap_id | status\nDEC-01-p1 | open\nDEC-01-p2 | open")
    county.expect("policies.card", "household_key | card\nh1 | blue")


def test_the_dead_start_no_clue_clock(county) -> None:
    """Prevents a payment to a deceased member from asking for a decision on the living."""
    county.give("household", "household_key | is_target | living_members\nh1 | true | 1")
    county.give(
        "person",
        """
        person_key | is_target | insured | is_deceased | died_on    | assisted
        p1         | true      | true    | true        | 2026-01-01 | true
        p2         | true      | false   | false       |            | false
    """,
    )
    county.ask("2026-11-23")
    county.expect("policies.gap", "gap_id | due_on\nDEC-01-p1 |\nMED-01-p2 | 2026-12-08")


def test_since_is_the_day_a_run_saw_the_change(county) -> None:
    """Prevents a new colour from being overdue on the day it is given, and an old one from never being."""
    household = """
        household_key | is_target | is_monitored | last_visit_on | water_safe
        h1            | true      | true         | 2026-11-01    | {water_safe}
    """
    county.give("household", household.format(water_safe="true"))
    county.ask("2026-11-23")
    county.expect("policies.card", "household_key | card | since\nh1 | blue |")
    county.give("household", household.format(water_safe="false"))
    county.ask("2026-11-24")
    county.expect("policies.card", "household_key | card | since\nh1 | red | 2026-11-24")
    county.expect("policies.gap", "gap_id | status\nWAT-01-h1 | open")
    county.ask("2026-12-09")
    county.expect("policies.gap", "gap_id | status\nWAT-01-h1 | open")
    county.ask("2026-12-10")
    county.expect(
        "policies.gap", "gap_id | status | due_on\nVIS-01-h1 | open | 2026-12-09\nWAT-01-h1 | open |"
    )
    county.expect("policies.card", "household_key | card | since\nh1 | red | 2026-11-24")


def test_answered_gaps_colour_no_card_and_late_departments_change_none(county) -> None:
    """Prevents a refuted clue from keeping a card red, and a missing delivery from making it blue."""
    county.give(
        "household", "household_key | is_target | is_monitored | last_visit_on\nh1 | true | true | 2026-11-23"
    )
    county.give("person", "person_key | is_target | insured\np1 | true | false")
    county.ask("2026-11-23")
    county.ask("2026-11-24", stale=["medical_insurance/enrolment"])
    county.expect("policies.card", "household_key | card\nh1 | red")
    county.verdicts("gap_id | verified_on | verdict | reason\nMED-01-p1 | 2026-11-24 | 不属实 | 已在外地享受")
    county.ask("2026-11-25")
    county.expect("policies.card", "household_key | card | since\nh1 | blue | 2026-11-25")


def test_clue_clock_starts_when_found_and_does_not_move(county) -> None:
    """Prevents a clue whose fifteen days begin anew every morning."""
    household = (
        "household_key | is_target | is_monitored | last_visit_on\nh1 | true | {monitored} | 2026-11-23"
    )
    person = "person_key | is_target | insured\np1 | true | {insured}"
    county.give("household", household.format(monitored="false"))
    county.give("person", person.format(insured="false"))
    due = "gap_id | status | due_on\nMED-01-p1 | {} | {}"
    county.ask("2026-11-01")
    county.expect("policies.gap", due.format("open", "2026-11-16"))
    county.ask("2026-11-10")
    county.expect("policies.gap", due.format("open", "2026-11-16"))
    county.ask("2026-11-11", stale=["medical_insurance/enrolment"])
    county.expect("policies.gap", due.format("unknown", "2026-11-16"))
    county.ask("2026-11-12")
    county.expect("policies.gap", due.format("open", "2026-11-16"))
    county.give("household", household.format(monitored="true"))
    county.ask("2026-11-13")
    county.expect("policies.gap", due.format("open", ""))
    county.give("household", household.format(monitored="false"))
    county.give("person", person.format(insured="true"))
    county.ask("2026-11-14")
    county.expect("policies.gap", due.format("resolved", ""))
    county.give("person", person.format(insured="false"))
    county.ask("2026-11-20")
    county.expect("policies.gap", due.format("open", "2026-12-05"))
