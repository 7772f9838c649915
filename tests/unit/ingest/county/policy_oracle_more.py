"""Asks the other policies of the true books with their own pandas code, beside `policy_oracle`'s first fourteen.

Belongs here: policies.md's meaning over `World` and `Facts`; nothing of the generator's planting. REG-02 and REG-12
look at gaps of earlier days: on a first day nobody can have them.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.unit.ingest.county.policy_oracle import ON_ROLL, Oracle

PUPILS = ["小学", "七年级", "八年级", "九年级"]
PUPILS += [f"{kind}{grade}年级" for kind in ("普通高中", "中职") for grade in "一二三"]
ELSEWHERE = ["异地居民", "异地职工", "参军", "服刑"]
DIBAO = ("农村低保", "城市低保")
Answers = dict[str, set[int]]


class WiderOracle(Oracle):
    """The same books, the other policies."""

    def _positions(self, mask: np.ndarray) -> set[int]:
        return set(np.flatnonzero(mask).tolist())

    def _homes(self, people: np.ndarray) -> set[int]:
        return set(self.people["household"].to_numpy()[people].tolist())

    def education(self) -> Answers:
        """EDU-03, EDU-05 … EDU-08: the persons with a gap."""
        students, aid = self.facts.frames["education/students"], self.facts.frames["education/student_aid"]
        here = students[students["status"].isin(ON_ROLL)]
        on_roll = self._mask(here["_self"])
        senior = self._mask(here.loc[here["stage"] == "高中", "_self"])
        vocational = self._mask(here.loc[here["stage"].isin(["中职", "高职高专"]), "_self"])
        once_vocational = self._mask(students.loc[students["stage"].isin(["中职", "高职高专"]), "_self"])
        now = aid[aid["term"] == self.world.today.term]
        yulu = now[now["programme"] == "雨露计划"]
        has_yulu = self._mask(yulu["_self"])
        twice = yulu[yulu["amount"] > 0].groupby("_self").size()
        senior_aid = self._mask(now.loc[now["programme"].isin(["普通高中国家助学金", "免学杂费"]), "_self"])
        needy = (
            self.target
            | self.assisted(*DIBAO, "特困供养")
            | self._mask(self.facts.frames["civil_affairs/disability"]["_self"])
        )
        pupil = self._mask(self.registry.loc[self.registry["student_status"].isin(PUPILS), "_self"])
        due = self.world.today.term_is_due
        return {
            "EDU-03": self._positions(self.living & pupil & ~on_roll),
            "EDU-05": self._positions(self.living & senior & needy & ~senior_aid & due),
            "EDU-06": self._positions(self.living & vocational & self.target & ~has_yulu & due),
            "EDU-07": self._positions(self.living & has_yulu & ~(self.target & once_vocational)),
            "EDU-08": set(twice.index[twice > 1].tolist()),
        }

    def insurance(self) -> Answers:
        """MED-02, MED-04, MED-09: the persons with a gap."""
        frames, year = self.facts.frames, self.world.today.premium_year
        enrolment, ledger = frames["medical_insurance/enrolment"], frames["medical_insurance/coverage_ledger"]
        now = enrolment[(enrolment["year"] == year) & (enrolment["status"] == "正常")]
        insured, resident = (
            self._mask(now["_self"]),
            self._mask(now.loc[now["scheme"] == "城乡居民", "_self"]),
        )
        exempt = self._mask(ledger.loc[ledger["coverage"].isin(ELSEWHERE), "_self"])
        poor = self.assisted(*DIBAO, "特困供养", "低保边缘家庭")
        registered = self._mask(self.registry.loc[self.registry["resident_insured"].astype(bool), "_self"])
        subsidised = now[(now["subsidy_amount"] > 0) & (now["subsidy_category"] != "其他")]
        certificates = frames["civil_affairs/disability"]
        severe = self._mask(certificates.loc[certificates["grade"].isin(["一级", "二级"]), "_self"])
        group = self.assisted() | self.target | severe | self._assisted_when_paid(now)
        return {
            "MED-02": self._positions(self.living & poor & ~self.target & ~insured & ~exempt),
            "MED-04": self._positions(self.living & self._mask(subsidised["_self"]) & ~group),
            "MED-09": self._positions(self.living & registered & ~resident & ~exempt),
        }

    def _assisted_when_paid(self, now: pd.DataFrame) -> np.ndarray:
        rows = self._spells().merge(now[["_self", "paid_on"]], left_on="person", right_on="_self")
        then = (rows["from_date"] <= rows["paid_on"]) & ~(rows["to_date"] <= rows["paid_on"])
        return self._mask(rows.loc[then, "person"])

    def _spells(self, *categories: str) -> pd.DataFrame:
        """One row per person and family that says when it was assisted."""
        wide = self.facts.frames["civil_affairs/assistance"]
        wide = wide[(wide["status"] == "在保") | wide["to_date"].notna()]
        wide = wide[wide["category"].isin(categories)] if categories else wide
        roles = ["_head", *(f"_member_{k}" for k in range(1, 11))]
        long = wide.melt(id_vars=["from_date", "to_date"], value_vars=roles, value_name="person")
        return long[long["person"] >= 0]

    def bills(self) -> tuple[Answers, Answers]:
        """MED-07, MED-08, DEC-02 (persons), MED-06 (households)."""
        bills = self.facts.frames["medical_insurance/settlements"].drop_duplicates(
            "settlement_no", keep="last"
        )
        since = self.day - pd.DateOffset(years=1)
        recent = bills[(bills["settled_on"] > since) & (bills["settled_on"] <= self.day)]
        own = recent.groupby("_self")["self_paid"].sum().reindex(range(len(self.people))).fillna(0).to_numpy()
        enrolment = self.facts.frames["medical_insurance/enrolment"]
        rural = self._mask(enrolment["_self"])
        stays = recent[recent["visit_type"] == "住院"].merge(
            self._spells(*DIBAO, "特困供养"), left_on="_self", right_on="person"
        )
        then = (stays["from_date"] <= stays["settled_on"]) & ~(stays["to_date"] <= stays["settled_on"])
        left = stays["total_cost"] - stays["basic_paid"] - stays["critical_illness_paid"]
        unaided = self._mask(
            stays.loc[then & (left.round(2) > 500) & ~(stays["medical_aid_paid"] > 0), "_self"]
        )
        died = self.people["died_on"].to_numpy()[bills["_self"]]
        after = bills["settled_on"].to_numpy() > died + np.timedelta64(30, "D")
        ill = (self.households[[f"risk_{k}" for k in range(1, 6)]] == "因病").any(axis=1)
        known = set(self._monitored().index[ill.reindex(self._monitored().index)])
        lately = self.living | (self.people["died_on"] > since).to_numpy()
        dear = self._homes((own.round(2) >= 5000) & lately)
        persons = {
            "MED-07": self._positions(
                self.living & ~self.target & ~self.assisted() & rural & (own.round(2) >= 20000)
            ),
            "MED-08": self._positions(self.living & unaided),
            "DEC-02": set(bills.loc[after, "_self"].tolist()),
        }
        return persons, {"MED-06": (dear & set(self.households.index)) - known}

    def _monitored(self) -> pd.DataFrame:
        register = self.households
        return register[(register["monitoring_category"] != "") & (register["risk_eliminated"] == "否")]

    def _eliminated(self) -> pd.DataFrame:
        register = self.households
        return register[(register["monitoring_category"] != "") & (register["risk_eliminated"] == "是")]

    def _alone(self) -> pd.Series:
        """The only living member of each household that has one."""
        living = self.people[self.living]
        return living.groupby("household").filter(lambda rows: len(rows) == 1)["household"]

    def civil(self) -> tuple[Answers, Answers]:
        """CIV-06 … CIV-09 (persons), CIV-01, CIV-02, CIV-05 (households)."""
        people, certificates = self.people, self.facts.frames["civil_affairs/disability"]
        dibao, tekun = self.assisted(*DIBAO), self.assisted("特困供养")
        disabled = self._mask(certificates["_self"])
        severe = self._mask(certificates.loc[certificates["grade"].isin(["一级", "二级"]), "_self"])
        living_paid = self._mask(certificates.loc[certificates["living_allowance"].astype(bool), "_self"])
        nursing_paid = self._mask(certificates.loc[certificates["nursing_allowance"].astype(bool), "_self"])
        rows = self.registry
        healthy = self._mask(
            rows.loc[(rows["health_status"] == "健康") & (rows["student_status"] == ""), "_self"]
        )
        worker = people["age"].between(18, 59).to_numpy()
        persons = {
            "CIV-06": self._positions(self.living & tekun & healthy & worker & ~disabled),
            "CIV-07": self._positions(self.living & disabled & dibao & ~living_paid),
            "CIV-08": self._positions(self.living & severe & ~tekun & ~nursing_paid),
            "CIV-09": self._positions(self.living & severe & self.assisted("低保边缘家庭") & ~dibao),
        }
        helped = self._homes((dibao | tekun) & self.living)
        monitored, alone = self._monitored(), self._alone()
        old = alone[(people["age"].reindex(alone.index) >= 60) & self.living[alone.index]]
        weak = rows.loc[rows["labour_ability"].isin(["丧失劳动力", "无劳动力"]), "_self"]
        below = set(self.households.index[self.households["income_per_capita"] < 6600])
        new = self._assisted_rows("农村低保")
        new = new[new["from_date"] >= self.day - pd.Timedelta(days=60)]["person"].to_numpy(dtype=np.int64)
        return persons, {
            "CIV-01": set(monitored.index[monitored["income_per_capita"] < 6600]) - helped,
            "CIV-02": self._homes(new[self.living[new]]) - set(self.households.index),
            "CIV-05": (set(old[old.index.isin(weak)]) & below) - helped,
        }

    def housing(self) -> Answers:
        """HOU-02 … HOU-05: the households with a gap."""
        dwellings, works = self.facts.frames["housing/dwellings"], self.facts.frames["housing/renovations"]
        household = self.people["household"].to_numpy()
        lived_in = dwellings[dwellings["occupancy"] == "在住"]
        done = works[works["accepted_on"] <= self.day]
        by_number = done[done["dwelling_no"] != ""].groupby("dwelling_no")["accepted_on"].max()
        by_head = done[done["dwelling_no"] == ""].groupby("_head")["accepted_on"].max()
        bad = lived_in[lived_in["safety_grade"].isin(["C", "D"])]
        last = np.fmax(bad["dwelling_no"].map(by_number).to_numpy(), bad["_head"].map(by_head).to_numpy())
        seen = bad[last > bad["assessed_on"].to_numpy()]
        lately = done[done["accepted_on"] > self.day - pd.DateOffset(years=10)]
        times = pd.Series(household[lately["_head"]]).value_counts()
        late = works[works["completed_on"].isna() & (works["started_on"] < self.day - pd.Timedelta(days=180))]
        homes = set(household[lived_in["_head"]]) & set(self.households.index)
        said = set(self.households.index[self.households["unsafe_dwelling"].astype(bool)])
        return {
            "HOU-02": set(household[seen["_head"]].tolist()),
            "HOU-03": set(times.index[times > 1].tolist()),
            "HOU-04": homes & (said ^ self._unsafe()),
            "HOU-05": set(household[late["_head"]].tolist()),
        }

    def registry_gaps(self, relapse: set[int]) -> tuple[Answers, Answers]:
        """REG-10 (persons), REG-03 … REG-11 (households); `relapse` holds the households with a clue of REG-07."""
        rows, people, gone = self.registry, self.people, self._eliminated()
        helped = gone[gone["elimination_mode"] == "帮扶消除"]
        months = helped["eliminated_month"].dt.to_period("M").astype("int64") - helped[
            "identified_month"
        ].dt.to_period("M").astype("int64")
        able = rows["labour_ability"].isin(["普通劳动力", "技能劳动力", "弱劳动力或半劳动力"])
        workers = self._homes(rows.loc[able, "_self"].to_numpy(dtype=np.int64))
        heads = rows[rows["relation_to_head"] == "户主"].groupby("household_no").size()
        count = heads.reindex(self.households["household_no"]).fillna(0).to_numpy()
        monitored = self._monitored()
        risks = monitored[[f"risk_{k}" for k in range(1, 6)]]
        charity = monitored["measure_charity"] != ""

        def unanswered(risk: str, *measures: str) -> pd.Series:
            answered = charity if risk not in ("因安全住房", "因安全饮水") else charity & False
            for measure in measures:
                answered = answered | (monitored[f"measure_{measure}"] != "")
            return (risks == risk).any(axis=1) & ~answered

        missing = (
            unanswered("因病", "health")
            | unanswered("因学", "education", "compulsory_education")
            | unanswered("因残", "social_security")
            | unanswered("因安全住房", "housing", "relocation")
            | unanswered("因安全饮水", "water")
        )
        nobody = (monitored["contact_name"] == "") | (monitored["helper_name"] == "")
        households = rows.groupby("_self")["household_no"].nunique()
        return {"REG-10": set(households.index[households > 1].tolist())}, {
            "REG-03": set(helped.index[months < 6]),
            "REG-04": set(helped.index[helped["income_per_capita"] < 8800]),
            "REG-05": set(helped.index) - workers,
            "REG-07": relapse & set(gone.index),
            "REG-08": set(monitored.index[missing]),
            "REG-09": set(monitored.index[nobody]),
            "REG-11": set(self.households.index[count != 1])
            & self._homes(self.living & (people["household"] >= 0)),
        }

    def funds(self) -> dict[str, set[str]]:
        """FND-01 … FND-03: numbers of the projects and assets with a gap."""
        projects, assets = self.facts.frames["funds/projects"], self.facts.frames["funds/assets"]
        payments = self.facts.frames["funds/disbursements"]
        payments = payments[payments["paid_on"] <= self.day]
        paid = payments.groupby("project_no")["amount"].sum()
        share = projects["project_no"].map(paid).fillna(0) / projects["planned_fund"]
        elapsed = ((self.day - projects["started_on"]) / (projects["due_on"] - projects["started_on"])).clip(
            0, 1
        )
        late = (projects["status"] == "在建") & (share < elapsed - 0.2)
        orphan = (assets["status"] != "处置") & (assets["custodian"] == "")
        idle = (assets["asset_kind"] == "经营性") & ~assets["status"].isin(["在用", "处置"])
        return {
            "FND-01": set(projects.loc[late, "project_no"]),
            "FND-02": set(assets.loc[orphan, "asset_no"]),
            "FND-03": set(assets.loc[idle, "asset_no"]),
        }

    def all_people(self) -> Answers:
        """Every person policy."""
        gaps = self.people_gaps() | self.education() | self.insurance()
        return gaps | self.bills()[0] | self.civil()[0] | self.registry_gaps(set())[0]

    def all_households(self) -> Answers:
        """Every household policy but VIS-01."""
        gaps = self.household_gaps() | self.bills()[1] | self.civil()[1] | self.housing()
        people = self.people["household"].to_numpy()
        pupils = {int(people[person]) for person in self.people_gaps()["EDU-01"]}
        relapse = pupils | gaps["MED-06"] | gaps["HOU-01"] | gaps["WAT-01"]
        return gaps | self.registry_gaps(relapse)[1]
