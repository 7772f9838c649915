"""The education bureau's books: the school roll with guardians, and student aid of two terms.

Belongs here: who is at which school and what aid was paid, free of the policies' gaps.
"""

import datetime

import numpy as np
import pandas as pd

from ingest.county.calibration import data_file
from ingest.county.draw import Ints, Texts, days_between, stream, texts
from ingest.county.facts import DIBAO, TEKUN, Facts, numbers, village_groups
from ingest.county.world import World

GRADES = {
    "学前": ["小班", "中班", "大班"],
    "小学": ["一年级", "二年级", "三年级", "四年级", "五年级", "六年级"],
    "初中": ["七年级", "八年级", "九年级"],
    "高中": ["高一", "高二", "高三"],
    "中职": ["一年级", "二年级", "三年级"],
    "高职高专": ["一年级", "二年级", "三年级"],
}
FIRST_AGE = {"学前": 3, "小学": 6, "初中": 12, "高中": 15, "中职": 15, "高职高专": 18}
AMOUNT = {"小学": 500.0, "初中": 625.0}


def make_students(world: World, facts: Facts) -> None:
    """Add education/students: every child of a target household at compulsory age, and whom else the roll would hold."""
    rng, people = stream(world.seed, "students"), world.people
    rates = data_file("calibration")["schooling"]
    age = people["school_age"].to_numpy()
    chance = rng.random(len(people))
    stage = texts([""] * len(people))
    stage[(age >= 3) & (age <= 5) & (chance < rates["kindergarten"])] = "学前"
    must = people["is_target"].to_numpy() | (chance >= rates["elsewhere"])
    stage[(age >= 6) & (age <= 11) & must] = "小学"
    stage[(age >= 12) & (age <= 14) & must] = "初中"
    senior = (age >= 15) & (age <= 17)
    academic = rates["senior"]["高中"]
    stage[senior & (chance < academic)] = "高中"
    stage[senior & (chance >= academic) & (chance < academic + rates["senior"]["中职"])] = "中职"
    stage[(age >= 18) & (age <= 20) & (chance < rates["college"])] = "高职高专"
    stage[(age == 6) & (rng.random(len(people)) < rates["late_start"])] = "学前"
    person = np.flatnonzero((stage != "") & world.living())
    stage, age = stage[person], age[person]
    status = np.where(
        rng.random(len(person)) < rates["special"],
        np.where(rng.random(len(person)) < 0.5, "送教上门", "随班就读"),
        "在读",
    )
    status = np.where((rng.random(len(person)) < rates["on_leave"]) & (stage != "学前"), "休学", status)
    village = people["village"].to_numpy()[person]
    school, school_name = _schools(world, stage, village, rng)
    id_number = people["id_number"].to_numpy()[person]
    temporary = numbers("L519901", len(person), 11).to_numpy(dtype=object)
    drawn = rng.integers(1, data_file("places")["village_group_count"], len(person))
    group = village_groups(world, "education", people["household"].to_numpy()[person], drawn)
    frame = pd.DataFrame(
        {
            "_self": person,
            "student_no": np.where(id_number == "", temporary, "G" + id_number),
            "school_code": school,
            "school_name": school_name,
            "stage": stage,
            "grade": grades(stage, age),
            "status": status,
            "village_code": world.villages["village_code"].to_numpy()[village],
            "address": world.villages["township_name"].to_numpy()[village]
            + world.villages["village_name"].to_numpy()[village]
            + group,
        }
    )
    guardians = _guardians(world, person)
    frame["_guardian1"], frame["_guardian2"] = guardians
    kind, male = people["kind"].to_numpy(), people["is_male"].to_numpy()
    for number, guardian in enumerate(guardians, start=1):
        grand = (kind[person] == "grandchild") & np.isin(kind[guardian], ["head", "spouse"])
        words = np.where(
            grand, np.where(male[guardian], "祖父", "祖母"), np.where(male[guardian], "父亲", "母亲")
        )
        frame[f"guardian{number}_relation"] = np.where(guardian >= 0, words, "")
    phone = people["phone"].to_numpy()
    frame["phone"] = np.where(guardians[0] >= 0, phone[guardians[0]], "")
    facts.frames["education/students"] = frame


def grades(stage: Texts, age: Ints) -> Texts:
    """Return the grade's name for a stage and a school age; ages beyond the stage stand in its last or first grade."""
    result = texts([""] * len(stage))
    for name, words in GRADES.items():
        at = stage == name
        result[at] = texts(words)[np.clip(age[at] - FIRST_AGE[name], 0, len(words) - 1)]
    return result


