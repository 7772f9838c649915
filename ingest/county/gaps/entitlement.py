"""Gaps of the civil affairs policies about who should be assisted: CIV-01, CIV-02, CIV-05 … CIV-09.

Belongs here: families below the line, newly assisted, in doubt, and allowances of the disabled.
"""

import numpy as np
import pandas as pd

from ingest.county.calibration import data_file
from ingest.county.draw import Bools, days_between
from ingest.county.facts import DIBAO, TEKUN, Facts
from ingest.county.gaps.book import GapBook
from ingest.county.gaps.civil_affairs import add_families
from ingest.county.world import World


def _households_with(world: World, people: Bools) -> Bools:
    mask = np.zeros(len(world.households), dtype=bool)
    mask[world.people["household"].to_numpy()[people]] = True
    return mask


def _sound_home(world: World, facts: Facts) -> Bools:
    """Mask of people whose household owns no dwelling of grade C or D: they may become assisted without another gap."""
    dwellings = facts.frames["housing/dwellings"]
    bad = np.zeros(len(world.households), dtype=bool)
    bad[dwellings.loc[dwellings["safety_grade"].isin(["C", "D"]), "_household"]] = True
    return ~bad[world.people["household"].to_numpy()]


def _insured(world: World, facts: Facts) -> Bools:
    enrolment = facts.frames["medical_insurance/enrolment"]
    now = enrolment[(enrolment["year"] == world.today.premium_year) & (enrolment["status"] == "正常")]
    mask = np.zeros(len(world.people), dtype=bool)
    mask[now["_self"]] = True
    return mask


def _never_assisted(world: World, facts: Facts) -> Bools:
    """Mask of people in whose household nobody was ever assisted."""
    ever = np.zeros(len(world.people), dtype=bool)
    ever[facts.family_members["person"]] = True
    return ~_households_with(world, ever)[world.people["household"].to_numpy()]


