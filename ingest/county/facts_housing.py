"""The housing bureau's books: the dwelling survey and renovations.

Belongs here: where households live and how safe it is, free of the policies' gaps.
"""

import numpy as np
import pandas as pd

from ingest.county.calibration import data_file
from ingest.county.draw import Bools, Ints, days_between, stream, texts, weighted
from ingest.county.facts import Facts, numbers, village_groups
from ingest.county.world import World


def protected(world: World, facts: Facts) -> Bools:
    """Mask of households that must not live in an unsafe dwelling: registered, or with an assisted member."""
    mask = world.households["is_registered"].to_numpy().copy()
    mask[world.people["household"].to_numpy()[facts.assisted(world)]] = True
    return mask


def household_heads(world: World) -> Ints:
    """Return the living head of each household (row position of the person)."""
    people = world.people
    rows = people.index[(people["kind"] == "head") & world.living()]
    heads = np.full(len(world.households), -1, dtype=np.int64)
    heads[people["household"].to_numpy()[rows]] = rows
    return heads


def make_dwellings(world: World, facts: Facts) -> None:
    """Add housing/dwellings and housing/renovations: protected households live in A and B."""
    rng, rates = stream(world.seed, "dwellings"), data_file("calibration")["homes"]
    households = np.flatnonzero(rng.random(len(world.households)) < 0.985)
    second = households[rng.random(len(households)) < rates["second_dwelling"]]
    household = np.concatenate([households, second])
    is_second = np.arange(len(household)) >= len(households)
    owner = household_heads(world)[household]
    dead = pd.Series(
        np.flatnonzero(~world.living()), index=world.people.loc[~world.living(), "household"].to_numpy()
    )
    dead = dead[~dead.index.duplicated()].reindex(household).to_numpy()
    by_dead = ~np.isnan(dead) & (rng.random(len(household)) < rates["dead_head"] * 20)
    owner = np.where(by_dead, np.nan_to_num(dead), owner).astype(np.int64)
    safe = weighted(rng, ["A", "B"], [rates["grades"]["A"], rates["grades"]["B"]], len(household))
    any_grade = weighted(rng, list(rates["grades"]), list(rates["grades"].values()), len(household))
    grade = np.where(protected(world, facts)[household], safe, any_grade)
    occupancy = np.where(is_second, np.where(rng.random(len(household)) < 0.8, "闲置", "拆除"), "在住")
    village = world.households["village"].to_numpy()[household]
    places = world.villages.iloc[village]
    drawn = rng.integers(1, data_file("places")["village_group_count"], len(household))
    house = texts(rng.integers(1, 99, len(household)).astype(str).tolist())
    run_day = world.run_day
    frame = pd.DataFrame(
        {
            "_head": owner,
            "_household": household,
            "dwelling_no": numbers("FW519901", len(household), 7),
            "village_code": places["village_code"].to_numpy(),
            "address": places["township_name"].to_numpy(dtype=object)
            + places["village_name"].to_numpy(dtype=object)
            + village_groups(world, "housing", household, drawn)
            + house
            + "号",
            "structure": weighted(
                rng, ["砖混", "砖木", "土木", "框架", "其他"], [60, 22, 10, 6, 2], len(household)
            ),
            "safety_grade": grade,
            "assessed_on": days_between(rng, run_day - 1100, run_day - 60, len(household)),
            "only_dwelling": ~is_second,
            "occupancy": occupancy,
        }
    )
    facts.frames["housing/dwellings"] = frame
    facts.frames["housing/renovations"] = _renovations(world, frame, rng)


def _renovations(world: World, dwellings: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Most were finished and the dwelling assessed again; a few are at work."""
    rate = data_file("calibration")["homes"]["renovated"]
    lived_in = dwellings[(dwellings["occupancy"] == "在住") & dwellings["safety_grade"].isin(["A", "B"])]
    chosen = lived_in[rng.random(len(lived_in)) < rate]
    count = len(chosen)
    assessed = chosen["assessed_on"].to_numpy().astype("datetime64[D]")
    accepted = assessed - rng.integers(20, 900, count).astype("timedelta64[D]")
    completed = accepted - rng.integers(5, 60, count).astype("timedelta64[D]")
    started = completed - rng.integers(40, 170, count).astype("timedelta64[D]")
    at_work = rng.random(count) < 0.02
    started[at_work] = days_between(rng, world.run_day - 150, world.run_day - 5, int(at_work.sum()))
    never = np.datetime64("NaT", "D")
    return pd.DataFrame(
        {
            "_head": chosen["_head"].to_numpy(),
            "renovation_no": numbers("GZ519901", count, 6),
            "dwelling_no": np.where(rng.random(count) < 0.9, chosen["dwelling_no"], ""),
            "method": weighted(rng, ["修缮加固", "拆除重建", "置换", "其他"], [60, 32, 6, 2], count),
            "started_on": started,
            "completed_on": np.where(at_work, never, completed),
            "accepted_on": np.where(at_work, never, accepted),
            "subsidy": rng.choice([7500.0, 15000.0, 20000.0, 28000.0], count),
        }
    )
