"""The medical insurance bureau's books: enrolment, the must-be-insured ledger, settlements.

Belongs here: who is insured, subsidised and settled what, free of the policies' gaps.
"""

import numpy as np
import pandas as pd

from ingest.county.calibration import data_file
from ingest.county.draw import Bools, Days, Ints, days_between, stream, texts, weighted
from ingest.county.facts import DIBAO, TEKUN, Facts, numbers
from ingest.county.world import World

SUBSIDY = {"特困": 400.0, "低保": 360.0, "监测对象": 280.0, "重度残疾": 360.0, "脱贫人口": 100.0}


def must_be_insured(world: World, facts: Facts) -> Bools:
    """Mask of the living whom the county must see insured: target, assisted, severely disabled."""
    must = (
        world.people["is_target"].to_numpy() | facts.assisted(world) | facts.disabled(world, "一级", "二级")
    )
    return must & world.living()


def make_enrolment(world: World, facts: Facts) -> None:
    """Add medical_insurance/enrolment of the premium year, some rows of the years beside it, and recent dead."""
    rng, people = stream(world.seed, "enrolment"), world.people
    rates, year = data_file("calibration")["insurance"], world.today.premium_year
    age = people["age"].to_numpy()
    wanted = must_be_insured(world, facts) | (
        world.living() & (rng.random(len(people)) < rates["enrolled_general"])
    )
    died = people["died_on"].to_numpy().astype("datetime64[D]")
    recent = ~np.isnat(died) & (died >= np.datetime64(f"{year - 1}-11-01"))
    person = np.flatnonzero(wanted | recent)
    employee = (age[person] >= 20) & (age[person] <= 72) & (rng.random(len(person)) < rates["employee"])
    employee &= ~must_be_insured(world, facts)[person] | (rng.random(len(person)) < 0.2)
    paid_on = _paid_on(world, person, rng)
    frame = pd.DataFrame(
        {
            "_self": person,
            "scheme": np.where(employee, "城镇职工", "城乡居民"),
            "year": year,
            "status": np.where(
                recent[person], np.where(rng.random(len(person)) < 0.7, "终止", "正常"), "正常"
            ),
            "paid_on": np.where(
                employee & (rng.random(len(person)) < 0.4), np.datetime64("NaT", "D"), paid_on
            ),
        }
    )
    number = numbers("5199", len(people), 12).to_numpy(dtype=object)
    split = rng.random(len(people)) < 0.03
    family = "JT" + (people["household"] + 1 + split * len(world.households)).astype(str).str.zfill(8)
    frame["insured_no"] = number[person]
    frame["family_no"] = family.to_numpy(dtype=object)[person]
    frame["village_code"] = world.villages["village_code"].to_numpy()[people["village"].to_numpy()[person]]
    frame["phone"] = people["phone"].to_numpy()[person]
    category = subsidy_categories(world, facts, person, frame["paid_on"].to_numpy().astype("datetime64[D]"))
    category[(frame["scheme"] == "城镇职工").to_numpy() | recent[person]] = "无"
    stable = (
        (category == "无")
        & people["is_target"].to_numpy()[person]
        & ~employee
        & (rng.random(len(person)) < 0.35)
    )
    category[stable] = "脱贫人口"
    subsidise(frame, np.arange(len(frame)), category)
    facts.frames["medical_insurance/enrolment"] = pd.concat(
        [frame, *_other_years(frame, world, wanted, rng)], ignore_index=True
    )


def subsidise(frame: pd.DataFrame, rows: Ints, category: np.ndarray) -> None:
    """Set the subsidy and what remains to be paid of some enrolment rows by the subsidy category."""
    premium = float(data_file("calibration")["rules"]["premium"])
    amount = pd.Series(category).map(SUBSIDY).fillna(0.0).to_numpy()
    frame.loc[rows, "subsidy_category"] = category
    frame.loc[rows, "subsidy_amount"] = amount
    frame.loc[rows, "self_paid_premium"] = premium - amount


def subsidy_categories(world: World, facts: Facts, person: Ints, paid_on: Days) -> np.ndarray:
    """Return the category under which each person's premium had to be subsidised when it was paid, else 无."""

    def since(*categories: str) -> np.ndarray:
        start = facts.assisted_since(world, *categories).to_numpy().astype("datetime64[D]")[person]
        return np.asarray(start < paid_on)

    identified = (
        facts.register["identified_month"]
        .reindex(world.people["household"].to_numpy()[person])
        .to_numpy()
        .astype("datetime64[M]")
    )
    monitored = world.people["is_monitored"].to_numpy()[person] & (
        identified < paid_on.astype("datetime64[M]")
    )
    severe = facts.disabled(world, "一级", "二级")[person]
    conditions = [since(*TEKUN), since(*DIBAO), monitored, severe]
    return texts(np.select(conditions, ["特困", "低保", "监测对象", "重度残疾"], "无").tolist())


