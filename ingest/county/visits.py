"""Visits to registered households at the rhythm of their cards.

Belongs here: registry/visits. Which card a household holds follows from the planted gaps on it.
"""

import numpy as np
import pandas as pd

from ingest.county.calibration import data_file
from ingest.county.draw import Ints, days_between, stream, texts, weighted
from ingest.county.facts import Facts, numbers
from ingest.county.facts_registry import staff_names
from ingest.county.world import World

HORIZON_DAYS = 200


def make_visits(world: World, facts: Facts, interval_days: pd.Series, neglected: Ints) -> None:
    """Add registry/visits: monitored households as often as their card asks, others now and then.

    `interval_days` gives the interval of each monitored household (index = household); the `neglected` were last
    visited longer ago than that.
    """
    rng = stream(world.seed, "visits")
    day = world.run_day
    household, interval = interval_days.index.to_numpy(), interval_days.to_numpy()
    late = np.isin(household, neglected)
    last = np.where(
        late,
        interval + rng.integers(3, 40, len(household)),
        1 + (rng.random(len(household)) * (interval - 2)).astype(np.int64),
    )
    households, dates = [household], [day - last.astype("timedelta64[D]")]
    for step in range(1, HORIZON_DAYS // 15):
        ago = last + step * interval - rng.integers(0, 3, len(household))
        keep = ago < HORIZON_DAYS
        households.append(household[keep])
        dates.append(day - ago[keep].astype("timedelta64[D]"))
    others = facts.register.index.difference(interval_days.index).to_numpy()
    others = others[rng.random(len(others)) < 0.45]
    households.append(others)
    dates.append(days_between(rng, day - HORIZON_DAYS, day, len(others)))
    frame = pd.DataFrame({"household": np.concatenate(households), "visited_on": np.concatenate(dates)})
    frame = frame.sort_values(["visited_on", "household"], kind="stable").reset_index(drop=True)
    count = len(frame)
    frame["visit_no"] = numbers("ZF519901", count, 8)
    frame["household_no"] = facts.register["household_no"].reindex(frame["household"]).to_numpy(dtype=object)
    frame["visitor_name"] = staff_names(rng, count)
    frame["visit_mode"] = weighted(rng, ["入户", "电话", "视频"], [80, 17, 3], count)
    findings = texts(data_file("places")["findings"])
    frame["findings"] = np.where(rng.random(count) < 0.1, rng.choice(findings, count), "")
    facts.frames["registry/visits"] = frame
