"""How good are the links? Precision, recall and F1 of persons and households against a known truth, with intervals.

Belongs here: counting pairs and clusters in tables of links and of truth. Where the truth comes from (a demo county,
reviewed pairs) and what to do about a bad figure belong elsewhere.
"""

from dataclasses import dataclass
from math import sqrt

import duckdb

# A mention is hard when its row carries no sound number of the person himself: the ID cannot do the work.
HARD = "own_number not in ('valid', 'upgraded')"
_Z = 1.959964  # 95 % of the normal distribution


@dataclass(frozen=True)
class Share:
    """A share of pairs or clusters, with its 95 % interval (Wilson, corrected for pairs that come in clusters)."""

    hits: int
    total: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """The share; 1.0 where there was nothing to count."""
        return self.hits / self.total if self.total else 1.0


@dataclass(frozen=True)
class Quality:
    """Precision and recall of one group of mentions or persons."""

    group: str
    precision: Share
    recall: Share

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = self.precision.value + self.recall.value
        return 2 * self.precision.value * self.recall.value / both if both else 0.0


_CELLS = """
create or replace temp table evaluated_cell as
select {found} as found, {true} as true_one, count(*) as n, count(*) filter (not coalesce({group}, false)) as outside
from {table} group by all
"""

# Pairs with at least one side in the group: all pairs less the pairs among those outside it.
_PAIRS = """
with
whole as (
    select {side} as side, sum(n) as n, sum(outside) as outside,
        sum(n * (n - 1) // 2 - outside * (outside - 1) // 2) as hits
    from evaluated_cell where {side} is not null group by {side}
),
unit as (
    select hits, n * (n - 1) // 2 - outside * (outside - 1) // 2 as pairs from whole
),
ratio as (
    select coalesce(sum(hits), 0) as hits, coalesce(sum(pairs), 0) as pairs, count(*) filter (pairs > 0) as units from unit
)
select any_value(ratio.hits)::bigint, any_value(ratio.pairs)::bigint, any_value(ratio.units)::bigint,
    sum((unit.hits - ratio.hits / nullif(ratio.pairs, 0) * unit.pairs) ** 2)::double
from ratio left join unit on true
"""


def pairwise(
    con: duckdb.DuckDBPyConnection, links: str, truth: str, group: str = "true", name: str = "all"
) -> Quality:
    """Precision and recall over pairs of mentions with at least one side in the group.

    `links` (mention_key, person_key) and `truth` (mention_key, true_person and what `group` asks for) name tables or
    queries in brackets; `group` is an SQL condition over both, for instance `HARD` or `extract = 'deaths'`.
    Mentions without a truth are not counted.
    """
    table = f"(select * from {truth} join {links} using (mention_key))"
    con.execute(_CELLS.format(found="person_key", true="true_person", group=group, table=table))
    return Quality(name, _pairs(con, "found"), _pairs(con, "true_one"))


def by_group(con: duckdb.DuckDBPyConnection, links: str, truth: str, groups: dict[str, str]) -> list[Quality]:
    """`pairwise` for several named groups (name → SQL condition)."""
    return [pairwise(con, links, truth, condition, name) for name, condition in groups.items()]


def clusters(con: duckdb.DuckDBPyConnection, links: str, truth: str) -> Quality:
    """Share of found persons that are exactly one true person with all his mentions, and the reverse."""
    table = f"(select * from {truth} join {links} using (mention_key))"
    con.execute(_CELLS.format(found="person_key", true="true_person", group="true", table=table))
    row = con.execute("""
        with cell as (
            select *, sum(n) over (partition by found) as found_n, sum(n) over (partition by true_one) as true_n
            from evaluated_cell
        )
        select count(*) filter (n = found_n and n = true_n), count(distinct found), count(distinct true_one) from cell
    """).fetchone()
    assert row is not None
    exact, found, true_ones = row
    return Quality("clusters", _share(exact, found, found), _share(exact, true_ones, true_ones))


def co_membership(
    con: duckdb.DuckDBPyConnection,
    links: str,
    members: str,
    truth: str,
    group: str = "true",
    name: str = "households",
) -> Quality:
    """Precision and recall over pairs of true persons in one household, at least one side in the group.

    `members` holds person_key, household_key; `truth` mention_key, true_person, true_household. A true person stands
    for himself through the found person that holds most of his mentions.
    """
    table = f"""(
        select true_person, any_value(true_household) as true_household, bool_or({group}) as in_group,
            arg_max(household_key, (mentions, household_key)) as household_key
        from (
            select *, count(*) over (partition by true_person, person_key) as mentions
            from {truth} join {links} using (mention_key) join {members} using (person_key)
        )
        group by true_person
    )"""
    con.execute(_CELLS.format(found="household_key", true="true_household", group="in_group", table=table))
    return Quality(name, _pairs(con, "found"), _pairs(con, "true_one"))


# A cluster is known by its mentions, not by its key: the sum of their hashes and how many they are.
_DIFFERING = """
with
differing_cluster as (
    select 'links' as side, person_key, count(*) as n, sum(md5_number_lower(mention_key)::hugeint) as members
    from {links} group by all
    union all
    select 'others', person_key, count(*), sum(md5_number_lower(mention_key)::hugeint) from {others} group by all
),
one_side as (
    select mention_key, n, members from {links} join differing_cluster using (person_key) where side = 'links'
),
other_side as (
    select mention_key, n, members from {others} join differing_cluster using (person_key) where side = 'others'
)
select count(*) filter (a.members is distinct from b.members or a.n is distinct from b.n), count(*)
from one_side a full join other_side b using (mention_key)
"""


def differing_links(con: duckdb.DuckDBPyConnection, links: str, others: str) -> tuple[int, int]:
    """How many mentions stand together with other mentions in `others` than in `links`, and how many there are.

    Both name tables or queries in brackets (mention_key, person_key). Keys of persons may differ, only who stands
    together counts; a mention that one of them lacks differs.
    """
    row = con.execute(_DIFFERING.format(links=links, others=others)).fetchone()
    assert row is not None
    return int(row[0]), int(row[1])


def _pairs(con: duckdb.DuckDBPyConnection, side: str) -> Share:
    row = con.execute(_PAIRS.format(side=side)).fetchone()
    assert row is not None
    hits, pairs, units, squares = row
    if not pairs:
        return Share(0, 0, 0.0, 1.0)
    share = hits / pairs
    variance = (squares or 0.0) / pairs**2
    # the number of independent trials that would scatter as much; without an error, the number of clusters
    trials = share * (1 - share) / variance if variance > 0 and 0 < share < 1 else units
    return _share(hits, pairs, min(trials, pairs))


def _share(hits: int, total: int, trials: float) -> Share:
    """A share with its Wilson interval over a number of independent trials."""
    if not total:
        return Share(0, 0, 0.0, 1.0)
    share = hits / total
    spread = _Z * sqrt(share * (1 - share) / trials + _Z**2 / (4 * trials**2))
    middle, scale = share + _Z**2 / (2 * trials), 1 + _Z**2 / trials
    return Share(hits, total, max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale))
