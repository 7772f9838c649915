"""Gaps of the insurance policies: MED-01, MED-03, MED-05.

Belongs here: people not insured, not subsidised, insured twice.
"""

import numpy as np
import pandas as pd

from ingest.county.draw import texts
from ingest.county.facts import DIBAO, TEKUN, Facts
from ingest.county.facts_insurance import subsidise
from ingest.county.gaps.book import GapBook
from ingest.county.world import World

ENROLMENT = "medical_insurance/enrolment"


def plant_med_01(world: World, facts: Facts, book: GapBook) -> None:
    """Target people not insured: no row, lapsed last year, interrupted; near: insured elsewhere, soldiers, prisoners."""
    rng, people = book.rng("MED-01"), world.people
    target, age = people["is_target"].to_numpy(), people["age"].to_numpy()
    enrolment, year = facts.frames[ENROLMENT], world.today.premium_year
    chosen = rng.permutation(book.people(rng, target & (age >= 1), book.wanted("MED-01")))
    absent, lapsed, broken = chosen[0::3], chosen[1::3], chosen[2::3]
    enrolment = enrolment[~(enrolment["_self"].isin(chosen) & (enrolment["year"] != year))]
    last_year = enrolment["_self"].isin(lapsed)
    enrolment.loc[last_year, "year"] = year - 1
    enrolment.loc[last_year, "paid_on"] = enrolment.loc[last_year, "paid_on"] - pd.Timedelta(days=364)
    enrolment.loc[enrolment["_self"].isin(broken), "status"] = "中断"
    near = book.people(rng, target & (age >= 18) & (age <= 45), book.near_wanted("MED-01"))
    facts.frames[ENROLMENT] = enrolment[~enrolment["_self"].isin([*absent, *near])].reset_index(drop=True)
    for way, group in (("no row", absent), ("lapsed", lapsed), ("interrupted", broken)):
        book.person_gaps("MED-01", group, way)
    reasons = ["异地居民", "异地职工", "参军", "服刑"]
    for place, reason in enumerate(reasons):
        exempt = near[place::4]
        book.coverage_reasons |= {int(person): reason for person in exempt}
        book.near_people("MED-01", exempt, f"ledger says {reason}")
    persons = facts.frames["registry/persons"]
    uninsured = persons["_self"].isin([*chosen, *near])
    persons.loc[uninsured, ["resident_insured", "employee_insured", "critical_illness_insured"]] = False


def plant_med_03(world: World, facts: Facts, book: GapBook) -> None:
    """People entitled to a subsidy when the premium was paid who got none; near: entitled only after it was paid."""
    rng, enrolment = book.rng("MED-03"), facts.frames[ENROLMENT]
    now = (
        (enrolment["year"] == world.today.premium_year)
        & (enrolment["scheme"] == "城乡居民")
        & (enrolment["status"] == "正常")
    )
    entitled = np.zeros(len(world.people), dtype=bool)
    entitled[
        enrolment.loc[now & enrolment["subsidy_category"].isin(["特困", "低保", "监测对象"]), "_self"]
    ] = True
    chosen = book.people(rng, entitled, book.wanted("MED-03"))
    rows = enrolment.index[enrolment["_self"].isin(chosen)].to_numpy()
    subsidise(enrolment, rows, texts(["无"] * len(rows)))
    book.person_gaps("MED-03", chosen, "no subsidy")
    since = facts.assisted_since(world, *DIBAO, *TEKUN).reindex(enrolment["_self"]).to_numpy()
    later = now & (since >= enrolment["paid_on"].to_numpy()) & (enrolment["subsidy_amount"] == 0)
    after = np.zeros(len(world.people), dtype=bool)
    after[enrolment.loc[later, "_self"]] = True
    book.near_people(
        "MED-03",
        book.people(rng, after, book.near_wanted("MED-03")),
        "assisted only after the premium was paid",
    )


def plant_med_05(world: World, facts: Facts, book: GapBook) -> None:
    """People in force in both schemes; near: the other scheme has ended."""
    rng, enrolment = book.rng("MED-05"), facts.frames[ENROLMENT]
    now = enrolment[
        (enrolment["year"] == world.today.premium_year)
        & (enrolment["scheme"] == "城乡居民")
        & (enrolment["status"] == "正常")
    ]
    grown = np.zeros(len(world.people), dtype=bool)
    grown[now["_self"]] = True
    grown &= (world.people["age"].to_numpy() >= 20) & (world.people["age"].to_numpy() <= 58) & world.living()
    chosen = book.people(rng, grown, book.wanted("MED-05"))
    near = book.people(rng, grown, book.near_wanted("MED-05"))
    second = now[now["_self"].isin([*chosen, *near])].assign(scheme="城镇职工", paid_on=pd.NaT)
    second["status"] = np.where(second["_self"].isin(chosen), "正常", "终止")
    subsidise(second, second.index.to_numpy(), texts(["无"] * len(second)))
    facts.frames[ENROLMENT] = pd.concat([enrolment, second], ignore_index=True)
    book.person_gaps("MED-05", chosen, "in force in both schemes")
    book.near_people("MED-05", near, "the employees' scheme has ended")
