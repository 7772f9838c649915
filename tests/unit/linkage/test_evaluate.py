"""Figures of linking quality against counts made by hand."""

import duckdb
import pytest

from linkage.evaluate import HARD, by_group, clusters, co_membership, pairwise


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    """Five mentions of two true persons; the links tear one off the first and add him to the second."""
    con = duckdb.connect()
    con.execute("""
        create table truth as select * from (values
            ('a1', 1, 10, 'valid'), ('a2', 1, 10, 'valid'), ('a3', 1, 10, 'absent'), ('b1', 2, 10, 'valid'), ('b2', 2, 10, 'damaged')
        ) t(mention_key, true_person, true_household, own_number);
        create table links as select * from (values
            ('a1', 'A'), ('a2', 'A'), ('a3', 'B'), ('b1', 'B'), ('b2', 'B')
        ) t(mention_key, person_key);
        create table members as select * from (values ('A', 'h1'), ('B', 'h1')) t(person_key, household_key)
    """)
    return con


def test_pairs_are_counted_as_by_hand(con: duckdb.DuckDBPyConnection) -> None:
    """Prevents figures that nobody can recompute: found pairs a1a2, a3b1, a3b2, b1b2; true pairs a1a2, a1a3, a2a3, b1b2."""
    found = pairwise(con, "links", "truth")
    assert (found.precision.hits, found.precision.total, found.recall.total) == (2, 4, 4)
    assert found.f1 == pytest.approx(0.5)


def test_hard_pairs_have_one_hard_side_at_least(con: duckdb.DuckDBPyConnection) -> None:
    """Prevents easy pairs from hiding the hard ones: of the found pairs a3b1, a3b2, b1b2 are hard, b1b2 right."""
    hard = pairwise(con, "links", "truth", HARD, "hard")
    assert (hard.precision.hits, hard.precision.total) == (1, 3)
    assert (hard.recall.hits, hard.recall.total) == (1, 3)


def test_groups_are_named(con: duckdb.DuckDBPyConnection) -> None:
    """Prevents figures of one group under another's name."""
    assert [q.group for q in by_group(con, "links", "truth", {"hard": HARD, "all": "true"})] == [
        "hard",
        "all",
    ]


def test_clusters_must_be_whole(con: duckdb.DuckDBPyConnection) -> None:
    """Prevents a person with one wrong row from counting as right."""
    assert clusters(con, "links", "truth").precision.hits == 0


def test_household_pairs_are_of_persons(con: duckdb.DuckDBPyConnection) -> None:
    """Prevents persons with many rows from weighing more: two true persons in one household are one pair."""
    quality = co_membership(con, "links", "members", "truth")
    assert (quality.precision.hits, quality.precision.total) == (1, 1)


def test_interval_holds_the_share_and_narrows(con: duckdb.DuckDBPyConnection) -> None:
    """Prevents a perfect figure from few pairs from looking certain."""
    con.execute(
        "create table many as select 'm' || i as mention_key, i // 2 as true_person from range(2000) t(i)"
    )
    con.execute("create table many_links as select mention_key, true_person::text as person_key from many")
    many = pairwise(con, "many_links", "many").precision
    few = pairwise(con, "(select * from many_links limit 4)", "many").precision
    assert many.value == few.value == 1.0
    assert few.low < many.low < 1.0


def test_nothing_to_count_is_no_error(con: duckdb.DuckDBPyConnection) -> None:
    """Prevents a crash on a group that a county does not have."""
    nothing = pairwise(con, "links", "truth", "false", "none")
    assert (nothing.precision.total, nothing.precision.low, nothing.precision.high) == (0, 0.0, 1.0)
