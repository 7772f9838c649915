"""Predicates of policies and cards: SQL expressions checked against what they may use, rendered for an engine.

Here: the allowed subset of SQL, which columns and parameters an expression uses, literals for parameters.
Not here: how predicates make an outcome (`compile`), where they come from (`policy`, `cards`).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache

from sqlglot import exp, parse
from sqlglot.errors import ParseError, TokenError

from expectations.parameters import Value

# What DuckDB and Spark read alike. Everything else is refused: sub-queries, windows, aggregates, casts of text,
# functions that one of them lacks or that look at the clock.
ALLOWED = (
    *(exp.Column, exp.Identifier, exp.Placeholder, exp.Literal, exp.Boolean, exp.Null, exp.Var, exp.Paren),
    *(exp.And, exp.Or, exp.Not, exp.Is, exp.In, exp.Between, exp.Case, exp.If),
    *(exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Add, exp.Sub, exp.Mul, exp.Neg),
    *(exp.Coalesce, exp.Greatest, exp.Least, exp.DateDiff, exp.TimestampTrunc),
)


# Columns that hold lists (the registry's rules): what stands in one, and how many.
LISTS = (exp.ArrayContains, exp.ArraySize)


class PredicateError(ValueError):
    """An expression is no predicate of ours; the message says why."""


@dataclass(frozen=True)
class Predicate:
    """A checked expression and the names it uses."""

    text: str
    tree: exp.Expr
    columns: frozenset[str]
    parameters: frozenset[str]
    # asked, judged and doubted: the same SQL is wanted several times a day, and writing it takes longer than running it
    _written: dict[object, str] = field(default_factory=dict, init=False, compare=False, repr=False)

    def sql(self, parameters: Mapping[str, Value], table: str = "s", dialect: str = "duckdb") -> str:
        """SQL of the expression over the alias `table`, its parameters as typed literals."""
        values = tuple((name, type(parameters[name]), parameters[name]) for name in sorted(self.parameters))
        wanted = (table, dialect, values)
        if wanted not in self._written:
            self._written[wanted] = self._write(parameters, table, dialect)
        return self._written[wanted]

    def _write(self, parameters: Mapping[str, Value], table: str, dialect: str) -> str:
        def bind(node: exp.Expr) -> exp.Expr:
            if isinstance(node, exp.Placeholder):
                return literal(parameters[node.name])
            if isinstance(node, exp.Column):
                return exp.column(node.name, table=table, quoted=True)
            return node

        return self.tree.copy().transform(bind).sql(dialect=dialect)


def literal(value: Value) -> exp.Expr:
    """A parameter's value as a typed SQL literal; text is escaped by the generator."""
    if isinstance(value, date):
        return exp.cast(exp.Literal.string(value.isoformat()), "DATE")
    if isinstance(value, Decimal):
        return exp.Literal.number(format(value, "f"))
    return exp.convert(value)


@cache
def parse_predicate(
    text: str, columns: Collection[str], parameters: Collection[str], more: tuple[type[exp.Expr], ...] = ()
) -> Predicate:
    """Parse an expression and refuse whatever it may not use.

    Args:
        text: SQL expression; parameters are written `$name`.
        columns: Names of the columns it may use (hashable).
        parameters: Names of the parameters it may use (hashable).
        more: What it may use besides `ALLOWED` (`LISTS`).

    Raises:
        PredicateError: not SQL, more than one expression, or something outside the allowed subset.
    """
    try:
        statements = parse(text, dialect="duckdb")
    except (ParseError, TokenError) as error:
        raise PredicateError(f"not an SQL expression: {str(error).splitlines()[0]}") from error
    if len(statements) != 1 or statements[0] is None:
        raise PredicateError("exactly one expression is needed")
    tree = statements[0]
    used_columns, used_parameters = set(), set()
    for node in tree.walk():
        if isinstance(node, exp.Column):
            if node.table:
                raise PredicateError(f"write {node.name} without a table")
            if node.name not in columns:
                raise PredicateError(f"unknown column {node.name}")
            used_columns.add(node.name)
        elif isinstance(node, exp.Placeholder):
            if node.name not in parameters:
                raise PredicateError(f"unknown parameter ${node.name}")
            used_parameters.add(node.name)
        elif type(node) not in (*ALLOWED, *more):
            named = node.name if isinstance(node, exp.Anonymous) else type(node).__name__
            raise PredicateError(f"{named} is not in the SQL that policies may use")
    return Predicate(text, tree, frozenset(used_columns), frozenset(used_parameters))
