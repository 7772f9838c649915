"""The registry's books: registered households and their people, migrant work, villages, teams.

Belongs here: what the registry holds, free of the policies' gaps. Visits follow the cards and stand in `visits`.
"""

import numpy as np
import pandas as pd

from ingest.county.calibration import data_file
from ingest.county.draw import Days, days_between, exact_shares, stream, texts, weighted
from ingest.county.facts import DIBAO, TEKUN, Facts, numbers, village_groups
from ingest.county.names import given_names
from ingest.county.world import World

RISKS = [
    "因病",
    "因学",
    "因残",
    "因自然灾害",
    "因意外事故",
    "因务工就业不稳",
    "缺劳动力",
    "因产业项目失败",
    "其他",
]
MEASURE_OF_RISK = {
    "因病": ("measure_health", "参加大病保险,医疗救助"),
    "因学": ("measure_education", "雨露计划,助学金"),
    "因残": ("measure_social_security", "残疾人两项补贴,低保"),
}
MEASURES = [
    f"measure_{name}"
    for name in (
        "industry",
        "employment",
        "finance",
        "public_post",
        "health",
        "education",
        "compulsory_education",
        "housing",
        "water",
        "relocation",
        "social_security",
        "charity",
    )
]
# An officer of the township leads for some dozens of monitored households; a helper looks after a few.
_HOUSEHOLDS_PER_CONTACT, _HOUSEHOLDS_PER_HELPER = 30, 8
_CONTACT_TITLES = [
    "党委书记",
    "乡镇长",
    "人大主席",
    "党委副书记",
    "副乡镇长",
    "武装部长",
    "宣传委员",
    "组织委员",
]
SCHOOL_WORDS = {"高一": "普通高中一年级", "高二": "普通高中二年级", "高三": "普通高中三年级"}


def staff_names(rng: np.random.Generator, count: int) -> np.ndarray:
    """Return names of officers: no person of the county, never linked."""
    surnames = texts(data_file("names")["surnames"][:120])
    birth = np.full(count, np.datetime64("1985-06-01"), dtype="datetime64[D]")
    return rng.choice(surnames, count) + given_names(rng, birth, rng.random(count) < 0.6)


def make_register(world: World, facts: Facts) -> None:
    """Add the register: household columns of registry/persons, one row per registered household, index = household."""
    rng, rules = stream(world.seed, "register"), data_file("calibration")["rules"]
    households = world.households[world.households["is_registered"]]
    count = len(households)
    category = households["category"].to_numpy()
    monitored, eliminated = households["is_monitored"].to_numpy(), households["eliminated"].to_numpy()
    line = rules["monitoring_line"]
    income = line + 150 + rng.gamma(1.7, 2300, count)
    income[monitored] = np.clip(
        rng.normal(7900, 450, int(monitored.sum())), rules["dibao_line"] + 60, line - 10
    )
    sudden = monitored & (category == "突发严重困难户")
    income[sudden] = line + rng.gamma(2.0, 1200, int(sudden.sum()))
    month = world.run_day.astype("datetime64[M]")
    identified = month - rng.integers(2, 46, count)
    identified[eliminated] = month - rng.integers(20, 60, int(eliminated.sum()))
    after = rng.integers(7, 18, count)
    never = np.datetime64("NaT", "M")
    register = pd.DataFrame(index=households.index)
    register["household_no"] = numbers("5199010010", count, 8).to_numpy(dtype=object)
    register["household_kind"] = np.where(households["lifted_out"], "脱贫户", "一般农户")
    register["monitoring_category"] = category
    register["identified_month"] = np.where(category != "", identified, never)
    register["risk_eliminated"] = texts(
        np.where(category != "", np.where(eliminated, "是", "否"), "").tolist()
    )
    natural = (rng.random(count) < 0.1) | (households["size"].to_numpy() < 3)
    register["elimination_mode"] = np.where(eliminated, np.where(natural, "自然消除", "帮扶消除"), "")
    register["eliminated_month"] = np.where(eliminated, identified + after, never)
    register["income_per_capita"] = np.round(income, 2)
    register["household_phone"] = _first(world, facts, "phone", register.index)
    register["village_group"] = village_groups(
        world, "registry", register.index.to_numpy(), rng.integers(1, 9, count)
    )
    register["no_labour_household"] = False
    register["unsafe_dwelling"] = False
    register["water_safe"] = True
    register["dwelling_area"] = rng.integers(50, 180, count).astype(float)
    register["has_power"] = True
    register["paved_road"] = rng.random(count) < 0.985
    register["sanitary_toilet"] = rng.random(count) < 0.93
    register["km_to_road"] = np.round(rng.gamma(1.2, 0.5, count), 1)
    for column, mean in (
        ("arable_mu", 3.2),
        ("forest_mu", 4.0),
        ("returned_forest_mu", 1.1),
        ("orchard_mu", 0.4),
        ("pasture_mu", 0.0),
        ("water_mu", 0.05),
    ):
        register[column] = np.round(rng.gamma(1.5, mean / 1.5 + 1e-9, count), 1)
    register["compliant_self_paid"] = np.round(rng.gamma(1.1, 900, count), 2)
    register["claims_income"] = np.where(
        rng.random(count) < 0.03, np.round(rng.gamma(2.0, 1500, count), 2), 0.0
    )
    _risks_and_measures(register, rng)
    watched = (category != "") & ~eliminated
    contact = _officers(world, households, _HOUSEHOLDS_PER_CONTACT)
    helper = _officers(world, households, _HOUSEHOLDS_PER_HELPER)
    for column, values in (
        ("contact_name", staff_names(rng, count)[contact]),
        ("contact_title", texts(_CONTACT_TITLES)[contact % len(_CONTACT_TITLES)]),
        ("helper_name", staff_names(rng, count)[helper]),
    ):
        register[column] = np.where(watched | (rng.random(count) < 0.5), values, "")
    phones = (10_900_000_000 + rng.integers(0, 9999999, count))[contact]
    register["contact_phone"] = np.where(register["contact_name"] != "", phones.astype(str), "")
    facts.register = register


