"""What the end of a run tells, counted from the published warehouse.

Queries only, over the tables of docs/architecture.md; how the counts look belongs to `summary`.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from expectations.parameters import ANYWHERE, Place, resolve
from orchestration.cli.not_asked import reasons_in_english
from orchestration.engine import published_database

# Statuses of a clue that somebody still has to deal with; the others are closed.
IN_HAND = ("open", "sent", "confirmed", "unknown")


@dataclass(frozen=True)
class DepartmentDeliveries:
    """Files and rows of one department."""

    department: str
    files: int
    accepted: int
    superseded: int
    rejected: int
    held: int
    rows_read: int
    rows_loaded: int
    rows_quarantined: int
    field_issues: int


@dataclass(frozen=True)
class RefusedDelivery:
    """A file that is not used, and why."""

    delivery_id: str
    department: str
    file_name: str
    status: str
    rule: str
    reason: str
    reason_zh: str

    def reason_in(self, language: str) -> str:
        """The reason in `zh` or `en`; records of older versions have no Chinese one."""
        return self.reason_zh if language == "zh" and self.reason_zh else self.reason


@dataclass(frozen=True)
class People:
    """Persons, households and how they were found."""

    persons: int
    households: int
    target_households: int
    monitored_households: int
    decided_persons: int
    rows_by_method: list[tuple[str, int]]
    persons_by_quality: list[tuple[str, int]]


@dataclass(frozen=True)
class PolicyOutcome:
    """One policy's outcome on the run date."""

    policy_id: str
    department: str
    severity: str
    applicable: int
    met: int
    gap: int
    unknown: int
    evaluated: bool
    reason: str | None
    checked: int
    confirmed: int
    needs_review: bool
    reason_en: str | None

    def reason_in(self, language: str) -> str:
        """Why it was not asked, in `zh` or `en`."""
        return (self.reason_en if language == "en" else None) or self.reason or ""


@dataclass(frozen=True)
class Clues:
    """Clues in hand and closed."""

    in_hand: int
    new: int
    households: int
    closed: int


@dataclass(frozen=True)
class TownshipCards:
    """Households of one township by card, and what is due there."""

    township_name: str
    red: int
    yellow: int
    blue: int
    clue: int
    overdue_visits: int
    clues_in_hand: int


@dataclass(frozen=True)
class Figure:
    """One figure of the report beside the one found (claimed is None where the report has none)."""

    figure_id: str
    label_zh: str
    label_en: str
    unit: str
    claimed: float | None
    found: float | None
    difference: float | None


@dataclass(frozen=True)
class SummaryFacts:
    """Everything that the summary shows besides the run's own timings."""

    run_date: date | None
    deliveries: list[DepartmentDeliveries]
    refused: list[RefusedDelivery]
    people: People
    policies: list[PolicyOutcome]
    clues: Clues
    townships: list[TownshipCards]
    figures: list[Figure]


def read_summary(warehouse: Path, place: Place = ANYWHERE) -> SummaryFacts:
    """Count the published state of `warehouse`, of an installation that stands in `place`."""
    with published_database(warehouse) as connection:
        found = connection.execute("select max(run_date) from marts.policy_result").fetchone()
        run_date: date | None = found[0] if found else None
        return SummaryFacts(
            run_date=run_date,
            deliveries=_deliveries(connection),
            refused=refused_deliveries(connection),
            people=_people(connection),
            policies=_policies(connection, run_date, place),
            clues=_clues(connection, run_date),
            townships=_townships(connection),
            figures=_figures(connection),
        )


def _deliveries(connection: duckdb.DuckDBPyConnection) -> list[DepartmentDeliveries]:
    # rows of refused files are not counted: they are told one by one
    rows = connection.execute("""
        select coalesce(department, ''), count(*),
            count(*) filter (status = 'accepted'), count(*) filter (status = 'superseded'),
            count(*) filter (status = 'rejected'), count(*) filter (status = 'held'),
            coalesce(sum(rows_read) filter (status in ('accepted', 'superseded')), 0)::bigint,
            coalesce(sum(rows_loaded) filter (status in ('accepted', 'superseded')), 0)::bigint,
            coalesce(sum(rows_quarantined) filter (status in ('accepted', 'superseded')), 0)::bigint,
            coalesce(sum(field_issues) filter (status in ('accepted', 'superseded')), 0)::bigint
        from lineage.delivery group by 1 order by 1
    """).fetchall()
    return [DepartmentDeliveries(*row) for row in rows]


