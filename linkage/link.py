"""The linking of one day: the cascade in order, cheap and certain first.

Reads `intermediate.int_mention`; writes the tables of schema `linkage` that the join reads.
Numbers and keys first, then digits that survive, then weighed evidence; what stays open is a person of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import duckdb

from linkage.clerical import DECISIONS, apply_decisions, forbid_pairs, read_decisions
from linkage.corrected_number import join_corrected_numbers
from linkage.damaged import identify_by_damaged_number
from linkage.department_key import identify_by_department_key
from linkage.household import write_households
from linkage.identify import identify_by_number
from linkage.mention import lay_out_mentions
from linkage.open_identity import leave_unmatched, list_open_identities, list_open_mentions
from linkage.person import write_persons
from linkage.probable import link_by_score, place_mentions
from linkage.score import Model, load_model
from linkage.scratch import forget, temporary_tables
from linkage.second_number import join_second_numbers
from linkage.stability import write_redirects
from linkage.unknown_number import identify_by_name_beside_unknown_number

_CASCADE = {"mention", "assigned", "in_conflict", "record"}
_OF_PERSONS = {"person_mention", "numbered_person"}
# `review` shows the doubtful pairs of the last round; `doubtful` leaves out what people called different.
_FOR_REVIEW = {"best", "profile", "forbidden"}


@dataclass(frozen=True)
class LinkSummary:
    """Counts of one day's linking: mentions by method, persons, households."""

    mentions_by_method: dict[str, int]
    persons: int
    households: int


def link(
    con: duckdb.DuckDBPyConnection,
    secret: bytes,
    checkpoint: Callable[[str], None] = lambda name: None,
    model: Model | None = None,
    previous: str | None = None,
    run_date: date | None = None,
    decisions: str = DECISIONS,
) -> LinkSummary:
    """Link the mentions of `intermediate.int_mention` into persons and households.

    `secret` keys the hashes: the same secret and the same mentions give the same keys whatever the thread count.
    `checkpoint` is called with the name of each crash point. `model` is the pinned one that ships, unless given.
    `previous` names an attached catalog that holds the last published day; with it, keys that change since then are
    told in `linkage.key_redirect` from `run_date` on. `decisions` names the table of people's decisions, if there is one.
    Raises ValueError for `previous` without `run_date`.
    """
    foreign = temporary_tables(con)  # whoever called may have his own
    con.execute("create schema if not exists linkage")
    lay_out_mentions(con)
    identify_by_number(con)
    join_second_numbers(con)
    join_corrected_numbers(con)
    identify_by_name_beside_unknown_number(con)
    list_open_mentions(con)
    identify_by_department_key(con)
    identify_by_damaged_number(con)
    # a row whose damaged number was recognised brings its department key with it
    identify_by_department_key(con)
    list_open_identities(con)
    forget(con, foreign | _CASCADE | {"open_identity", "poisoned_number", "spouse_doubt"})
    place_mentions(con)
    decided = read_decisions(con, decisions)
    forbid_pairs(con, secret, decided)
    link_by_score(con, model or load_model())
    leave_unmatched(con)
    if decided:
        apply_decisions(con, secret)
    forget(con, foreign | _CASCADE | _FOR_REVIEW)
    checkpoint("link.after_score")
    checkpoint("link.before_keys")
    write_persons(con, secret, previous)
    forget(con, foreign | _OF_PERSONS | _FOR_REVIEW)
    checkpoint("link.mid_keys")
    write_households(con, secret, previous)
    write_redirects(con, secret, previous, run_date)
    forget(con, foreign | _FOR_REVIEW)
    return _summarise(con)


def _summarise(con: duckdb.DuckDBPyConnection) -> LinkSummary:
    methods = con.execute(
        "select match_method, count(*) from linkage.mention_link group by match_method order by match_method"
    ).fetchall()
    return LinkSummary(
        mentions_by_method=dict(methods),
        persons=_count(con, "linkage.person"),
        households=_count(con, "linkage.household"),
    )


def _count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    row = con.execute(f"select count(*) from {table}").fetchone()
    assert row is not None
    return int(row[0])
