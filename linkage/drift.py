"""Is the day's linking as usual? Compares `linkage.quality` with the day before and with fixed limits.

Belongs here: the rules that make a day unfit to be published. The figures are `quality`'s, the limits are data
(`quality.yaml`, and what an installation sets over them).
"""

from dataclasses import dataclass
from datetime import date

import duckdb

_RATE = """
with
today as (select * from linkage.quality where run_date = $day and scope_kind = 'extract'),
before as (
    select * from linkage.quality where scope_kind = 'extract'
    and run_date = (select max(run_date) from linkage.quality where run_date < $day)
)
select t.scope, t.mentions, b.linked_share, t.linked_share from today t join before b using (scope) order by t.scope
"""


@dataclass(frozen=True)
class Breach:
    """A limit that the day broke: which one, where, the value found and the value allowed."""

    limit: str
    scope: str
    found: float
    allowed: float

    def __str__(self) -> str:
        """One clause for people: `link_rate_drop in all: 0.120, allowed 0.020`."""
        return f"{self.limit} in {self.scope}: {self.found:.3f}, allowed {self.allowed:.3f}"


def breaches(con: duckdb.DuckDBPyConnection, run_date: date, limits: dict[str, float]) -> list[Breach]:
    """Limits that the links of `run_date` break, and write them to `linkage.quality_breach` for the audit.

    The county's rate is compared over the extracts that both days have, weighed by today's mentions: a new extract
    with other habits is no drift. KeyError when a limit is missing.
    """
    found = [*_fallen_rates(con, run_date, limits), *_extremes(con, run_date, limits)]
    con.execute(
        'create or replace table linkage.quality_breach ("limit" text, scope text, found double, allowed double)'
    )
    for breach in found:
        con.execute(
            "insert into linkage.quality_breach values (?, ?, ?, ?)",
            [breach.limit, breach.scope, breach.found, breach.allowed],
        )
    return found


def _fallen_rates(con: duckdb.DuckDBPyConnection, run_date: date, limits: dict[str, float]) -> list[Breach]:
    extracts = con.execute(_RATE, {"day": run_date}).fetchall()
    mentions = sum(n for _, n, _, _ in extracts)
    if mentions < limits["least_mentions"]:
        return []
    found = []
    drop = sum(n * (before - now) for _, n, before, now in extracts) / mentions
    if drop > limits["link_rate_drop"]:
        found.append(Breach("link_rate_drop", "all", drop, limits["link_rate_drop"]))
    for extract, n, before, now in extracts:
        if n >= limits["least_mentions"] and before - now > limits["extract_rate_drop"]:
            found.append(Breach("extract_rate_drop", extract, before - now, limits["extract_rate_drop"]))
    return found


def _extremes(con: duckdb.DuckDBPyConnection, run_date: date, limits: dict[str, float]) -> list[Breach]:
    row = con.execute(
        "select mentions, linked_share, cluster_max, names_max from linkage.quality"
        " where run_date = ? and scope_kind = 'all'",
        [run_date],
    ).fetchone()
    if row is None:
        return []
    mentions, linked_share, largest, names = row
    found = []
    if mentions >= limits["least_mentions"] and linked_share < limits["least_linked_share"]:
        found.append(Breach("least_linked_share", "all", linked_share, limits["least_linked_share"]))
    if largest > limits["largest_cluster"]:
        found.append(Breach("largest_cluster", "all", largest, limits["largest_cluster"]))
    if names > limits["most_names"]:
        found.append(Breach("most_names", "all", names, limits["most_names"]))
    return found
