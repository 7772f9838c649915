"""Gaps seen in medical bills: MED-06, MED-07, MED-08, DEC-02.

Belongs here: bills added to the book of settlements, which holds none of these gaps before.
"""

import numpy as np
import pandas as pd

from ingest.county.calibration import data_file
from ingest.county.draw import Bools, Days, Ints
from ingest.county.facts import DIBAO, TEKUN, Facts, numbers
from ingest.county.gaps.book import GapBook
from ingest.county.world import World

BOOK = "medical_insurance/settlements"


def _add(world: World, facts: Facts, people: Ints, prefix: str, day: Days, left_over: float) -> None:
    """Add one stay in hospital each, of which insurance left over an amount that the patient paid himself."""
    if not len(people):
        return
    insured = facts.frames["medical_insurance/enrolment"].drop_duplicates("_self").set_index("_self")
    rows = pd.DataFrame(
        {
            "_self": people,
            "insured_no": insured["insured_no"].reindex(people).fillna("").to_numpy(dtype=object),
            "settled_on": pd.to_datetime(day),
            "provider": data_file("places")["hospitals"][0],
            "visit_type": "住院",
            "diagnosis": data_file("places")["inpatient"][0],
            "total_cost": left_over * 3,
            "basic_paid": left_over * 2,
            "critical_illness_paid": 0.0,
            "medical_aid_paid": 0.0,
            "self_paid": left_over,
            "settlement_no": numbers(prefix, len(people), 8).to_numpy(dtype=object),
            "_late": False,
        }
    )
    facts.frames[BOOK] = pd.concat([facts.frames[BOOK], rows], ignore_index=True)


def _without_bills(world: World, facts: Facts) -> Bools:
    mask = world.living().copy()
    mask[facts.frames[BOOK]["_self"]] = False
    return mask


def _insured(world: World, facts: Facts) -> Bools:
    enrolment = facts.frames["medical_insurance/enrolment"]
    now = enrolment[(enrolment["year"] == world.today.premium_year) & (enrolment["status"] == "正常")]
    mask = np.zeros(len(world.people), dtype=bool)
    mask[now["_self"]] = True
    return mask


def _days(world: World, rng: np.random.Generator, count: int, longest: int = 300) -> Days:
    return np.asarray(world.run_day - rng.integers(5, longest, count).astype("timedelta64[D]"))


def plant_med_06(world: World, facts: Facts, book: GapBook) -> None:
    """A target person who paid the amount and more; near: a cent less."""
    rng, people, line = (
        book.rng("MED-06"),
        world.people,
        float(data_file("calibration")["rules"]["high_cost_target"]),
    )
    ill = (facts.register[[f"risk_{k}" for k in range(1, 6)]] == "因病").any(axis=1)
    known = np.zeros(len(world.households), dtype=bool)
    known[ill.index[ill]] = True
    known &= world.households["is_monitored"].to_numpy()
    asked = (
        people["is_target"].to_numpy()
        & ~known[people["household"].to_numpy()]
        & ~facts.assisted(world)
        & _without_bills(world, facts)
        & _insured(world, facts)
        & (people["age"] >= 2).to_numpy()
    )
    chosen = book.people(rng, asked, book.wanted("MED-06"))
    _add(world, facts, chosen, "JS90", _days(world, rng, len(chosen)), line + 800)
    book.household_gaps(
        "MED-06", people["household"].to_numpy()[chosen], "a member paid more than the amount"
    )
    near = book.people(rng, asked, book.near_wanted("MED-06"))
    _add(world, facts, near, "JS91", _days(world, rng, len(near)), line - 0.01)
    book.near_households("MED-06", people["household"].to_numpy()[near], "a cent below the amount")


def plant_med_07(world: World, facts: Facts, book: GapBook) -> None:
    """Other residents who paid the amount and more; near: a cent less."""
    rng, people, line = (
        book.rng("MED-07"),
        world.people,
        float(data_file("calibration")["rules"]["high_cost_other"]),
    )
    registered = world.households["is_registered"].to_numpy()[people["household"]]
    asked = (
        ~registered
        & ~facts.assisted(world)
        & _without_bills(world, facts)
        & _insured(world, facts)
        & (people["age"] >= 2).to_numpy()
    )
    chosen = book.people(rng, asked, book.wanted("MED-07"))
    _add(world, facts, chosen, "JS92", _days(world, rng, len(chosen)), line)
    book.person_gaps("MED-07", chosen, "paid the amount himself")
    near = book.people(rng, asked, book.near_wanted("MED-07"))
    _add(world, facts, near, "JS93", _days(world, rng, len(near)), line - 0.01)
    book.near_people("MED-07", near, "a cent below the amount")


def plant_med_08(world: World, facts: Facts, book: GapBook) -> None:
    """Stays without aid while on 低保 or 特困; near: within the deductible."""
    rng, line = book.rng("MED-08"), float(data_file("calibration")["rules"]["medical_aid_deductible"])
    since = facts.assisted_since(world, *DIBAO, *TEKUN).to_numpy().astype("datetime64[D]")
    long_ago = ~np.isnat(since) & (since < world.run_day - 60)
    # Who paid much already could become a case of high costs as well.
    paid = facts.frames[BOOK].groupby("_self")["self_paid"].sum().reindex(range(len(world.people))).fillna(0)
    asked = facts.assisted(world, *DIBAO, *TEKUN) & long_ago & _insured(world, facts) & world.living()
    asked &= (paid < 2500).to_numpy()
    chosen = book.people(rng, asked, book.wanted("MED-08"))
    _add(world, facts, chosen, "JS94", _days(world, rng, len(chosen), 50), line + 700)
    book.person_gaps("MED-08", chosen, "a stay above the deductible without aid")
    near = book.people(rng, asked, book.near_wanted("MED-08"))
    _add(world, facts, near, "JS95", _days(world, rng, len(near), 50), line)
    book.near_people("MED-08", near, "a stay on the deductible")


def plant_dec_02(world: World, facts: Facts, book: GapBook) -> None:
    """Bills settled after death and the grace; near: on the last day of grace."""
    rng, died = book.rng("DEC-02"), world.people["died_on"].to_numpy().astype("datetime64[D]")
    grace = data_file("calibration")["rules"]["death_grace_days"]
    gone = ~np.isnat(died) & (died < world.run_day - grace - 30)
    chosen = book.people(rng, gone, book.wanted("DEC-02"))
    _add(world, facts, chosen, "JS96", died[chosen] + grace + rng.integers(1, 25, len(chosen)), 240.0)
    book.person_gaps("DEC-02", chosen, "a bill after death and the grace")
    near = book.people(rng, gone, book.near_wanted("DEC-02"))
    _add(world, facts, near, "JS97", died[near] + grace, 240.0)
    book.near_people("DEC-02", near, "a bill on the last day of grace")