def refused_deliveries(connection: duckdb.DuckDBPyConnection) -> list[RefusedDelivery]:
    """Rejected and held files with their reason, newest data date first."""
    rows = connection.execute("""
        select delivery_id, coalesce(department, ''), file_name, status, coalesce(rule, ''),
            coalesce(reason, ''), coalesce(reason_zh, '')
        from lineage.delivery where status in ('rejected', 'held')
        order by status, data_date desc nulls last, delivery_id
    """).fetchall()
    return [RefusedDelivery(*row) for row in rows]


def _people(connection: duckdb.DuckDBPyConnection) -> People:
    counts: tuple[int, int, int, int, int] | None = connection.execute("""
        select
            (select count(*) from marts.linked_person),
            count(*), count(*) filter (is_target), count(*) filter (is_monitored),
            (select count(*) from marts.household_member where decided)
        from marts.linked_household
    """).fetchone()
    assert counts is not None  # an aggregate without a group always gives one row
    methods = connection.execute(
        "select match_method, count(*) from lineage.source_record group by 1 order by 2 desc, 1"
    ).fetchall()
    qualities = connection.execute(
        "select identity_quality, count(*) from marts.linked_person group by 1 order by 2 desc, 1"
    ).fetchall()
    return People(*counts, methods, qualities)


def _policies(
    connection: duckdb.DuckDBPyConnection, run_date: date | None, place: Place
) -> list[PolicyOutcome]:
    rows = connection.execute(
        """
        select policy_id, coalesce(department, ''), severity, coalesce(applicable, 0), coalesce(met, 0),
            coalesce(gap, 0), coalesce(unknown, 0), evaluated, reason, coalesce(checked, 0), coalesce(confirmed, 0),
            coalesce(needs_review, false)
        from marts.policy_result where run_date = ? order by policy_id
        """,
        [run_date],
    ).fetchall()
    silent = [row[0] for row in rows if not row[7]]
    english = reasons_in_english(connection, resolve(run_date, place), silent) if run_date and silent else {}
    return [PolicyOutcome(*(*row, english.get(row[0]))) for row in rows]


def _clues(connection: duckdb.DuckDBPyConnection, run_date: date | None) -> Clues:
    row = connection.execute(
        """
        select
            count(*) filter (status in (select unnest($in_hand))),
            count(*) filter (status in (select unnest($in_hand)) and first_seen = $run_date),
            count(distinct household_key) filter (status in (select unnest($in_hand))),
            count(*) filter (status not in (select unnest($in_hand)))
        from marts.policy_gap
        """,
        {"in_hand": list(IN_HAND), "run_date": run_date},
    ).fetchone()
    assert row is not None  # an aggregate without a group always gives one row
    return Clues(*row)


def _townships(connection: duckdb.DuckDBPyConnection) -> list[TownshipCards]:
    rows = connection.execute(
        """
        with cards as (
            select coalesce(h.township_name, '') as township_name,
                count(*) filter (c.card = 'red') as red, count(*) filter (c.card = 'yellow') as yellow,
                count(*) filter (c.card = 'blue') as blue, count(*) filter (c.card = 'clue') as clue
            from marts.linked_household h left join marts.warning_card c using (household_key) group by all
        ), overdue as (
            select coalesce(h.township_name, '') as township_name, count(*) as overdue_visits
            from marts.visit_due v join marts.linked_household h using (household_key)
            where v.is_overdue group by all
        ), clues as (
            select coalesce(township_name, '') as township_name, count(*) as clues_in_hand
            from marts.policy_gap where status in (select unnest(?)) group by all
        )
        select township_name, coalesce(red, 0), coalesce(yellow, 0), coalesce(blue, 0), coalesce(clue, 0),
            coalesce(overdue_visits, 0), coalesce(clues_in_hand, 0)
        from cards full join overdue using (township_name) full join clues using (township_name)
        where coalesce(red + yellow + blue + clue, 0) + coalesce(overdue_visits, 0) + coalesce(clues_in_hand, 0) > 0
        order by 1
        """,
        [list(IN_HAND)],
    ).fetchall()
    return [TownshipCards(*row) for row in rows]


def _figures(connection: duckdb.DuckDBPyConnection) -> list[Figure]:
    rows = connection.execute("""
        select figure_id, label_zh, label_en, coalesce(unit, ''), claimed::double, found::double, difference::double
        from marts.report_figure order by position
    """).fetchall()
    return [Figure(*row) for row in rows]
