"""The delivered figures are the report's, at full size exactly and scaled for smaller counties."""

import datetime

import numpy as np
import pandas as pd
import pytest

from ingest.county.calibration import data_file, scaled, today
from ingest.county.draw import amounts_with_total, choose_with_total, exact_shares, stream
from ingest.county.facts import Facts
from ingest.county.make import make_books
from ingest.county.world import World, make_world

DAY = datetime.date(2026, 11, 23)


@pytest.fixture(scope="module", params=[3000, 24_000])
def books(request: pytest.FixtureRequest) -> tuple[World, Facts]:
    world = make_world(scaled(request.param), 7, DAY)
    facts, _ = make_books(world)
    return world, facts


def test_full_size_targets_are_the_report() -> None:
    """A rounding on the way from the data file would print another county's figures."""
    targets, report = scaled(367_500), data_file("calibration")["report"]
    assert {name: getattr(targets, name) for name in report} == report


def test_a_county_too_small_is_refused() -> None:
    """A county that cannot hold every case would fail deep inside with a puzzling error."""
    with pytest.raises(ValueError, match="needs at least 500 persons, 100"):
        scaled(100)


def test_registered_households_and_persons(books: tuple[World, Facts]) -> None:
    """Counts of the registry's own rows: what the demo prints beside the report."""
    world, facts = books
    targets, rows = world.targets, facts.frames["registry/persons"]
    lifted = rows[rows["household_kind"] == "脱贫户"]
    monitored = rows[(rows["monitoring_category"] != "") & (rows["risk_eliminated"] == "否")]
    assert (lifted["household_no"].nunique(), len(lifted)) == (
        targets.lifted_out_households,
        targets.lifted_out_persons,
    )
    assert (monitored["household_no"].nunique(), len(monitored)) == (
        targets.monitored_households,
        targets.monitored_persons,
    )
    assert world.living().sum() == targets.persons == facts.frames["registry/villages"]["population"].sum()


def test_income_and_its_growth(books: tuple[World, Facts]) -> None:
    """Person-weighted means; the lines of the policies must survive the scaling."""
    world, facts = books
    rows = facts.frames["registry/persons"]
    lifted = rows[rows["household_kind"] == "脱贫户"]
    now, before = lifted["income_per_capita"].mean(), lifted["income_per_capita_last_year"].mean()
    assert now == pytest.approx(world.targets.lifted_out_income_per_capita, abs=0.05)
    assert now / before - 1 == pytest.approx(world.targets.lifted_out_income_growth, abs=0.0005)
    parts = rows[["wage_income", "business_income", "property_income", "transfer_income"]]
    assert (parts.min().min()) >= 0


def test_villages_and_teams(books: tuple[World, Facts]) -> None:
    """Kinds exclude one another, two villages share a name, and the number in post is the report's."""
    world, facts = books
    villages, teams = facts.frames["registry/villages"], facts.frames["registry/village_teams"]
    kinds = villages["village_kind"].value_counts()
    assert (kinds["脱贫村"], kinds["乡村振兴重点帮扶村"]) == (
        world.targets.lifted_out_villages,
        world.targets.key_villages,
    )
    assert villages["township_name"].nunique() == world.targets.townships >= 2
    assert villages["village_name"].duplicated().any()
    assert not villages.duplicated(["township_name", "village_name"]).any()
    day = pd.Timestamp(DAY)
    in_post = (teams["from_date"] <= day) & ~(teams["to_date"] <= day)
    assert in_post.sum() == world.targets.team_members
    assert not teams.duplicated(["village_code", "name"]).any(), "the extract's key"


def test_money(books: tuple[World, Facts]) -> None:
    """Sums of money to the cent, and the changes against last year."""
    world, facts = books
    targets, frames = world.targets, facts.frames
    projects, money, assets = frames["funds/projects"], frames["funds/allocations"], frames["funds/assets"]
    of_2024 = projects[projects["year"] == 2024]
    assert (len(of_2024), round(of_2024["planned_total"].sum(), 2)) == (
        targets.projects_2024,
        targets.projects_2024_yuan,
    )
    assert (projects["year"] == 2026).sum() == targets.projects_this_year
    assert (len(assets), round(assets["original_value"].sum(), 2)) == (targets.assets, targets.assets_yuan)
    above = money[money["source_level"].isin(["中央", "省"])].groupby("year")["amount"].sum()
    county = money[money["source_level"] == "县"].groupby("year")["amount"].sum()
    assert above[2026] == targets.central_provincial_funds
    assert above[2026] - above[2025] == targets.central_provincial_funds_change
    assert round(county[2026], 2) == targets.county_funds
    assert county[2026] / county[2025] - 1 == pytest.approx(0.014, abs=1e-5)


