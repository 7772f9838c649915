"""`hulian visits`: which households are to be visited in the next days, by the officer who is to go.

Choosing, ordering and names belong here; how a list looks is `visits_show`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import duckdb

from expectations.parameters import ANYWHERE, Place, resolve
from orchestration.cli.messages import Messages, NothingPublished, WrongUsage
from orchestration.engine import encrypted_database, published_database, sql_text
from orchestration.failures import HulianError

WEEK_DAYS = 7


@dataclass(frozen=True)
class Visit:
    """One household to visit; names only where they were asked for."""

    township_name: str
    village_name: str
    household_key: str
    household_no: str
    card: str
    visitor_key: str | None
    is_helper: bool
    next_visit_due: date | None
    days_overdue: int | None
    is_overdue: bool
    last_visit_on: date | None
    open_gaps: int
    when: str
    head_name: str = ""


@dataclass(frozen=True)
class Officer:
    """Name, title and phone of who visits, from the restricted file."""

    name: str
    title: str
    phone: str


@dataclass(frozen=True)
class VisitList:
    """Visits overdue or due within the days, by officer: overdue first, then by week, a village's households together."""

    run_date: date
    days: int
    township: str | None
    contact: str | None
    visits: tuple[Visit, ...]
    officers: Mapping[str, Officer]
    has_names: bool = False

    def by_officer(self) -> list[tuple[str | None, tuple[Visit, ...]]]:
        """The visits of each officer of each township, in the order of the list."""
        groups: dict[tuple[str, str | None], list[Visit]] = {}
        for visit in self.visits:
            groups.setdefault((visit.township_name, visit.visitor_key), []).append(visit)
        return [(key, tuple(visits)) for (_, key), visits in groups.items()]


def select_visits(
    warehouse: Path,
    say: Messages,
    township: str | None,
    contact: str | None,
    days: int | None,
    place: Place = ANYWHERE,
) -> VisitList:
    """Read the visits due in the published warehouse; `days` ahead of its day, else as many as `place` lists.

    Raises NothingPublished without a warehouse, WrongUsage for a township or officer that does not exist.
    """
    if not warehouse.exists():
        raise NothingPublished(say("error.nothing_published"))
    with published_database(warehouse) as connection:
        run_date = _run_date(connection, say)
        ahead = resolve(run_date, place).integer("visit_list_days") if days is None else days
        _refuse_unknown(connection, say, township, contact)
        rows = connection.execute(
            """
            with due as (
                select v.*, case when v.is_overdue then 'overdue' when v.next_visit_due <= $week_end then 'week' else 'later' end
                    as "when", coalesce(h.household_no, '') as household_no, h.open_gaps
                from marts.visit_due v join marts.linked_household h using (household_key)
                where (v.is_overdue or v.next_visit_due <= $last_day)
                    and ($township is null or v.township_name = $township)
                    and ($contact is null or $contact in (v.contact_key, v.helper_key))
            )
            select coalesce(township_name, ''), coalesce(village_name, ''), household_key, household_no, card,
                case when $contact is null then visitor_key else $contact end as officer,
                officer is not null and officer is distinct from contact_key, next_visit_due, days_overdue, is_overdue,
                last_visit_on, open_gaps, "when"
            from due
            order by township_name nulls last, officer is null,
                count(*) filter (is_overdue) over (partition by township_name, officer) desc, officer,
                list_position(['overdue', 'week', 'later'], "when"),
                min(coalesce(next_visit_due, date '1900-01-01')) over (partition by township_name, officer, "when", village_name),
                village_name, next_visit_due nulls first, household_no, household_key
            """,
            {
                "township": township,
                "contact": contact,
                "week_end": run_date + timedelta(days=WEEK_DAYS),
                "last_day": run_date + timedelta(days=ahead),
            },
        ).fetchall()
    return VisitList(run_date, ahead, township, contact, tuple(Visit(*row) for row in rows), {})


def _run_date(connection: duckdb.DuckDBPyConnection, say: Messages) -> date:
    found = connection.execute("select max(run_date) from marts.policy_result").fetchone()
    if not found or found[0] is None:
        raise NothingPublished(say("error.nothing_published"))
    day: date = found[0]
    return day


def _refuse_unknown(
    connection: duckdb.DuckDBPyConnection, say: Messages, township: str | None, contact: str | None
) -> None:
    names = [
        name
        for (name,) in connection.execute(
            "select distinct township_name from marts.village order by 1"
        ).fetchall()
        if name
    ]
    if township is not None and township not in names:
        kind = say("error.kind.township")
        raise WrongUsage(say("error.unknown_value", kind=kind, value=township, known=", ".join(names)))
    found = connection.execute(
        "select count(*) from marts.visit_due where ? in (contact_key, helper_key)", [contact]
    ).fetchone()
    if contact is not None and found == (0,):
        raise WrongUsage(say("visits.no_contact", contact=contact))


def with_names(visits: VisitList, warehouse: Path, restricted: Path, key: str, say: Messages) -> VisitList:
    """Add the officers and the heads of the households from the restricted file, which `key` opens.

    Raises HulianError when the file is missing or the key does not fit.
    """
    households = sorted({visit.household_key for visit in visits.visits})
    if not restricted.exists():
        raise HulianError(say("error.no_restricted"))
    try:
        with encrypted_database(restricted, key, "identities", read_only=True) as connection:
            connection.execute(f"attach {sql_text(str(warehouse))} as open (read_only)")
            heads = connection.execute(
                """
                select m.household_key, arg_min(i.name, (m.decided, m.person_key))
                from open.marts.household_member m join identities.identity i using (person_key)
                where m.relation = '户主' and i.name is not null and m.household_key in (select unnest(?))
                group by m.household_key
                """,
                [households],
            ).fetchall()
            officers = connection.execute(
                "select contact_key, coalesce(name, ''), coalesce(title, ''), coalesce(phone, '') from identities.contact"
                " where contact_key in (select unnest(?))",
                [sorted({visit.visitor_key for visit in visits.visits if visit.visitor_key})],
            ).fetchall()
    except duckdb.Error:
        # the engine's own message may quote the key or a path; neither helps the reader
        raise HulianError(say("error.no_restricted")) from None
    return replace(
        visits,
        visits=_headed(visits.visits, dict(heads)),
        officers={row[0]: Officer(*row[1:]) for row in officers},
        has_names=True,
    )


def _headed(visits: Sequence[Visit], heads: Mapping[str, str]) -> tuple[Visit, ...]:
    return tuple(replace(visit, head_name=heads.get(visit.household_key, "")) for visit in visits)
