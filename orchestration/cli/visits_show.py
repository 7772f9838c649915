"""The list of visits on the terminal, as csv and as a workbook with a page per officer.

Layout only: which visits, in which order and with which names is decided by `visits`.
"""

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from orchestration.cli.layout import CARD_STYLE, table
from orchestration.cli.messages import Messages
from orchestration.cli.table_file import Cell, Column, Sheet
from orchestration.cli.visits import Visit, VisitList

_SHOWN_ON_TERMINAL = 50
_WHEN = ("overdue", "week", "later")


def title_of(visits: VisitList, say: Messages) -> str:
    """Day, days ahead, whom the list was narrowed to, and the two numbers that matter."""
    scope = " · ".join(part for part in (visits.township, visits.contact) if part)
    return say(
        "visits.title",
        run_date=visits.run_date,
        days=visits.days,
        scope=scope or say("gaps.whole_county"),
        count=len(visits.visits),
        overdue=sum(visit.is_overdue for visit in visits.visits),
    )


def render(console: Console, visits: VisitList, say: Messages) -> None:
    """Print the list without names; on a terminal its first lines, into a pipe all."""
    if not visits.visits:
        console.print(say("visits.none", days=visits.days))
        return
    officers = visits.by_officer()
    if len(officers) > 1:
        _render_load(console, visits, say)
    shown = visits.visits[:_SHOWN_ON_TERMINAL] if console.is_terminal else visits.visits
    made = table(
        title_of(visits, say),
        [
            (say("column.township"), "text"), (say("visits.column.visitor"), "code"), (say("visits.column.when"), "text"),
            (say("column.village"), "text"), (say("column.household_no"), "code"), (say("column.card"), "text"),
            (say("visits.column.due"), "code"), (say("visits.column.days_overdue"), "number"),
            (say("visits.column.last_visit"), "code"), (say("visits.column.open_gaps"), "number"),
        ],
    )  # fmt: skip
    before: tuple[str, str | None] | None = None
    for visit in shown:
        officer = (visit.township_name, visit.visitor_key)
        if before is not None and officer != before:
            made.add_section()
        made.add_row(
            visit.township_name if officer != before else "",
            (visit.visitor_key or say("visits.nobody")) if officer != before else "",
            Text(say.code("visit_when", visit.when), style="bold red" if visit.is_overdue else ""),
            visit.village_name,
            visit.household_no,
            Text(say.code("card", visit.card), style=CARD_STYLE.get(visit.card, "")),
            str(visit.next_visit_due or ""),
            str(visit.days_overdue or ""),
            str(visit.last_visit_on or say("visits.no_date")),
            str(visit.open_gaps or ""),
        )
        before = officer
    console.print(made)
    if len(shown) < len(visits.visits):
        console.print(say("visits.more", shown=len(shown), count=len(visits.visits)), style="dim")
    console.print(say("visits.note"), style="dim")


def _render_load(console: Console, visits: VisitList, say: Messages) -> None:
    made = table(
        say("visits.load_title"),
        [
            (say("column.township"), "text"),
            (say("visits.column.visitor"), "code"),
            (say("visits.column.households"), "number"),
            *((say.code("visit_when", when), "number") for when in _WHEN),
        ],
    )
    for key, own in visits.by_officer():
        made.add_row(
            own[0].township_name,
            key or say("visits.nobody"),
            str(len(own)),
            *(str(number) if number else "-" for number in _by_when(own)),
        )
    console.print(made)


def _by_when(visits: Sequence[Visit]) -> list[int]:
    counted = Counter(visit.when for visit in visits)
    return [counted[when] for when in _WHEN]


def sheets(visits: VisitList, say: Messages) -> list[Sheet]:
    """The list with a page break before each officer, and how many visits each has."""
    columns = _columns(visits, say)
    rows: list[list[Cell]] = []
    fills: dict[tuple[int, int], str] = {}
    breaks: list[int] = []
    card, overdue = (
        [column.heading for column in columns].index(say(key))
        for key in ("column.card", "visits.column.days_overdue")
    )
    for key, own in visits.by_officer():
        if rows:
            breaks.append(len(rows))
        for visit in own:
            if visit.card in ("red", "yellow", "blue"):
                fills[len(rows), card] = visit.card
            if visit.is_overdue:
                fills[len(rows), overdue] = "red"
            rows.append(_cells(visit, key, visits, say))
    notes = [say("visits.note"), *([say("visits.note_names")] if visits.has_names else [])]
    listed = Sheet(say("visits.sheet"), title_of(visits, say), columns, rows, notes, fills, breaks)
    return [listed, _load_sheet(visits, say)]


def _columns(visits: VisitList, say: Messages) -> list[Column]:
    return [
        Column(say("column.township"), 9),
        Column(say("visits.column.visitor"), 10 if visits.has_names else 24, "code"),
        Column(say("visits.column.role"), 11, "code"),
        Column(say("visits.column.when"), 8, "code"),
        Column(say("column.village"), 11),
        Column(say("column.household_no"), 22, "code"),
        *([Column(say("column.head_name"), 11)] if visits.has_names else []),
        Column(say("column.card"), 5, "code"),
        Column(say("visits.column.due"), 11, "date"),
        Column(say("visits.column.days_overdue"), 9, "count"),
        Column(say("visits.column.last_visit"), 11, "date"),
        Column(say("visits.column.open_gaps"), 9, "count"),
        Column(say("visits.column.notes"), 30),
    ]


def _cells(visit: Visit, key: str | None, visits: VisitList, say: Messages) -> list[Cell]:
    return [
        visit.township_name,
        _officer(key, visits, say),
        say.code("visit_role", "helper" if visit.is_helper else "contact") if key else "",
        say.code("visit_when", visit.when),
        visit.village_name,
        visit.household_no,
        *([visit.head_name] if visits.has_names else []),
        say.code("card", visit.card),
        visit.next_visit_due,
        visit.days_overdue or None,
        visit.last_visit_on or say("visits.no_date"),
        visit.open_gaps or None,
        None,
    ]


def _officer(key: str | None, visits: VisitList, say: Messages) -> str:
    if key is None:
        return say("visits.nobody")
    return visits.officers[key].name if key in visits.officers else key


def _load_sheet(visits: VisitList, say: Messages) -> Sheet:
    named = visits.has_names
    columns = [
        Column(say("column.township"), 10),
        Column(say("visits.column.visitor"), 12 if named else 24, "code"),
        *(
            [Column(say("visits.column.title"), 16), Column(say("visits.column.phone"), 14, "code")]
            if named
            else []
        ),
        Column(say("visits.column.households"), 11, "count"),
        *(Column(say.code("visit_when", when), 10, "count") for when in _WHEN),
    ]
    rows: list[list[Cell]] = []
    for key, own in visits.by_officer():
        officer = visits.officers.get(key or "")
        told = [officer.title if officer else "", officer.phone if officer else ""] if named else []
        rows.append([own[0].township_name, _officer(key, visits, say), *told, len(own), *_by_when(own)])
    return Sheet(say("visits.sheet_load"), say("visits.load_title"), columns, rows)
