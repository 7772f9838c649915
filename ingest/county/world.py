"""The true county: villages, households and people, before any office writes anything down.

Belongs here: what is true of people whatever an extract says. Facts that an office keeps are the `facts_*` modules.
"""

import datetime
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ingest.county.calibration import Targets, Today, data_file, today
from ingest.county.draw import Bools, Ints, days_between, stream, texts
from ingest.county.families import YEAR, make_families, newcomer_count, newcomers, relations
from ingest.county.geography import make_villages, settle
from ingest.county.identity import id_numbers
from ingest.county.names import make_namesakes, name_people


@dataclass(frozen=True)
class World:
    """What is true.

    villages: one row per village (position = `village` elsewhere).
    households: template, lifted_out, beside, category, eliminated, size, village, is_registered, is_monitored.
    people: household, kind, birth, is_male, relation, name, ethnicity, id_number ('' = none issued), village, phone,
    died_on (NaT = lives), is_newcomer (of a registered household, not in the registry yet), is_target, is_monitored, age, school_age. Row position = person.
    """

    seed: int
    today: Today
    targets: Targets
    villages: pd.DataFrame
    households: pd.DataFrame
    people: pd.DataFrame

    @property
    def run_day(self) -> np.datetime64:
        """The run date as numpy counts days."""
        return np.datetime64(self.today.day, "D")

    def living(self) -> Bools:
        """Mask of the people who are alive on the run date."""
        return self.people["died_on"].isna().to_numpy()


def ages_on(birth: pd.Series, day: datetime.date) -> Ints:
    """Return whole years of age on a day."""
    before = (birth.dt.month * 100 + birth.dt.day) > day.month * 100 + day.day
    return (day.year - birth.dt.year - before.astype(int)).to_numpy(dtype=np.int64)


def school_day(day: datetime.date) -> datetime.date:
    """Return the 31 August before or on a day."""
    this_year = datetime.date(day.year, 8, 31)
    return this_year if day >= this_year else datetime.date(day.year - 1, 8, 31)


def make_world(targets: Targets, seed: int, run_date: datetime.date) -> World:
    """Draw the true county."""
    rates, rng = data_file("calibration")["people"], stream(seed, "world")
    villages = make_villages(targets, seed)
    families = make_families(targets, seed)
    households, people = families.households, families.members.drop(columns="position")
    households["is_registered"] = households["lifted_out"] | households["beside"]
    households["is_monitored"] = (households["category"] != "") & ~households["eliminated"]
    households["village"] = settle(villages, households["is_registered"].to_numpy(), seed)

    new = newcomers(households, people, newcomer_count(targets.persons), rng).assign(is_newcomer=True)
    people = pd.concat([people.assign(is_newcomer=False), new], ignore_index=True)
    people["died_on"] = np.datetime64("NaT", "D")
    people = pd.concat([people, _the_dead(households, people, run_date, seed)], ignore_index=True)
    run_day = np.datetime64(run_date, "D")
    birth = run_day - people["age_days"].to_numpy().astype("timedelta64[D]")
    people["birth"] = _with_twins(people, birth, rng)
    people = people.sort_values("household", kind="stable").reset_index(drop=True)
    people["village"] = households["village"].to_numpy()[people["household"]]
    people[["name", "ethnicity"]] = name_people(people, households["village"].to_numpy(), len(villages), seed)
    people["name"] = make_namesakes(people, seed)
    people["relation"] = relations(people["kind"].to_numpy(), people["is_male"].to_numpy())
    people["age"] = ages_on(people["birth"], run_date)
    people["school_age"] = ages_on(people["birth"], school_day(run_date))
    people["id_number"] = _numbers(people, rng)
    people["phone"] = _phones(people, rates["phone"], rng)
    living = people["died_on"].isna()
    in_registry = living & ~people["is_newcomer"]
    people["is_target"] = households["is_registered"].to_numpy()[people["household"]] & in_registry
    people["is_monitored"] = households["is_monitored"].to_numpy()[people["household"]] & in_registry
    count = (
        people[living]
        .groupby("village")
        .agg(population=("household", "size"), households=("household", "nunique"))
    )
    villages[["population", "households"]] = count.reindex(villages.index, fill_value=0)[
        ["population", "households"]
    ]
    return World(seed, today(run_date), targets, villages, households, people)


