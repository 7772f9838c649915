"""Asks every registry rule of every subject: one pass per kind of subject, flags and counts from the same outcomes.

Here: the tables written. Not here: what an outcome is (`rule`), Great Expectations (`judge`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import duckdb

from expectations.parameters import Parameters
from expectations.registry_rules.rule import Rule, outcomes_query

CARRIED = ("person_key", "household_key", "township_name", "village_code")


@dataclass(frozen=True)
class RuleResult:
    """Counts of one rule on one day; `reason` says why it was not evaluated."""

    rule: Rule
    applicable: int
    flagged: int
    reason: str | None

    @property
    def evaluated(self) -> bool:
        """Whether the extracts that it rests on speak for the day."""
        return self.reason is None


def ask_rules(
    con: duckdb.DuckDBPyConnection, parameters: Parameters, stale: Mapping[str, str], rules: Sequence[Rule]
) -> tuple[RuleResult, ...]:
    """Write `policies.rule_hit` (one row per flag) and `policies.rule_result` (one row per rule).

    Args:
        con: The run's database with the tables that the subjects name.
        parameters: Values of the day (`rule_parameters`).
        stale: Extract (`department/extract`) to the reason why it does not speak for the day: rules that rest on it
            are not evaluated.
        rules: Rules to ask.
    """
    con.execute("CREATE SCHEMA IF NOT EXISTS policies")
    con.execute("""
        CREATE OR REPLACE TABLE policies.rule_hit (
            rule_id VARCHAR, run_date DATE, class VARCHAR, subject_kind VARCHAR, subject_key VARCHAR,
            person_key VARCHAR, household_key VARCHAR, township_name VARCHAR, village_code VARCHAR)
    """)
    results: list[RuleResult] = []
    for group in by_subject(rules):
        asked = [rule for rule in group if rule.not_evaluated(stale) is None]
        results += [RuleResult(rule, 0, 0, rule.not_evaluated(stale)) for rule in group if rule not in asked]
        if asked:
            keys = rule_keys(asked[0])
            con.execute(f"CREATE OR REPLACE TEMP TABLE asked AS {outcomes_query(asked, parameters, keys)}")
            results += _count(con, asked)
            flags = " UNION ALL ".join(_flags_of(rule, keys) for rule in asked)
            con.execute(
                f"INSERT INTO policies.rule_hit BY NAME SELECT *, $day AS run_date FROM ({flags})",
                {"day": parameters.run_date},
            )
            con.execute("DROP TABLE temp.asked")
    _write_results(con, parameters, results)
    return tuple(sorted(results, key=lambda result: result.rule.id))


def _flags_of(rule: Rule, keys: Iterable[str]) -> str:
    # Ids and classes are as their schema has them: no quotation mark in either.
    return (
        f"SELECT '{rule.id}' AS rule_id, '{rule.rule_class}' AS class, '{rule.subject.kind}' AS subject_kind,"
        f" {', '.join(keys)} FROM asked WHERE {rule.column} = 'flagged'"
    )


def by_subject(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Rules grouped by kind of subject."""
    ordered = sorted(rules, key=lambda rule: rule.subject.kind)
    return [list(group) for _, group in groupby(ordered, key=lambda rule: rule.subject.kind)]


def rule_keys(rule: Rule) -> dict[str, str]:
    """What a flag takes with it: its own key as `subject_key`, and the keys and places of its subject's table."""
    return {
        "subject_key": rule.subject.key,
        **{name: name for name in CARRIED if name in rule.subject.carries},
    }


def _count(con: duckdb.DuckDBPyConnection, rules: Sequence[Rule]) -> list[RuleResult]:
    counts = ", ".join(
        f"count(*) FILTER (WHERE {rule.column} {test})"
        for rule in rules
        for test in ("<> 'not_applicable'", "= 'flagged'")
    )
    row = con.execute(f"SELECT {counts} FROM asked").fetchone() or ()
    return [RuleResult(rule, row[2 * number], row[2 * number + 1], None) for number, rule in enumerate(rules)]


def _write_results(
    con: duckdb.DuckDBPyConnection, parameters: Parameters, results: Sequence[RuleResult]
) -> None:
    con.execute("""
        CREATE OR REPLACE TABLE policies.rule_result (
            rule_id VARCHAR, run_date DATE, title VARCHAR, class VARCHAR, subject_kind VARCHAR,
            applicable BIGINT, flagged BIGINT, evaluated BOOLEAN, reason VARCHAR)
    """)
    if results:
        con.executemany(
            "INSERT INTO policies.rule_result VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                [
                    r.rule.id,
                    parameters.run_date,
                    r.rule.title_zh,
                    r.rule.rule_class,
                    r.rule.subject.kind,
                    r.applicable,
                    r.flagged,
                    r.evaluated,
                    r.reason,
                ]
                for r in sorted(results, key=lambda result: result.rule.id)
            ],
        )
