"""Asks every policy of every subject: one pass per subject, gap rows and counts from the same outcomes.

Here: the order of asking and the tables written. Not here: what an outcome is (`compile`), how a gap lives
(`lifecycle`), who gets a card (`cards`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import date
from itertools import groupby

import duckdb

from expectations import cards, gap_facts, lifecycle
from expectations.compile import asked_query
from expectations.parameters import Parameters
from expectations.policy import Policy, load_policies
from expectations.policy_yield import YIELD_COLUMNS, write_yield

RESULT_COLUMNS = (
    "policy_id VARCHAR, run_date DATE, subject_kind VARCHAR, department VARCHAR, severity VARCHAR, kind VARCHAR, "
    'applicable BIGINT, met BIGINT, gap BIGINT, "unknown" BIGINT, evaluated BOOLEAN, reason VARCHAR, '
    + ", ".join(f"{name} {kind}" for name, kind in YIELD_COLUMNS.items())
)

# Why a gap cannot be judged today where its policy is asked; people of the county read it.
IN_CONFLICT = "本人证件号与他人冲突,先核对身份"
UNDECIDED = "所依据的疑点今天无法判断"


@dataclass(frozen=True)
class PolicyResult:
    """Counts of one policy on one day; `evaluated` false says in `reason` why."""

    policy_id: str
    subject_kind: str
    department: str
    severity: str
    kind: str
    applicable: int
    met: int
    gap: int
    unknown: int
    evaluated: bool
    reason: str | None


@dataclass(frozen=True)
class AskSummary:
    """What asking found: per policy, gaps by status, households by card."""

    run_date: date
    results: tuple[PolicyResult, ...]
    gaps: Mapping[str, int]
    cards: Mapping[str, int]


def ask(
    con: duckdb.DuckDBPyConnection,
    run_date: date,
    parameters: Parameters,
    stale: Mapping[str, str],
    previous: str | None,
    verdicts_table: str = "staging.stg_registry__verdicts",
    policies: Sequence[Policy] | None = None,
    at: Callable[[str], None] = lambda name: None,
    redirects: str | None = None,
    sent_table: str | None = None,
) -> AskSummary:
    """Write `policies.gap`, `policies.result` and `policies.card`.

    Args:
        con: The run's database with the joined marts and the verdicts.
        run_date: The day asked about; must be that of `parameters`.
        parameters: Values of that day.
        stale: Extract (`department/extract`) to the reason why it does not speak for the day.
        previous: Schema, with database, of the last published marts (`previous.marts`); None on the first day.
        verdicts_table: gap_id, verified_on, verdict, reason, exempt_until.
        policies: All policies of the house unless given.
        sent_table: gap_id, sent_on: what townships were sent; None when nothing was kept of it.
        redirects: Table of keys that changed since the last published day (old_key, new_key, kind); None when none did.
        at: Called with the name of each crash point passed (`policies.mid`, `policies.after_lifecycle`).

    Raises:
        ValueError: the parameters are of another day.
        DocumentError: a policy file is wrong.
    """
    if parameters.run_date != run_date:
        raise ValueError(f"parameters are of {parameters.run_date}, the run date is {run_date}")
    policies = load_policies() if policies is None else policies
    con.execute("CREATE SCHEMA IF NOT EXISTS policies")
    lifecycle.load_previous(con, previous, redirects)
    gap_facts.gather(con, "previous_gap", "before")
    parts: list[str] = []
    results: list[PolicyResult] = []
    for stage, after_cards in (("facts", False), ("cards", True)):
        chosen = [policy for policy in policies if policy.after_cards == after_cards]
        if after_cards:
            cards.deal(con, parts[0], policies, parameters, previous, redirects)
            gap_facts.gather(con, parts[0], "today")
            at("policies.mid")
        results += _outcomes(con, chosen, parameters, stale, f"outcome_{stage}")
        lifecycle.advance(con, f"outcome_{stage}", f"gap_{stage}", parameters, verdicts_table, sent_table)
        parts.append(f"gap_{stage}")
    lifecycle.settle(con, parts, parameters, cards.card_rules().clock_for(policies))
    _write_results(con, run_date, results)
    write_yield(con, parameters, verdicts_table)
    for table in ("previous_gap", "outcome_facts", "outcome_cards", *parts):
        con.execute(f"DROP TABLE temp.{table}")
    at("policies.after_lifecycle")
    return AskSummary(
        run_date,
        tuple(sorted(results, key=lambda result: result.policy_id)),
        dict(
            con.execute(
                "SELECT status, count(*) FROM policies.gap GROUP BY status ORDER BY status"
            ).fetchall()
        ),
        dict(con.execute("SELECT card, count(*) FROM policies.card GROUP BY card ORDER BY card").fetchall()),
    )


def _outcomes(
    con: duckdb.DuckDBPyConnection,
    policies: Sequence[Policy],
    parameters: Parameters,
    stale: Mapping[str, str],
    into: str,
) -> list[PolicyResult]:
    """Make the table of outcomes that the lifecycle reads, and count each policy."""
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE {into} (
            policy_id VARCHAR, subject_kind VARCHAR, subject_key VARCHAR, person_key VARCHAR, household_key VARCHAR,
            township_name VARCHAR, village_code VARCHAR, department VARCHAR, severity VARCHAR, kind VARCHAR,
            outcome VARCHAR, reason VARCHAR, due_on DATE, evidence VARCHAR, parameters VARCHAR)
    """)
    results = []
    by_subject = sorted(policies, key=lambda policy: policy.subject.kind)
    for _, group in groupby(by_subject, key=lambda policy: policy.subject.kind):
        of_kind = list(group)
        # Stale policies are asked too: whom they are about is still known, what holds is not.
        asked = [p for p in of_kind if p.not_evaluated(parameters, {}) is None]
        if asked:
            con.execute(f"CREATE OR REPLACE TEMP TABLE asked AS {asked_query(asked, parameters, stale)}")
            results += _count(con, asked, parameters, stale)
            rows = " UNION ALL ".join(_rows_of(policy, parameters, stale) for policy in asked)
            con.execute(f"INSERT INTO {into} {rows}")
            con.execute("DROP TABLE asked")
        for policy in of_kind:
            if policy not in asked:
                reason = policy.not_evaluated(parameters, {}) or ""
                outcome = "unknown" if policy.in_force(parameters.run_date) else "not_in_force"
                con.execute(
                    f"""
                    INSERT INTO {into} BY NAME
                    SELECT policy_id, subject_kind, subject_key, person_key, household_key, township_name,
                        village_code, department, severity, kind, $outcome AS outcome, $reason AS reason
                    FROM previous_gap WHERE policy_id = $policy
                    """,
                    {"outcome": outcome, "reason": reason, "policy": policy.id},
                )
                results.append(_result(policy, (0, 0, 0, 0), reason))
        con.execute(f"INSERT INTO {into} (policy_id) SELECT unnest(?)", [[policy.id for policy in of_kind]])
    return results


