"""`hulian scorecard`: the townships in the running week, month or quarter, read from the published warehouse.

Queries only; how the card looks is `scorecard_show`.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from orchestration.cli.messages import Messages, NothingPublished, WrongUsage
from orchestration.engine import published_database

UNKNOWN = "未知"


@dataclass(frozen=True)
class Township:
    """One township in one period; shares are null where there is nothing to divide by, `before` where no period was."""

    township_name: str
    open_critical_gaps: int
    critical_before: int | None
    open_major_gaps: int
    open_minor_gaps: int
    new_gaps: int
    resolved_gaps: int
    households_with_card: int
    overdue_visits: int
    overdue_visit_rate: float | None
    clue_clocks_passed: int
    old_critical_gaps: int
    checked_gaps: int
    waiting_gaps: int
    verdict_rate: float | None
    score: float | None
    grade: str | None


@dataclass(frozen=True)
class Listed:
    """A township that the last closed graded period lists."""

    township_name: str
    grade: str
    in_a_row: int
    interview_due: date


@dataclass(frozen=True)
class Scorecard:
    """All townships in one period, the best score first; where nothing is scored, most critical clues first."""

    kind: str
    start: date
    end: date
    as_of: date
    is_closed: bool
    is_graded: bool
    extracts: int
    stale_extracts: int
    townships: tuple[Township, ...]
    listed: tuple[Listed, ...]


def read_scorecard(warehouse: Path, say: Messages, kind: str) -> Scorecard:
    """The running period of a kind.

    Raises NothingPublished without a warehouse or such a period, WrongUsage for a kind that does not exist.
    """
    from expectations.scorecard import period_names

    if kind not in period_names():
        known = ", ".join(period_names())
        raise WrongUsage(say("error.unknown_value", kind=say("error.kind.period"), value=kind, known=known))
    if not warehouse.exists():
        raise NothingPublished(say("error.nothing_published"))
    with published_database(warehouse) as connection:
        try:
            return _read(connection, say, kind)
        except duckdb.CatalogException:
            raise NothingPublished(say("scorecard.none")) from None


def _read(connection: duckdb.DuckDBPyConnection, say: Messages, kind: str) -> Scorecard:
    period = connection.execute(
        """
        select period_start, period_end, max(as_of), bool_or(is_closed), bool_or(score is not null), max(extracts),
            max(stale_extracts)
        from marts.township_scorecard_period where period_kind = ? group by all order by period_start desc limit 1
        """,
        [kind],
    ).fetchone()
    if period is None:
        raise NothingPublished(say("scorecard.none"))
    rows = connection.execute(
        """
        select p.township_name, p.open_critical_gaps, b.open_critical_gaps, p.open_major_gaps, p.open_minor_gaps, p.new_gaps,
            p.resolved_gaps, p.households_with_card, p.overdue_visits, p.overdue_visit_rate, p.clue_clocks_passed,
            p.old_critical_gaps, p.checked_gaps, p.waiting_gaps, p.verdict_rate, p.score, p.grade
        from marts.township_scorecard_period p
        left join marts.township_scorecard_period b
            on b.period_kind = p.period_kind and b.township_name = p.township_name and b.period_end = p.period_start - 1
        where p.period_kind = $kind and p.period_start = $start
            and (p.township_name <> $unknown or p.open_gaps + p.new_gaps + p.households_with_card > 0)
        order by p.township_name = $unknown, p.score desc nulls last, p.open_critical_gaps desc, p.open_major_gaps desc,
            p.township_name
        """,
        {"kind": kind, "start": period[0], "unknown": UNKNOWN},
    ).fetchall()
    listed = connection.execute(
        """
        select township_name, grade, lowest_in_a_row, interview_due from marts.township_scorecard_period
        where is_listed qualify period_end = max(period_end) over (partition by period_kind)
            and period_end = (select max(period_end) from marts.township_scorecard_period where is_closed and score is not null)
        order by interview_due, township_name
        """
    ).fetchall()
    start, end, as_of, is_closed, is_graded, extracts, stale_extracts = period
    return Scorecard(
        kind,
        start,
        end,
        as_of,
        is_closed,
        is_graded,
        extracts,
        stale_extracts,
        tuple(Township(*row) for row in rows),
        tuple(Listed(*row) for row in listed),
    )
