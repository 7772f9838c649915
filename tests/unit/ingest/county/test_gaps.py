"""The planted gaps are exactly the gaps of the true county, whatever the size, seed and day."""

import datetime
from functools import cache

import numpy as np
import pytest

from expectations.policy import load_policies
from ingest.county.calibration import data_file, scaled
from ingest.county.facts import Facts
from ingest.county.gaps.book import GapBook
from ingest.county.make import make_books
from ingest.county.world import World, make_world
from tests.unit.ingest.county.policy_oracle_more import WiderOracle

COUNTIES = [
    (3000, 7, datetime.date(2026, 11, 23)),
    (1500, 3, datetime.date(2026, 11, 23)),
    (6000, 11, datetime.date(2026, 5, 12)),
    (3000, 5, datetime.date(2027, 2, 3)),
]
PERSON_POLICIES = ["EDU-01", "EDU-02", "EDU-03", "EDU-04", "EDU-05", "EDU-06", "EDU-07", "EDU-08"]
PERSON_POLICIES += ["MED-01", "MED-02", "MED-03", "MED-04", "MED-05", "MED-07", "MED-08", "MED-09"]
PERSON_POLICIES += ["CIV-03", "CIV-04", "CIV-06", "CIV-07", "CIV-08", "CIV-09", "DEC-01", "DEC-02", "REG-10"]
HOUSEHOLD_POLICIES = [
    "CIV-01",
    "CIV-02",
    "CIV-05",
    "MED-06",
    "HOU-01",
    "HOU-02",
    "HOU-03",
    "HOU-04",
    "HOU-05",
    "WAT-01",
]
HOUSEHOLD_POLICIES += [
    "REG-01",
    "REG-03",
    "REG-04",
    "REG-05",
    "REG-06",
    "REG-07",
    "REG-08",
    "REG-09",
    "REG-11",
]
# A first day has neither answers nor clues that stand for weeks.
LATER = {"REG-02", "REG-12"}
TERM_AID = {"EDU-04", "EDU-05", "EDU-06", "EDU-07", "EDU-08"}
# What a county of 1,500 persons has too few of: monitored and eliminated households, disabled and ill people on 低保.
SCARCE = {"CIV-01", "CIV-03", "CIV-07", "MED-08", "REG-03", "REG-05", "REG-08", "REG-09"}
# A case that is another one as well.
TOGETHER = {("EDU-01", "EDU-02"), ("CIV-05", "REG-01"), ("EDU-01", "REG-07"), ("HOU-01", "REG-07")}
TOGETHER |= {("MED-06", "REG-07"), ("REG-07", "WAT-01")}


@cache
def county(persons: int, seed: int, day: datetime.date) -> tuple[World, Facts, GapBook, WiderOracle]:
    world = make_world(scaled(persons), seed, day)
    facts, book = make_books(world)
    return world, facts, book, WiderOracle(world, facts)


def planted(book: GapBook, policy: str, column: str) -> set[int]:
    gaps = book.gaps()
    return set(gaps.loc[gaps["policy_id"] == policy, column].astype("int64").tolist())


@pytest.mark.parametrize("of", COUNTIES, ids=str)
@pytest.mark.parametrize("policy", PERSON_POLICIES)
def test_person_gaps_are_exactly_the_planted(policy: str, of: tuple[int, int, datetime.date]) -> None:
    """A gap that nobody planted, or a planted one that the books do not show, would make every accuracy figure wrong."""
    _, _, book, oracle = county(*of)
    assert oracle.all_people()[policy] == planted(book, policy, "true_person")


@pytest.mark.parametrize("of", COUNTIES, ids=str)
@pytest.mark.parametrize("policy", HOUSEHOLD_POLICIES)
def test_household_gaps_are_exactly_the_planted(policy: str, of: tuple[int, int, datetime.date]) -> None:
    """The same for the policies about households."""
    _, _, book, oracle = county(*of)
    assert oracle.all_households()[policy] == planted(book, policy, "true_household")


@pytest.mark.parametrize("of", COUNTIES, ids=str)
def test_visits_follow_the_cards(of: tuple[int, int, datetime.date]) -> None:
    """Visits at one rhythm for all would make every red card overdue, or hide the planted neglect."""
    world, _, book, oracle = county(*of)
    household = world.people["household"].to_numpy()
    gaps = {
        policy: set(household[list(found)].tolist())
        for policy, found in oracle.all_people().items()
        if policy not in ("DEC-01", "DEC-02")
    }
    gaps |= oracle.all_households()
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
    wanted = set(data_file("calibration")["gaps"]["per_person"])
    wanted -= set() if world.today.term_is_due else TERM_AID
    wanted -= SCARCE if world.targets.persons < 3000 else set()
    counts = book.counts()
    least = {policy: counts.get(policy, 0) for policy in wanted if counts.get(policy, 0) < 2}
    assert set(least.values()) <= {1}
    assert len(least) <= 1
    assert set(counts) | LATER | SCARCE | TERM_AID | {"VIS-01", "TEA-01"} >= {
        policy.id for policy in load_policies()
    }
    keys = ["policy_id", "true_person", "true_household", "subject_no"]
    assert len(book.near_misses()[keys].merge(book.gaps()[keys], on=keys)) == 0


def test_no_two_planted_cases_share_a_household() -> None:
    """Two gaps on one household would colour its card by accident and hide which policy was wrong."""
    _, _, book, _ = county(*COUNTIES[0])
    gaps = book.gaps().dropna(subset="true_household")
    pairs = gaps.merge(gaps, on="true_household")
    pairs = pairs[pairs["policy_id_x"] < pairs["policy_id_y"]]
    assert set(zip(pairs["policy_id_x"], pairs["policy_id_y"], strict=True)) <= TOGETHER
    assert not gaps.duplicated(["policy_id", "true_household"]).any()
    assert np.isin(gaps["policy_id"].unique(), list(data_file("calibration")["gaps"]["per_person"])).all()


@pytest.mark.parametrize("of", COUNTIES, ids=str)
def test_projects_and_assets_with_a_gap_are_the_planted(of: tuple[int, int, datetime.date]) -> None:
    """Late payments by accident of drawing would hide the planted ones."""
    _, _, book, oracle = county(*of)
    gaps = book.gaps()
    for policy, found in oracle.funds().items():
        assert found == set(gaps.loc[gaps["policy_id"] == policy, "subject_no"])


def test_newcomers_are_members_and_no_target() -> None:
    """A baby or new wife whom the registry does not know must not be asked as a target person."""
    world, facts, _, _ = county(*COUNTIES[0])
    new = world.people[world.people["is_newcomer"]]
    assert len(new) >= 4
    assert not new["is_target"].any()
    assert world.households["is_registered"].to_numpy()[new["household"]].all()
    assert not facts.frames["registry/persons"]["_self"].isin(new.index).any()
