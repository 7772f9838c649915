"""Policies read from their files: every name in them checked, every mistake told with file and line.

Here: the form of a policy and what it may refer to. Not here: asking it (`ask`), its examples (`examples`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlglot import exp

from expectations.documents import HERE, Document, DocumentError, YamlPath, read
from expectations.parameters import Parameters, resolve
from expectations.predicate import Predicate, PredicateError, parse_predicate
from expectations.subjects import Subject, catalogue

POLICIES = HERE / "policies"
OUTCOMES = ("met", "gap", "unknown", "not_applicable")
# Names only: which parameters exist does not depend on the day.
ANY_DAY = date(2026, 1, 1)


@dataclass(frozen=True)
class Exemption:
    """A reason that closes a gap without anything being done."""

    reason_zh: str
    reason_en: str
    when: Predicate


@dataclass(frozen=True)
class Example:
    """A row of the subject and the outcome it must get; columns left out take the subject's default, else null."""

    name: str
    row: dict[str, Any]
    outcome: str
    run_date: date
    stale: tuple[str, ...]
    line: int
    asks_due: bool
    due_on: date | None


@dataclass(frozen=True)
class Policy:
    """One policy as its file states it."""

    id: str
    name_zh: str
    name_en: str
    source: str
    departments: tuple[str, ...]
    owner: str
    subject: Subject
    severity: str
    kind: str
    population: str
    applies: Predicate
    holds: Predicate
    exempt: tuple[Exemption, ...]
    undecided: Predicate | None
    needs: tuple[str, ...]
    closed_by: tuple[str, ...]
    proved_by: tuple[str, ...]
    in_force_from: date | None
    in_force_to: date | None
    not_before: str | None
    due_from: Predicate | None
    due_days: Predicate | None
    parameters: tuple[str, ...]
    at_the_door: str
    documents: tuple[str, ...]
    examples: tuple[Example, ...]
    document: Document

    @property
    def column(self) -> str:
        """Name of its outcome column in a table of outcomes."""
        return self.id.lower().replace("-", "_")

    @property
    def predicates(self) -> tuple[Predicate, ...]:
        """Every predicate of the policy."""
        optional = [p for p in (self.undecided, self.due_from, self.due_days) if p is not None]
        return (self.applies, self.holds, *(e.when for e in self.exempt), *optional)

    @property
    def outcomes(self) -> tuple[str, ...]:
        """What it can answer; one that never holds cannot be met."""
        never = isinstance(self.holds.tree, exp.Boolean) and not self.holds.tree.this
        return ("gap", "unknown", "not_applicable") if never else OUTCOMES

    @property
    def after_cards(self) -> bool:
        """Whether it looks at the cards or at today's gaps, so that it can be asked only when the cards are dealt."""
        return any(self.subject.columns[c].after_cards for p in self.predicates for c in p.columns)

    def not_evaluated(
        self, parameters: Parameters, stale: Mapping[str, str], language: str = "zh"
    ) -> str | None:
        """Why the policy is not evaluated on the run date, for people; None when it is. `stale` is in that language."""
        day = parameters.run_date
        chinese = language == "zh"
        if self.in_force_from is not None and day < self.in_force_from:
            return f"政策自{self.in_force_from}起执行" if chinese else f"in force from {self.in_force_from}"
        if self.in_force_to is not None and day > self.in_force_to:
            return f"政策已于{self.in_force_to}停止执行" if chinese else f"in force until {self.in_force_to}"
        if self.not_before is not None and day < parameters.day(self.not_before):
            due = parameters.day(self.not_before)
            return f"未到{due},暂不评判" if chinese else f"not judged before {due}"
        missing = [f"{extract}: {stale[extract]}" for extract in self.needs if extract in stale]
        return "; ".join(missing) or None

    def in_force(self, day: date) -> bool:
        """Whether the policy holds in law on a day."""
        return (self.in_force_from or date.min) <= day <= (self.in_force_to or date.max)


def load_policies(folder: Path | None = None) -> tuple[Policy, ...]:
    """All policies, ordered by id.

    Raises:
        DocumentError: a file is wrong (unknown column, parameter, extract; id twice); names file and line.
    """
    known = frozenset(resolve(ANY_DAY))
    policies = [
        _policy(read(path, "policy.schema.json"), known)
        for path in sorted((folder or POLICIES).rglob("*.yaml"))
    ]
    by_id: dict[str, Policy] = {}
    for policy in policies:
        if policy.id in by_id:
            raise policy.document.error(("id",), f"{policy.id} stands in two files")
        by_id[policy.id] = policy
    return tuple(by_id[key] for key in sorted(by_id))


