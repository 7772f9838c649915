"""The record of planted gaps and of cases that look like a gap and are none; no two of them share a household.

Belongs here: choosing subjects and remembering them. What is done to them stands in the area's module.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from ingest.county.calibration import data_file
from ingest.county.draw import Bools, Ints, stream
from ingest.county.world import World

COLUMNS = ["policy_id", "subject_kind", "true_person", "true_household", "subject_no", "how"]


@dataclass
class GapBook:
    """Chooses subjects of households that hold no case yet and records the cases."""

    world: World
    used: Bools = field(init=False)
    coverage_reasons: dict[int, str] = field(default_factory=dict)
    _gaps: list[pd.DataFrame] = field(default_factory=list)
    _near: list[pd.DataFrame] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.used = np.zeros(len(self.world.households), dtype=bool)

    def rng(self, policy: str) -> np.random.Generator:
        """Return the policy's own random stream."""
        return stream(self.world.seed, f"gap {policy}")

    def wanted(self, policy: str) -> int:
        """Return how many gaps of the policy the county's size asks for."""
        settings = data_file("calibration")["gaps"]
        return int(max(settings["least"], round(settings["per_person"][policy] * self.world.targets.persons)))

    def near_wanted(self, policy: str) -> int:
        """Return how many cases that look like the policy's gap and are none."""
        settings = data_file("calibration")["gaps"]
        return int(max(settings["least"], round(settings["near_misses"] * self.wanted(policy))))

    def people(self, rng: np.random.Generator, candidates: Bools, count: int) -> Ints:
        """Choose up to `count` people of the mask, one per household that holds no case yet, and take their households."""
        household = self.world.people["household"].to_numpy()
        order = rng.permutation(np.flatnonzero(candidates & ~self.used[household]))
        first = ~pd.Series(household[order]).duplicated().to_numpy()
        chosen = np.sort(order[first][:count])
        self.used[household[chosen]] = True
        return chosen

    def households(self, rng: np.random.Generator, candidates: Bools, count: int) -> Ints:
        """Choose up to `count` households of the mask that hold no case yet, and take them."""
        chosen = np.sort(rng.permutation(np.flatnonzero(candidates & ~self.used))[:count])
        self.used[chosen] = True
        return chosen

    def person_gaps(self, policy: str, people: Ints, how: str) -> None:
        """Record gaps of people."""
        self._gaps.append(self._of_people(policy, people, how))

    def household_gaps(self, policy: str, households: Ints, how: str) -> None:
        """Record gaps of households."""
        self._gaps.append(self._of_households(policy, households, how))

    def subject_gaps(self, policy: str, kind: str, numbers: list[str], how: str) -> None:
        """Record gaps of other subjects (village, project, asset) by their number."""
        self._gaps.append(
            pd.DataFrame({"policy_id": policy, "subject_kind": kind, "subject_no": numbers, "how": how})
        )

    def near_subjects(self, policy: str, kind: str, numbers: list[str], how: str) -> None:
        """Record other subjects that look like a gap of the policy and are none."""
        self._near.append(
            pd.DataFrame({"policy_id": policy, "subject_kind": kind, "subject_no": numbers, "how": how})
        )

    def near_people(self, policy: str, people: Ints, how: str) -> None:
        """Record people who look like a gap of the policy and are none."""
        self._near.append(self._of_people(policy, people, how))

    def near_households(self, policy: str, households: Ints, how: str) -> None:
        """Record households that look like a gap of the policy and are none."""
        self._near.append(self._of_households(policy, households, how))

    def gaps(self) -> pd.DataFrame:
        """Return all planted gaps: policy_id, subject_kind, true_person, true_household, subject_no, how."""
        return self._table(self._gaps)

    def near_misses(self) -> pd.DataFrame:
        """Return all cases that must not be a gap, in the same columns."""
        return self._table(self._near)

    def counts(self) -> dict[str, int]:
        """Return planted gaps per policy."""
        return {
            str(key): int(value)
            for key, value in self.gaps()["policy_id"].value_counts().sort_index().items()
        }

    def near_miss_counts(self) -> dict[str, int]:
        """Return near misses per policy."""
        return {
            str(key): int(value)
            for key, value in self.near_misses()["policy_id"].value_counts().sort_index().items()
        }

    def coverage(self) -> pd.Series:
        """Return why people are not insured here, by person."""
        return pd.Series(self.coverage_reasons, dtype="object")

    def intervals(self) -> pd.Series:
        """Return the visit interval in days of each monitored household by the colour its planted gaps give its card."""
        settings = data_file("calibration")
        severity, days = settings["gaps"]["severity"], settings["rules"]["visit_interval_days"]
        monitored = np.flatnonzero(self.world.households["is_monitored"].to_numpy())
        found = self.gaps().dropna(subset="true_household")
        found = found.assign(severity=found["policy_id"].map(severity))
        red = set(found.loc[found["severity"] == "C", "true_household"])
        yellow = set(found.loc[found["severity"] == "M", "true_household"])
        colour = [
            "red" if number in red else "yellow" if number in yellow else "blue"
            for number in monitored.tolist()
        ]
        return pd.Series([days[name] for name in colour], index=monitored)

    def _of_people(self, policy: str, people: Ints, how: str) -> pd.DataFrame:
        household = self.world.people["household"].to_numpy()[people]
        return pd.DataFrame(
            {
                "policy_id": policy,
                "subject_kind": "person",
                "true_person": people,
                "true_household": household,
                "how": how,
            }
        )

    def _of_households(self, policy: str, households: Ints, how: str) -> pd.DataFrame:
        return pd.DataFrame(
            {"policy_id": policy, "subject_kind": "household", "true_household": households, "how": how}
        )

    def _table(self, parts: list[pd.DataFrame]) -> pd.DataFrame:
        table = pd.concat([part.reindex(columns=COLUMNS) for part in parts if len(part)], ignore_index=True)
        return table.astype(
            {"true_person": "Int64", "true_household": "Int64", "subject_no": "str", "how": "str"}
        )
