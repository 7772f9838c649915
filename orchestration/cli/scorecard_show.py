"""The scorecard of the townships on the terminal, as csv and as a sheet for the county's leaders.

Layout only: what is counted and ranked is decided by `scorecard`.
"""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from expectations.scorecard import period_names, rules_on
from orchestration.cli.layout import table
from orchestration.cli.messages import Messages
from orchestration.cli.scorecard import Scorecard, Township
from orchestration.cli.table_file import Cell, Column, Sheet

_GRADE_STYLES = ("bold green", "green", "yellow", "bold red")
_GRADE_FILLS = ("green", "green", "yellow", "red")


def title_of(card: Scorecard, say: Messages) -> str:
    """Which period, from when to when, and the day that its figures are of."""
    period = period_names()[card.kind][say.language]
    return say("scorecard.title", period=period, start=card.start, end=card.end, as_of=card.as_of)


def notes_of(card: Scorecard, say: Messages) -> list[str]:
    """What a reader must know: who is listed, whether scores are settled, how they are made."""
    rules = rules_on(card.as_of)
    notes = [
        say(
            "scorecard.listed",
            township=one.township_name,
            count=one.in_a_row,
            grade=one.grade,
            due=one.interview_due,
        )
        for one in card.listed
    ]
    if card.is_graded:
        weights = rules["weights"]
        grades = [say("scorecard.grade_from", grade=g["grade"], score=g["from"]) for g in rules["grades"]]
        grades.append(say("scorecard.grade_else", grade=rules["lowest_grade"]))
        notes += [] if card.is_closed else [say("scorecard.running")]
        notes.append(
            say(
                "scorecard.rule",
                full=rules["full_score"],
                overdue=weights["overdue_visits"],
                old=weights["old_critical_gaps"],
                verdicts=weights["missing_verdicts"],
                stale=weights["stale_extracts"],
                days=rules["old_critical_days"],
                grades=("、" if say.language == "zh" else ", ").join(grades),
            )
        )
    notes.append(say("scorecard.verdict_note", days=rules["verdict_days"]))
    if card.stale_extracts:
        notes.append(say("scorecard.stale_note", stale=card.stale_extracts, all=card.extracts))
    return notes


def render(console: Console, card: Scorecard, say: Messages) -> None:
    """Print the card; the county's sum last."""
    graded = (
        [("scorecard.column.score", "number"), ("scorecard.column.grade", "text")] if card.is_graded else []
    )
    made = table(
        title_of(card, say),
        [
            (say("column.township"), "text"),
            *((say(key), kind) for key, kind in graded),
            *((say(f"scorecard.column.{name}"), "number") for name in _COUNTED),
        ],
    )
    for township in card.townships:
        scored: list[str | Text] = []
        if card.is_graded:
            scored = [_score(township.score), _grade(township.grade, card)]
        made.add_row(township.township_name, *scored, *_shown(township))
    made.add_section()
    county = county_of(card.townships, say)
    made.add_row(county.township_name, *([""] * len(graded)), *_shown(county), style="bold")
    console.print(made)
    for number, note in enumerate(notes_of(card, say)):
        console.print(Text(note, style="bold red" if number < len(card.listed) else "dim"))


_COUNTED = (
    "critical",
    "major",
    "minor",
    "new",
    "resolved",
    "overdue",
    "overdue_rate",
    "clocks",
    "old",
    "verdicts",
)


def _shown(township: Township) -> list[str]:
    critical = str(township.open_critical_gaps or "-")
    if township.critical_before is not None and township.critical_before != township.open_critical_gaps:
        critical += f" ({township.open_critical_gaps - township.critical_before:+d})"
    counts = [
        township.open_major_gaps,
        township.open_minor_gaps,
        township.new_gaps,
        township.resolved_gaps,
        township.overdue_visits,
    ]
    return [
        critical,
        *(str(count or "-") for count in counts),
        _share(township.overdue_visit_rate),
        str(township.clue_clocks_passed or "-"),
        str(township.old_critical_gaps or "-"),
        _share(township.verdict_rate),
    ]


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"


