"""In which order households and their clues are taken to the door.

Here: `ranking.yaml` compiled to SQL over the gaps and the household facts. Not here: which gaps there are (`lifecycle`),
which are in doubt (`doubt`, which comes before), how the list looks (the command line).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import duckdb

from expectations.documents import HERE, read
from expectations.parameters import Parameters, resolve
from expectations.policy import ANY_DAY
from expectations.predicate import Predicate, PredicateError, parse_predicate
from expectations.subjects import catalogue

FLAGS = ("has_children", "has_elderly", "has_disabled", "has_no_labour")


@dataclass(frozen=True)
class RankingRules:
    """What decides the order, line by line, and what each state, severity and flag is worth."""

    order: tuple[str, ...]
    severity: Mapping[str, int]
    certainty: Mapping[str, float]
    flags: tuple[tuple[str, int, Predicate], ...]


@cache
def ranking_rules() -> RankingRules:
    """Rules of `ranking.yaml`; DocumentError names file and line of a mistake."""
    document = read(HERE / "ranking.yaml", "ranking.schema.json")
    household = catalogue().subjects["household"]
    columns = frozenset(c.name for c in household.columns.values() if not c.joined)
    known = frozenset(resolve(ANY_DAY))
    flags = []
    for number, line in enumerate(document.content["vulnerability"]):
        try:
            flags.append((line["flag"], line["points"], parse_predicate(line["when"], columns, known)))
        except PredicateError as error:
            raise document.error(("vulnerability", number, "when"), f"when: {error}") from error
    missing = sorted(set(FLAGS) - {flag for flag, _, _ in flags})
    if missing:
        raise document.error(("vulnerability",), f"{missing[0]} is missing and another flag stands twice")
    return RankingRules(
        tuple(document.content["order"]),
        document.content["severity"],
        document.content["certainty"],
        tuple(flags),
    )


def rank(con: duckdb.DuckDBPyConnection, parameters: Parameters) -> None:
    """Write `policies.clue_order` and `policies.household_order`.

    Args:
        con: The run's database with `policies.gap` and the household facts.
        parameters: Values of the run date.

    `clue_order`: one row per gap in hand: gap_id, household_key, is_doubtful, place (within its household, from 1; null without one).
    `household_order`: one row per household with a gap in hand: severity (of the worst), gaps and critical_gaps (sure
    ones), doubtful_gaps, unknown_gaps, certainty, the flags, vulnerability, days_open, next_due_on, rank_in_county,
    rank_in_township. A household that has doubtful gaps only is judged by these and comes after all others.
    """
    rules = ranking_rules()
    _rank_clues(con, rules)
    _rank_households(con, rules, parameters)


def _rank_clues(con: duckdb.DuckDBPyConnection, rules: RankingRules) -> None:
    con.execute(f"""
        CREATE OR REPLACE TABLE policies.clue_order AS
        WITH clue AS (
            SELECT gap_id, household_key, opened_on,
                doubt IS NOT NULL AS is_doubtful,
                {_points("severity", rules.severity)} AS severity_points,
                {_points("status", rules.certainty)} - coalesce(doubt_score, 0) AS certainty
            FROM policies.gap WHERE status IN ({_quoted(rules.certainty)})
        )
        SELECT *, CASE WHEN household_key IS NOT NULL THEN row_number() OVER (
            PARTITION BY household_key
            ORDER BY is_doubtful, severity_points DESC, certainty DESC, opened_on, gap_id) END AS place
        FROM clue ORDER BY gap_id
    """)


def _rank_households(con: duckdb.DuckDBPyConnection, rules: RankingRules, parameters: Parameters) -> None:
    today = f"DATE '{parameters.run_date}'"
    flags = ", ".join(f"({p.sql(parameters, 'f')}) IS TRUE AS {flag}" for flag, _, p in rules.flags)
    points = " + ".join(f"CASE WHEN {flag} THEN {points} ELSE 0 END" for flag, points, _ in rules.flags)
    columns = {"severity": "severity_points"}
    decides = ", ".join(f"{columns.get(line, line)} DESC" for line in rules.order)
    in_order = f"ORDER BY gaps = 0, {decides}, household_key"
    con.execute(f"""
        CREATE OR REPLACE TABLE policies.household_order AS
        WITH worst AS (  -- place 1 is a sure clue wherever the household has one
            SELECT o.household_key, g.severity, o.severity_points, o.certainty, o.is_doubtful
            FROM policies.clue_order o JOIN policies.gap g ON g.gap_id = o.gap_id
            WHERE o.place = 1
        ),
        counted AS (
            SELECT o.household_key,
                count(*) FILTER (WHERE NOT o.is_doubtful) AS gaps,
                count(*) FILTER (WHERE NOT o.is_doubtful AND g.severity = 'C') AS critical_gaps,
                count(*) FILTER (WHERE o.is_doubtful) AS doubtful_gaps,
                count(*) FILTER (WHERE g.status = 'unknown') AS unknown_gaps,
                date_diff('day', min(g.opened_on) FILTER (WHERE o.is_doubtful = w.is_doubtful), {today}) AS days_open,
                min(g.due_on) AS next_due_on
            FROM policies.clue_order o
            JOIN policies.gap g ON g.gap_id = o.gap_id
            JOIN worst w ON w.household_key = o.household_key
            GROUP BY o.household_key
        ),
        household AS (
            SELECT c.*, w.severity, w.severity_points, w.certainty, f.township_name, {flags}
            FROM counted c
            JOIN worst w ON w.household_key = c.household_key
            LEFT JOIN {catalogue().subjects["household"].table} f ON f.household_key = c.household_key
        ),
        pointed AS (SELECT *, {points} AS vulnerability FROM household)
        SELECT household_key, severity, gaps, critical_gaps, doubtful_gaps, unknown_gaps, certainty,
            {", ".join(FLAGS)}, vulnerability, days_open, next_due_on,
            row_number() OVER ({in_order}) AS rank_in_county,
            row_number() OVER (PARTITION BY township_name {in_order}) AS rank_in_township
        FROM pointed ORDER BY household_key
    """)


def _points(column: str, points: Mapping[str, float]) -> str:
    whens: Sequence[str] = [f"WHEN '{code}' THEN {value}" for code, value in points.items()]
    return f"CASE {column} {' '.join(whens)} END"


def _quoted(words: Iterable[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)
