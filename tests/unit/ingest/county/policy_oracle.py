"""Asks the policies of the true books with their own pandas code, to be laid beside the planted gaps.

Belongs here: policies.md's meaning of the fourteen policies over `World` and `Facts`; nothing of the generator's planting.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ingest.county.facts import Facts
from ingest.county.world import World

ON_ROLL = ["在读", "送教上门", "随班就读"]


class Oracle:
    """Facts per person and per household, and for each policy the subjects that have a gap."""

    def __init__(self, world: World, facts: Facts) -> None:
        self.world, self.facts = world, facts
        self.day = pd.Timestamp(world.run_day)
        self.people = world.people
        self.living = world.living()
        self.registry = facts.frames["registry/persons"]
        self.target = np.zeros(len(self.people), dtype=bool)
        self.target[self.registry["_self"]] = True
        self.households = (
            self.registry.assign(household=self.people["household"].to_numpy()[self.registry["_self"]])
            .drop_duplicates("household")
            .set_index("household")
        )

    def _mask(self, rows: pd.Series) -> np.ndarray:
        mask = np.zeros(len(self.people), dtype=bool)
        mask[rows.to_numpy(dtype=np.int64)] = True
        return mask

    def _assisted_rows(self, *categories: str) -> pd.DataFrame:
        wide = self.facts.frames["civil_affairs/assistance"]
        force = (wide["status"] == "在保") & ~(wide["from_date"] > self.day) & ~(wide["to_date"] <= self.day)
        wide = wide[force & wide["category"].isin(categories)] if categories else wide[force]
        roles = ["_head", *(f"_member_{k}" for k in range(1, 11))]
        long = wide.melt(id_vars=["from_date"], value_vars=roles, value_name="person")
        return long[long["person"] >= 0]

    def assisted(self, *categories: str) -> np.ndarray:
        """Mask of people in a family in force."""
        return self._mask(self._assisted_rows(*categories)["person"])

    def since(self, *categories: str) -> np.ndarray:
        """First day of assistance in force per person."""
        return (
            self._assisted_rows(*categories)
            .groupby("person")["from_date"]
            .min()
            .reindex(range(len(self.people)))
            .to_numpy()
        )

    def people_gaps(self) -> dict[str, set[int]]:
        """Person policies: the persons with a gap."""
        world, people, frames = self.world, self.people, self.facts.frames
        students, aid, enrolment = (
            frames["education/students"],
            frames["education/student_aid"],
            frames["medical_insurance/enrolment"],
        )
        school_age = people["school_age"].to_numpy()
        stages = students["stage"].isin(["小学", "初中", "高中", "中职"])
        six = (students["stage"] == "学前") & (school_age[students["_self"]] == 6)
        here = self._mask(students.loc[(stages | six) & students["status"].isin([*ON_ROLL, "休学"]), "_self"])
        dropped = self._mask(
            students.loc[students["stage"].isin(["小学", "初中"]) & (students["status"] == "辍学"), "_self"]
        )
        compulsory = self._mask(
            students.loc[students["stage"].isin(["小学", "初中"]) & students["status"].isin(ON_ROLL), "_self"]
        )
        dibao, tekun = self.assisted("农村低保", "城市低保"), self.assisted("特困供养")
        disabled = self._mask(frames["civil_affairs/disability"]["_self"])
        paid = self._mask(
            aid.loc[(aid["programme"] == "义务教育生活补助") & (aid["term"] == world.today.term), "_self"]
        )
        now = enrolment[(enrolment["year"] == world.today.premium_year) & (enrolment["status"] == "正常")]
        insured = self._mask(now["_self"])
        ledger = frames["medical_insurance/coverage_ledger"]
        exempt = self._mask(
            ledger.loc[ledger["coverage"].isin(["异地居民", "异地职工", "参军", "服刑"]), "_self"]
        )
        schemes = now.groupby("_self")["scheme"].nunique()
        registry_dibao = self._mask(
            self.registry.loc[self.registry["dibao_status"].isin(["农村低保", "城市低保"]), "_self"]
        )
        died_long_ago = (people["died_on"] < self.day - pd.Timedelta(days=30)).to_numpy()
        due = world.today.term_is_due
        answers = {
            "EDU-01": self.living & self.target & (school_age >= 6) & (school_age <= 14) & ~here,
            "EDU-02": self.living & dropped & (school_age <= 14) & ~compulsory,
            "EDU-04": self.living & compulsory & (self.target | dibao | tekun | disabled) & ~paid & due,
            "MED-01": self.living & self.target & ~insured & ~exempt,
            "MED-03": self._unsubsidised(now),
            "MED-05": self.living & self._mask(pd.Series(schemes.index[schemes > 1])),
            "CIV-03": self.living & self.target & (registry_dibao != dibao),
            "CIV-04": self.living & dibao & tekun,
            "DEC-01": died_long_ago & self.assisted(),
        }
        return {policy: set(np.flatnonzero(mask).tolist()) for policy, mask in answers.items()}

    def _unsubsidised(self, now: pd.DataFrame) -> np.ndarray:
        resident = now[now["scheme"] == "城乡居民"]
        person = resident["_self"].to_numpy()
        since = self.since("农村低保", "城市低保", "特困供养")[person]
        household = self.people["household"].to_numpy()[person]
        register = self.households.reindex(household)
        monitored = (
            (register["monitoring_category"].fillna("") != "").to_numpy()
            & (register["risk_eliminated"] == "否").to_numpy()
            & self.target[person]
        )
        paid_on = resident["paid_on"]
        identified = monitored & (
            register["identified_month"].to_numpy().astype("datetime64[M]")
            < paid_on.to_numpy().astype("datetime64[M]")
        )
        entitled = (since < paid_on.to_numpy()) | identified
        return self._mask(
            resident.loc[
                entitled & ~(resident["subsidy_amount"] > 0).to_numpy() & self.living[person], "_self"
            ]
        )

    def household_gaps(self) -> dict[str, set[int]]:
        """Household policies without visits: the households with a gap."""
        register, people = self.households, self.people
        protected = set(register.index) | set(people.loc[self.assisted() & self.living, "household"])
        low = (register["income_per_capita"] < 8800) & (register["monitoring_category"] == "")
        category, kind = register["monitoring_category"], register["household_kind"]
        odd = ((category == "脱贫不稳定户") & (kind != "脱贫户")) | (
            (category == "边缘易致贫户") & (kind != "一般农户")
        )
        thirsty = ~register["water_safe"].astype(bool) & (register["measure_water"] == "")
        return {
            "HOU-01": self._unsafe() & protected,
            "WAT-01": set(register.index[thirsty]),
            "REG-01": set(register.index[low]),
            "REG-06": set(register.index[odd]),
        }

    def _unsafe(self) -> set[int]:
        dwellings, renovations = (
            self.facts.frames["housing/dwellings"],
            self.facts.frames["housing/renovations"],
        )
        bad = dwellings[
            (dwellings["occupancy"] == "在住")
            & dwellings["only_dwelling"]
            & dwellings["safety_grade"].isin(["C", "D"])
        ]
        done = renovations[renovations["accepted_on"] <= self.day]
        by_number = done[done["dwelling_no"] != ""].groupby("dwelling_no")["accepted_on"].max()
        by_head = done[done["dwelling_no"] == ""].groupby("_head")["accepted_on"].max()
        last = np.fmax(bad["dwelling_no"].map(by_number).to_numpy(), bad["_head"].map(by_head).to_numpy())
        mended = last > bad["assessed_on"].to_numpy()
        return set(self.people["household"].to_numpy()[bad.loc[~mended, "_head"]].tolist())

    def overdue(self, gaps: dict[str, set[int]], severity: dict[str, str]) -> set[int]:
        """VIS-01: the monitored households visited too long ago for the card that the gaps (by household) give them."""
        register, visits = self.households, self.facts.frames["registry/visits"]
        monitored = register.index[
            (register["monitoring_category"] != "") & (register["risk_eliminated"] == "否")
        ]
        red = set().union(*(found for policy, found in gaps.items() if severity.get(policy) == "C"))
        yellow = set().union(*(found for policy, found in gaps.items() if severity.get(policy) == "M"))
        last = (
            visits.groupby("household_no")["visited_on"]
            .max()
            .reindex(register.loc[monitored, "household_no"])
            .to_numpy()
        )
        known = (register.loc[monitored, "identified_month"] + pd.offsets.MonthEnd(1)).to_numpy()
        latest = np.fmax(last.astype("datetime64[D]"), known.astype("datetime64[D]"))
        days = np.array([15 if number in red else 31 if number in yellow else 92 for number in monitored])
        return set(monitored[latest < self.world.run_day - days.astype("timedelta64[D]")].tolist())

    def villages_without_secretary(self) -> set[str]:
        """TEA-01: the village codes."""
        teams, villages = self.facts.frames["registry/village_teams"], self.facts.frames["registry/villages"]
        in_post = teams[
            (teams["role"] == "第一书记") & (teams["from_date"] <= self.day) & ~(teams["to_date"] <= self.day)
        ]
        asked = villages.loc[villages["village_kind"].isin(["脱贫村", "乡村振兴重点帮扶村"]), "village_code"]
        return set(asked) - set(in_post["village_code"])