def _rows_of(policy: Policy, parameters: Parameters, stale: Mapping[str, str]) -> str:
    late = policy.not_evaluated(parameters, stale)
    reason = _text(late or IN_CONFLICT)
    if late is None and policy.undecided is not None:
        reason = f"CASE WHEN {policy.column}_conflict THEN {reason} ELSE {_text(UNDECIDED)} END"
    had_one = f"subject_key IN (SELECT subject_key FROM previous_gap WHERE policy_id = '{policy.id}')"
    return f"""
        SELECT '{policy.id}', '{policy.subject.kind}', subject_key, person_key, household_key, township_name,
            village_code, '{policy.owner}', '{policy.severity}', '{policy.kind}', {policy.column},
            CASE WHEN {policy.column} = 'unknown' THEN {reason} END, {policy.column}_due_on,
            {policy.column}_evidence, nullif({_text(parameters.told(policy.parameters))}, '')
        FROM asked
        WHERE {policy.column} = 'gap' OR {had_one}
    """


def _count(
    con: duckdb.DuckDBPyConnection,
    policies: Sequence[Policy],
    parameters: Parameters,
    stale: Mapping[str, str],
) -> list[PolicyResult]:
    counts = ", ".join(
        f"count(*) FILTER (WHERE {policy.column} {test})"
        for policy in policies
        for test in ("<> 'not_applicable'", "= 'met'", "= 'gap'", "= 'unknown'")
    )
    row = con.execute(f"SELECT {counts} FROM asked").fetchone() or ()
    return [
        _result(policy, row[4 * number : 4 * number + 4], policy.not_evaluated(parameters, stale))
        for number, policy in enumerate(policies)
    ]


def _result(policy: Policy, counts: Sequence[int], reason: str | None) -> PolicyResult:
    applicable, met, gap, unknown = counts
    return PolicyResult(
        policy.id,
        policy.subject.kind,
        policy.owner,
        policy.severity,
        policy.kind,
        applicable,
        met,
        gap,
        unknown,
        reason is None,
        reason,
    )


def _write_results(con: duckdb.DuckDBPyConnection, run_date: date, results: Sequence[PolicyResult]) -> None:
    con.execute(f"CREATE OR REPLACE TABLE policies.result ({RESULT_COLUMNS})")
    if results:
        con.executemany(
            f"INSERT INTO policies.result VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?{', NULL' * len(YIELD_COLUMNS)})",
            [
                (r.policy_id, run_date, *astuple(r)[1:])
                for r in sorted(results, key=lambda result: result.policy_id)
            ],
        )


def _text(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"
