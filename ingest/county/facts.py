"""What the offices' books say before anybody mistypes: the container all steps share, and what follows from several books.

Belongs here: the `Facts` container and the standing of each person across the books. How a book comes about is in the
`facts_*` modules; gaps are planted by `gaps`.

A frame holds the contract's columns by name, except names, numbers and birth dates of people: those come from the true
person that the columns `_self`, `_head`, `_guardian1` … point to (row position in `World.people`, -1 = nobody).
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from ingest.county.calibration import data_file
from ingest.county.draw import Bools, Ints, Texts, stream, texts
from ingest.county.world import World

DIBAO = ("农村低保", "城市低保")
TEKUN = ("特困供养",)


@dataclass
class Facts:
    """The books. `frames` by department/extract; `families` and `family_members` are the assistance list before it is laid sideways.

    families: index assistance_no. family_members: assistance_no, person, in order (the first is the head).
    register: one row per registered household, index = household: the household columns of registry/persons.
    """

    frames: dict[str, pd.DataFrame] = field(default_factory=dict)
    families: pd.DataFrame = field(default_factory=pd.DataFrame)
    family_members: pd.DataFrame = field(default_factory=pd.DataFrame)
    register: pd.DataFrame = field(default_factory=pd.DataFrame)

    def assisted(self, world: World, *categories: str) -> Bools:
        """Mask of people in a family in force on the run date; of the given categories, without one of any."""
        families = self.families
        day = pd.Timestamp(world.run_day)
        in_force = (
            (families["status"] == "在保") & ~(families["from_date"] > day) & ~(families["to_date"] <= day)
        )
        if categories:
            in_force &= families["category"].isin(categories)
        members = self.family_members.loc[
            self.family_members["assistance_no"].isin(families.index[in_force]), "person"
        ]
        mask = np.zeros(len(world.people), dtype=bool)
        mask[members.to_numpy()] = True
        return mask

    def assisted_since(self, world: World, *categories: str) -> pd.Series:
        """Return, per person, the first day of assistance in force of the categories (NaT = none)."""
        families = self.families[
            (self.families["status"] == "在保") & self.families["category"].isin(categories)
        ]
        members = self.family_members[self.family_members["assistance_no"].isin(families.index)]
        since = (
            members.assign(since=families["from_date"].reindex(members["assistance_no"]).to_numpy())
            .groupby("person")["since"]
            .min()
        )
        return since.reindex(range(len(world.people)))

    def disabled(self, world: World, *grades: str) -> Bools:
        """Mask of people with a certificate; of the given grades, without one of any."""
        book = self.frames["civil_affairs/disability"]
        rows = book[book["grade"].isin(grades)] if grades else book
        mask = np.zeros(len(world.people), dtype=bool)
        mask[rows["_self"].to_numpy()] = True
        return mask


def numbers(prefix: str, count: int, width: int, start: int = 1) -> pd.Series:
    """Return running numbers with a prefix, filled with zeros to a width."""
    return prefix + pd.Series(range(start, start + count), dtype="int64").astype(str).str.zfill(width)


def village_groups(world: World, office: str, household: Ints, drawn: Ints) -> Texts:
    """Return the group of the village (3组) that an office writes for each row: its household's, at times the drawn one."""
    home = stream(world.seed, "village groups").integers(
        1, data_file("places")["village_group_count"], len(world.households)
    )
    rate = data_file("calibration")["homes"]["other_group"]
    errs = stream(world.seed, f"village groups of {office}").random(len(household)) < rate
    return texts(np.where(errs, drawn, home[household]).astype(str).tolist()) + "组"
