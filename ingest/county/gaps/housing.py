"""Gaps of the housing policies: HOU-01 (with HOU-02 on its near misses) to HOU-05.

Belongs here: protected households in unsafe dwellings, renovations twice, unfinished or not seen by the survey.
"""

import numpy as np
import pandas as pd

from ingest.county.calibration import data_file
from ingest.county.draw import Bools, Ints
from ingest.county.facts import Facts, numbers
from ingest.county.facts_housing import protected
from ingest.county.gaps.book import GapBook
from ingest.county.world import World


def plant_hou_01(world: World, facts: Facts, book: GapBook) -> None:
    """Protected households in a C or D dwelling; near: renovated since, not the only one, or empty."""
    rng, dwellings = book.rng("HOU-01"), facts.frames["housing/dwellings"]
    lived_in = dwellings[
        (dwellings["occupancy"] == "在住") & dwellings["only_dwelling"] & world.living()[dwellings["_head"]]
    ]
    renovated = facts.frames["housing/renovations"]["_head"]
    lived_in = lived_in[~lived_in["_head"].isin(renovated)]
    housed = np.zeros(len(world.households), dtype=bool)
    housed[lived_in["_household"]] = True
    candidates = housed & protected(world, facts)
    chosen = book.households(rng, candidates, book.wanted("HOU-01"))
    near = rng.permutation(book.households(rng, candidates, max(3, book.near_wanted("HOU-01"))))
    repaired, spare, empty = near[0::3], near[1::3], near[2::3]
    row = lived_in.drop_duplicates("_household").reset_index().set_index("_household")["index"]
    for group in (chosen, near):
        dwellings.loc[row.reindex(group), "safety_grade"] = rng.choice(
            np.array(["C", "D"], dtype=object), len(group), p=[0.75, 0.25]
        )
    dwellings.loc[row.reindex(spare), "only_dwelling"] = False
    dwellings.loc[row.reindex(empty), "occupancy"] = "闲置"
    _renovate(world, facts, dwellings.loc[row.reindex(repaired)])
    registered = chosen[world.households["is_registered"].to_numpy()[chosen]]
    facts.register.loc[registered, "unsafe_dwelling"] = True
    book.household_gaps("HOU-01", chosen, "lives in an unsafe dwelling")
    book.near_households("HOU-01", repaired, "renovated and accepted since the assessment")
    book.household_gaps("HOU-02", repaired, "renovated and accepted, still graded unsafe")
    book.near_households("HOU-01", spare, "unsafe, not the only dwelling")
    book.near_households("HOU-01", empty, "unsafe and empty")


def _renovate(world: World, facts: Facts, dwellings: pd.DataFrame, prefix: str = "5199019") -> None:
    """Add finished renovations accepted after the assessment; every second one names the dwelling's head only."""
    accepted = world.run_day - 40
    count = len(dwellings)
    facts.frames["housing/dwellings"].loc[dwellings.index, "assessed_on"] = pd.Timestamp(
        accepted
    ) - pd.Timedelta(days=260)
    number = dwellings["dwelling_no"].to_numpy(dtype=object)
    rows: Ints = np.arange(count)
    extra = pd.DataFrame(
        {
            "_head": dwellings["_head"].to_numpy(),
            "renovation_no": numbers(f"GZ{prefix}", count, 5).to_numpy(dtype=object),
            "dwelling_no": np.where(rows % 2 == 0, number, ""),
            "method": "修缮加固",
            "started_on": accepted - 150,
            "completed_on": accepted - 20,
            "accepted_on": accepted,
            "subsidy": 15000.0,
        }
    )
    facts.frames["housing/renovations"] = pd.concat(
        [facts.frames["housing/renovations"], extra], ignore_index=True
    )


def _lived_in(world: World, facts: Facts) -> pd.DataFrame:
    """Dwellings that somebody lives in, one per household, without any renovation."""
    dwellings, renovations = facts.frames["housing/dwellings"], facts.frames["housing/renovations"]
    household = world.people["household"].to_numpy()
    touched = household[renovations["_head"].to_numpy()]
    rows = dwellings[
        (dwellings["occupancy"] == "在住")
        & world.living()[dwellings["_head"]]
        & ~dwellings["_household"].isin(touched)
        & dwellings["safety_grade"].isin(["A", "B"])
    ]
    return rows.drop_duplicates("_household").reset_index().set_index("_household")


def _mask(world: World, households: Ints) -> Bools:
    mask = np.zeros(len(world.households), dtype=bool)
    mask[households] = True
    return mask