def _score(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _grade(grade: str | None, card: Scorecard) -> Text:
    place = _place(grade, card)
    return Text(grade or "", style="" if place is None else _GRADE_STYLES[place])


def _place(grade: str | None, card: Scorecard) -> int | None:
    """Which colour a grade has: the first for the best, the last for the lowest."""
    rules = rules_on(card.as_of)
    if grade == rules["lowest_grade"]:
        return len(_GRADE_STYLES) - 1
    names = [g["grade"] for g in rules["grades"]]
    return min(names.index(grade), len(_GRADE_STYLES) - 2) if grade in names else None


def county_of(townships: Sequence[Township], say: Messages) -> Township:
    """The sum of the townships: counts added, shares of the sums; a county is not scored."""

    def total(name: str) -> int:
        return sum(getattr(township, name) for township in townships)

    cards, overdue = total("households_with_card"), total("overdue_visits")
    checked, asked = total("checked_gaps"), total("checked_gaps") + total("waiting_gaps")
    before = [t.critical_before for t in townships if t.critical_before is not None]
    return Township(
        township_name=say("scorecard.county"),
        open_critical_gaps=total("open_critical_gaps"),
        critical_before=sum(before) if len(before) == len(townships) and before else None,
        open_major_gaps=total("open_major_gaps"),
        open_minor_gaps=total("open_minor_gaps"),
        new_gaps=total("new_gaps"),
        resolved_gaps=total("resolved_gaps"),
        households_with_card=cards,
        overdue_visits=overdue,
        overdue_visit_rate=overdue / cards if cards else None,
        clue_clocks_passed=total("clue_clocks_passed"),
        old_critical_gaps=total("old_critical_gaps"),
        checked_gaps=checked,
        waiting_gaps=total("waiting_gaps"),
        verdict_rate=checked / asked if asked else None,
        score=None,
        grade=None,
    )


def sheet_of(card: Scorecard, say: Messages) -> Sheet:
    """The card as one sheet, ranked where it is graded, the county's sum as its last row."""
    graded = [
        Column(say("scorecard.column.rank"), 6, "count"),
        Column(say("scorecard.column.score"), 8, "score"),
        Column(say("scorecard.column.grade"), 6, "code"),
    ]
    columns = [
        Column(say("column.township"), 12),
        *(graded if card.is_graded else []),
        *(
            Column(
                say(f"scorecard.column.{name}"),
                9,
                "share" if name in ("overdue_rate", "verdicts") else "count",
            )
            for name in _COUNTED
        ),
    ]
    rows: list[list[Cell]] = []
    fills: dict[tuple[int, int], str] = {}
    for township in card.townships:
        place = _place(township.grade, card)
        if card.is_graded and place is not None:
            fills[len(rows), 3] = _GRADE_FILLS[place]
        rows.append(_cells(township, card))
    rows.append(_cells(county_of(card.townships, say), card))
    return Sheet(
        say("scorecard.sheet"),
        title_of(card, say),
        columns,
        rows,
        notes_of(card, say),
        fills,
        last_is_total=True,
    )


def _cells(township: Township, card: Scorecard) -> list[Cell]:
    scored: list[Cell] = []
    if card.is_graded:
        # equal scores share their place
        better = (
            sum((other.score or 0) > township.score for other in card.townships)
            if township.score is not None
            else 0
        )
        scored = [better + 1 if township.score is not None else None, township.score, township.grade]
    return [
        township.township_name,
        *scored,
        township.open_critical_gaps,
        township.open_major_gaps,
        township.open_minor_gaps,
        township.new_gaps,
        township.resolved_gaps,
        township.overdue_visits,
        township.overdue_visit_rate,
        township.clue_clocks_passed,
        township.old_critical_gaps,
        township.verdict_rate,
    ]
