"""Gaps of the registry's own policies: REG-01, REG-06, VIS-01, WAT-01, TEA-01.

Belongs here: what is wrong in the register, the visits and the teams.
"""

import numpy as np
import pandas as pd

from ingest.county.calibration import data_file
from ingest.county.draw import texts
from ingest.county.facts import Facts
from ingest.county.gaps.book import GapBook
from ingest.county.world import World


def plant_reg_06(world: World, facts: Facts, book: GapBook) -> None:
    """A lifted-out household monitored as 边缘易致贫户, or a general one as 脱贫不稳定户."""
    rng, households = book.rng("REG-06"), world.households
    count = book.wanted("REG-06")
    for category, wrong, share in (
        ("脱贫不稳定户", "边缘易致贫户", count - count // 2),
        ("边缘易致贫户", "脱贫不稳定户", count // 2),
    ):
        chosen = book.households(
            rng, ((households["category"] == category) & households["is_monitored"]).to_numpy(), share
        )
        facts.register.loc[chosen, "monitoring_category"] = wrong
        book.household_gaps("REG-06", chosen, f"{category} written as {wrong}")
    sudden = np.flatnonzero(
        ((households["category"] == "突发严重困难户") & households["is_monitored"]).to_numpy()
    )
    book.near_households("REG-06", sudden[:2], "突发严重困难户 stands with either kind of household")


def choose_neglected(world: World, facts: Facts, book: GapBook) -> None:
    """Choose the monitored households that nobody visited in time; their visits are written later."""
    rng = book.rng("VIS-01")
    longest = max(data_file("calibration")["rules"]["visit_interval_days"].values())
    long_known = np.zeros(len(world.households), dtype=bool)
    month = facts.register["identified_month"]
    long_known[month.index[month < pd.Timestamp(world.run_day) - pd.Timedelta(days=longest + 40)]] = True
    chosen = book.households(
        rng, long_known & world.households["is_monitored"].to_numpy(), book.wanted("VIS-01")
    )
    book.household_gaps("VIS-01", chosen, "last visit before the card's interval")


def plant_wat_01(world: World, facts: Facts, book: GapBook) -> None:
    """Water not safe and no measure; near: not safe with a measure."""
    rng, registered = book.rng("WAT-01"), world.households["is_registered"].to_numpy()
    chosen = book.households(rng, registered, book.wanted("WAT-01"))
    facts.register.loc[chosen, "water_safe"] = False
    book.household_gaps("WAT-01", chosen, "water not safe, no measure")
    near = book.households(rng, registered, book.near_wanted("WAT-01"))
    facts.register.loc[near, "water_safe"] = False
    facts.register.loc[near, "measure_water"] = "管网延伸"
    book.near_households("WAT-01", near, "water not safe, a measure is under way")


def plant_reg_01(world: World, facts: Facts, book: GapBook) -> None:
    """A lifted-out household below the line that is not monitored; near: exactly on the line."""
    rng, rules = book.rng("REG-01"), data_file("calibration")["rules"]
    plain = (world.households["lifted_out"] & (world.households["category"] == "")).to_numpy()
    chosen = book.households(rng, plain, book.wanted("REG-01"))
    facts.register.loc[chosen, "income_per_capita"] = np.round(
        rng.uniform(rules["dibao_line"] + 100, rules["monitoring_line"] - 20, len(chosen)), 2
    )
    book.household_gaps("REG-01", chosen, "income below the line, not monitored")
    near = book.households(rng, plain, book.near_wanted("REG-01"))
    facts.register.loc[near, "income_per_capita"] = float(rules["monitoring_line"])
    book.near_households("REG-01", near, "income exactly on the line")


def plant_tea_01(world: World, facts: Facts, book: GapBook) -> None:
    """Villages whose first secretary left, has not begun, or was never sent; the number in post stays the report's."""
    rng, teams = book.rng("TEA-01"), facts.frames["registry/village_teams"]
    day = pd.Timestamp(world.run_day)
    in_post = (teams["from_date"] <= day) & ~(teams["to_date"] <= day) & (teams["role"] == "第一书记")
    rows = rng.permutation(np.flatnonzero(in_post.to_numpy()))[: book.wanted("TEA-01")]
    stand_in = teams.iloc[rows].assign(role="工作队员", to_date=pd.NaT)
    ways = ["left", "not begun", "a team member only"]
    for way, name in enumerate(ways):
        at = teams.index[rows[way::3]]
        if name == "left":
            teams.loc[at, "to_date"] = day - pd.Timedelta(days=20)
        elif name == "not begun":
            teams.loc[at, ["from_date", "to_date"]] = [day + pd.Timedelta(days=9), pd.NaT]
        book.subject_gaps(
            "TEA-01", "village", teams.loc[at, "village_code"].tolist(), f"first secretary: {name}"
        )
    teams = teams.drop(index=teams.index[rows[2::3]])
    others = (
        stand_in["name"].str[:1] + rng.choice(texts(data_file("names")["male_new"]), len(stand_in)) + "林"
    )
    stand_in["name"] = np.where(np.arange(len(rows)) % 3 == 2, stand_in["name"], others)
    facts.frames["registry/village_teams"] = (
        pd.concat([teams, stand_in])
        .sort_values(["village_code", "role"], kind="stable")
        .reset_index(drop=True)
    )
