"""m and u of the model, counted on pairs that the ID number proves; `hulian link train` writes them for review.

One row of each sampled person is laid aside as if its number were blank; the person without this row is its true
match. Counting needs no EM: started cold, EM learned "same family" instead of "same person". What counting cannot tell
stands in `model/judged.yaml`.
"""

import json
from functools import cache
from importlib import resources
from typing import Any

import duckdb
import yaml

from linkage.candidates import write_context
from linkage.comparisons import COMPARISONS, Comparison, install_comparison_macros
from linkage.damaged import identify_by_damaged_number
from linkage.department_key import identify_by_department_key
from linkage.identify import identify_by_number
from linkage.mention import lay_out_mentions
from linkage.open_identity import list_open_mentions
from linkage.profile import write_profiles
from linkage.score import Model, compare_pairs

_FLOOR = 0.5  # imagined pairs in every level: none is impossible because a sample lacks it

_LAY_ASIDE = """
create or replace temp table laid_aside as
select mention_no, mention_key, identity from (
    select a.mention_no, m.mention_key, a.identity,
        row_number() over (partition by a.identity order by md5(m.mention_key || '{seed}')) as place,
        count(*) over (partition by a.identity) as mentions
    from assigned a join key_of_mention m using (mention_no)
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
    list_open_mentions(con)
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
        "thresholds": _judged()["thresholds"],
        "weights": weights,
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _counts(con: duckdb.DuckDBPyConnection) -> tuple[dict[str, dict[str, int]], int]:
    """Pairs of `candidate` by comparison and level label, and how many pairs there are."""
    uniform = {c.name: {level.label: (0.5, 0.5) for level in c.levels} for c in COMPARISONS}
    compare_pairs(con, Model("untrained", _judged()["thresholds"], uniform))
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


@cache
def _judged() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(
        (resources.files("linkage") / "model" / "judged.yaml").read_text(encoding="utf-8")
    )
    return content


def _weights(comparison: Comparison, m: dict[str, int], u: dict[str, int]) -> dict[str, tuple[float, float]]:
    """Level label → (m, u), each a share of its stratum."""
    judged = _judged()
    if comparison.name in judged["weights"]:
        return {label: (m_, u_) for label, (m_, u_) in judged["weights"][comparison.name].items()}
    elsewhere = judged["elsewhere"][comparison.name]
    result = {}
    for level in comparison.levels:
        stratum = [other.label for other in comparison.levels if other.stratum == level.stratum]
        spread, chance = elsewhere / len(stratum), 0.0
        if comparison.name == "name":
            label = level.label.removesuffix(" at home").removesuffix(IN_VILLAGE)
            spread = judged["name_elsewhere"][label]
            chance = judged["name_chance"].get(label, {}).get(level.stratum, 0.0)
        here = (1 - elsewhere) * _share(m, level.label, stratum) + spread
        result[level.label] = (float(f"{here:.4g}"), max(chance, _share(u, level.label, stratum)))
    return result


def _share(counts: dict[str, int], label: str, stratum: list[str]) -> float:
    total = sum(counts[other] for other in stratum) + _FLOOR * len(stratum)
    return float(f"{(counts[label] + _FLOOR) / total:.4g}")
