"""Gaps of the registry about monitoring and membership: REG-03, REG-04, REG-05, REG-07 … REG-11.

Belongs here: eliminated too soon or wrongly, measures and contacts missing, one person twice, heads.
"""

import numpy as np
import pandas as pd

from ingest.county.calibration import data_file
from ingest.county.draw import Bools
from ingest.county.facts import Facts
from ingest.county.gaps.book import GapBook
from ingest.county.world import World

RELAPSE = ("EDU-01", "MED-06", "HOU-01", "WAT-01")


def _eliminated(world: World) -> Bools:
    return np.asarray(((world.households["category"] != "") & world.households["eliminated"]).to_numpy())


def _with_labour(world: World, facts: Facts) -> Bools:
    """Mask of the eliminated households where somebody can work."""
    persons = facts.frames["registry/persons"]
    able = persons["labour_ability"].isin(["普通劳动力", "技能劳动力", "弱劳动力或半劳动力"])
    mask = np.zeros(len(world.households), dtype=bool)
    mask[world.people["household"].to_numpy()[persons.loc[able, "_self"]]] = True
    return mask & _eliminated(world)


def _monitored(world: World) -> Bools:
    return np.asarray(world.households["is_monitored"].to_numpy())


def plant_reg_03(world: World, facts: Facts, book: GapBook) -> None:
    """Eliminated by support after fewer months than must pass; near: after exactly so many."""
    rng, months = book.rng("REG-03"), data_file("calibration")["rules"]["elimination_min_months"]
    for count, gap in ((book.wanted("REG-03"), True), (book.near_wanted("REG-03") // 2, False)):
        chosen = book.households(rng, _with_labour(world, facts), count)
        after = rng.integers(1, months, len(chosen)) if gap else np.full(len(chosen), months)
        identified = facts.register.loc[chosen, "identified_month"].to_numpy().astype("datetime64[M]")
        facts.register.loc[chosen, "eliminated_month"] = pd.to_datetime(
            (identified + after).astype("datetime64[D]")
        )
        facts.register.loc[chosen, "elimination_mode"] = "帮扶消除"
        if gap:
            book.household_gaps("REG-03", chosen, "eliminated too soon")
        else:
            book.near_households("REG-03", chosen, "eliminated after exactly the months")


def plant_reg_04(world: World, facts: Facts, book: GapBook) -> None:
    """Eliminated by support below the monitoring line; near: on the line."""
    rng, line = book.rng("REG-04"), float(data_file("calibration")["rules"]["monitoring_line"])
    chosen = book.households(rng, _with_labour(world, facts), book.wanted("REG-04"))
    facts.register.loc[chosen, "income_per_capita"] = np.round(
        rng.uniform(line - 1500, line - 20, len(chosen)), 2
    )
    book.household_gaps("REG-04", chosen, "eliminated and below the line")
    near = book.households(rng, _with_labour(world, facts), book.near_wanted("REG-04") // 2)
    facts.register.loc[near, "income_per_capita"] = line
    book.near_households("REG-04", near, "eliminated and on the line")
    facts.register.loc[[*chosen, *near], "elimination_mode"] = "帮扶消除"


def plant_reg_05(world: World, facts: Facts, book: GapBook) -> None:
    """Eliminated by support though nobody can work; near: eliminated by nature."""
    rng, persons = book.rng("REG-05"), facts.frames["registry/persons"]
    household = world.people["household"].to_numpy()[persons["_self"]]
    for mode, count in (("帮扶消除", book.wanted("REG-05")), ("自然消除", book.near_wanted("REG-05") // 2)):
        chosen = book.households(rng, _eliminated(world), count)
        persons.loc[np.isin(household, chosen), "labour_ability"] = "丧失劳动力"
        facts.register.loc[chosen, "elimination_mode"] = mode
        if mode == "帮扶消除":
            book.household_gaps("REG-05", chosen, "nobody can work")
        else:
            book.near_households("REG-05", chosen, "nobody can work, eliminated by nature")


def plant_reg_07(world: World, facts: Facts, book: GapBook) -> None:
    """Eliminated households whose water is not safe any more, which is WAT-01 as well; `note_reg_07` records them."""
    chosen = book.households(book.rng("REG-07"), _eliminated(world), book.wanted("REG-07"))
    facts.register.loc[chosen, "water_safe"] = False
    book.household_gaps("WAT-01", chosen, "water not safe, no measure, after the elimination")


def note_reg_07(world: World, facts: Facts, book: GapBook) -> None:
    """Record the eliminated households on which a gap of the relapse policies was planted."""
    gaps = book.gaps()
    found = gaps.loc[gaps["policy_id"].isin(RELAPSE), "true_household"].dropna().astype("int64").unique()
    book.household_gaps("REG-07", np.sort(found[_eliminated(world)[found]]), "a clue after the elimination")


def plant_reg_08(world: World, facts: Facts, book: GapBook) -> None:
    """Monitored households without a measure for a risk; near: charity answers it."""
    rng, register = book.rng("REG-08"), facts.register
    risks = [f"risk_{k}" for k in range(1, 6)]
    asked = np.zeros(len(world.households), dtype=bool)
    asked[register.index[register[risks].isin(["因病", "因学", "因残"]).any(axis=1)]] = True
    for charity, count in (("", book.wanted("REG-08")), ("社会捐助", book.near_wanted("REG-08") // 2)):
        chosen = book.households(rng, asked & _monitored(world), count)
        register.loc[chosen, ["measure_health", "measure_education", "measure_social_security"]] = ""
        register.loc[chosen, "measure_charity"] = charity
        if charity:
            book.near_households("REG-08", chosen, "charity answers the risk")
        else:
            book.household_gaps("REG-08", chosen, "no measure for a risk")


def plant_reg_09(world: World, facts: Facts, book: GapBook) -> None:
    """Monitored households without helper or contact; near: the same in a household that is not monitored."""
    rng, register = book.rng("REG-09"), facts.register
    chosen = book.households(rng, _monitored(world), book.wanted("REG-09"))
    near = book.households(
        rng, (world.households["lifted_out"] & (world.households["category"] == "")).to_numpy(),
        book.near_wanted("REG-09"),
    )  # fmt: skip
    for group in (chosen, near):
        register.loc[group[0::2], "helper_name"] = ""
        register.loc[group[1::2], ["contact_name", "contact_title", "contact_phone"]] = ""
    book.household_gaps("REG-09", chosen, "no helper or no contact")
    book.near_households("REG-09", near, "no helper or no contact, not monitored")


def plant_reg_10(world: World, facts: Facts, book: GapBook) -> None:
    """People of a lifted-out household listed once more in a 一般农户 whose risk is eliminated: no figure of the report counts it."""
    rng, people = book.rng("REG-10"), world.people
    plain = (world.households["lifted_out"] & (world.households["category"] == "")).to_numpy()
    persons = facts.frames["registry/persons"]
    village = world.households["village"].to_numpy()
    others = np.flatnonzero(_eliminated(world) & world.households["beside"].to_numpy())
    asked = (
        people["is_target"].to_numpy()
        & plain[people["household"].to_numpy()]
        & (people["relation"] != "户主").to_numpy()
        & (people["age"] >= 20).to_numpy()
    )
    for person in book.people(rng, asked, book.wanted("REG-10")):
        home = people["household"].to_numpy()[person]
        nearest = np.abs(village[others] - village[home]).argmin()
        number = facts.register.loc[others[nearest], "household_no"]
        row = persons[persons["_self"] == person].assign(
            household_no=number, person_no=f"{number}{91 + (persons['household_no'] == number).sum() % 9}",
            relation_to_head="其他",
        )  # fmt: skip
        persons = pd.concat([persons, row], ignore_index=True)
        book.person_gaps("REG-10", np.array([person]), "in two households")
    facts.frames["registry/persons"] = persons


def plant_reg_11(world: World, facts: Facts, book: GapBook) -> None:
    """Households without a head, and with two."""
    rng, persons, count = book.rng("REG-11"), facts.frames["registry/persons"], book.wanted("REG-11")
    people = world.people
    plain = (world.households["lifted_out"] & (world.households["category"] == "")).to_numpy()
    with_spouse = np.zeros(len(plain), dtype=bool)
    with_spouse[people.loc[people["is_target"] & (people["relation"] == "配偶"), "household"]] = True
    household = people["household"].to_numpy()[persons["_self"]]
    for word, instead, group, how in (
        ("户主", "其他", book.households(rng, plain, count - count // 2), "no head"),
        ("配偶", "户主", book.households(rng, plain & with_spouse, count // 2), "two heads"),
    ):
        rows = np.isin(household, group) & (persons["relation_to_head"] == word).to_numpy()
        persons.loc[rows, "relation_to_head"] = instead
        book.household_gaps("REG-11", group, how)
