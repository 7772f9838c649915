"""The periods in which townships are looked at, and the rules by which they are scored.

Here: reading `scorecard.yaml`, the periods that a day lies in, the rules of that day. Not here: counting and scoring (dbt).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from expectations.documents import HERE, Document, read


@dataclass(frozen=True)
class Period:
    """One period, both days included; `graded` when it is scored."""

    kind: str
    start: date
    end: date
    graded: bool


@cache
def scorecard_document() -> Document:
    """`scorecard.yaml`, checked.

    Raises:
        DocumentError: against the schema, a kind twice, rules or grades out of order, a day that is none.
    """
    document = read(HERE / "scorecard.yaml", "scorecard.schema.json")
    kinds = [period["kind"] for period in document.content["periods"]]
    for number, kind in enumerate(kinds):
        if kind in kinds[:number]:
            raise document.error(("periods", number, "kind"), f"the period {kind} stands twice")
    days = []
    for number, rules in enumerate(document.content["rules"]):
        where = ("rules", number)
        if rules["from"] is not None and not isinstance(rules["from"], date):
            raise document.error((*where, "from"), "from is neither a date nor null")
        days.append(rules["from"] or date.min)
        if days != sorted(set(days)):
            raise document.error((*where, "from"), "rules must stand in the order of their days")
        scores = [grade["from"] for grade in rules["grades"]]
        if scores != sorted(set(scores), reverse=True):
            raise document.error((*where, "grades"), "grades must stand from the best to the worst")
    return document


def period_names() -> Mapping[str, Mapping[str, str]]:
    """Kind of period to its name in each language, in the order of the file."""
    return {period["kind"]: period["name"] for period in scorecard_document().content["periods"]}


def periods_on(day: date) -> tuple[Period, ...]:
    """The period of each kind that a day lies in."""
    return tuple(
        Period(period["kind"], *_bounds(day, period), period["graded"])
        for period in scorecard_document().content["periods"]
    )


def rules_on(day: date) -> Mapping[str, Any]:
    """The rules in force on a day.

    Raises:
        DocumentError: no line of the rules has come yet.
    """
    document = scorecard_document()
    valid = [rules for rules in document.content["rules"] if (rules["from"] or date.min) <= day]
    if not valid:
        raise document.error(("rules",), f"no rules are in force on {day}")
    rules: Mapping[str, Any] = valid[-1]
    return rules


def scorecard_variables(day: date) -> dict[str, Any]:
    """What the models of the scorecard are told: the running periods (days as text) and the rules of the day."""
    periods = [
        {
            "kind": period.kind,
            "start": period.start.isoformat(),
            "end": period.end.isoformat(),
            "graded": period.graded,
        }
        for period in periods_on(day)
    ]
    return {"periods": periods, **{name: value for name, value in rules_on(day).items() if name != "from"}}


def _bounds(day: date, period: Mapping[str, Any]) -> tuple[date, date]:
    if "weekday" in period:
        start = day - timedelta(days=(day.isoweekday() - period["weekday"]) % 7)
        return start, start + timedelta(days=6)
    months = period["months"]
    start = date(day.year, (day.month - 1) // months * months + 1, 1)
    after = start.month - 1 + months
    return start, date(start.year + after // 12, after % 12 + 1, 1) - timedelta(days=1)
