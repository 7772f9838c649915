"""The planted gaps are exactly the gaps of the true county, whatever the size, seed and day."""

import datetime
from functools import cache

import numpy as np
import pytest

from ingest.county.calibration import data_file, scaled
from ingest.county.facts import Facts
from ingest.county.gaps.book import GapBook
from ingest.county.make import make_books
from ingest.county.world import World, make_world
from tests.unit.ingest.county.policy_oracle import Oracle

COUNTIES = [
    (3000, 7, datetime.date(2026, 11, 23)),
    (1500, 3, datetime.date(2026, 11, 23)),
    (6000, 11, datetime.date(2026, 5, 12)),
    (3000, 5, datetime.date(2027, 2, 3)),
]
PERSON_POLICIES = ["EDU-01", "EDU-02", "EDU-04", "MED-01", "MED-03", "MED-05", "CIV-03", "CIV-04", "DEC-01"]
HOUSEHOLD_POLICIES = ["HOU-01", "WAT-01", "REG-01", "REG-06"]


@cache
def county(persons: int, seed: int, day: datetime.date) -> tuple[World, Facts, GapBook, Oracle]:
    world = make_world(scaled(persons), seed, day)
    facts, book = make_books(world)
    return world, facts, book, Oracle(world, facts)


def planted(book: GapBook, policy: str, column: str) -> set[int]:
    gaps = book.gaps()
    return set(gaps.loc[gaps["policy_id"] == policy, column].astype("int64").tolist())


@pytest.mark.parametrize("of", COUNTIES, ids=str)
@pytest.mark.parametrize("policy", PERSON_POLICIES)
def test_person_gaps_are_exactly_the_planted(policy: str, of: tuple[int, int, datetime.date]) -> None:
    """A gap that nobody planted, or a planted one that the books do not show, would make every accuracy figure wrong."""
    _, _, book, oracle = county(*of)
    assert oracle.people_gaps()[policy] == planted(book, policy, "true_person")


@pytest.mark.parametrize("of", COUNTIES, ids=str)
@pytest.mark.parametrize("policy", HOUSEHOLD_POLICIES)
def test_household_gaps_are_exactly_the_planted(policy: str, of: tuple[int, int, datetime.date]) -> None:
    """The same for the policies about households."""
    _, _, book, oracle = county(*of)
    assert oracle.household_gaps()[policy] == planted(book, policy, "true_household")


@pytest.mark.parametrize("of", COUNTIES, ids=str)
def test_visits_follow_the_cards(of: tuple[int, int, datetime.date]) -> None:
    """Visits at one rhythm for all would make every red card overdue, or hide the planted neglect."""
    world, _, book, oracle = county(*of)
    household = world.people["household"].to_numpy()
    gaps = {
        policy: set(household[list(found)].tolist())
        for policy, found in oracle.people_gaps().items()
        if policy != "DEC-01"
    }
    gaps |= oracle.household_gaps()
    severity = data_file("calibration")["gaps"]["severity"]
    assert oracle.overdue(gaps, severity) == planted(book, "VIS-01", "true_household")


@pytest.mark.parametrize("of", COUNTIES, ids=str)
def test_villages_without_first_secretary_are_the_planted(of: tuple[int, int, datetime.date]) -> None:
    """A village whose secretary left or has not begun must not count as served."""
    _, _, book, oracle = county(*of)
    gaps = book.gaps()
    assert oracle.villages_without_secretary() == set(gaps.loc[gaps["policy_id"] == "TEA-01", "subject_no"])


@pytest.mark.parametrize("of", COUNTIES, ids=str)
def test_every_policy_has_gaps_and_no_near_miss_is_one(of: tuple[int, int, datetime.date]) -> None:
    """A policy without a case would be tested by nothing; a near miss that is a gap would blame a right answer."""
    world, _, book, _ = county(*of)
    wanted = set(data_file("calibration")["gaps"]["per_person"]) - (
        {"EDU-04"} if not world.today.term_is_due else set()
    )
    counts = book.counts()
    assert {policy for policy in wanted if counts.get(policy, 0) >= 2} == wanted
    keys = ["policy_id", "true_person", "true_household"]
    assert len(book.near_misses()[keys].merge(book.gaps()[keys], on=keys)) == 0


def test_no_two_planted_cases_share_a_household() -> None:
    """Two gaps on one household would colour its card by accident and hide which policy was wrong."""
    _, _, book, _ = county(*COUNTIES[0])
    gaps = book.gaps().dropna(subset="true_household")
    gaps = gaps[
        ~gaps["policy_id"].isin(["EDU-02", "HOU-02"])
    ]  # these follow from EDU-01 and stand on HOU-01's near misses
    assert not gaps["true_household"].duplicated().any()
    assert np.isin(gaps["policy_id"].unique(), list(data_file("calibration")["gaps"]["per_person"])).all()


@pytest.mark.parametrize("of", COUNTIES, ids=str)
def test_policies_without_planted_gaps_are_quiet(of: tuple[int, int, datetime.date]) -> None:
    """Gaps by accident of drawing would colour cards and drown the planted ones."""
    _, _, _, oracle = county(*of)
    assert {policy: count for policy, count in oracle.quiet_policies().items() if count} == {}


def test_newcomers_are_members_and_no_target() -> None:
    """A baby or new wife whom the registry does not know must not be asked as a target person."""
    world, facts, _, _ = county(*COUNTIES[0])
    new = world.people[world.people["is_newcomer"]]
    assert len(new) >= 4
    assert not new["is_target"].any()
    assert world.households["is_registered"].to_numpy()[new["household"]].all()
    assert not facts.frames["registry/persons"]["_self"].isin(new.index).any()
