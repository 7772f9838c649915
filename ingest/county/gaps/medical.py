"""Gaps of the insurance policies: MED-01, MED-02, MED-03, MED-04, MED-05, MED-09.

Belongs here: people not insured, insured twice or otherwise than registered, not subsidised or without a claim.
"""

import numpy as np
import pandas as pd

from ingest.county.draw import Bools, Ints, texts
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


def _insured(world: World, facts: Facts) -> Bools:
    """Mask of people in force as residents this premium year and in no other scheme."""
    enrolment = facts.frames[ENROLMENT]
    now = enrolment[(enrolment["year"] == world.today.premium_year) & (enrolment["status"] == "正常")]
    once = now[~now["_self"].duplicated(keep=False) & (now["scheme"] == "城乡居民")]
    mask = np.zeros(len(world.people), dtype=bool)
    mask[once["_self"]] = True
    return mask


def _cancel(facts: Facts, people: Ints) -> None:
    enrolment = facts.frames[ENROLMENT]
    facts.frames[ENROLMENT] = enrolment[~enrolment["_self"].isin(people)].reset_index(drop=True)


def plant_med_02(world: World, facts: Facts, book: GapBook) -> None:
    """People on 低保, 特困 or 低保边缘 outside the registry who are not insured; near: insured in another county."""
    rng = book.rng("MED-02")
    asked = (
        facts.assisted(world, *DIBAO, *TEKUN, "低保边缘家庭")
        & ~world.people["is_target"].to_numpy()
        & world.living()
        & _insured(world, facts)
    )
    chosen = book.people(rng, asked, book.wanted("MED-02"))
    near = book.people(rng, asked, book.near_wanted("MED-02"))
    _cancel(facts, np.concatenate([chosen, near]))
    book.coverage_reasons |= {int(person): "异地居民" for person in near}
    book.person_gaps("MED-02", chosen, "no row")
    book.near_people("MED-02", near, "ledger says 异地居民")


def plant_med_04(world: World, facts: Facts, book: GapBook) -> None:
    """Ordinary residents subsidised as 低保; near: subsidised as 其他, and assisted when the premium was paid."""
    rng, enrolment, people = book.rng("MED-04"), facts.frames[ENROLMENT], world.people
    ever = np.zeros(len(people), dtype=bool)
    ever[facts.family_members["person"]] = True
    plain = (
        ~people["is_target"].to_numpy()
        & world.living()
        & ~facts.disabled(world, "一级", "二级")
        & _insured(world, facts)
    )
    chosen = book.people(rng, plain & ~ever, book.wanted("MED-04"))
    other = book.people(rng, plain & ~ever, book.near_wanted("MED-04"))
    now = (enrolment["year"] == world.today.premium_year) & (enrolment["status"] == "正常")
    for category, group in (("低保", chosen), ("其他", other)):
        rows = enrolment.index[enrolment["_self"].isin(group) & now].to_numpy()
        subsidise(enrolment, rows, texts([category] * len(rows)))
    rows = enrolment.index[enrolment["_self"].isin(other) & now]
    enrolment.loc[rows, ["subsidy_amount", "self_paid_premium"]] = [120.0, 280.0]
    book.person_gaps("MED-04", chosen, "subsidised as 低保, in no group")
    book.near_people("MED-04", other, "subsidised in a group of the county's own")
    ended = book.people(rng, plain & _assisted_at_payment(world, facts), book.near_wanted("MED-04"))
    rows = enrolment.index[enrolment["_self"].isin(ended) & now].to_numpy()
    subsidise(enrolment, rows, texts(["低保"] * len(rows)))
    book.near_people("MED-04", ended, "assisted when the premium was paid, not today")


def _assisted_at_payment(world: World, facts: Facts) -> Bools:
    """Mask of people whose family was assisted on the day of payment and has stopped since."""
    stopped = facts.families[facts.families["status"] == "停保"]
    spells = facts.family_members.merge(
        stopped[["from_date", "to_date"]], left_on="assistance_no", right_index=True
    )
    enrolment = facts.frames[ENROLMENT]
    now = enrolment[(enrolment["year"] == world.today.premium_year) & (enrolment["status"] == "正常")]
    rows = spells.merge(now[["_self", "paid_on"]], left_on="person", right_on="_self")
    then = (rows["from_date"] <= rows["paid_on"]) & (rows["to_date"] > rows["paid_on"])
    mask = np.zeros(len(world.people), dtype=bool)
    mask[rows.loc[then, "person"]] = True
    return mask & ~facts.assisted(world)


def plant_med_09(world: World, facts: Facts, book: GapBook) -> None:
    """Target people insured as employees whom the registry calls insured residents; near: the ledger says insured elsewhere."""
    rng, people, enrolment = book.rng("MED-09"), world.people, facts.frames[ENROLMENT]
    grown = people["is_target"].to_numpy() & people["age"].between(20, 58).to_numpy() & _insured(world, facts)
    chosen = book.people(rng, grown, book.wanted("MED-09"))
    rows = enrolment.index[enrolment["_self"].isin(chosen)].to_numpy()
    enrolment.loc[rows, "scheme"] = "城镇职工"
    subsidise(enrolment, rows, texts(["无"] * len(rows)))
    book.person_gaps("MED-09", chosen, "insured as an employee, registered as a resident")
    near = book.people(rng, grown, book.near_wanted("MED-09"))
    _cancel(facts, near)
    book.coverage_reasons |= {int(person): "异地职工" for person in near}
    book.near_people("MED-09", near, "ledger says 异地职工")
    persons = facts.frames["registry/persons"]
    persons.loc[persons["_self"].isin([*chosen, *near]), "resident_insured"] = True
