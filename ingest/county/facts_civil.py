"""The civil affairs bureau's books: disability certificates, assisted families, deaths.

Belongs here: who holds a certificate or is assisted, free of the policies' gaps. Gaps are planted elsewhere.
"""

import numpy as np
import pandas as pd

from ingest.county.calibration import data_file
from ingest.county.draw import Bools, days_between, stream, texts, weighted
from ingest.county.facts import DIBAO, TEKUN, Facts, numbers
from ingest.county.world import World

CLASSES = ["视力", "听力", "言语", "肢体", "智力", "精神", "多重"]
GRADES = ["一级", "二级", "三级", "四级"]


def make_disability(world: World, facts: Facts) -> None:
    """Add civil_affairs/disability; the allowances follow once assistance is known."""
    rng, people = stream(world.seed, "disability"), world.people
    rates = data_file("calibration")["welfare"]["disability"]
    age = people["age"].to_numpy()
    chance = np.select([age < 18, age < 60], [rates["child"], rates["adult"]], rates["elder"])
    person = np.flatnonzero(
        (rng.random(len(people)) < chance)
        & world.living()
        & (people["id_number"] != "").to_numpy()
        & (age >= 1)
    )
    kind = rng.choice(7, len(person), p=[0.12, 0.10, 0.02, 0.52, 0.10, 0.10, 0.04])
    grade = rng.choice(4, len(person), p=[0.14, 0.26, 0.32, 0.28])
    reissue = np.where(rng.random(len(person)) < 0.08, "B1", "")
    facts.frames["civil_affairs/disability"] = pd.DataFrame(
        {
            "_self": person,
            "_suffix": texts((kind + 1).astype(str).tolist())
            + texts((grade + 1).astype(str).tolist())
            + reissue,
            "class": texts(CLASSES)[kind],
            "grade": texts(GRADES)[grade],
            "village_code": world.villages["village_code"].to_numpy()[people["village"].to_numpy()[person]],
        }
    )


def make_assistance(world: World, facts: Facts) -> None:
    """Add the assisted families and their members, and the allowances that follow from them."""
    rng, people, households = stream(world.seed, "assistance"), world.people, world.households
    rates = data_file("calibration")["welfare"]
    share = np.select(
        [households["is_monitored"], households["lifted_out"]],
        [rates["assisted"]["monitored"], rates["assisted"]["lifted_out"]],
        rates["assisted"]["general"],
    )
    disabled = np.zeros(len(households), dtype=bool)
    disabled[people["household"].to_numpy()[facts.disabled(world)]] = True
    assisted = np.flatnonzero(rng.random(len(households)) < share * np.where(disabled, 2.5, 0.85))
    template = np.array([row["name"] for row in data_file("calibration")["families"]])[
        households["template"].to_numpy()[assisted]
    ]
    names, weights = list(rates["categories"]), list(rates["categories"].values())
    category = weighted(rng, names, weights, len(assisted))
    lone = (template == "elder alone") & (rng.random(len(assisted)) < rates["tekun_of_lone_elders"] * 3)
    category[lone] = "特困供养"
    run_day = world.run_day
    stopped = rng.random(len(assisted)) < rates["stopped"]
    from_date = days_between(rng, run_day - 2900, run_day - 70, len(assisted))
    number = numbers("51990132", len(assisted), 7)
    village = households["village"].to_numpy()[assisted]
    to_date = np.where(
        stopped, days_between(rng, from_date + 30, run_day - 20, len(assisted)), np.datetime64("NaT", "D")
    )
    families = pd.DataFrame(
        {
            "category": category,
            "support_mode": np.where(lone, np.where(rng.random(len(assisted)) < 0.8, "分散", "集中"), ""),
            "status": np.where(stopped, "停保", "在保"),
            "from_date": from_date,
            "to_date": to_date,
            "township_name": world.villages["township_name"].to_numpy()[village],
            "village_name": world.villages["village_name"].to_numpy()[village],
            "bank_account": "621000" + pd.Series(rng.integers(10**12, 10**13, len(assisted))).astype(str),
        }
    )
    families["_household"] = assisted
    families.index = pd.Index(number, name="assistance_no")
    facts.families = families
    facts.family_members = _members(world, families, rng)
    _raise_severely_disabled(facts, facts.disabled(world, "一级", "二级"))
    size = facts.family_members.groupby("assistance_no").size().reindex(families.index).to_numpy()
    facts.families["monthly_amount"] = np.where(
        lone, 910, rng.integers(28, 46, len(assisted)) * 10 * size
    ).astype(float)
    book = facts.frames["civil_affairs/disability"]
    person = book["_self"].to_numpy()
    book["living_allowance"] = facts.assisted(world, *DIBAO)[person]
    book["nursing_allowance"] = book["grade"].isin(["一级", "二级"]) & ~facts.assisted(world, *TEKUN)[person]


def _raise_severely_disabled(facts: Facts, severe: Bools) -> None:
    """Families of 低保边缘 with a severely disabled member are on 低保: he could claim alone otherwise (CIV-09)."""
    members = facts.family_members
    raised = facts.families.index.isin(members.loc[severe[members["person"].to_numpy()], "assistance_no"])
    facts.families.loc[raised & (facts.families["category"] == "低保边缘家庭"), "category"] = DIBAO[0]


def _members(world: World, families: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """All living members of most families; of the others the head and some."""
    whole = rng.random(len(families)) < data_file("calibration")["welfare"]["whole_family"]
    by_household = pd.DataFrame(
        {"assistance_no": families.index, "household": families["_household"].to_numpy(), "whole": whole}
    )
    people = world.people[["household", "kind"]].assign(person=np.arange(len(world.people)))[world.living()]
    members = people.merge(by_household, on="household").sort_values(
        ["assistance_no", "person"], kind="stable"
    )
    keep = members["whole"] | (members["kind"] == "head") | (rng.random(len(members)) < 0.4)
    return members.loc[keep, ["assistance_no", "person"]].reset_index(drop=True)


def lay_sideways(world: World, facts: Facts) -> None:
    """Add civil_affairs/assistance: one row per family, the head and up to ten members beside one another."""
    members = facts.family_members
    order = members.groupby("assistance_no").cumcount()
    members = members.assign(order=order)[order <= 10]
    wide = members.pivot(index="assistance_no", columns="order", values="person").reindex(columns=range(11))
    wide = wide.fillna(-1).astype(np.int64)
    frame = facts.families.drop(columns="_household").join(wide, how="inner").reset_index()
    relation = np.append(world.people["relation"].to_numpy(), "")
    frame = frame.rename(columns={0: "_head"} | {number: f"_member_{number}" for number in range(1, 11)})
    for number in range(1, 11):
        frame[f"member_{number}_relation"] = relation[frame[f"_member_{number}"]]
    facts.frames["civil_affairs/assistance"] = frame


def make_deaths(world: World, facts: Facts) -> None:
    """Add civil_affairs/deaths: every death of the last three years."""
    person = np.flatnonzero(~world.living())
    died_on = world.people["died_on"].to_numpy()[person]
    order = np.argsort(died_on, kind="stable")
    frame = pd.DataFrame({"_self": person[order], "died_on": died_on[order]})
    frame["death_no"] = numbers("SW519901", len(frame), 7)
    facts.frames["civil_affairs/deaths"] = frame
