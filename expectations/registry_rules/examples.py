"""Runs the examples that stand in the rules' files: every rule must be seen to flag, to let pass, and to stay out.

Here: small registries made from examples, all examples of a subject in one. Not here: pytest, asking a registry (`ask`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

import duckdb

from expectations.registry_rules.rule import Example, Rule, outcomes_query
from expectations.registry_rules.subjects import TYPES, rule_parameters, rule_subjects, source_sql

DAY = date(2026, 11, 23)
# What a household's rows share with it: members and spells of work take it from the example.
STANDING = ("is_target", "is_lifted_out", "is_on_list", "is_monitored", "is_cleared", "identified_month")


@dataclass(frozen=True)
class Finding:
    """What one example got."""

    rule: Rule
    example: Example
    outcome: str

    @property
    def right(self) -> bool:
        """Whether the example got what its file says."""
        return self.outcome == self.example.outcome


def run_examples(rules: Iterable[Rule]) -> list[Finding]:
    """Outcome of every example, each in a registry of its own household.

    Raises:
        duckdb.Error: a predicate that the engine cannot type over the subject's columns.
    """
    findings = []
    for _, group in groupby(
        sorted(rules, key=lambda rule: rule.subject.kind), key=lambda rule: rule.subject.kind
    ):
        with duckdb.connect() as con:
            findings += _run(con, list(group))
    return findings


def type_problems(rules: Iterable[Rule]) -> list[str]:
    """Predicates that are not yes-or-no, or that the engine cannot type over the subject's words, with file and line."""
    problems = []
    with duckdb.connect() as con:
        for kind in rule_subjects():
            _fill(con, kind, [])
        tables = {kind: kind for kind in rule_subjects()}
        for kind, subject in rule_subjects().items():
            con.execute(f"CREATE TABLE {kind}_words AS {source_sql(subject, rule_parameters(DAY), tables)}")
        for rule in rules:
            for name, predicate in rule.predicates.items():
                sql = (
                    f"DESCRIBE SELECT {predicate.sql(rule_parameters(DAY))} FROM {rule.subject.kind}_words s"
                )
                try:
                    ((_, found, *_),) = con.execute(sql).fetchall()
                except duckdb.Error as error:
                    text = f"{name} cannot be typed: {str(error).splitlines()[0]}"
                    problems.append(str(rule.document.error((*rule.where, name), text)))
                    continue
                if found != "BOOLEAN":
                    text = f"{name} gives {found}, wanted BOOLEAN"
                    problems.append(str(rule.document.error((*rule.where, name), text)))
    return problems


def example_problems(rules: Iterable[Rule]) -> list[str]:
    """Examples that do not get their outcome, each with file and line."""
    return [
        str(
            f.rule.document.error(
                f.example.where, f"{f.rule.id}: must be {f.example.outcome}, but is {f.outcome}"
            )
        )
        for f in run_examples(rules)
        if not f.right
    ]


def _run(con: duckdb.DuckDBPyConnection, rules: list[Rule]) -> list[Finding]:
    subject = rules[0].subject
    rows: dict[str, list[dict[str, Any]]] = {kind: [] for kind in rule_subjects()}
    cases = [(rule, example) for rule in rules for example in rule.examples]
    for number, (_, example) in enumerate(cases):
        place = {"household_no": str(number), "person_no": str(number)}
        rows[subject.kind].append({**place, **example.row, subject.key: str(number)})
        standing = {name: example.row[name] for name in STANDING if name in example.row}
        related = {"person": [{}], **example.related} if subject.kind == "household" else example.related
        for kind, others in related.items():
            rows[kind] += [{**place, **standing, **other} for other in others]
    for kind, some in rows.items():
        _fill(con, kind, some)
    query = outcomes_query(
        rules, rule_parameters(DAY), {"subject_key": subject.key}, {kind: kind for kind in rows}
    )
    found = con.execute(query)
    columns = [column[0] for column in found.description or ()]
    outcomes = {row[0]: dict(zip(columns, row, strict=True)) for row in found.fetchall()}
    return [
        Finding(rule, example, outcomes[str(number)][rule.column])
        for number, (rule, example) in enumerate(cases)
    ]


def _fill(con: duckdb.DuckDBPyConnection, kind: str, rows: list[dict[str, Any]]) -> None:
    subject = rule_subjects()[kind]
    columns: Mapping[str, tuple[str, Any]] = {
        subject.key: ("VARCHAR", None),
        **{name: (TYPES[column.type], column.default) for name, column in subject.columns.items()},
    }
    con.execute(f"CREATE TABLE {kind} ({', '.join(f'{name} {sql}' for name, (sql, _) in columns.items())})")
    if rows:
        marks = ", ".join("?" for _ in columns)
        filled = [[row.get(name, default) for name, (_, default) in columns.items()] for row in rows]
        con.executemany(f"INSERT INTO {kind} VALUES ({marks})", filled)