def _paid_on(world: World, person: Ints, rng: np.random.Generator) -> Days:
    """Mostly the autumn before the premium year; some later; the newborn after birth."""
    year = world.today.premium_year
    day = days_between(
        rng, np.datetime64(f"{year - 1}-09-05"), np.datetime64(f"{year - 1}-12-24"), len(person)
    )
    late = rng.random(len(person)) < 0.06
    day[late] = days_between(
        rng, np.datetime64(f"{year}-01-03"), np.datetime64(f"{year}-02-25"), int(late.sum())
    )
    birth = world.people["birth"].to_numpy().astype("datetime64[D]")[person]
    return np.minimum(np.maximum(day, birth + 10), world.run_day - 2)


def _other_years(
    frame: pd.DataFrame, world: World, wanted: Bools, rng: np.random.Generator
) -> list[pd.DataFrame]:
    """Rows of people already enrolled for next year, and of people who let last year's insurance lapse."""
    rates, year = data_file("calibration")["insurance"], world.today.premium_year
    following = frame[(rng.random(len(frame)) < rates["next_year"]) & (frame["status"] == "正常")].copy()
    following["year"] = year + 1
    following["paid_on"] = world.run_day - rng.integers(3, 40, len(following)).astype("timedelta64[D]")
    people = world.people
    lapsed = np.flatnonzero(world.living() & ~wanted & (rng.random(len(people)) < rates["lapsed"] * 15))
    gone = pd.DataFrame({"_self": lapsed, "scheme": "城乡居民", "year": year - 1, "status": "正常"})
    gone["paid_on"] = days_between(
        rng, np.datetime64(f"{year - 2}-09-05"), np.datetime64(f"{year - 2}-12-24"), len(gone)
    )
    gone["insured_no"] = numbers("5199", len(people), 12).to_numpy(dtype=object)[lapsed]
    gone["family_no"] = ""
    gone["village_code"] = world.villages["village_code"].to_numpy()[people["village"].to_numpy()[lapsed]]
    gone["phone"] = people["phone"].to_numpy()[lapsed]
    subsidise(gone, np.arange(len(gone)), texts(["无"] * len(gone)))
    broken = rng.random(len(gone)) < 0.4
    gone.loc[broken, ["year", "status"]] = [year, "中断"]
    return [following, gone]


def make_coverage_ledger(world: World, facts: Facts, reasons: pd.Series) -> None:
    """Add medical_insurance/coverage_ledger: everybody who must be insured, and some who died this year.

    `reasons` (index = person) says why somebody is not insured here: 异地职工, 参军 …
    """
    rng, people, year = stream(world.seed, "ledger"), world.people, world.today.premium_year
    enrolment = facts.frames["medical_insurance/enrolment"]
    now = enrolment[(enrolment["year"] == year) & (enrolment["status"] == "正常")]
    employee = np.zeros(len(people), dtype=bool)
    employee[now.loc[now["scheme"] == "城镇职工", "_self"]] = True
    must = np.flatnonzero(must_be_insured(world, facts))
    old = people["age"].to_numpy()[must] >= 60
    coverage = np.where(employee[must], np.where(old, "本地职工(退休)", "本地职工(在职)"), "本地居民")
    coverage = np.where((coverage == "本地居民") & (rng.random(len(must)) < 0.01), "动态新增", coverage)
    coverage = texts(reasons.reindex(must).fillna(pd.Series(coverage, index=must)).tolist())
    registered = world.households["is_registered"].to_numpy()[people["household"]]
    dead = np.flatnonzero(
        ~world.living() & registered & (people["died_on"] >= pd.Timestamp(f"{year}-01-01")).to_numpy()
    )
    facts.frames["medical_insurance/coverage_ledger"] = pd.DataFrame(
        {
            "_self": np.concatenate([must, dead]),
            "year": year,
            "coverage": np.concatenate([coverage, texts(["死亡"] * len(dead))]),
        }
    )