def plant_hou_02(world: World, facts: Facts, book: GapBook) -> None:
    """Households of whatever kind whose renovated dwelling still stands as C, beside HOU-01's near misses."""
    rng, rows = book.rng("HOU-02"), _lived_in(world, facts)
    missing = max(0, book.wanted("HOU-02") - book.counts().get("HOU-02", 0))
    chosen = book.households(rng, _mask(world, rows.index.to_numpy()), missing)
    at = rows["index"].reindex(chosen)
    facts.frames["housing/dwellings"].loc[at, "safety_grade"] = "C"
    _renovate(world, facts, facts.frames["housing/dwellings"].loc[at], "5199018")
    book.household_gaps("HOU-02", chosen, "renovated and accepted, still graded unsafe")


def _add_renovations(
    world: World, facts: Facts, households: Ints, prefix: str, started_ago: Ints, accepted: bool
) -> None:
    rows = facts.frames["housing/dwellings"]
    rows = rows[rows["occupancy"] == "在住"].drop_duplicates("_household").set_index("_household")
    started = world.run_day - started_ago.astype("timedelta64[D]")
    never = np.full(len(households), np.datetime64("NaT", "D"))
    extra = pd.DataFrame(
        {
            "_head": rows["_head"].reindex(households).to_numpy(),
            "renovation_no": numbers(prefix, len(households), 5).to_numpy(dtype=object),
            "dwelling_no": rows["dwelling_no"].reindex(households).to_numpy(dtype=object),
            "method": "修缮加固",
            "started_on": started,
            "completed_on": started + 80 if accepted else never,
            "accepted_on": started + 100 if accepted else never,
            "subsidy": 15000.0,
        }
    )
    if len(extra):
        facts.frames["housing/renovations"] = pd.concat(
            [facts.frames["housing/renovations"], extra], ignore_index=True
        )


def plant_hou_03(world: World, facts: Facts, book: GapBook) -> None:
    """Households with two accepted renovations in ten years; near: the first more than ten years ago."""
    rng, renovations = book.rng("HOU-03"), facts.frames["housing/renovations"]
    dwellings = facts.frames["housing/dwellings"]
    fine = dwellings.loc[
        (dwellings["occupancy"] == "在住") & dwellings["safety_grade"].isin(["A", "B"]), "_household"
    ]
    done = renovations[renovations["accepted_on"] > pd.Timestamp(world.run_day) - pd.Timedelta(days=2000)]
    once = world.people["household"].to_numpy()[done["_head"].to_numpy()]
    once = once[np.isin(once, fine.to_numpy())]
    chosen = book.households(rng, _mask(world, once), book.wanted("HOU-03"))
    _add_renovations(world, facts, chosen, "GZ5199017", rng.integers(2600, 3500, len(chosen)), True)
    book.household_gaps("HOU-03", chosen, "two renovations in ten years")
    near = book.households(rng, _mask(world, once), book.near_wanted("HOU-03"))
    _add_renovations(world, facts, near, "GZ5199016", rng.integers(3800, 4200, len(near)), True)
    book.near_households("HOU-03", near, "the first more than ten years ago")


def plant_hou_04(world: World, facts: Facts, book: GapBook) -> None:
    """The registry calls a sound dwelling unsafe; near: nobody lives in the only one surveyed."""
    rng, rows = book.rng("HOU-04"), _lived_in(world, facts)
    asked = _mask(world, rows.index.to_numpy()) & world.households["is_registered"].to_numpy()
    chosen = book.households(rng, asked, book.wanted("HOU-04"))
    near = book.households(rng, asked, book.near_wanted("HOU-04"))
    facts.register.loc[[*chosen, *near], "unsafe_dwelling"] = True
    dwellings = facts.frames["housing/dwellings"]
    dwellings.loc[dwellings["_household"].isin(near), "occupancy"] = "闲置"
    book.household_gaps("HOU-04", chosen, "unsafe by the registry, sound by the survey")
    book.near_households("HOU-04", near, "unsafe by the registry, nobody lives in the dwelling surveyed")


def plant_hou_05(world: World, facts: Facts, book: GapBook) -> None:
    """Renovations at work for too long; near: on the last day."""
    rng, rows = book.rng("HOU-05"), _lived_in(world, facts)
    asked = _mask(world, rows.index.to_numpy())
    days = data_file("calibration")["rules"]["renovation_overdue_days"]
    chosen = book.households(rng, asked, book.wanted("HOU-05"))
    _add_renovations(world, facts, chosen, "GZ5199015", days + rng.integers(1, 200, len(chosen)), False)
    book.household_gaps("HOU-05", chosen, "at work for too long")
    near = book.households(rng, asked, book.near_wanted("HOU-05"))
    _add_renovations(world, facts, near, "GZ5199014", np.full(len(near), days), False)
    book.near_households("HOU-05", near, "at work until the last day allowed")
