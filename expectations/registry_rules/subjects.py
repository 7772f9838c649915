"""Whom the registry's quality rules judge: tables, columns, terms, counted rows, and the SQL that brings them together.

Here: reading `subjects.yaml`, the query of one subject with all that its rules may use. Not here: the rules.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby
from typing import Any

from expectations.documents import HERE, Document, YamlPath, read
from expectations.parameters import ANYWHERE, Parameters, Place, values_on
from expectations.predicate import LISTS, Predicate, PredicateError, parse_predicate
from expectations.subjects import SQL_TYPES, Column

FOLDER = HERE / "registry_rules"
TYPES = SQL_TYPES | {"list": "VARCHAR[]"}
# Names only: which parameters exist does not depend on the day.
ANY_DAY = date(2026, 1, 1)


@dataclass(frozen=True)
class Counted:
    """Rows of another subject that belong to this one and fulfil a predicate, as a number."""

    name: str
    of: str
    by: tuple[str, ...]
    when: Predicate


@dataclass(frozen=True)
class RuleSubject:
    """One kind of subject: its table, its key, and every word that a predicate about it may use."""

    kind: str
    table: str
    key: str
    carries: tuple[str, ...]
    extracts: frozenset[str]
    columns: Mapping[str, Column]
    terms: Mapping[str, Predicate]
    counted: Mapping[str, Counted]

    @property
    def words(self) -> frozenset[str]:
        """Names that its rules may use."""
        return frozenset({*self.columns, *self.terms, *self.counted})

    def needs(self, name: str) -> frozenset[str]:
        """Extracts without which a word says nothing."""
        if name in self.terms:
            return self.extracts.union(*(self.needs(column) for column in self.terms[name].columns))
        if name in self.counted:
            counted = self.counted[name]
            other = rule_subjects()[counted.of]
            return other.extracts.union(*(other.needs(column) for column in counted.when.columns))
        return self.extracts | frozenset(self.columns[name].extracts)


def rule_parameters(run_date: date, place: Place = ANYWHERE) -> Parameters:
    """Values of the rules' parameters on a day in a place, and the day itself as `run_date`."""
    document = read(FOLDER / "parameters.yaml", "parameters.schema.json")
    return Parameters(run_date, place, values_on(document, run_date, place) | {"run_date": run_date}, {})


@cache
def rule_subjects() -> Mapping[str, RuleSubject]:
    """Subjects by kind; DocumentError names file and line of a mistake."""
    document = read(FOLDER / "subjects.yaml", "registry_rules/subjects.schema.json")
    bodies = document.content["subjects"]
    plain = {kind: _plain(document, kind, body) for kind, body in bodies.items()}
    return {kind: _with_counted(document, subject, plain) for kind, subject in plain.items()}


@cache
def _known_parameters() -> frozenset[str]:
    return frozenset(rule_parameters(ANY_DAY))


def source_sql(
    subject: RuleSubject, parameters: Parameters, tables: Mapping[str, str], dialect: str = "duckdb"
) -> str:
    """SELECT with one row per subject: its columns, its terms, its counts.

    Args:
        subject: Whose rows.
        parameters: Values of the day.
        tables: Kind to the table that holds its columns.
        dialect: Engine.
    """
    joined, counts = [], []
    by_table = sorted(subject.counted.values(), key=lambda counted: (counted.of, counted.by))
    for number, ((of, by), group) in enumerate(
        groupby(by_table, key=lambda counted: (counted.of, counted.by))
    ):
        alias, keys = f"c{number}", ", ".join(by)
        some = list(group)
        sums = ", ".join(
            f"count(CASE WHEN {c.when.sql(parameters, dialect=dialect)} THEN 1 END) AS {c.name}" for c in some
        )
        rows = _terms_sql(rule_subjects()[of], parameters, tables[of], dialect)
        on = " AND ".join(f"{alias}.{key} = t.{key}" for key in by)
        joined.append(f" LEFT JOIN (SELECT {keys}, {sums} FROM ({rows}) s GROUP BY {keys}) {alias} ON {on}")
        counts += [f"coalesce({alias}.{c.name}, 0) AS {c.name}" for c in some]
    rows = _terms_sql(subject, parameters, tables[subject.kind], dialect)
    return f"SELECT {', '.join(['t.*', *counts])} FROM ({rows}) t{''.join(joined)}"


def _terms_sql(subject: RuleSubject, parameters: Parameters, table: str, dialect: str) -> str:
    terms = [
        f"coalesce({term.sql(parameters, dialect=dialect)}, FALSE) AS {name}"
        for name, term in subject.terms.items()
    ]
    return f"SELECT {', '.join(['s.*', *terms])} FROM {table} s"


def _plain(document: Document, kind: str, body: Mapping[str, Any]) -> RuleSubject:
    columns = {
        name: Column(
            name,
            c["type"],
            tuple(c.get("from", ())),
            default=c.get("default", [] if c["type"] == "list" else None),
        )
        for name, c in body["columns"].items()
    }
    subject = RuleSubject(
        kind, body["table"], body["key"], tuple(body["carries"]), frozenset(body["from"]), columns, {}, {}
    )
    terms = {
        name: parsed(document, subject, text, ("subjects", kind, "terms", name))
        for name, text in body["terms"].items()
    }
    return RuleSubject(
        kind, subject.table, subject.key, subject.carries, subject.extracts, columns, terms, {}
    )


def _with_counted(document: Document, subject: RuleSubject, plain: Mapping[str, RuleSubject]) -> RuleSubject:
    counted = {}
    for name, body in document.content["subjects"][subject.kind]["counted"].items():
        where: YamlPath = ("subjects", subject.kind, "counted", name)
        if body["of"] not in plain:
            raise document.error(where, f"unknown subject {body['of']}")
        other = plain[body["of"]]
        for key in body["by"]:
            if key not in subject.columns or key not in other.columns:
                raise document.error(where, f"{key} is not a column of both subjects")
        counted[name] = Counted(
            name, body["of"], tuple(body["by"]), parsed(document, other, body["when"], where)
        )
    for name in sorted(counted):
        if name in subject.columns or name in subject.terms:
            raise document.error(
                ("subjects", subject.kind, "counted", name), f"{name} is a column or term already"
            )
    return RuleSubject(
        subject.kind,
        subject.table,
        subject.key,
        subject.carries,
        subject.extracts,
        subject.columns,
        subject.terms,
        counted,
    )


def parsed(document: Document, subject: RuleSubject, text: str, where: YamlPath) -> Predicate:
    """A predicate over a subject's words; DocumentError names file, line and what is wrong."""
    try:
        return parse_predicate(text, subject.words, _known_parameters(), LISTS)
    except PredicateError as error:
        raise document.error(where, f"{where[-1]}: {error}") from error
