"""Links by weighed evidence: open identities against the persons known, then open identities among themselves.

Belongs here: the rounds. Blocking is `candidates`, weights `score`, source habits `habits`, the choice `decide`.
"""

import duckdb

from linkage.candidates import move_names, write_candidates, write_names
from linkage.comparisons import install_comparison_macros
from linkage.decide import assign_chosen, choose, weigh_rivals
from linkage.habits import write_habits
from linkage.office_text import write_office_habit, write_office_pairs
from linkage.profile import move_profiles, write_profiles
from linkage.provider import write_provider_habit, write_provider_pairs
from linkage.score import Model, count_chances, score_pairs
from linkage.village_group import write_group_habit, write_group_pairs

# A first round places people in households, and those places are evidence for a second.
_ROUNDS = 2

_PLACED = """
create or replace temp table placed as
select mention_no, identity, match_method from assigned
union all
select mention_no, identity, null from open_identity anti join assigned using (mention_no);
"""


def place_mentions(con: duckdb.DuckDBPyConnection) -> None:
    """Write the temp table `placed` (mention_no, identity, match_method): every mention, assigned or open."""
    con.execute(_PLACED)


def link_by_score(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Add the probable links to `assigned`; doubtful pairs stay open, pairs in `forbidden` are not asked."""
    install_comparison_macros(con)
    write_profiles(con)
    write_habits(con)
    write_office_habit(con)
    write_provider_habit(con)
    write_names(con)
    chances = None
    for _ in range(_ROUNDS):
        write_candidates(con)
        if not _any(con, "candidate"):
            return
        if chances is None:
            chances = count_chances(con)
            write_group_habit(con)  # needs `profile_group`
        score_pairs(con, model, chances)
        write_office_pairs(con)
        write_provider_pairs(con)
        write_group_pairs(con)
        weigh_rivals(con, model)
        choose(con, model)
        if not _any(con, "chosen"):
            return
        assign_chosen(con, model)
        move_profiles(con)
        move_names(con)


def _any(con: duckdb.DuckDBPyConnection, table: str) -> bool:
    return con.execute(f"select 1 from {table} limit 1").fetchone() is not None
