"""m and u of the model, counted on pairs that the ID number proves; `hulian link train` writes them for review.

One row of each sampled person is laid aside as if its number were blank; the person without this row is its true
match. Counting needs no EM: started cold, EM learned "same family" instead of "same person".
"""

import json
from typing import Any

import duckdb

from linkage.candidates import write_context
from linkage.comparisons import COMPARISONS, Comparison, install_comparison_macros
from linkage.damaged import identify_by_damaged_number
from linkage.identify import identify_by_department_key, identify_by_number
from linkage.mention import lay_out_mentions
from linkage.profile import write_profiles
from linkage.score import Model, compare_pairs

# What a number says that a row claims and does not own for certain: a row owns its number nearly always; an office that
# writes another's writes a relative's. (u of the first levels is counted on the county: one in so many persons.)
_NUMBER = {
    "own, another name": (0.01, 0.99),
    "own, nearly the name": (0.99, 1e-3),
    "own": (0.99, 1e-5),
    "of somebody at home": (0.02, 1e-5),
    "of a stranger": (0.06, 1.0),
}
# Damaged numbers cannot be learned from sound ones: m from what offices' spreadsheets and fingers do (most damage
# leaves one slip or 15 digits), u from how rarely two persons' numbers are one slip apart.
# A row that names somebody else under his relative's key (a wife's bill) is commoner than a person numbered twice.
_DEPARTMENT_KEY = {"same key": (0.995, 0.05), "another key": (0.005, 0.95)}
_DAMAGED_NUMBER = {"survives": (0.9, 1e-6), "strange": (0.004, 0.97), "other": (0.096, 0.03)}
THRESHOLDS = {
    "accept": 0.9,
    "accept_by_name": 0.9,  # where nothing but the name and the habits of the source speak
    "review": 0.4,
    "single_source_share": 0.05,
    "open_share": 0.5,  # of persons whom no number knows: how often another open row speaks of them too
}
_FLOOR = 0.5  # imagined pairs in every level: none is impossible because a sample lacks it
# Clerks of another county err otherwise: this part of m is spread over all levels of its stratum, evenly but for names.
_ELSEWHERE = {
    "name": 0.03,
    "birth_date": 0.015,
    "sex": 0.006,
    "village": 0.06,
    "phone": 0.1,
    "household": 0.06,
}
# Typing by sound is common everywhere, a wholly other name for one person nowhere.
_NAME_ELSEWHERE = {
    "same": 0.003,
    "same sound": 0.008,
    "unreadable character": 0.002,
    "characters swapped": 0.001,
    "character missing": 0.004,
    "one character apart": 0.005,
    "one of two characters": 0.002,
    "surname apart": 0.0015,
    "cut short": 0.004,
    "clan alone": 0.003,
    "other": 0.0005,
}

_LAY_ASIDE = """
create or replace temp table laid_aside as
select mention_no, mention_key, identity from (
    select a.mention_no, m.mention_key, a.identity,
        row_number() over (partition by a.identity order by md5(m.mention_key || '{seed}')) as place,
        count(*) over (partition by a.identity) as mentions
    from assigned a join mention m using (mention_no)
    where a.match_method in ('id_exact', 'id_upgraded')
)
where place = 1 and mentions > 1
order by md5(identity || '{seed}') limit {sample};

create or replace temp table placed as
select a.mention_no, case when s.mention_key is null then a.identity else 'mention:' || s.mention_key end as identity,
    a.match_method
from assigned a left join laid_aside s using (mention_no);
"""

_RECORDS = """
create or replace temp table open_no as select record_no from profile where not proven;
create or replace temp table known_no as select record_no from profile where proven;
"""

_TRUE_PAIRS = """
create or replace temp table true_pair as
select o.record_no, k.record_no as known
from laid_aside a join profile o on o.identity = 'mention:' || a.mention_key
join profile k on k.identity = a.identity;
create or replace temp table candidate as select * from true_pair;
"""

# Strangers are drawn at random; relatives are the other persons of the open row's household context.
_FALSE_PAIRS = """
create or replace temp table candidate as
with
pick as (
    select record_no, (('0x' || left(md5(record_no::text || ':' || draw::text || '{seed}'), 8))::bigint
        % (select count(*) from known_no)) as pick
    from open_no cross join range({draws}) as r(draw)
),
numbered as (select record_no as known, row_number() over (order by record_no) - 1 as pick from known_no)
select record_no, known from pick join numbered using (pick)
union
select record_no, known from context
except
select record_no, known from true_pair;
"""