def test_shares_of_life(books: tuple[World, Facts]) -> None:
    """Coverage as in life: otherwise the demo's times and its accuracy speak of another world."""
    world, facts = books
    people, count = world.people, world.targets.persons
    enrolment = facts.frames["medical_insurance/enrolment"]
    insured = enrolment.loc[(enrolment["year"] == 2026) & (enrolment["status"] == "正常"), "_self"].nunique()
    assert 0.93 < insured / count < 0.98
    assert 0.02 < facts.assisted(world).sum() / count < 0.05
    assert 0.02 < facts.disabled(world).sum() / count < 0.04
    settlements = facts.frames["medical_insurance/settlements"]
    in_a_year = settlements.loc[
        settlements["settled_on"] > pd.Timestamp(DAY) - pd.Timedelta(days=365), "settlement_no"
    ].nunique()
    assert 0.5 < in_a_year / count < 0.75
    assert 0.9 < len(facts.frames["housing/dwellings"]) / len(world.households) < 1.1
    roll = facts.frames["education/students"]
    assert people["school_age"].to_numpy()[roll["_self"]].min() >= 3
    assert people["school_age"].to_numpy()[roll["_self"]].max() <= 20
    for guardian in ("_guardian1", "_guardian2"):
        both = roll[roll[guardian] >= 0]
        older = people["age"].to_numpy()[both[guardian]] - people["age"].to_numpy()[both["_self"]]
        assert (older >= 14).all(), "a guardian is of an older generation"


def test_households_are_families(books: tuple[World, Facts]) -> None:
    """Couples of two sexes, children younger than their parents, twins and namesakes somewhere."""
    world, _ = books
    people = world.people
    couples = (
        people[people["kind"].isin(["head", "spouse"]) & world.living()]
        .groupby("household")["is_male"]
        .agg(["size", "sum"])
    )
    assert (couples.loc[couples["size"] == 2, "sum"] == 1).all()
    born = people[people["kind"].isin(["child", "grandchild"])]
    assert born.duplicated(["household", "birth"]).any(), "twins"
    same = people.assign(year=people["birth"].dt.year)
    assert same.duplicated(["village", "year", "name"]).sum() >= 3, "namesakes"
    assert people["name"].str.contains("·").any()
    assert not people.loc[people["id_number"] != "", "id_number"].duplicated().any()


@pytest.mark.parametrize(
    ("day", "term", "premium_year", "due"),
    [
        (datetime.date(2026, 11, 23), "2026秋", 2026, True),
        (datetime.date(2026, 10, 31), "2026秋", 2026, False),
        (datetime.date(2027, 2, 28), "2026秋", 2026, True),
        (datetime.date(2027, 3, 1), "2027春", 2027, False),
        (datetime.date(2027, 8, 31), "2027春", 2027, True),
    ],
)
def test_periods_of_a_day(day: datetime.date, term: str, premium_year: int, due: bool) -> None:
    """A term or premium year off by one would make every aid and every insurance a gap."""
    now = today(day)
    assert (now.term, now.premium_year, now.term_is_due) == (term, premium_year, due)


def test_draws_hit_their_totals() -> None:
    """A total missed by one is a figure that is not the report's."""
    rng = stream(1, "test")
    assert exact_shares(10, [1, 1, 1]).sum() == 10
    assert amounts_with_total(rng, 7, 1_000_003).sum() == 1_000_003
    sizes = rng.choice([1, 2, 5], 400)
    chosen = choose_with_total(rng, sizes, 50, 131)
    assert (len(set(chosen.tolist())), sizes[chosen].sum()) == (50, 131)
    with pytest.raises(ValueError, match="no choice of 2 families has 99 members"):
        choose_with_total(rng, np.array([1, 1, 2]), 2, 99)