def _policy(document: Document, known: frozenset[str]) -> Policy:
    body = document.content
    if document.path.stem != body["id"]:
        raise document.error(("id",), f"the file of {body['id']} must be named {body['id']}.yaml")
    subjects = catalogue().subjects
    if body["subject"] not in subjects:
        raise document.error(("subject",), f"unknown subject {body['subject']}: one of {', '.join(subjects)}")
    subject = subjects[body["subject"]]

    def predicate(text: str, *where: str | int) -> Predicate:
        try:
            return parse_predicate(text, frozenset(subject.columns), known)
        except PredicateError as error:
            raise document.error(where, f"{where[0]}: {error}") from error

    due = body.get("due")
    policy = Policy(
        id=body["id"],
        name_zh=body["name"]["zh"],
        name_en=body["name"]["en"],
        source=body["source"],
        departments=tuple(body["departments"]),
        owner=body["owner"],
        subject=subject,
        severity=body["severity"],
        kind=body["kind"],
        population=body.get("population", "living"),
        applies=predicate(body["applies"], "applies"),
        holds=predicate(body["holds"], "holds"),
        exempt=tuple(
            Exemption(e["reason"]["zh"], e["reason"]["en"], predicate(e["when"], "exempt", number, "when"))
            for number, e in enumerate(body["exempt"])
        ),
        undecided=predicate(body["undecided"], "undecided") if "undecided" in body else None,
        needs=tuple(body["needs"]),
        closed_by=tuple(body.get("doubt", {}).get("closed_by", ())),
        proved_by=tuple(body.get("doubt", {}).get("proved_by", ())),
        in_force_from=_day(document, body["in_force"]["from"], "in_force", "from"),
        in_force_to=_day(document, body["in_force"]["to"], "in_force", "to"),
        not_before=body.get("not_before"),
        due_from=predicate(due["from"], "due", "from") if due else None,
        due_days=predicate(due["days"], "due", "days") if due else None,
        parameters=tuple(body["parameters"]),
        at_the_door=body["at_the_door"],
        documents=tuple(body.get("documents", ())),
        examples=tuple(_example(document, subject, number) for number in range(len(body["examples"]))),
        document=document,
    )
    _check_names(policy, known)
    return policy


def _check_names(policy: Policy, known: frozenset[str]) -> None:
    document = policy.document
    if policy.owner not in policy.departments:
        raise document.error(("owner",), f"owner {policy.owner} is not among the departments")
    for number, extract in enumerate(policy.needs):
        if extract not in catalogue().extracts:
            raise document.error(("needs", number), f"unknown extract {extract}")
    rests_on = {
        e for p in policy.predicates for name in p.columns for e in policy.subject.columns[name].extracts
    }
    for side, extracts in (("closed_by", policy.closed_by), ("proved_by", policy.proved_by)):
        for number, extract in enumerate(extracts):
            if extract not in rests_on:
                raise document.error(
                    ("doubt", side, number),
                    f"no column of the policy rests on {extract}, so no row of it can be in doubt",
                )
    for name in sorted(policy.applies.columns | policy.holds.columns):
        missing = sorted(set(policy.subject.columns[name].extracts) - set(policy.needs))
        if missing:
            raise document.error(("needs",), f"needs must name {missing[0]}, on which column {name} rests")
    if policy.not_before is not None and policy.not_before not in known:
        raise document.error(("not_before",), f"unknown parameter {policy.not_before}")
    used = {name for p in policy.predicates for name in p.parameters}
    used |= {policy.not_before} if policy.not_before else set()
    if used != set(policy.parameters):
        raise document.error(
            ("parameters",), f"parameters must name what is used: {', '.join(sorted(used)) or 'none'}"
        )


def _example(document: Document, subject: Subject, number: int) -> Example:
    body = document.content["examples"][number]
    where: YamlPath = ("examples", number)
    _all_known(document, (*where, "row"), body["row"], subject.columns, "column")
    _all_known(document, (*where, "stale"), body.get("stale", ()), catalogue().extracts, "extract")
    return Example(
        name=body["name"],
        row=body["row"],
        outcome=body["outcome"],
        run_date=_day(document, body.get("run_date", date(2026, 11, 23)), *where, "run_date") or ANY_DAY,
        stale=tuple(body.get("stale", ())),
        line=document.line(where),
        asks_due="due_on" in body,
        due_on=_day(document, body.get("due_on"), *where, "due_on"),
    )


def _all_known(document: Document, where: YamlPath, names: Sequence[str], known: Any, what: str) -> None:
    for name in names:
        if name not in known:
            raise document.error((*where, name), f"unknown {what} {name}")


def _day(document: Document, value: Any, *where: str | int) -> date | None:
    if value is None or isinstance(value, date):
        return value
    raise document.error(where, "not a date")


__all__ = ["DocumentError", "Example", "Exemption", "Policy", "load_policies"]