def make_settlements(world: World, facts: Facts) -> None:
    """Add medical_insurance/settlements of the last fifteen months, no person's own payments above the risk thresholds."""
    rng, people, places = stream(world.seed, "settlements"), world.people, data_file("places")
    rules = data_file("calibration")["rules"]
    enrolment = facts.frames["medical_insurance/enrolment"]
    insured = enrolment[
        (enrolment["year"] == world.today.premium_year) & (enrolment["status"] != "中断")
    ].drop_duplicates("_self")
    age = people["age"].to_numpy()[insured["_self"]]
    share = np.select([age < 7, age < 50, age < 65], [1.1, 0.5, 1.2], 2.2)
    count = round(len(insured) * data_file("calibration")["insurance"]["settlements_per_year"] * 1.25)
    rows = np.sort(rng.choice(len(insured), size=count, p=share / share.sum()))
    person = insured["_self"].to_numpy()[rows]
    died = people["died_on"].to_numpy().astype("datetime64[D]")[person]
    birth = people["birth"].to_numpy().astype("datetime64[D]")[person]
    last = np.where(np.isnat(died), world.run_day - 2, np.minimum(died, world.run_day - 2))
    first = np.maximum(np.minimum(world.run_day - 456, last - 200), np.minimum(birth + 3, last))
    kind = weighted(rng, ["普通门诊", "门诊慢特病", "住院"], [0.58, 0.24, 0.18], count)
    inside = kind == "住院"
    total = np.round(np.where(inside, rng.lognormal(8.5, 0.6, count), rng.lognormal(5.0, 0.7, count)), 2)
    basic = np.round(total * np.where(inside, rng.uniform(0.55, 0.8, count), rng.uniform(0.4, 0.6, count)), 2)
    critical = np.round(np.where(inside & (total > 15000), (total - basic) * 0.4, 0.0), 2)
    settled_on = days_between(rng, first, last, count)
    rest = total - basic - critical
    aided = inside & _assisted_on(world, facts, person, settled_on) & (rest > rules["medical_aid_deductible"])
    aid = np.round(np.where(aided, (rest - rules["medical_aid_deductible"]) * 0.7 + 1, 0.0), 2)
    self_paid = total - basic - critical - aid
    registered = world.households["is_registered"].to_numpy()[people["household"]]
    cap = np.where(registered[person], rules["high_cost_target"], rules["high_cost_other"]) * 0.92
    own = pd.Series(self_paid).groupby(person).transform("sum").to_numpy()
    self_paid = np.round(self_paid * np.minimum(1.0, cap / np.maximum(own, 0.01)), 2)
    basic = np.round(total - critical - aid - self_paid, 2)
    ill = np.where(
        inside, rng.choice(texts(places["inpatient"]), count), rng.choice(texts(places["outpatient"]), count)
    )
    frame = pd.DataFrame(
        {
            "_self": person,
            "insured_no": np.where(rng.random(count) < 0.93, insured["insured_no"].to_numpy()[rows], ""),
            "settled_on": settled_on,
            "provider": rng.choice(texts(places["hospitals"]), count),
            "visit_type": kind,
            "diagnosis": ill,
            "total_cost": total,
            "basic_paid": basic,
            "critical_illness_paid": critical,
            "medical_aid_paid": aid,
            "self_paid": self_paid,
        }
    )
    frame = frame.sort_values(["settled_on", "_self"], kind="stable").reset_index(drop=True)
    frame["settlement_no"] = numbers("JS", len(frame), 10)
    facts.frames["medical_insurance/settlements"] = pd.concat(
        [frame.assign(_late=False), _reversals(frame, rng)], ignore_index=True
    )


def _reversals(frame: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Rows that repeat a number with corrected, lower amounts; they arrive with the last delivery."""
    again = frame[rng.random(len(frame)) < data_file("calibration")["insurance"]["reversals"]].copy()
    for column in ("basic_paid", "critical_illness_paid", "medical_aid_paid", "self_paid"):
        again[column] = np.round(again[column] * 0.8, 2)
    again["total_cost"] = np.round(
        again[["basic_paid", "critical_illness_paid", "medical_aid_paid", "self_paid"]].sum(axis=1), 2
    )
    return again.assign(_late=True)


def _assisted_on(world: World, facts: Facts, person: Ints, day: Days) -> Bools:
    """Mask of rows whose person was assisted 特困/低保 on that day (families that stopped count until they stopped)."""
    families = facts.families[facts.families["category"].isin([*DIBAO, *TEKUN])]
    spells = facts.family_members.merge(
        families[["from_date", "to_date"]], left_on="assistance_no", right_index=True
    )
    rows = pd.DataFrame({"row": np.arange(len(person)), "person": person, "day": day}).merge(
        spells, on="person"
    )
    in_spell = (rows["from_date"] <= rows["day"]) & ~(rows["to_date"] < rows["day"])
    mask = np.zeros(len(person), dtype=bool)
    mask[rows.loc[in_spell, "row"]] = True
    return mask
