"""Gaps of the housing policies: HOU-01 (with HOU-02 on its near misses).

Belongs here: protected households in unsafe dwellings.
"""

import numpy as np
import pandas as pd

from ingest.county.draw import Ints
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


def _renovate(world: World, facts: Facts, dwellings: pd.DataFrame) -> None:
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
            "renovation_no": numbers("GZ5199019", count, 5).to_numpy(dtype=object),
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