def _schools(world: World, stage: Texts, village: Ints, rng: np.random.Generator) -> tuple[Texts, Texts]:
    township = world.villages["township_name"].to_numpy()[village]
    kind = {"学前": "中心幼儿园", "小学": "中心小学", "初中": "初级中学"}
    county = {
        "高中": ["岚川中学", "岚川县第二中学"],
        "中职": ["岚川县职业技术学校"],
        "高职高专": ["岚川职业学院"],
    }
    name = texts([""] * len(stage))
    for key, suffix in kind.items():
        name[stage == key] = township[stage == key] + suffix
    for key, names in county.items():
        name[stage == key] = rng.choice(texts(names), int((stage == key).sum()))
    codes, _ = pd.factorize(pd.Series(name), sort=True)
    return texts((3_151_990_000 + codes).astype(str).tolist()), name


def _guardians(world: World, person: Ints) -> tuple[Ints, Ints]:
    """Father and mother where they live in the household, else the grandparents; -1 where nobody is."""
    people = world.people
    living = people[world.living()]
    count = len(world.households)

    def member(kind: str) -> Ints:
        rows = living.index[living["kind"] == kind]
        rows = rows[~living.loc[rows, "household"].duplicated()]
        place = np.full(count, -1, dtype=np.int64)
        place[people["household"].to_numpy()[rows]] = rows
        return place

    household = people["household"].to_numpy()[person]
    kind = people["kind"].to_numpy()[person]
    head, spouse, married = (
        member("head")[household],
        member("spouse")[household],
        member("child_spouse")[household],
    )
    child = np.where(married >= 0, member("child")[household], -1)
    parents = (kind == "grandchild") & (child >= 0)
    first = np.where(parents, child, head)
    second = np.where(parents, married, spouse)
    first = np.where(kind == "head", -1, first)
    return np.where(first == person, -1, first), np.where(second == person, -1, second)


def make_student_aid(world: World, facts: Facts) -> None:
    """Add education/student_aid: this term's aid (once due) and the term before, for everybody entitled."""
    rng, people, students = (
        stream(world.seed, "student aid"),
        world.people,
        facts.frames["education/students"],
    )
    entitled = people["is_target"].to_numpy() | facts.assisted(world, *DIBAO, *TEKUN)
    needy = entitled | facts.disabled(world)
    person = students["_self"].to_numpy()
    stage, on_roll = (
        students["stage"].to_numpy(),
        students["status"].isin(["在读", "送教上门", "随班就读"]).to_numpy(),
    )
    compulsory = np.isin(stage, ["小学", "初中"])
    grants = [
        ("义务教育生活补助", compulsory & needy[person]),
        ("普通高中国家助学金", (stage == "高中") & needy[person]),
        ("免学杂费", (stage == "高中") & needy[person] & (rng.random(len(students)) < 0.5)),
        ("中职国家助学金", (stage == "中职") & entitled[person]),
        ("雨露计划", np.isin(stage, ["中职", "高职高专"]) & people["is_target"].to_numpy()[person]),
        ("学前教育资助", (stage == "学前") & entitled[person]),
    ]
    parts = []
    for term, due in _terms(world):
        for programme, mask in grants:
            at = np.flatnonzero(mask & on_roll)
            due_day = np.datetime64(due, "D")
            amount = (
                pd.Series(stage[at])
                .map(AMOUNT)
                .fillna(1500.0 if programme == "雨露计划" else 1000.0)
                .to_numpy()
            )
            part = students.iloc[at][["_self", "student_no"]].assign(
                programme=programme,
                term=term,
                amount=amount,
                paid_on=days_between(rng, due_day - 24, due_day - 1, len(at)),
            )
            parts.append(part)
    frame = (
        pd.concat(parts, ignore_index=True)
        .sort_values(["paid_on", "_self"], kind="stable")
        .reset_index(drop=True)
    )
    frame["aid_no"] = numbers("ZZ", len(frame), 9)
    facts.frames["education/student_aid"] = frame


def _terms(world: World) -> list[tuple[str, datetime.date]]:
    """The term before this one, and this one once its aid is due."""
    today, due = world.today, data_file("calibration")["rules"]["term_payment_due"]
    year, season = int(today.term[:4]), today.term[4]
    before = (year, "春") if season == "秋" else (year - 1, "秋")
    last = (f"{before[0]}{before[1]}", datetime.date(before[0], *due[before[1]]))
    return [last, (today.term, today.term_due)] if today.term_is_due else [last]
