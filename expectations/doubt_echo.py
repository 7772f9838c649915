"""Doubt of gaps that only say what other gaps of the household say: it is theirs.

A policy that asks about the household's gaps (REG-02, REG-07, REG-12), or of the colour of its card (VIS-01), is in doubt
when every gap behind it is, and would not have its gap without them; a doubt of its own stays. Here: that rule. Not here: doubt of rows (`doubt`).
"""

from collections.abc import Sequence

import duckdb

from expectations.cards import COUNTS, card_rules
from expectations.compile import outcome_sql, subject_source
from expectations.gap_facts import fact_test
from expectations.parameters import Parameters
from expectations.policy import Policy
from expectations.subjects import catalogue

OPEN = "('open', 'sent', 'unknown')"

_TAKE_OVER = """
UPDATE policies.gap SET doubt = '所依疑点存疑：' || b.doubt, doubt_score = b.score
FROM (
    SELECT household_key, arg_min(doubt, (doubt_score, gap_id)) AS doubt, min(doubt_score) AS score
    FROM policies.gap
    WHERE {behind} AND household_key IS NOT NULL
    GROUP BY household_key HAVING count(*) = count(doubt)
) b
WHERE b.household_key = policies.gap.household_key AND policies.gap.policy_id = '{policy}'
    AND policies.gap.status IN {open} AND policies.gap.subject_kind = 'household' AND policies.gap.doubt IS NULL AND {without}
"""


def echo(con: duckdb.DuckDBPyConnection, policies: Sequence[Policy], parameters: Parameters) -> None:
    """Give gaps about gaps the doubt of those behind them; of several the least doubtful speaks.

    Needs `policies.gap` with the doubt of rows, `policies.card` and the household facts.
    """
    for policy in policies:
        columns = {policy.subject.columns[name] for p in policy.predicates for name in p.columns}
        facts = sorted(
            (c.gap_fact for c in columns if c.gap_fact is not None and c.gap_fact.day == "today"), key=repr
        )
        if facts:
            behind = " OR ".join(f"({fact_test(fact)})" for fact in facts)
            con.execute(_TAKE_OVER.format(behind=f"({behind})", policy=policy.id, open=OPEN, without="TRUE"))
        elif any(c.card for c in columns):
            con.execute(
                _TAKE_OVER.format(
                    behind=_colouring(policies),
                    policy=policy.id,
                    open=OPEN,
                    without=_colour_alone(policy, parameters),
                )
            )


def _colouring(policies: Sequence[Policy]) -> str:
    """The gaps that count towards a card."""
    rules = card_rules()
    return (
        f"status IN ({_quoted(rules.counted_statuses)}) AND severity IN ({_quoted(tuple(COUNTS.values()))})"
        f" AND policy_id NOT IN ({_quoted(rules.without(policies))})"
    )


def _colour_alone(policy: Policy, parameters: Parameters) -> str:
    """Whether the gap would not be there with the card of a household without gaps."""
    household = catalogue().subjects["household"]
    none = ", ".join(f"0 AS {name}" for name in COUNTS)
    whens = " ".join(
        f"WHEN ({predicate.sql(parameters)}) IS TRUE THEN '{card}'" for card, predicate in card_rules().cards
    )
    return f"""policies.gap.subject_key IN (
        SELECT s.{household.key}
        FROM (SELECT s.* REPLACE (CASE {whens} END AS card) FROM (SELECT f.*, {none} FROM {subject_source([policy])} f) s) s
        WHERE {outcome_sql(policy, parameters, {})} <> 'gap'
    )"""


def _quoted(words: Sequence[str]) -> str:
    return ", ".join(f"'{word}'" for word in sorted(words)) or "NULL"
