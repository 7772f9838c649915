"""Rows given to the person of another number than they bear, and told as conflicts.

Changes `assigned` and `linkage.id_conflict`. Which rows are whose is found by `second_number` and `unknown_number`.
"""

import duckdb

_REASSIGN = """
insert into linkage.id_conflict
select m.mention_key from mention m semi join {rows} using (mention_no) anti join linkage.id_conflict using (mention_key);

delete from assigned where mention_no in (select mention_no from {rows});

insert into assigned select mention_no, 'id:' || known_number, 'probabilistic', {score}, null from {rows};
"""


def give_to_known(con: duckdb.DuckDBPyConnection, rows: str, score: float) -> None:
    """Give every row of the temp table `rows` (mention_no, known_number) to its `known_number`, as `probabilistic` at `score` (0 to 1)."""
    con.execute(_REASSIGN.format(rows=rows, score=score))
