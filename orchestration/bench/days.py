"""Days of the bench: the first, the same again, and the next with a few rows changed, beside one that begins from nothing.

Belongs here: what is kept of a day's timings and what days are compared. A day itself is the run's, changing rows `changed`.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from orchestration.bench import accuracy
from orchestration.bench.measure import JobFailed, Measured
from orchestration.bench.methods import FEW_MENTIONS

CHANGED_SHARE = 0.01
_LINK = "link persons and households"
_ASKING = ("ask every policy", "judge the policies", "ask the registry rules", "judge the registry rules")

Job = Callable[..., Measured]


@dataclass(frozen=True)
class Place:
    """Where a county of the bench stands: its own home, its landing folder and truth, and files of the bench beside them."""

    folder: Path

    @property
    def home(self) -> Path:
        """The home that its days run in."""
        return self.folder / "home"

    @property
    def landing(self) -> Path:
        """What its departments deliver."""
        return self.folder / "county" / "landing"

    @property
    def truth(self) -> Path:
        """Who is who in it."""
        return self.folder / "county" / "truth"

    @property
    def environment(self) -> dict[str, str]:
        """What its jobs find in their environment."""
        return {
            "HULIAN_HOME": str(self.home),
            "HULIAN_KEY": "bench",
            "HULIAN_LANDING": str(self.landing),
            "HULIAN_KEEP_WORK": "1",
        }

    def work(self) -> Path:
        """The work database of the day that ran last."""
        databases = sorted((self.home / "work").glob("*/work.duckdb"), key=lambda path: path.stat().st_mtime)
        return databases[-1]


def first_day(job: Job, place: Place, persons: int, seed: int, mess: float, run_date: date) -> dict[str, Any]:
    """Make the county and run its first day; exports mentions and truth and counts its policies' gaps."""
    made = job("county", "make the county", folder=place.folder / "county", persons=persons, seed=seed, run_date=run_date, mess=mess)  # fmt: skip
    first = _published(job("day", "first day", home=place.home, landing=place.landing, run_date=run_date))
    asked = [
        {**asdict(one), "precision": one.precision, "recall": one.recall}
        for one in accuracy.policies(place.home / "published" / "warehouse.duckdb", place.truth)
    ]
    work = place.work()
    exported = job("export", "export mentions", work=work, truth=place.truth, into=place.folder, few=FEW_MENTIONS)  # fmt: skip
    normalised = job("normalise", "normalise", work=work)
    return {
        "persons": persons,
        "mentions": exported.found["mentions"],
        "county": {"seconds": made.seconds, "rows": made.found["rows"], "peak_bytes": made.peak_bytes},
        "first_day": _told("first", first),
        "normalise_seconds": normalised.seconds,
        "normalise_cpu_seconds": normalised.found["cpu_seconds"],
        "policies": asked,
        "asking": {step: first.found["steps"][step][0] for step in _ASKING},
    }


def later_days(job: Job, place: Place, first: dict[str, Any], seed: int, run_date: date) -> dict[str, Any]:
    """Run the same day again and the next day with changed rows; are its links those of a run from nothing?"""
    again = _published(
        job("day", "same day again", home=place.home, landing=place.landing, run_date=run_date)
    )
    tomorrow = run_date + timedelta(days=1)
    changed = job("next_day", "change rows", landing=place.landing, run_date=tomorrow, share=CHANGED_SHARE, seed=seed)  # fmt: skip
    later = _published(job("day", "next day", home=place.home, landing=place.landing, run_date=tomorrow))
    nothing = job("from_nothing", "next day from nothing", home=place.home, work=place.work(), into=place.folder / "nothing")  # fmt: skip
    days = [first, _told("same_again", again), _told("next", later)]
    return {
        "days": days,
        "changed": changed.found,
        "next_links": {**nothing.found, "seconds": nothing.seconds},
        "ratios": {
            "same_again_to_first": days[1]["seconds"] / first["seconds"],
            "next_to_first": days[2]["seconds"] / first["seconds"],
            "next_linking_to_first": days[2]["link_seconds"] / first["link_seconds"],
        },
    }


def _published(day: Measured) -> Measured:
    if not day.found["published"]:
        raise JobFailed(f"a day of the bench was not published: {day.found['reason']}")
    return day


def _told(name: str, measured: Measured) -> dict[str, Any]:
    steps: dict[str, tuple[float, int | None]] = measured.found["steps"]
    reading = [step for name, step in steps.items() if name.startswith("read ")]
    seconds, rows = sum(s for s, _ in reading), sum(n or 0 for _, n in reading)
    return {
        "day": name,
        "seconds": measured.seconds,
        "peak_bytes": measured.peak_bytes,
        "ingest_seconds": seconds,
        "ingest_rows": rows,
        "ingest_rows_per_second": rows / seconds if seconds else None,
        "link_seconds": steps[_LINK][0],
        "steps": {name: step[0] for name, step in steps.items()},
    }
