"""From policies to one CASE each: `met`, `gap`, `unknown` or `not_applicable`.

Here: how living, applies, freshness, conflict, holds and exempt make an outcome; the query of all outcomes of a
subject. The same query makes the gap rows (`ask`) and is judged by Great Expectations (`run`).
"""

from collections.abc import Mapping, Sequence

from expectations.parameters import Parameters
from expectations.policy import Policy
from expectations.predicate import Predicate, parse_predicate
from expectations.subjects import Subject

KEYS = ("person_key", "household_key", "township_name", "village_code")
# Facts of the gaps of today and of the last published day, one row per household that has any (`gap_facts`).
GAP_FACT_TABLES = {"today": "policies.household_gap", "before": "policies.household_gap_before"}
TEXT = {"duckdb": "VARCHAR", "spark": "STRING"}


def outcome_sql(
    policy: Policy, parameters: Parameters, stale: Mapping[str, str], dialect: str = "duckdb"
) -> str:
    """CASE expression over the subject's alias `s` giving the outcome of one policy.

    An exempt subject that does not hold is `not_applicable`: nothing is asked of it. Predicates are written so that
    blanks never leave them undecided (`examples` proves it); `IS TRUE` keeps an undecided one from hiding a gap.
    """

    def sql(predicate: Predicate) -> str:
        return predicate.sql(parameters, dialect=dialect)

    living = sql(subject_predicate(policy.subject, policy.subject.living))
    outside = f"({living}) IS NOT TRUE" if policy.population == "living" else f"({living}) IS TRUE"
    undecided = f"({sql(subject_predicate(policy.subject, policy.subject.conflict))}) IS TRUE"
    if policy.undecided is not None:
        undecided += f" OR ({sql(policy.undecided)}) IS TRUE"
    if any(extract in stale for extract in policy.needs):
        undecided = "TRUE"
    exempt = " OR ".join(f"({sql(e.when)}) IS TRUE" for e in policy.exempt) or "FALSE"
    return (
        f"CASE WHEN {outside} OR ({sql(policy.applies)}) IS NOT TRUE THEN 'not_applicable'"
        f" WHEN {undecided} THEN 'unknown'"
        f" WHEN ({sql(policy.holds)}) IS TRUE THEN 'met'"
        f" WHEN {exempt} THEN 'not_applicable'"
        " ELSE 'gap' END"
    )


def due_sql(policy: Policy, parameters: Parameters, dialect: str = "duckdb") -> str:
    """Expression giving the day a gap should be closed by the policy's own rule; null where it has none."""
    if policy.due_from is None or policy.due_days is None:
        return "CAST(NULL AS DATE)"
    start = f"CAST({policy.due_from.sql(parameters, dialect=dialect)} AS DATE)"
    days = f"CAST({policy.due_days.sql(parameters, dialect=dialect)} AS INTEGER)"
    return f"date_add({start}, {days})" if dialect == "spark" else f"({start} + {days})"


def outcomes_query(
    policies: Sequence[Policy],
    parameters: Parameters,
    stale: Mapping[str, str],
    dialect: str = "duckdb",
    table: str | None = None,
) -> str:
    """SELECT with one row per subject: subject_key, its place and household, one outcome column per policy.

    All policies must be of one subject. Those that look at cards or gaps see them joined. `table` replaces the
    subject's table (examples bring their own rows, cards and gaps included).
    """
    keys = ", ".join(_keys(policies[0].subject, dialect))
    outcomes = ", ".join(f"{outcome_sql(p, parameters, stale, dialect)} AS {p.column}" for p in policies)
    return f"SELECT {keys}, {outcomes} FROM {table or subject_source(policies)} s"


def asked_query(
    policies: Sequence[Policy], parameters: Parameters, stale: Mapping[str, str], dialect: str = "duckdb"
) -> str:
    """As `outcomes_query`, and for every gap `<policy>_due_on` and `<policy>_evidence` (null for other outcomes).

    Evidence is a fingerprint of the facts that the policy judged: it changes when one of them does. Of a policy that
    may be undecided, `<policy>_conflict` says of an unknown outcome whether it is for rows in an ID conflict.
    """
    outcomes = ", ".join(f"{outcome_sql(p, parameters, stale, dialect)} AS {p.column}" for p in policies)
    details = [
        f"s.{p.column}, CASE WHEN s.{p.column} = 'gap' THEN {due_sql(p, parameters, dialect)} END AS {p.column}_due_on,"
        f" CASE WHEN s.{p.column} = 'gap' THEN {_evidence_sql(p, dialect)} END AS {p.column}_evidence"
        for p in policies
    ]
    details += [
        f"CASE WHEN s.{p.column} = 'unknown' THEN"
        f" ({subject_predicate(p.subject, p.subject.conflict).sql(parameters, dialect=dialect)}) IS TRUE END"
        f" AS {p.column}_conflict"
        for p in policies
        if p.undecided is not None
    ]
    return (
        f"SELECT {', '.join([*_keys(policies[0].subject, dialect), *details])}"
        f" FROM (SELECT s.*, {outcomes} FROM {subject_source(policies)} s) s"
    )


def _keys(subject: Subject, dialect: str) -> list[str]:
    no_text = f"CAST(NULL AS {TEXT[dialect]})"
    roles = {role: getattr(subject, role) for role in KEYS}
    keys = [f"{f's.{column}' if column else no_text} AS {role}" for role, column in roles.items()]
    return [f"s.{subject.key} AS subject_key", *keys]


def _evidence_sql(policy: Policy, dialect: str) -> str:
    # Yesterday's state of the gap is no fact that the gap rests on: it would change the print on the second day.
    columns = sorted(
        name
        for name in policy.applies.columns | policy.holds.columns
        if (fact := policy.subject.columns[name].gap_fact) is None or fact.day == "today"
    )
    facts = ", ".join(f"coalesce(CAST(s.{name} AS {TEXT[dialect]}), '')" for name in columns)
    return f"md5(concat_ws('|', {facts}))"


def subject_source(policies: Sequence[Policy]) -> str:
    """The table of the policies' subject, with the card and the facts of its gaps joined where a policy looks at them."""
    subject = policies[0].subject
    used = {name for policy in policies for predicate in policy.predicates for name in predicate.columns}
    columns = [column for name, column in subject.columns.items() if name in used and column.joined]
    chosen, joins = ["f.*"], []
    if any(column.card for column in columns):
        chosen.append("c.card, c.since AS card_since")
        joins.append(f"LEFT JOIN policies.card c ON c.household_key = f.{subject.household_key}")
    for day, table in GAP_FACT_TABLES.items():
        names = [c.name for c in columns if c.gap_fact is not None and c.gap_fact.day == day]
        if names:
            chosen += [f"{day}.{name}" for name in names]
            joins.append(f"LEFT JOIN {table} {day} ON {day}.household_key = f.{subject.household_key}")
    if not joins:
        return subject.table
    return f"(SELECT {', '.join(chosen)} FROM {subject.table} f {' '.join(joins)})"


def subject_predicate(subject: Subject, text: str) -> Predicate:
    """A predicate of the subject itself (living, conflict)."""
    return parse_predicate(text, frozenset(subject.columns), frozenset())
