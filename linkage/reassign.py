"""A number's rows given to the person of another number, and told as a conflict.

Changes `assigned` and `linkage.id_conflict`. Which number is whose is found by `second_number` and `unknown_number`.
"""

import duckdb

_REASSIGN = """
insert into linkage.id_conflict
select m.mention_key from mention m semi join {numbers} using (id_number) join assigned a using (mention_no)
where a.identity = 'id:' || m.id_number;

update assigned set identity = 'id:' || n.known_number, match_method = 'probabilistic', match_score = {score}
from {numbers} n where assigned.identity = 'id:' || n.id_number;
"""


def give_to_known(con: duckdb.DuckDBPyConnection, numbers: str, score: float) -> None:
    """Give the rows of every `id_number` of the temp table `numbers` to its `known_number`, as `probabilistic` at `score` (0 to 1)."""
    con.execute(_REASSIGN.format(numbers=numbers, score=score))
