"""Rows given to the person of another number than they bear, and told as conflicts.

Changes `assigned` and `in_conflict`. Which rows are whose is found by `second_number` and `unknown_number`.
"""

import duckdb

_REASSIGN = """
insert into in_conflict select mention_no from {rows} anti join in_conflict using (mention_no);

delete from assigned where mention_no in (select mention_no from {rows});

insert into assigned select mention_no, 'id:' || known_number, 'probabilistic', {score}, null from {rows};
"""


def give_to_known(con: duckdb.DuckDBPyConnection, rows: str, score: float) -> None:
    """Give every row of the temp table `rows` (mention_no, known_number) to its `known_number`, as `probabilistic` at `score` (0 to 1)."""
    con.execute(_REASSIGN.format(rows=rows, score=score))
