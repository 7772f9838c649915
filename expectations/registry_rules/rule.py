"""Registry quality rules read from their files: every word in them checked, every mistake told with file and line.

Here: the form of a rule, its CASE (`flagged`, `clear`, `not_applicable`). Not here: asking a registry (`ask`).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from expectations.documents import Document, YamlPath, read
from expectations.parameters import Parameters
from expectations.predicate import Predicate
from expectations.registry_rules.subjects import FOLDER, RuleSubject, parsed, rule_subjects, source_sql

JOINED = " · "
OUTCOMES = ("flagged", "clear", "not_applicable")
# A batch number without class; a rule that has no other stands in a class of its own.
BATCH, NO_CLASS = "1111", "1*"


@dataclass(frozen=True)
class Example:
    """A subject, rows that belong to it by kind, and the outcome it must get; columns left out take their default."""

    row: Mapping[str, Any]
    related: Mapping[str, Sequence[Mapping[str, Any]]]
    outcome: str
    where: YamlPath


@dataclass(frozen=True)
class Rule:
    """One rule as its file states it. `id` holds every number under which officers know it."""

    id: str
    title_zh: str
    rule_class: str
    subject: RuleSubject
    applies: Predicate
    flagged_when: Predicate
    closed_by: Predicate | None
    policies: tuple[str, ...]
    examples: tuple[Example, ...]
    document: Document
    where: YamlPath

    @property
    def column(self) -> str:
        """Name of its outcome column in a table of outcomes."""
        return "rule_" + re.sub(r"\W+", "_", self.id).strip("_")

    @property
    def predicates(self) -> dict[str, Predicate]:
        """Its predicates by the name of their field."""
        closed = {"closed_by": self.closed_by} if self.closed_by else {}
        return {"applies": self.applies, "flagged_when": self.flagged_when, **closed}

    @property
    def parameters(self) -> tuple[str, ...]:
        """Parameters that its own predicates name."""
        return tuple(sorted({name for p in self.predicates.values() for name in p.parameters} - {"run_date"}))

    @property
    def needs(self) -> tuple[str, ...]:
        """Extracts without which it cannot be asked; what only closes a flag is not among them."""
        words = self.applies.columns | self.flagged_when.columns
        return tuple(sorted(self.subject.extracts.union(*(self.subject.needs(word) for word in words))))

    def not_evaluated(self, stale: Mapping[str, str]) -> str | None:
        """Why the rule is not evaluated (Chinese, for people); None when it is."""
        return "; ".join(f"{extract}: {stale[extract]}" for extract in self.needs if extract in stale) or None

    def outcome_sql(self, parameters: Parameters, dialect: str = "duckdb") -> str:
        """CASE expression over the alias `s` giving the rule's outcome; an undecided condition is not fulfilled."""
        open_still = (
            f" AND ({self.closed_by.sql(parameters, dialect=dialect)}) IS NOT TRUE" if self.closed_by else ""
        )
        return (
            f"CASE WHEN ({self.applies.sql(parameters, dialect=dialect)}) IS NOT TRUE THEN 'not_applicable'"
            f" WHEN ({self.flagged_when.sql(parameters, dialect=dialect)}) IS TRUE{open_still} THEN 'flagged'"
            " ELSE 'clear' END"
        )


def outcomes_query(
    rules: Sequence[Rule],
    parameters: Parameters,
    keys: Mapping[str, str],
    tables: Mapping[str, str] | None = None,
    dialect: str = "duckdb",
) -> str:
    """SELECT with one row per subject: `keys` (name to column, all rules of one subject), one outcome column per rule."""
    subject = rules[0].subject
    tables = tables or {kind: each.table for kind, each in rule_subjects().items()}
    named = [f"s.{column} AS {name}" for name, column in keys.items()]
    outcomes = [f"{rule.outcome_sql(parameters, dialect)} AS {rule.column}" for rule in rules]
    return f"SELECT {', '.join(named + outcomes)} FROM ({source_sql(subject, parameters, tables, dialect)}) s"


def load_rules(folder: Path | None = None) -> tuple[Rule, ...]:
    """All rules, by subject and file, in their written order.

    Raises:
        DocumentError: a file is wrong (unknown column or parameter, class against number, id twice); names file and line.
    """
    rules: dict[str, Rule] = {}
    for path in sorted((folder or FOLDER).glob("*/*.yaml")):
        document = read(path, "registry_rules/rules.schema.json")
        if path.parent.name not in rule_subjects():
            raise document.error((), f"the folder {path.parent.name} names no subject")
        for number in range(len(document.content["rules"])):
            rule = _rule(document, rule_subjects()[path.parent.name], number)
            if rule.id in rules:
                raise document.error(rule.where, f"{rule.id} stands twice")
            rules[rule.id] = rule
    return tuple(rules.values())


def _rule(document: Document, subject: RuleSubject, number: int) -> Rule:
    body = document.content["rules"][number]
    where: YamlPath = ("rules", number)
    expected = class_of(body["id"])
    if body["class"] != expected:
        raise document.error((*where, "class"), f"the gravest number of {body['id']} is of class {expected}")
    closed_by = body.get("closed_by")
    return Rule(
        id=body["id"],
        title_zh=body["title"],
        rule_class=body["class"],
        subject=subject,
        applies=parsed(document, subject, body["applies"], (*where, "applies")),
        flagged_when=parsed(document, subject, body["flagged_when"], (*where, "flagged_when")),
        closed_by=parsed(document, subject, closed_by, (*where, "closed_by")) if closed_by else None,
        policies=tuple(body.get("policies", ())),
        examples=tuple(_examples(document, subject, where, body)),
        document=document,
        where=where,
    )


def class_of(rule_id: str) -> str:
    """The gravest class among a rule's numbers, `1` gravest; `1*` when all are batch numbers without class."""
    classes = [number.split("_")[0] for number in rule_id.split(JOINED)]
    return min((each for each in classes if each != BATCH), default=NO_CLASS)


def _examples(
    document: Document, subject: RuleSubject, where: YamlPath, body: Mapping[str, Any]
) -> list[Example]:
    found = []
    for outcome in OUTCOMES:
        for number, row in enumerate(body[outcome]):
            at: YamlPath = (*where, outcome, number)
            related = {kind: row[kind] for kind in row if kind in _related(subject)}
            own = {name: value for name, value in row.items() if name not in related}
            _all_known(document, at, own, subject)
            for kind, rows in related.items():
                for index, other in enumerate(rows):
                    _all_known(document, (*at, kind, index), other, rule_subjects()[kind])
            found.append(Example(own, related, outcome, at))
    return found


def _related(subject: RuleSubject) -> set[str]:
    return {counted.of for counted in subject.counted.values()}


def _all_known(document: Document, where: YamlPath, row: Mapping[str, Any], subject: RuleSubject) -> None:
    for name in row:
        if name not in subject.columns:
            raise document.error((*where, name), f"unknown column {name}")
