"""Fingerprints: equal content, equal text; anything else differs."""

import duckdb
import pytest

from orchestration.fingerprint import fingerprint

SAME = "select * from (values (1, 'a', null), (2, 'b', '')) t(x, y, z)"


def _of(query: str) -> str:
    con = duckdb.connect()
    con.execute(f"create table t as {query}")
    return fingerprint(con, "t")


def test_order_does_not_matter() -> None:
    """Prevents a rerun with other threads from looking like another day."""
    assert _of(SAME) == _of(f"{SAME} order by x desc")


@pytest.mark.parametrize(
    "other",
    [
        f"{SAME} union all select 1, 'a', null",
        f"{SAME} limit 1",
        "select * from (values (1, 'a', ''), (2, 'b', null)) t(x, y, z)",
        "select * from (values (1, 'b', null), (2, 'a', '')) t(x, y, z)",
        "select * from (values (1, null, 'a'), (2, 'b', '')) t(x, y, z)",
    ],
    ids=["doubled row", "lost row", "blank for null", "swapped between rows", "swapped between columns"],
)
def test_another_content_is_seen(other: str) -> None:
    """Prevents a changed table from passing as the proven one."""
    assert _of(SAME) != _of(other)
