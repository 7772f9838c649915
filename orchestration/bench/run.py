"""The bench from beginning to end: for each size a county and its first day, what links it, and the days after.

Order and bookkeeping only: jobs run in processes of their own (`measure`), accuracy is `accuracy`, the wanted figures `targets`.
"""

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from orchestration.bench import methods
from orchestration.bench.days import Place, first_day, later_days
from orchestration.bench.measure import JobFailed, Measured, run_job
from orchestration.bench.targets import judge

RUN_DATE = date(2026, 11, 23)
PARTS = ("linking", "day", "policies")
# Beyond this size only ours is run: the peers have shown by then how they grow.
PEERS_UP_TO = 367_500
# Minutes per 100,000 persons on two quiet cores, for the sentence that says beforehand how long it takes: from a county
# made in 24 s and a day of 99 s at 367,500, and the CPU seconds of each way to link.
_MINUTES = {"county": 0.9, "linking": 0.2, "peers": 0.9, "day": 1.5, "steady": 0.9}
_MADE = "made.json"


@dataclass(frozen=True)
class Plan:
    """What to measure: persons of each county, its seed and mess, with other ways to link or not, and which parts."""

    sizes: tuple[int, ...]
    seed: int
    mess: float
    peers: bool
    repeats: int
    parts: frozenset[str]
    reuse: bool = False

    def minutes(self) -> float:
        """About how long it takes on two quiet cores."""
        compared = [size for size in self.sizes if size <= PEERS_UP_TO]
        made = _MINUTES["county"] * sum(self.sizes)
        linking = _MINUTES["linking"] * sum(self.sizes) + _MINUTES["steady"] * min(self.sizes)
        peers = _MINUTES["peers"] * sum(compared) if self.peers else 0.0
        days = _MINUTES["day"] * max(compared, default=min(self.sizes))
        return (made + (linking + peers) * ("linking" in self.parts) + days * ("day" in self.parts)) / 100_000


def run_bench(folder: Path, plan: Plan, tell: Callable[[str], None]) -> dict[str, Any]:
    """Measure the plan's counties below `folder`; returns a JSON-like document. `tell` hears each step's name.

    What an earlier bench left is removed, unless the plan reuses it and it is the same county. What a county's failed job
    stopped is left out, and why is told under `failed`; the others are measured all the same.
    """
    folder.mkdir(parents=True, exist_ok=True)
    sizes, failed = [], []
    for persons in plan.sizes:
        made: dict[str, Any] = {}
        try:
            _measure(made, Place(folder / str(persons)), persons, plan, tell)
        except JobFailed as error:
            failed.append({"persons": persons, "reason": str(error)})
        if made:
            sizes.append(made)
    document = {
        "seed": plan.seed,
        "mess": plan.mess,
        "run_date": RUN_DATE.isoformat(),
        "sizes": sizes,
        "failed": failed,
    }
    return {**document, "targets": judge(document)}


def _measure(
    made: dict[str, Any], place: Place, persons: int, plan: Plan, tell: Callable[[str], None]
) -> None:
    """Measure one county part by part into `made`: what stands there stays when a later part fails."""

    def job(name: str, label: str, /, **arguments: Any) -> Measured:
        tell(f"{place.folder.name}: {label}")
        return run_job(name, place.folder, place.environment, **arguments)

    made |= _made(job, place, persons, plan)
    if "policies" not in plan.parts:
        made |= {"policies": [], "asking": {}}
    if "linking" in plan.parts:
        made |= _linking(job, place, plan, persons)
    if "day" in plan.parts and persons == _day_size(plan):
        made |= later_days(job, place, made["first_day"], plan.seed, RUN_DATE)
        (place.folder / _MADE).unlink()  # its home is no longer that of a first day


def _day_size(plan: Plan) -> int:
    """The largest county that peers are measured on too: each day of a larger one takes many minutes."""
    return max((size for size in plan.sizes if size <= PEERS_UP_TO), default=min(plan.sizes))


def _made(job: Callable[..., Measured], place: Place, persons: int, plan: Plan) -> dict[str, Any]:
    """The county and its first day: those of an earlier bench where the plan says so, else new ones."""
    marker = place.folder / _MADE
    same = {"persons": persons, "seed": plan.seed, "mess": plan.mess}
    if plan.reuse and marker.exists():
        kept: dict[str, Any] = json.loads(marker.read_text(encoding="utf-8"))
        if kept.pop("of") == same:
            return kept
    shutil.rmtree(place.folder, ignore_errors=True)
    place.folder.mkdir()
    made = first_day(job, place, persons, plan.seed, plan.mess, RUN_DATE)
    marker.write_text(json.dumps({"of": same, **made}, ensure_ascii=False), encoding="utf-8")
    return made


def _linking(job: Callable[..., Measured], place: Place, plan: Plan, persons: int) -> dict[str, Any]:
    linking = methods.compare(job, place.folder, RUN_DATE, plan.peers and persons <= PEERS_UP_TO)
    smallest: Sequence[dict[str, Any]] = []
    found: dict[str, Any] = {}
    if persons == min(plan.sizes):
        if plan.peers:
            smallest = methods.compare_few(job, place.folder, RUN_DATE, place.environment)
        if plan.repeats:
            found["steady"] = methods.steadiness(job, place.folder, RUN_DATE, plan.repeats)
    return {"linking": [*linking, *smallest], **found}
