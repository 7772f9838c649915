"""Policies with one small mistake each, and which of them no example notices.

A mutant has one comparison made strict or loose, turned round, one number or day of the text one step off, one
parameter one step off, or one word of a list or one side of an AND or OR left out. All mutants of a policy are asked of its examples in one query.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import duckdb
from sqlglot import exp

from expectations.compile import due_sql, outcome_sql
from expectations.examples import fill, parameters_on
from expectations.parameters import Parameters, Value
from expectations.policy import Example, Policy
from expectations.predicate import Predicate

_STRICT = {exp.GT: exp.GTE, exp.GTE: exp.GT, exp.LT: exp.LTE, exp.LTE: exp.LT}
_TURNED = {exp.EQ: exp.NEQ, exp.NEQ: exp.EQ}


@dataclass(frozen=True)
class Mutant:
    """A policy with one mistake, or a step on one of its parameters; `name` tells it."""

    policy: Policy
    name: str
    shifted: tuple[str, int] | None = None

    def parameters(self, example: Example) -> Parameters:
        """The values of the example's day, one of them off by a step where that is the mistake."""
        right = parameters_on(example.run_date)
        if self.shifted is None:
            return right
        name, step = self.shifted
        return Parameters(
            right.run_date, right.place, {**right, name: _step(right[name], step)}, {"default": 40}
        )


def mutants(policy: Policy) -> Iterator[Mutant]:
    """Every mutant of a policy."""
    places: dict[str, Predicate] = {"applies": policy.applies, "holds": policy.holds}
    if policy.undecided is not None:
        places["undecided"] = policy.undecided
    for place, predicate in places.items():
        for name, changed in _changed(predicate):
            yield Mutant(replace(policy, **{place: changed}), f"{place}: {name}")
    for number, exemption in enumerate(policy.exempt):
        for name, changed in _changed(exemption.when):
            exempt = list(policy.exempt)
            exempt[number] = replace(exemption, when=changed)
            yield Mutant(replace(policy, exempt=tuple(exempt)), f"exempt {number + 1}: {name}")
    for name in policy.parameters:
        if name != "run_date":  # the day of the example, no choice of anybody
            for step in (1, -1):
                yield Mutant(policy, f"${name} {step:+}", (name, step))


def survivors(con: duckdb.DuckDBPyConnection, policy: Policy) -> list[str]:
    """Names of the mutants that give every example of the policy what it gets."""
    alive = list(mutants(policy))
    for (_, stale), examples in _by_day(policy).items():
        fill(con, policy.subject, [example.row for example in examples])
        right = _answers(con, [Mutant(policy, "")], examples, stale)[0]
        alive = [
            mutant
            for mutant, found in zip(alive, _answers(con, alive, examples, stale), strict=True)
            if found == right
        ]
        if not alive:
            break
    return [mutant.name for mutant in alive]


def _by_day(policy: Policy) -> Mapping[tuple[Any, tuple[str, ...]], list[Example]]:
    found: dict[tuple[Any, tuple[str, ...]], list[Example]] = {}
    for example in policy.examples:
        found.setdefault((example.run_date, example.stale), []).append(example)
    return found


def _answers(
    con: duckdb.DuckDBPyConnection, asked: list[Mutant], examples: list[Example], stale: tuple[str, ...]
) -> list[list[Any]]:
    """Per mutant its outcomes and due days, example by example; the examples share day and stale extracts."""
    chosen = []
    for mutant in asked:
        parameters = mutant.parameters(examples[0])
        if mutant.policy.not_evaluated(parameters, {}) is not None:
            chosen.append("[('unknown', NULL)]")
            continue
        outcome = outcome_sql(mutant.policy, parameters, dict.fromkeys(stale, "stale"))
        chosen.append(f"list(({outcome}, {due_sql(mutant.policy, parameters)}) ORDER BY s.rowid)")
    if not chosen:
        return []
    row = con.execute(f"SELECT {', '.join(chosen)} FROM example s").fetchone()
    assert row is not None
    wanted = [example.asks_due for example in examples]
    return [_told(list(found), wanted) for found in row]


def _told(found: list[Any], asks_due: list[bool]) -> list[Any]:
    if len(found) < len(asks_due):  # not evaluated at all
        found = found * len(asks_due)
    return [(outcome, due if asks else None) for (outcome, due), asks in zip(found, asks_due, strict=True)]


def _changed(predicate: Predicate) -> Iterator[tuple[str, Predicate]]:
    """One small mistake after the other, told with the expression that it is in."""
    for number, node in enumerate(predicate.tree.walk()):
        for told, change in _mistakes(node):
            tree = predicate.tree.copy()
            copied = next(n for at, n in enumerate(tree.walk()) if at == number)
            new = change(copied)
            if copied is tree:
                tree = new
            else:
                copied.replace(new)
            yield told, Predicate(tree.sql(dialect="duckdb"), tree, predicate.columns, predicate.parameters)


def _mistakes(node: exp.Expr) -> Iterator[tuple[str, Any]]:
    told = node.sql(dialect="duckdb")
    other = _STRICT.get(type(node)) or _TURNED.get(type(node))
    if other is not None:
        yield (
            f"{told} as {other.__name__}",
            lambda n, kind=other: kind(this=n.this.copy(), expression=n.expression.copy()),
        )
    if isinstance(node, (exp.And, exp.Or)):
        for kept, left_out in (("this", "expression"), ("expression", "this")):
            yield (
                f"without {node.args[left_out].sql(dialect='duckdb')}",
                lambda n, kept=kept: exp.paren(n.args[kept].copy()),
            )
    if isinstance(node, exp.Between):
        for edge in ("low", "high"):
            for step in (1, -1):
                yield f"{told} {edge} {step:+}", lambda n, edge=edge, step=step: _moved(n, edge, step)
    # NULL-safe defaults and arguments of functions are no edges: only what is compared is moved
    if isinstance(node, exp.Literal) and not node.is_string and isinstance(node.parent, (*_STRICT, *_TURNED)):
        for step in (1, -1):
            yield (
                f"{node.parent.sql(dialect='duckdb')} {step:+}",
                lambda n, step=step: exp.Literal.number(str(Decimal(n.this) + step)),
            )
    if isinstance(node, exp.In) and len(node.expressions) > 1:
        for at, word in enumerate(node.expressions):
            yield f"{told} without {word.sql()}", lambda n, at=at: _without(n, at)


def _moved(node: exp.Expr, edge: str, step: int) -> exp.Expr:
    moved = node.copy()
    moved.set(edge, exp.Add(this=exp.paren(node.args[edge].copy()), expression=exp.convert(step)))
    return moved


def _without(node: exp.Expr, at: int) -> exp.Expr:
    left = node.copy()
    left.set("expressions", [word for place, word in enumerate(left.expressions) if place != at])
    return left


def _step(value: Value, step: int) -> Value:
    """One step on: a day, a whole unit, a unit of a decimal's last place."""
    if isinstance(value, Decimal):
        return value + step * Decimal(1).scaleb(int(value.as_tuple().exponent))
    if isinstance(value, (int, str)):
        assert isinstance(value, int), "a parameter that is a word has no next one"
        return value + step
    return value + timedelta(days=step)
