"""Make the demo county: its landing folder, its truth beside it and the report's claims.

Belongs here: the order of the steps, their times and the summary. Each step is a module of its own.
"""

import datetime
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from ingest.county.calibration import scaled
from ingest.county.claims import write_claims
from ingest.county.deliver import deliver
from ingest.county.facts import Facts
from ingest.county.facts_civil import lay_sideways, make_assistance, make_deaths, make_disability
from ingest.county.facts_education import make_student_aid, make_students
from ingest.county.facts_funds import make_funds
from ingest.county.facts_housing import make_dwellings
from ingest.county.facts_insurance import make_coverage_ledger, make_enrolment, make_settlements
from ingest.county.facts_registry import (
    calibrate_income,
    join_register,
    make_persons,
    make_register,
    make_village_teams,
    make_villages_book,
    settle_eliminations,
)
from ingest.county.gaps.book import GapBook
from ingest.county.gaps.plant import plant_bills, plant_funds, plant_gaps, plant_visits
from ingest.county.world import World, make_world


@dataclass(frozen=True)
class CountySummary:
    """What was made: rows in force per extract, seconds per step, planted gaps and near misses per policy, where it lies."""

    rows: dict[str, int]
    seconds: dict[str, float]
    gaps: dict[str, int]
    near_misses: dict[str, int]
    landing: Path
    truth: Path
    report_claims: Path


@dataclass
class _Clock:
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - start, 3)


def make_books(world: World) -> tuple[Facts, GapBook]:
    """Return the offices' books of a true county with the policy gaps planted, before they are written down."""
    facts, book = Facts(), GapBook(world)
    make_register(world, facts)
    make_disability(world, facts)
    make_assistance(world, facts)
    make_deaths(world, facts)
    make_enrolment(world, facts)
    make_students(world, facts)
    make_student_aid(world, facts)
    make_dwellings(world, facts)
    make_persons(world, facts)
    settle_eliminations(world, facts)
    make_villages_book(world, facts)
    make_village_teams(world, facts)
    plant_gaps(world, facts, book)
    make_coverage_ledger(world, facts, book.coverage())
    make_settlements(world, facts)
    plant_bills(world, facts, book)
    plant_visits(world, facts, book)
    calibrate_income(world, facts)
    join_register(facts, world)
    lay_sideways(world, facts)
    make_funds(world, facts)
    plant_funds(world, facts, book)
    return facts, book


def make_county(
    folder: Path, persons: int, seed: int, run_date: datetime.date, mess: float = 1.0
) -> CountySummary:
    """Write `landing/`, `truth/` and `report_claims.csv` into `folder`; the same arguments give the same bytes.

    `persons` counts the living registered persons; `mess` multiplies the ordinary rates of identity mess.
    Raises ValueError where `persons` is below the smallest county that can hold every case, and FileExistsError where
    `folder/landing` holds deliveries that no earlier call made; an earlier county is replaced.
    """
    landing, truth = folder / "landing", folder / "truth"
    _clear(landing, truth)
    clock = _Clock()
    with clock.step("world"):
        world = make_world(scaled(persons), seed, run_date)
    with clock.step("books"):
        facts, book = make_books(world)
    with clock.step("deliver"):
        mentions, deliveries = deliver(world, facts, landing, mess)
    with clock.step("truth"):
        truth.mkdir(parents=True, exist_ok=True)
        _write_truth(truth, world, book, mentions, deliveries)
        write_claims(folder / "report_claims.csv", world)
    in_force = deliveries[deliveries["in_force"]]
    rows = in_force.groupby(in_force["department"] + "/" + in_force["extract"])["loaded"].sum()
    return CountySummary(
        rows={str(name): int(count) for name, count in rows.items()},
        seconds=clock.seconds,
        gaps=book.counts(),
        near_misses=book.near_miss_counts(),
        landing=landing,
        truth=truth,
        report_claims=folder / "report_claims.csv",
    )


def _clear(landing: Path, truth: Path) -> None:
    """Remove an earlier county; a landing folder without a truth beside it is somebody's real deliveries."""
    if landing.exists() and any(landing.iterdir()) and not (truth / "mentions.parquet").exists():
        raise FileExistsError(
            f"{landing.name} holds deliveries that are no demo county's: choose another folder"
        )
    shutil.rmtree(landing, ignore_errors=True)
    shutil.rmtree(truth, ignore_errors=True)


def _write_truth(
    truth: Path, world: World, book: GapBook, mentions: pd.DataFrame, deliveries: pd.DataFrame
) -> None:
    people = world.people
    persons = pd.DataFrame(
        {
            "true_person": people.index,
            "true_household": people["household"],
            "name": people["name"],
            "id_number": people["id_number"],
            "sex": people["is_male"].map({True: "男", False: "女"}),
            "birth_date": people["birth"].dt.date,
            "village_code": world.villages["village_code"].to_numpy()[people["village"]],
            "is_target": people["is_target"],
            "is_monitored": people["is_monitored"],
            "relation": people["relation"],
            "died_on": people["died_on"].dt.date,
        }
    )
    persons.to_parquet(truth / "persons.parquet", index=False)
    mentions.to_parquet(truth / "mentions.parquet", index=False)
    deliveries.to_parquet(truth / "deliveries.parquet", index=False)
    book.gaps().to_parquet(truth / "gaps.parquet", index=False)
    book.near_misses().to_parquet(truth / "near_misses.parquet", index=False)