# Neighbours are drawn apart: what their names have in common by chance is counted on them alone.
IN_VILLAGE = " in the village"
_NEIGHBOURS = """
create or replace temp table candidate as
with
resident as (
    select record_no, villages[1] as village, row_number() over (partition by villages[1] order by record_no) - 1 as place,
        count(*) over (partition by villages[1]) as residents
    from profile where proven and villages is not null
),
pick as (
    select o.record_no, villages[1] as village, ('0x' || left(md5(o.record_no::text || ':' || draw::text || 'n{seed}'), 8))::bigint as pick
    from profile o cross join range(20) as r(draw) where not o.proven and o.villages is not null
)
select p.record_no, r.record_no as known
from pick p join resident r on r.village = p.village and r.place = p.pick % r.residents
except
select record_no, known from true_pair;
"""


def train(
    con: duckdb.DuckDBPyConnection,
    provenance: dict[str, Any],
    version: str,
    sample: int = 20_000,
    seed: int = 1,
) -> str:
    """Return the text of a model file for the mentions on this connection (`intermediate.int_mention`).

    `provenance` is kept in the file as given (what county, what date, what code); `sample` is the number of persons of
    whom a row is laid aside. Rewrites the connection's temp table `assigned`.
    """
    lay_out_mentions(con)
    identify_by_number(con)
    identify_by_department_key(con)
    identify_by_damaged_number(con)
    install_comparison_macros(con)
    con.execute(_LAY_ASIDE.format(seed=seed, sample=sample))
    write_profiles(con)
    con.execute(_RECORDS)
    write_context(con, known="proven")
    con.execute(_TRUE_PAIRS)
    m, pairs = _counts(con)
    con.execute(_FALSE_PAIRS.format(seed=seed, draws=max(1, 1_000_000 // max(1, pairs))))
    u, non_pairs = _counts(con)
    con.execute(_NEIGHBOURS.format(seed=seed))
    neighbours, _ = _counts(con)
    u["name"] |= {label: n for label, n in neighbours["name"].items() if label.endswith(IN_VILLAGE)}
    weights = {
        c.name: {label: {"m": m_, "u": u_} for label, (m_, u_) in _weights(c, m[c.name], u[c.name]).items()}
        for c in COMPARISONS
    }
    counted = {"proven_pairs": pairs, "other_pairs": non_pairs, "sample": sample, "seed": seed}
    content = {
        "version": version,
        "provenance": provenance | counted,
        "thresholds": THRESHOLDS,
        "weights": weights,
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _counts(con: duckdb.DuckDBPyConnection) -> tuple[dict[str, dict[str, int]], int]:
    """Pairs of `candidate` by comparison and level label, and how many pairs there are."""
    uniform = {c.name: {level.label: (0.5, 0.5) for level in c.levels} for c in COMPARISONS}
    compare_pairs(con, Model("untrained", THRESHOLDS, uniform))
    counts: dict[str, dict[str, int]] = {}
    for comparison in COMPARISONS:
        labels = [level.label for level in comparison.levels]
        # Splink numbers the levels downwards: the last one is 0, unknown is -1
        rows = con.execute(f"select gamma_{comparison.name}, count(*) from compared group by all").fetchall()
        found = {int(gamma): int(n) for gamma, n in rows}
        counts[comparison.name] = {
            label: found.get(len(labels) - 1 - place, 0) for place, label in enumerate(labels)
        }
    row = con.execute("select count(*) from compared").fetchone()
    assert row is not None
    return counts, int(row[0])


def _weights(comparison: Comparison, m: dict[str, int], u: dict[str, int]) -> dict[str, tuple[float, float]]:
    """Level label → (m, u), each a share of its stratum."""
    if comparison.name == "damaged_number":
        return _DAMAGED_NUMBER
    if comparison.name == "department_key":
        return _DEPARTMENT_KEY
    if comparison.name == "number":
        return _NUMBER
    result = {}
    for level in comparison.levels:
        stratum = [other.label for other in comparison.levels if other.stratum == level.stratum]
        elsewhere = _ELSEWHERE[comparison.name]
        spread = elsewhere / len(stratum)
        if comparison.name == "name":
            spread = _NAME_ELSEWHERE[level.label.removesuffix(" at home").removesuffix(IN_VILLAGE)]
        here = (1 - elsewhere) * _share(m, level.label, stratum) + spread
        result[level.label] = (float(f"{here:.4g}"), _share(u, level.label, stratum))
    return result


def _share(counts: dict[str, int], label: str, stratum: list[str]) -> float:
    total = sum(counts[other] for other in stratum) + _FLOOR * len(stratum)
    return float(f"{(counts[label] + _FLOOR) / total:.4g}")
