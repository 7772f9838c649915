"""What a township was sent, and for how long it counts as sent."""

import pytest

CHILD = """
    person_key | is_target | school_age | on_roll | stage
    p1         | true      | 9          | {on_roll} | 小学
"""
ONLY = ["EDU-01"]
SENT = "gap_id | sent_on\nEDU-01-p1 | 2026-11-24"


def child(county, on_roll: bool) -> None:
    county.give("person", CHILD.format(on_roll=str(on_roll).lower()))


def ask(county, *days: str) -> None:
    for day in days:
        county.ask(day, policies=ONLY)


def test_sent_from_its_day_on_and_until_it_is_answered(county) -> None:
    """Prevents a list that was sent tomorrow from counting today, and one that was sent from being forgotten next day."""
    child(county, on_roll=False)
    county.sent(SENT)
    ask(county, "2026-11-23")
    county.expect("policies.gap", "gap_id | status | sent_on\nEDU-01-p1 | open |")
    ask(county, "2026-11-24", "2026-11-25")
    county.expect("policies.gap", "gap_id | status | sent_on | reason\nEDU-01-p1 | sent | 2026-11-24 |")
    county.verdicts("gap_id | verified_on | verdict | reason\nEDU-01-p1 | 2026-11-24 | 属实 | 其他")
    ask(county, "2026-11-26")
    county.expect(
        "policies.gap", "gap_id | status | sent_on | reason\nEDU-01-p1 | confirmed | 2026-11-24 | 其他"
    )


def test_answered_clue_that_opens_again_has_to_be_sent_again(county) -> None:
    """Prevents a clue whose answer ran out from resting as sent with a township that has long dealt with it."""
    child(county, on_roll=False)
    ask(county, "2026-11-23")
    county.sent(SENT)
    county.verdicts(
        "gap_id | verified_on | verdict | reason | exempt_until\nEDU-01-p1 | 2026-11-25 | 豁免 | 其他 | 2026-11-30"
    )
    ask(county, "2026-11-25")
    county.expect("policies.gap", "gap_id | status\nEDU-01-p1 | exempt")
    ask(county, "2026-12-01", "2026-12-02")
    county.expect("policies.gap", "gap_id | status\nEDU-01-p1 | open")
    county.sent("gap_id | sent_on\nEDU-01-p1 | 2026-11-24\nEDU-01-p1 | 2026-12-03")
    ask(county, "2026-12-03", "2026-12-04")
    county.expect("policies.gap", "gap_id | status | sent_on\nEDU-01-p1 | sent | 2026-12-03")


def test_a_new_episode_is_not_sent(county) -> None:
    """Prevents a clue that came back from staying off the next list because its first episode was on one."""
    child(county, on_roll=False)
    ask(county, "2026-11-23")
    county.sent(SENT)
    ask(county, "2026-11-24")
    child(county, on_roll=True)
    ask(county, "2026-11-25")
    county.expect("policies.gap", "gap_id | status | sent_on\nEDU-01-p1 | resolved | 2026-11-24")
    child(county, on_roll=False)
    ask(county, "2026-11-26", "2026-11-27")
    county.expect("policies.gap", "gap_id | status | sent_on | opened_on\nEDU-01-p1 | open | | 2026-11-26")


def test_a_late_department_does_not_take_a_list_back(county) -> None:
    """Prevents a clue that a township holds from becoming new again because an extract was late for a day."""
    child(county, on_roll=False)
    ask(county, "2026-11-23")
    county.sent(SENT)
    ask(county, "2026-11-24")
    county.ask("2026-11-25", policies=ONLY, stale=["education/students"])
    county.expect("policies.gap", "gap_id | status | sent_on\nEDU-01-p1 | unknown | 2026-11-24")
    ask(county, "2026-11-26")
    county.expect("policies.gap", "gap_id | status\nEDU-01-p1 | sent")


def test_the_same_day_or_an_older_one_again_gives_the_same(county) -> None:
    """Prevents a repeated run from sending, answering or reopening anything: only the facts up to its day count."""
    child(county, on_roll=False)
    ask(county, "2026-11-23")
    county.sent(SENT)
    county.verdicts("gap_id | verified_on | verdict | reason\nEDU-01-p1 | 2026-11-26 | 不属实 | 失联")
    county.ask("2026-11-25", policies=ONLY, publish=False)
    first = county.table("policies.gap", "gap_id | status | sent_on | opened_on | last_seen")
    result = county.table("policies.result", "policy_id | gap | checked | confirmed")
    assert [row["status"] for row in first] == ["sent"]
    assert [row["checked"] for row in result] == ["0"], "the verdict is of tomorrow"
    ask(county, "2026-11-25", "2026-11-26")
    county.expect("policies.gap", "gap_id | status\nEDU-01-p1 | refuted")
    county.expect("policies.result", "policy_id | checked | confirmed\nEDU-01 | 1 | 0")
    county.con.execute("CREATE OR REPLACE TABLE previous.marts.policy_gap AS FROM policies.gap LIMIT 0")
    ask(county, "2026-11-23")
    county.ask("2026-11-25", policies=ONLY, publish=False)
    assert county.table("policies.gap", "gap_id | status | sent_on | opened_on | last_seen") == first
    assert county.table("policies.result", "policy_id | gap | checked | confirmed") == result


def test_a_warehouse_that_knew_no_sending_is_read(county) -> None:
    """Prevents the first run after an upgrade from ending on the column that yesterday's warehouse lacks."""
    child(county, on_roll=False)
    ask(county, "2026-11-23")
    county.con.execute("ALTER TABLE previous.marts.policy_gap DROP COLUMN sent_on")
    ask(county, "2026-11-24")
    county.expect("policies.gap", "gap_id | status | sent_on\nEDU-01-p1 | open |")


@pytest.mark.parametrize(
    ("confirmed", "refuted", "share", "flagged"),
    [(10, 190, "0.05", "false"), (9, 191, "0.045", "true"), (9, 190, "0.04522613065326633", "false")],
)
def test_a_policy_that_is_hardly_ever_right_is_flagged(county, confirmed, refuted, share, flagged) -> None:
    """Prevents townships from walking for a policy that is wrong 19 times in 20, and a verdict on chance too early."""
    people = range(confirmed + refuted)
    county.give(
        "person", "person_key | is_target | school_age\n" + "\n".join(f"p{n} | true | 9" for n in people)
    )
    ask(county, "2026-11-23")
    answers = [f"EDU-01-p{n} | 2026-11-24 | {'属实' if n < confirmed else '不属实'} | 其他" for n in people]
    strays = ["EDU-01-nobody | 2026-11-24 | 属实 | 其他", "EDU-01-p1 | 2026-12-24 | 属实 | 其他"]
    county.verdicts("\n".join(["gap_id | verified_on | verdict | reason", *answers, *strays]))
    ask(county, "2026-11-25")
    county.expect(
        "policies.result",
        f"policy_id | checked | confirmed | yield_share | needs_review\n"
        f"EDU-01 | {confirmed + refuted} | {confirmed} | {share} | {flagged}",
    )
