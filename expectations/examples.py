"""Runs the examples that stand in policy files, and proves that blanks leave no predicate undecided.

Here: small tables of one subject made from examples. Not here: pytest (tests call this), asking a county (`ask`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import duckdb

from expectations.compile import due_sql, outcomes_query
from expectations.parameters import Parameters, resolve
from expectations.policy import ANY_DAY, Example, Policy
from expectations.predicate import Predicate
from expectations.subjects import SQL_TYPES, Subject


@dataclass(frozen=True)
class Finding:
    """What one example got: its outcome and, when it asks for one, its due date."""

    policy: Policy
    example: Example
    outcome: str
    due_on: date | None

    @property
    def right(self) -> bool:
        """Whether the example got what its file says."""
        return self.outcome == self.example.outcome and (
            not self.example.asks_due or self.due_on == self.example.due_on
        )


@cache
def parameters_on(run_date: date) -> Parameters:
    """The defaults of a day; read once, for hundreds of examples share a day."""
    return resolve(run_date)


def run_examples(policies: Iterable[Policy]) -> list[Finding]:
    """Outcome of every example of the policies."""
    with duckdb.connect() as con:
        return [_run(con, policy, example) for policy in policies for example in policy.examples]


def _run(con: duckdb.DuckDBPyConnection, policy: Policy, example: Example) -> Finding:
    parameters = parameters_on(example.run_date)
    if policy.not_evaluated(parameters, {}) is not None:
        return Finding(policy, example, "unknown", None)
    fill(con, policy.subject, [example.row])
    query = outcomes_query([policy], parameters, dict.fromkeys(example.stale, "stale"), table="example")
    found = con.execute(
        f"SELECT o.{policy.column}, {due_sql(policy, parameters)} FROM ({query}) o, example s"
    ).fetchall()
    return Finding(policy, example, found[0][0], found[0][1])


def undecided(policy: Policy) -> list[str]:
    """Predicates of a policy that a blank cell leaves neither true nor false, told with the column.

    Every example is tried with each used column blank in turn, and with all of them blank.
    """
    used = sorted(
        {name for p in policy.predicates if p not in (policy.due_from, policy.due_days) for name in p.columns}
    )
    trials: list[tuple[str, dict[str, Any]]] = []
    for example in policy.examples:
        trials += [(name, example.row | {name: None}) for name in used]
        trials.append(("every column", example.row | dict.fromkeys(used)))
    parameters = parameters_on(ANY_DAY)
    problems = []
    with duckdb.connect() as con:
        fill(con, policy.subject, [row for _, row in trials])
        applies, holds = policy.applies.sql(parameters), policy.holds.sql(parameters)
        checks = {"applies": f"({applies}) IS NULL", "holds": f"({applies}) AND ({holds}) IS NULL"}
        if policy.undecided is not None:
            checks["undecided"] = f"({applies}) AND ({policy.undecided.sql(parameters)}) IS NULL"
        for number, exemption in enumerate(policy.exempt):
            checks[f"exempt {number + 1}"] = f"({applies}) AND ({exemption.when.sql(parameters)}) IS NULL"
        for name, test in checks.items():
            rows = con.execute(f"SELECT rowid FROM example s WHERE {test} ORDER BY rowid").fetchall()
            blank = sorted({trials[row[0]][0] for row in rows})
            if blank:
                problems.append(f"{name} is undecided when {blank[0]} is blank; say what blank means")
    return problems


def type_problems(policy: Policy) -> list[str]:
    """Predicates that are not yes-or-no, or that the engine cannot type over the subject's columns."""
    wanted: list[tuple[str, Predicate, str]] = [
        ("applies", policy.applies, "BOOLEAN"),
        ("holds", policy.holds, "BOOLEAN"),
        *((f"exempt {n + 1}", e.when, "BOOLEAN") for n, e in enumerate(policy.exempt)),
    ]
    if policy.undecided is not None:
        wanted.append(("undecided", policy.undecided, "BOOLEAN"))
    if policy.due_from is not None:
        wanted.append(("due from", policy.due_from, "DATE"))
    parameters = parameters_on(ANY_DAY)
    problems = []
    with duckdb.connect() as con:
        fill(con, policy.subject, [])
        for name, predicate, kind in wanted:
            try:
                found = con.execute(f"DESCRIBE SELECT {predicate.sql(parameters)} FROM example s").fetchall()[
                    0
                ][1]
            except duckdb.Error as error:
                problems.append(f"{name} cannot be typed: {str(error).splitlines()[0]}")
                continue
            if found != kind:
                problems.append(f"{name} gives {found}, wanted {kind}")
    return problems


def fill(con: duckdb.DuckDBPyConnection, subject: Subject, rows: Sequence[dict[str, Any]]) -> None:
    """Make the temp table `example`: the subject's columns, one row per example, what it leaves out by default."""
    columns = subject.columns.values()
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE example ({', '.join(f'{c.name} {SQL_TYPES[c.type]}' for c in columns)})"
    )
    if rows:
        marks = ", ".join("?" for _ in columns)
        filled = [[row.get(c.name, c.default) for c in columns] for row in rows]
        con.executemany(f"INSERT INTO example VALUES ({marks})", filled)