def _the_dead(
    households: pd.DataFrame, people: pd.DataFrame, run_date: datetime.date, seed: int
) -> pd.DataFrame:
    """People who died in the last three years: parents, spouses of those who live alone, some brothers and sisters."""
    rng = stream(seed, "the dead")
    count = max(24, round(len(people) * data_file("calibration")["people"]["dead_share"]))
    heads = people[people["kind"] == "head"]
    heads = heads[(heads["age_days"] > 38 * YEAR)].sample(n=count, random_state=rng)
    alone = households["size"].to_numpy()[heads["household"]] == 1
    age = heads["age_days"].to_numpy() / YEAR
    with_parent = (age < 70) & (rng.random(count) < 0.85)
    kind = np.where(with_parent, "parent", np.where(alone, "spouse", "sibling"))
    has_spouse = heads["household"].isin(people.loc[people["kind"] == "spouse", "household"]).to_numpy()
    kind = np.where((kind == "spouse") & has_spouse, "sibling", kind)
    years = np.where(
        kind == "parent", np.minimum(age + rng.uniform(19, 30, count), 101), age + rng.uniform(-4, 4, count)
    )
    run_day = np.datetime64(run_date, "D")
    died_on = days_between(rng, run_day - 1090, run_day - 34, count)
    died_on[:6] = days_between(rng, run_day - 25, run_day - 8, 6)  # so recent that grace still holds
    head_is_male = heads["is_male"].to_numpy()
    return pd.DataFrame(
        {
            "household": heads["household"].to_numpy(),
            "kind": kind,
            "age_days": (years * YEAR).astype(np.int64),
            "is_male": np.where(kind == "spouse", ~head_is_male, rng.random(count) < 0.5),
            "died_on": died_on,
            "is_newcomer": False,
        }
    )


def _with_twins(people: pd.DataFrame, birth: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Give some neighbouring children of one household the same birth date."""
    kind, household = people["kind"].to_numpy(), people["household"].to_numpy()
    pair = (
        np.flatnonzero(
            (kind[1:] == kind[:-1])
            & (household[1:] == household[:-1])
            & np.isin(kind[1:], ["child", "grandchild"])
        )
        + 1
    )
    twins = rng.permutation(pair)[: max(2, round(len(pair) * data_file("calibration")["people"]["twins"]))]
    birth[twins] = birth[twins - 1]
    return birth


def _numbers(people: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    rates, places = data_file("calibration")["people"], data_file("places")
    grown = people["age"].to_numpy() >= 18
    marries_in = people["kind"].isin(["spouse", "child_spouse"]).to_numpy()
    elsewhere = (
        rng.random(len(people))
        < np.where(marries_in, rates["born_elsewhere_spouse"], rates["born_elsewhere"]) * grown
    )
    region = texts([places["county_code"]] * len(people))
    region[elsewhere] = rng.choice(texts(places["other_regions"]), int(elsewhere.sum()))
    number = id_numbers(
        region, people["birth"].to_numpy().astype("datetime64[D]"), people["is_male"].to_numpy()
    )
    infant = people["age"].to_numpy() < 1
    none = rng.random(len(people)) < np.where(infant, rates["no_id"]["infant"], rates["no_id"]["other"])
    return np.where(none, "", number)


def _phones(people: pd.DataFrame, share: float, rng: np.random.Generator) -> np.ndarray:
    """Phone numbers under a prefix that is never issued; one in ten is shared by a household."""
    own = 10_000_000_000 + rng.permutation(len(people)) * 9973 % 1_000_000_000
    shared = 10_000_000_000 + people["household"].to_numpy() * 7919 % 1_000_000_000
    number = np.where(rng.random(len(people)) < 0.1, shared, own)
    has = (people["age"].to_numpy() >= 15) & (rng.random(len(people)) < share)
    return np.where(has, texts(number.astype(str).tolist()), "")