def plant_civ_01(world: World, facts: Facts, book: GapBook) -> None:
    """Monitored households below the 低保 line without 低保 or 特困; near: on the line, and assisted."""
    rng, line = book.rng("CIV-01"), float(data_file("calibration")["rules"]["dibao_line"])
    several = (world.households["is_monitored"] & (world.households["size"] >= 2)).to_numpy()
    helped = _households_with(world, facts.assisted(world, *DIBAO, *TEKUN))
    chosen = book.households(rng, several & ~helped, book.wanted("CIV-01"))
    facts.register.loc[chosen, "income_per_capita"] = np.round(rng.uniform(4200, line - 50, len(chosen)), 2)
    book.household_gaps("CIV-01", chosen, "below the line, not assisted")
    near = book.households(rng, several & helped, book.near_wanted("CIV-01") // 2)
    facts.register.loc[near, "income_per_capita"] = line - 300
    book.near_households("CIV-01", near, "below the line, assisted")


def plant_civ_02(world: World, facts: Facts, book: GapBook) -> None:
    """General households with a member on 农村低保 for some weeks; near: for longer than the days of screening, and 城市低保."""
    rng, people = book.rng("CIV-02"), world.people
    plain = (
        ~world.households["is_registered"].to_numpy()[people["household"]]
        & world.living()
        & people["age"].between(30, 70).to_numpy()
        & ~facts.disabled(world)
        & _never_assisted(world, facts)
        & _insured(world, facts)
        & _sound_home(world, facts)
    )
    chosen = book.people(rng, plain, book.wanted("CIV-02"))
    day = world.run_day
    add_families(
        world, facts, chosen, "51990140", category="农村低保",
        from_date=days_between(rng, day - 58, day - 6, len(chosen)),
    )  # fmt: skip
    book.household_gaps("CIV-02", people["household"].to_numpy()[chosen], "农村低保 for some weeks")
    near = book.people(rng, plain, book.near_wanted("CIV-02"))
    late, town = near[0::2], near[1::2]
    add_families(world, facts, late, "51990141", category="农村低保", from_date=np.full(len(late), day - 61))
    add_families(world, facts, town, "51990142", category="城市低保", from_date=np.full(len(town), day - 30))
    book.near_households("CIV-02", people["household"].to_numpy()[late], "农村低保 for 61 days")
    book.near_households("CIV-02", people["household"].to_numpy()[town], "城市低保")


def plant_civ_05(world: World, facts: Facts, book: GapBook) -> None:
    """Old people alone below the line without labour and assistance, which is REG-01 as well; near: able to work a little."""
    rng, people, line = (
        book.rng("CIV-05"),
        world.people,
        float(data_file("calibration")["rules"]["dibao_line"]),
    )
    persons = facts.frames["registry/persons"]
    alone = (world.households["lifted_out"] & (world.households["category"] == "")).to_numpy().copy()
    alone &= np.bincount(people["household"], minlength=len(alone)) == 1
    old = alone[people["household"].to_numpy()] & (people["age"] >= 60).to_numpy() & ~facts.assisted(world)
    for labour, count in (
        ("丧失劳动力", book.wanted("CIV-05")),
        ("弱劳动力或半劳动力", book.near_wanted("CIV-05")),
    ):
        chosen = book.people(rng, old, count)
        households = people["household"].to_numpy()[chosen]
        persons.loc[persons["_self"].isin(chosen), "labour_ability"] = labour
        facts.register.loc[households, "income_per_capita"] = np.round(
            rng.uniform(4000, line - 50, len(chosen)), 2
        )
        book.household_gaps("REG-01", households, "below the line and alone")
        if labour == "丧失劳动力":
            book.household_gaps("CIV-05", households, "old, alone, without labour, income and assistance")
        else:
            book.near_households("CIV-05", households, "able to work a little")


def plant_civ_06(world: World, facts: Facts, book: GapBook) -> None:
    """Healthy target adults in 特困; near: ill for long."""
    rng, people, persons = book.rng("CIV-06"), world.people, facts.frames["registry/persons"]
    status = persons.set_index("_self")["student_status"]
    student = np.zeros(len(people), dtype=bool)
    student[status.index[status != ""]] = True
    plain = world.households["category"].eq("").to_numpy()[people["household"]]
    grown = (
        people["is_target"].to_numpy()
        & plain
        & people["age"].between(24, 59).to_numpy()
        & ~student
        & ~facts.disabled(world)
        & _never_assisted(world, facts)
        & _insured(world, facts)
    )
    # After the premium, so that no subsidy depends on it.
    first = min(np.datetime64(f"{world.today.premium_year}-03-01"), world.run_day - 40)
    for health, prefix, count in (
        ("健康", "51990143", book.wanted("CIV-06")),
        ("长期慢性病", "51990144", book.near_wanted("CIV-06")),
    ):
        chosen = book.people(rng, grown, count)
        add_families(
            world, facts, chosen, prefix, category="特困供养", support_mode="分散", monthly_amount=910.0,
            from_date=days_between(rng, first, world.run_day - 35, len(chosen)),
        )  # fmt: skip
        rows = persons["_self"].isin(chosen)
        persons.loc[rows, ["health_status", "tekun_status"]] = [health, "农村特困"]
        if health == "健康":
            book.person_gaps("CIV-06", chosen, "healthy and of working age")
        else:
            book.near_people("CIV-06", chosen, "ill for long")


def _stop_allowance(facts: Facts, people: np.ndarray, column: str) -> None:
    certificates = facts.frames["civil_affairs/disability"]
    certificates.loc[certificates["_self"].isin(people), column] = False


def plant_civ_07(world: World, facts: Facts, book: GapBook) -> None:
    """Disabled people on 低保 without the living allowance; near: on 低保边缘 or with nothing."""
    rng, disabled = book.rng("CIV-07"), facts.disabled(world)
    chosen = book.people(rng, disabled & facts.assisted(world, *DIBAO), book.wanted("CIV-07"))
    _stop_allowance(facts, chosen, "living_allowance")
    book.person_gaps("CIV-07", chosen, "no living allowance")
    near = book.people(rng, disabled & ~facts.assisted(world, *DIBAO), book.near_wanted("CIV-07"))
    book.near_people("CIV-07", near, "disabled, not on 低保")


def plant_civ_08(world: World, facts: Facts, book: GapBook) -> None:
    """Severely disabled people without the nursing allowance; near: grade three."""
    rng, severe = book.rng("CIV-08"), facts.disabled(world, "一级", "二级")
    chosen = book.people(rng, severe & ~facts.assisted(world, *TEKUN), book.wanted("CIV-08"))
    _stop_allowance(facts, chosen, "nursing_allowance")
    book.person_gaps("CIV-08", chosen, "no nursing allowance")
    near = book.people(rng, facts.disabled(world, "三级") & ~severe, book.near_wanted("CIV-08"))
    book.near_people("CIV-08", near, "grade three")


def plant_civ_09(world: World, facts: Facts, book: GapBook) -> None:
    """Severely disabled people of 低保边缘 families; near: grade three."""
    rng, severe = book.rng("CIV-09"), facts.disabled(world, "一级", "二级")
    free = _never_assisted(world, facts) & _insured(world, facts) & _sound_home(world, facts) & world.living()
    start = np.datetime64(pd.Timestamp(world.run_day) - pd.Timedelta(days=400), "D")
    chosen = book.people(rng, severe & free, book.wanted("CIV-09"))
    near = book.people(rng, facts.disabled(world, "三级") & ~severe & free, book.near_wanted("CIV-09"))
    for prefix, group in (("51990145", chosen), ("51990146", near)):
        add_families(
            world, facts, group, prefix, category="低保边缘家庭", from_date=np.full(len(group), start)
        )
    book.person_gaps("CIV-09", chosen, "severely disabled in a 低保边缘 family")
    book.near_people("CIV-09", near, "grade three in a 低保边缘 family")
