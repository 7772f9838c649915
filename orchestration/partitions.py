"""The days of the county: daily partitions in its own time zone."""

import os
from datetime import date, datetime
from zoneinfo import ZoneInfo

import dagster as dg

from orchestration.time_zone import TIME_ZONE

_FIRST_DAY = "2020-01-01"


def _days_to_offer() -> int:
    """Today counts as a day; a run asked for a later day (HULIAN_RUN_DATE, set by the command line) extends the set."""
    asked = os.environ.get("HULIAN_RUN_DATE")
    today = datetime.now(ZoneInfo(TIME_ZONE)).date()
    return max(1, (date.fromisoformat(asked) - today).days + 1) if asked else 1


days = dg.DailyPartitionsDefinition(start_date=_FIRST_DAY, timezone=TIME_ZONE, end_offset=_days_to_offer())
