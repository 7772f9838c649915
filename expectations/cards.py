"""Which household holds which card, and since when.

Here: `cards.yaml` compiled to SQL over household facts and counted gaps. Not here: when a visit is due (dbt),
which gaps there are (`lifecycle`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import duckdb

from expectations.compile import subject_predicate
from expectations.documents import HERE, read
from expectations.parameters import Parameters, resolve
from expectations.policy import ANY_DAY, Policy
from expectations.predicate import Predicate, PredicateError, parse_predicate
from expectations.subjects import catalogue

COUNTS = {"open_critical_gaps": "C", "open_major_gaps": "M", "open_minor_gaps": "N"}


@dataclass(frozen=True)
class Clock:
    """Gaps of this severity behind this card are due within the parameter `days`; those policies excepted."""

    card: str
    severity: str
    days: str
    without: tuple[str, ...]


@dataclass(frozen=True)
class CardRules:
    """The cards in order of precedence, what counts towards them, and the clock of the gaps behind them."""

    cards: tuple[tuple[str, Predicate], ...]
    clock: Clock
    not_counted: tuple[str, ...]
    counted_statuses: tuple[str, ...]

    def without(self, policies: Sequence[Policy]) -> tuple[str, ...]:
        """Ids of the policies that count towards no card: those named, and those about the dead."""
        return tuple(sorted({*self.not_counted, *(p.id for p in policies if p.population == "deceased")}))

    def clock_for(self, policies: Sequence[Policy]) -> Clock:
        """The clock; it does not run for gaps that count towards no card."""
        return replace(self.clock, without=self.without(policies))


@cache
def card_rules() -> CardRules:
    """Rules of `cards.yaml`; DocumentError names file and line of a mistake."""
    document = read(HERE / "cards.yaml", "cards.schema.json")
    household = catalogue().subjects["household"]
    columns = frozenset(c.name for c in household.columns.values() if not c.joined) | frozenset(COUNTS)
    known = frozenset(resolve(ANY_DAY))
    cards = []
    for number, card in enumerate(document.content["cards"]):
        try:
            cards.append((card["card"], parse_predicate(card["when"], columns, known)))
        except PredicateError as error:
            raise document.error(("cards", number, "when"), f"when: {error}") from error
    clock = document.content["clock"]
    if clock["days"] not in known:
        raise document.error(("clock", "days"), f"unknown parameter {clock['days']}")
    return CardRules(
        tuple(cards),
        Clock(clock["card"], clock["severity"], clock["days"], ()),
        tuple(document.content["not_counted"]),
        tuple(document.content["counted_statuses"]),
    )


def deal(
    con: duckdb.DuckDBPyConnection,
    gaps: str,
    policies: Sequence[Policy],
    parameters: Parameters,
    previous: str | None,
    redirects: str | None = None,
) -> None:
    """Write `policies.card` (household_key, card, since).

    Args:
        con: The run's database; it has the household facts.
        gaps: Table of the gaps as the lifecycle left them (policy_id, household_key, severity, status).
        policies: Policies asked; those about the dead count towards no card.
        parameters: Values of the run date.
        previous: Schema of an earlier `warning_card`, or null: then `since` is null, for no run saw a change.
        redirects: Table of keys that changed since (old_key, new_key, kind), or null.
    """
    rules = card_rules()
    household = catalogue().subjects["household"]
    counts = ", ".join(
        f"count(*) FILTER (WHERE severity = '{letter}') AS {name}" for name, letter in COUNTS.items()
    )
    filled = ", ".join(f"coalesce(g.{name}, 0) AS {name}" for name in COUNTS)
    whens = " ".join(
        f"WHEN ({predicate.sql(parameters)}) IS TRUE THEN '{card}'" for card, predicate in rules.cards
    )
    living = subject_predicate(household, household.living).sql(parameters)
    since = "CAST(NULL AS DATE)"
    join = ""
    if previous is not None:
        since = f"CASE WHEN b.card = c.card THEN b.since ELSE DATE '{parameters.run_date}' END"
        join = f"LEFT JOIN ({_cards_before(previous, redirects)}) b ON b.household_key = c.household_key"
    con.execute(f"""
        CREATE OR REPLACE TABLE policies.card AS
        WITH counted AS (
            SELECT household_key, {counts}
            FROM {gaps}
            WHERE household_key IS NOT NULL
                AND status IN ({_quoted(rules.counted_statuses)})
                AND policy_id NOT IN ({_quoted(rules.without(policies))})
            GROUP BY household_key
        ),
        dealt AS (
            SELECT s.household_key, CASE {whens} END AS card
            FROM (
                SELECT f.*, {filled}
                FROM {household.table} f LEFT JOIN counted g ON g.household_key = f.household_key
            ) s
            WHERE {living}
        )
        SELECT c.household_key, c.card, {since} AS since
        FROM dealt c {join}
        WHERE c.card IS NOT NULL
        ORDER BY c.household_key
    """)


def _cards_before(previous: str, redirects: str | None) -> str:
    """Yesterday's cards under today's keys; of two households that became one, the card that is older."""
    if redirects is None:
        return f"SELECT household_key, card, since FROM {previous}.warning_card"
    return f"""
        SELECT coalesce(r.new_key, w.household_key) AS household_key, w.card, w.since
        FROM {previous}.warning_card w
        LEFT JOIN {redirects} r ON r.kind = 'household' AND r.old_key = w.household_key
        QUALIFY row_number() OVER (
            PARTITION BY coalesce(r.new_key, w.household_key) ORDER BY w.since NULLS FIRST, w.household_key) = 1
    """


def _quoted(words: Sequence[str]) -> str:
    return ", ".join(f"'{word}'" for word in sorted(words)) or "NULL"