def _officers(world: World, households: pd.DataFrame, each: int) -> np.ndarray:
    """For each registered household the position of one that stands for its officer, who has about `each` monitored ones."""
    township = world.villages["township_name"].to_numpy()[households["village"].to_numpy()]
    frame = pd.DataFrame({"township": township, "monitored": households["is_monitored"].to_numpy()})
    by_township = frame.groupby("township")
    officers = np.maximum(1, -(-by_township["monitored"].transform("sum").to_numpy() // each))
    frame["officer"] = frame.groupby(["township", "monitored"]).cumcount().to_numpy() % officers
    frame["position"] = np.arange(len(frame))
    first: np.ndarray = frame.groupby(["township", "officer"])["position"].transform("min").to_numpy()
    return first


def _first(world: World, facts: Facts, column: str, index: pd.Index) -> np.ndarray:
    people = world.people[world.living() & (world.people[column] != "").to_numpy()]
    return (
        people.drop_duplicates("household")
        .set_index("household")[column]
        .reindex(index)
        .fillna("")
        .to_numpy(dtype=object)
    )


def _risks_and_measures(register: pd.DataFrame, rng: np.random.Generator) -> None:
    count, watched = len(register), (register["monitoring_category"] != "").to_numpy()
    weights = np.array([36, 6, 15, 4, 4, 12, 14, 5, 4], dtype=float)
    order = np.argsort(-np.log(rng.random((count, len(RISKS)))) / weights, axis=1)
    risks = texts(RISKS)[order[:, :3]]
    number = rng.choice([1, 2, 3], count, p=[0.62, 0.28, 0.10])
    for column in MEASURES:
        register[column] = ""
    for place in range(5):
        values = (
            np.where(watched & (place < number), risks[:, place], "") if place < 3 else texts([""] * count)
        )
        register[f"risk_{place + 1}"] = values
        for risk, (column, words) in MEASURE_OF_RISK.items():
            register[column] = np.where(values == risk, words, register[column])
    register["measure_industry"] = np.where(rng.random(count) < 0.45, "技术指导,产业发展", "")
    register["measure_employment"] = np.where(rng.random(count) < 0.35, "技能培训、务工补贴", "")
    register["measure_public_post"] = np.where(rng.random(count) < 0.10, "公益性岗位", "")


def calibrate_income(world: World, facts: Facts) -> None:
    """Scale the incomes of the lifted-out households above the monitoring line so that both means are the report's.

    Households below the line, and the monitored ones, keep theirs. Adds last year's income and the income's parts.
    """
    rng, targets, register = stream(world.seed, "income"), world.targets, facts.register
    line = data_file("calibration")["rules"]["monitoring_line"]
    size = world.households["size"].reindex(register.index).to_numpy()
    lifted = (register["household_kind"] == "脱贫户").to_numpy()
    monitored = world.households["is_monitored"].reindex(register.index).to_numpy()
    income = register["income_per_capita"].to_numpy().copy()
    free = lifted & ~monitored & (income > line)
    wanted = targets.lifted_out_income_per_capita * size[lifted].sum()
    fixed = (income[lifted & ~free] * size[lifted & ~free]).sum() + line * size[free].sum()
    factor = (wanted - fixed) / ((income[free] - line) * size[free]).sum()
    income[free] = np.round(line + (income[free] - line) * factor, 2)
    last = income / (1 + targets.lifted_out_income_growth) * rng.normal(1.0, 0.05, len(income))
    goal = targets.lifted_out_income_per_capita / (1 + targets.lifted_out_income_growth) * size[lifted].sum()
    last = np.round(last * goal / (last[lifted] * size[lifted]).sum(), 2)
    register["income_per_capita"], register["income_per_capita_last_year"] = income, last
    total = income * size
    parts = rng.dirichlet([6.0, 2.0, 0.2, 2.0], len(register))
    for column, share in zip(("wage_income", "business_income", "property_income"), parts.T, strict=False):
        register[column] = np.round(total * share, 2)
    register["transfer_income"] = np.round(
        total - register["wage_income"] - register["business_income"] - register["property_income"], 2
    )


def make_persons(world: World, facts: Facts) -> None:
    """Add the person columns of registry/persons; the household columns join from the register when it is final."""
    rng, people = stream(world.seed, "registry persons"), world.people
    person = np.flatnonzero(people["is_target"].to_numpy())
    rows = people.iloc[person]
    order = rows.groupby("household").cumcount() + 1
    household_no = facts.register["household_no"].reindex(rows["household"]).to_numpy(dtype=object)
    age, school_age = rows["age"].to_numpy(), rows["school_age"].to_numpy()
    disabled = facts.disabled(world)[person]
    scheme = _scheme(world, facts)[person]
    labour = np.select(
        [age < 16, disabled & (age >= 16), age >= 75, age >= 60],
        ["无劳动力", "弱劳动力或半劳动力", "丧失劳动力", "弱劳动力或半劳动力"],
        "普通劳动力",
    )
    working = (labour == "普通劳动力") & (age < 62) & (rng.random(len(person)) < 0.42)
    ill = rng.random(len(person))
    health = np.where(
        disabled,
        np.where(ill < 0.1, "残疾,长期慢性病", "残疾"),
        np.select([ill < 0.012, ill < np.where(age > 55, 0.25, 0.05)], ["患有大病", "长期慢性病"], "健康"),
    )
    education = np.select(
        [age < 6, age > 62, age > 45],
        ["", "文盲或半文盲", "小学"],
        weighted(rng, ["小学", "初中", "高中", "大专", "本科及以上"], [20, 52, 16, 8, 4], len(person)),
    )
    frame = pd.DataFrame(
        {
            "_self": person,
            "household_no": household_no,
            "person_no": household_no + order.astype(str).str.zfill(2).to_numpy(dtype=object),
            "relation_to_head": rows["relation"].to_numpy(),
            "ethnicity": rows["ethnicity"].to_numpy(),
            "phone": rows["phone"].to_numpy(),
            "education_level": education,
            "student_status": _student_status(world, facts, person, school_age),
            "dropout_reason": "",
            "health_status": health,
            "labour_ability": labour,
            "resident_insured": scheme == "城乡居民",
            "employee_insured": scheme == "城镇职工",
            "critical_illness_insured": scheme == "城乡居民",
            "medical_aid": rng.random(len(person)) < 0.04,
            "pension_insured": (age >= 16) & (rng.random(len(person)) < 0.9),
            "dibao_status": np.where(
                facts.assisted(world, DIBAO[0])[person],
                DIBAO[0],
                np.where(
                    facts.assisted(world, DIBAO[1])[person],
                    DIBAO[1],
                    np.where(rng.random(len(person)) < 0.3, "", "未享受"),
                ),
            ),
            "tekun_status": np.where(facts.assisted(world, *TEKUN)[person], "农村特困", "不享受"),
            "employed_at": np.where(
                working, rng.choice(texts(list(data_file("places")["work_places"])), len(person)), ""
            ),
            "months_employed": np.where(working, rng.integers(3, 12, len(person)), 0),
            "public_post": np.where((age > 40) & (age < 65) & (rng.random(len(person)) < 0.05), "保洁员", ""),
        }
    )
    frame["public_post_months"] = np.where(frame["public_post"] != "", 10, 0)
    facts.frames["registry/persons"] = frame
    facts.frames["registry/migrant_work"] = _migrant_work(world, frame, np.flatnonzero(working), rng)


def settle_eliminations(world: World, facts: Facts) -> None:
    """Households that nobody of can work have their risk eliminated by nature, never by support."""
    persons, register = facts.frames["registry/persons"], facts.register
    able = persons["labour_ability"].isin(["普通劳动力", "技能劳动力", "弱劳动力或半劳动力"])
    workers = world.people["household"].to_numpy()[persons.loc[able, "_self"]]
    helped = register["elimination_mode"] == "帮扶消除"
    register.loc[helped & ~register.index.isin(workers), "elimination_mode"] = "自然消除"


def _scheme(world: World, facts: Facts) -> np.ndarray:
    enrolment = facts.frames["medical_insurance/enrolment"]
    now = enrolment[
        (enrolment["year"] == world.today.premium_year) & (enrolment["status"] == "正常")
    ].drop_duplicates("_self")
    scheme = texts([""] * len(world.people))
    scheme[now["_self"].to_numpy()] = now["scheme"].to_numpy()
    return scheme


def _student_status(world: World, facts: Facts, person: np.ndarray, school_age: np.ndarray) -> np.ndarray:
    students = facts.frames["education/students"].set_index("_self")
    students = students[students["status"] != "休学"]
    grade = students["grade"]
    stage = students["stage"]
    word = np.where(
        stage == "学前",
        "学前教育",
        np.where(stage == "小学", "小学", np.where(stage.isin(["中职", "高职高专"]), stage + grade, grade)),
    )
    words = (
        pd.Series(word, index=students.index)
        .replace(SCHOOL_WORDS)
        .reindex(person)
        .fillna("")
        .to_numpy(dtype=object)
    )
    return np.where((words == "") & (school_age < 6), "学龄前儿童", words)


def _migrant_work(
    world: World, persons: pd.DataFrame, working: np.ndarray, rng: np.random.Generator
) -> pd.DataFrame:
    work, count = data_file("places")["work_places"], len(working)
    province = persons["employed_at"].to_numpy()[working]
    month = world.run_day.astype("datetime64[M]")
    start = month - rng.integers(1, 11, count)
    county = texts(
        [
            work[name][pick % len(work[name])]
            for name, pick in zip(province, rng.integers(0, 60, count), strict=True)
        ]
    )
    ended = rng.random(count) < 0.2
    return pd.DataFrame(
        {
            "_self": persons["_self"].to_numpy()[working],
            "household_no": persons["household_no"].to_numpy()[working],
            "person_no": persons["person_no"].to_numpy()[working],
            "from_month": start,
            "to_month": np.where(
                ended, np.minimum(start + rng.integers(1, 6, count), month), np.datetime64("NaT", "M")
            ),
            "province": province,
            "county": county,
            "monthly_income": rng.integers(22, 75, count) * 100.0,
            "channel": weighted(
                rng, ["亲友介绍", "自主就业", "政府组织", "劳务公司"], [45, 30, 15, 10], count
            ),
            "transport_allowance": np.where(rng.random(count) < 0.4, 400.0, 0.0),
        }
    )


def join_register(facts: Facts, world: World) -> None:
    """Lay the final register beside each person of registry/persons."""
    frame = facts.frames["registry/persons"]
    village = world.villages.iloc[world.people["village"].to_numpy()[frame["_self"]]]
    frame["county_name"] = data_file("places")["county"]
    frame["township_name"] = village["township_name"].to_numpy()
    frame["village_name"] = village["village_name"].to_numpy()
    joined = frame.merge(facts.register, on="household_no", how="left", validate="many_to_one")
    facts.frames["registry/persons"] = joined


def make_villages_book(world: World, facts: Facts) -> None:
    """Add registry/villages."""
    facts.frames["registry/villages"] = world.villages.drop(columns="weight")


def make_village_teams(world: World, facts: Facts) -> None:
    """Add registry/village_teams: the report's number in post, a first secretary in each lifted-out and key village, and some who left."""
    rng, villages = stream(world.seed, "teams"), world.villages
    posts = villages.loc[villages["village_kind"] != "一般村", "village_code"].to_numpy(dtype=object)
    members = exact_shares(world.targets.team_members - len(posts), [1.0] * len(posts))
    code = np.concatenate([posts, np.repeat(posts, members)])
    role = np.where(np.arange(len(code)) < len(posts), "第一书记", "工作队员")
    never = np.datetime64("NaT", "D")
    run_day = world.run_day
    start: Days = days_between(rng, run_day - 700, run_day - 40, len(code))
    end = np.where(rng.random(len(code)) < 0.5, start + 1100, never)
    left = rng.permutation(len(posts))[: max(1, len(posts) // 10)]
    frame = pd.DataFrame(
        {
            "village_code": np.concatenate([code, posts[left]]),
            "role": np.concatenate([role, texts(["第一书记"] * len(left))]),
            "from_date": np.concatenate([start, start[left] - 800]),
            "to_date": np.concatenate([end, start[left] - 1]),
        }
    )
    frame["name"] = staff_names(rng, len(frame))
    twice = frame.duplicated(["village_code", "name"])
    frame.loc[twice, "name"] = frame.loc[twice, "name"] + "华"
    frame["dispatched_by"] = rng.choice(texts(data_file("places")["units"]), len(frame))
    facts.frames["registry/village_teams"] = frame.sort_values(
        ["village_code", "role"], kind="stable"
    ).reset_index(drop=True)
