"""Thirty days of a small county: departments that deliver, are late and correct themselves, verdicts, laws, families that change.

The county and its month stand in `life/` as tables; so does what must come of it, written by hand from the policies.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from tests.pipeline.life import history
from tests.pipeline.life.days import Installation
from tests.pipeline.life.delivered import Departments, day_of, month


@dataclass
class November:
    """What was published: by day the gaps and cards, by day the fingerprints of every time that it was run."""

    gaps: dict[int, history.Told] = field(default_factory=dict)
    cards: dict[int, history.Told] = field(default_factory=dict)
    prints: dict[int, list[dict[str, str]]] = field(default_factory=dict)
    current_after: dict[tuple[int, int], str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)  # gap_id → subject
    redirects: list[tuple[str, str]] = field(default_factory=list)
    not_evaluated: dict[tuple[int, str], str] = field(default_factory=dict)

    def gap_id(self, clue: str) -> str:
        """The id of `MED-01 of 张强`, as the work list showed it."""
        policy, _, subject = clue.partition(" of ")
        (found,) = (key for key, label in self.labels.items() if label == subject and key.startswith(policy))
        return found


@pytest.fixture(scope="module")
def november(tmp_path_factory: pytest.TempPathFactory) -> November:
    """The month lived once."""
    told = month()
    installation = Installation(tmp_path_factory.mktemp("life"), told["in_force"], told["parameters"])
    departments = Departments(installation.landing)
    seen = November()
    for day in range(1, 31):
        runs = [day]
        for event in told["days"].get(day, ()):
            if "runs" in event:
                runs = event["runs"]
            else:
                departments.deliver(day, event, seen.gap_id)
        for run in runs:
            _live(installation, seen, day, run)
    return seen


def _live(installation: Installation, seen: November, today: int, day: int) -> None:
    seen.prints.setdefault(day, []).append(installation.run(day_of(day)))
    with installation.read(day_of(day)) as con:
        seen.gaps[day] = history.gaps(con, installation.names(day_of(day)), seen.labels)
        seen.cards[day] = history.cards(con)
        seen.redirects = con.sql("select kind, reason from marts.key_redirect order by all").fetchall()
        seen.not_evaluated |= {
            (day, policy): reason
            for policy, reason in con.sql(
                "select policy_id, reason from marts.policy_result where not evaluated"
            ).fetchall()
        }
    with installation.read() as con:
        (current,) = con.sql("select max(run_date) from marts.policy_result").fetchone()
    seen.current_after[today, day] = str(current)


def test_every_gap_has_its_history(november: November) -> None:
    """Prevents a clue that opens, closes, comes back or is answered on another day than the policies say, or is lost."""
    differences = [
        line
        for day, found in sorted(november.gaps.items())
        for line in history.differences(
            day, history.expected("history.txt", day, ("policy", "subject")), found
        )
    ]
    assert not differences, "\n" + "\n".join(differences)


def test_every_card_has_its_colour_and_its_day(november: November) -> None:
    """Prevents a household without the card that its clues ask for, and a clock that starts on a wrong day."""
    differences = [
        line
        for day, found in sorted(november.cards.items())
        for line in history.differences(day, history.expected("cards.txt", day, ("household", "card")), found)
    ]
    assert not differences, "\n" + "\n".join(differences)


def test_the_month_was_lived(november: November) -> None:
    """Prevents a skipped or repeated day from dropping out of the story unseen, and readers from going back a day."""
    assert sorted(november.gaps) == [day for day in range(1, 31) if day != 28]
    assert [day for day, runs in november.prints.items() if len(runs) > 1] == [8, 12]
    assert november.current_after[16, 12] == str(day_of(16))
    assert november.current_after[30, 30] == str(day_of(30))


def test_a_day_run_again_is_the_same_day(november: November) -> None:
    """Prevents a second run, or a late one of an older day, from changing what that day published."""
    first, second = november.prints[8]
    assert {name for name in first if first[name] != second[name]} == set()
    first, second = november.prints[12]
    # files of later days have come since: the register shows them as held
    assert {name for name in first if first[name] != second[name]} == {"lineage.delivery"}


def test_keys_that_changed_are_told(november: November) -> None:
    """Prevents a number that turns up, or households that join, from leaving a key that leads nowhere."""
    assert november.redirects == [
        ("household", "merged"), ("household", "merged"), ("person", "renumbered"),
    ]  # fmt: skip


def test_what_was_not_asked_says_why(november: November) -> None:
    """Prevents a policy from falling silent without a word: not yet law, never delivered, late."""
    said = november.not_evaluated
    assert said[10, "FND-02"] == "政策自2026-11-11起执行"
    assert (11, "FND-02") not in said
    assert said[5, "HOU-01"] == "housing/dwellings: 农房安全排查从未报送"
    assert (6, "HOU-01") not in said
    assert said[15, "MED-01"].endswith("数据日期2026-10-05，已过41天（允许40天）")
    assert (18, "MED-01") not in said
