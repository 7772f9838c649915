"""How good the day's links are, told every day: link rates, the tail of large persons, estimated precision and recall.

Reads the tables that `link` wrote and the decisions of people; writes `linkage.quality`. The estimate of a stratum of
links (by method) rests on the reviewed sample where people have looked at enough of it, else on the model's own
probabilities; the table says which. Limits and what to do about drift belong to `drift`; a known truth to `evaluate`.
"""

from collections import defaultdict
from dataclasses import astuple, dataclass
from datetime import date
from importlib import resources
from typing import Any

import duckdb
import pyarrow as pa
import yaml

from linkage.interval import wilson

COLUMNS = {
    "run_date": "date", "scope_kind": "text", "scope": "text", "mentions": "bigint", "linked": "bigint",
    "linked_share": "double", "persons": "bigint", "cluster_max": "bigint", "cluster_p99": "bigint",
    "cluster_large": "bigint", "names_max": "bigint", "estimated_precision": "double", "precision_low": "double",
    "precision_high": "double", "precision_basis": "text", "estimated_recall": "double", "recall_low": "double",
    "recall_high": "double", "recall_basis": "text", "reviewed": "bigint",
}  # fmt: skip

# A link that people have confirmed counts in the stratum it was drawn from, or the sample would eat its own frame.
_MENTIONS = """
create or replace temp table numbered_person as
select row_number() over () as person_no, person_key, birth_date, village_code from linkage.person;

create or replace temp table joined_mention as
select m.mention_key, m.extract, m.name, m.id_quality, m.birth_date, m.village_code, p.person_no,
    p.birth_date as person_birth_date, p.village_code as person_village_code, l.match_method, l.match_score
from intermediate.int_mention m
join linkage.mention_link l using (mention_key)
join numbered_person p using (person_key);

-- grouped twice: a distinct count of texts by a million persons is several times slower
create or replace temp table named_person as
select person_no, count(*) as names
from (select person_no, bare_name(name) as name from joined_mention group by all) group by person_no;

create or replace temp table judged_mention as
with
decision as (
    select left_record_key || ':' || left_role as mention_key, purpose, decision, match_method
    from {decisions}
    qualify row_number() over (partition by left_record_key, left_role, purpose order by decided_on desc, decision_no desc) = 1
),
sampled as (select * from decision where purpose = '抽样'),
doubted as (select * from decision where purpose = '存疑'),
doubtful as (select mention_key, max(probability) as probability from {doubtful} group by mention_key)
select m.extract, m.person_no,
    coalesce(m.village_code, m.person_village_code) as village,
    case when m.match_method = 'decision' then coalesce(s.match_method, 'decision') else m.match_method end as stratum,
    m.match_method, m.match_method <> 'unmatched' as linked, coalesce(m.match_score, 1.0) as score,
    case when m.match_method = 'unmatched' then d.probability end as doubt,
    s.decision = '同一人' as sample_same, q.decision = '同一人' as doubt_same,
    {subgroups}
from joined_mention m
left join doubtful d using (mention_key)
left join sampled s using (mention_key)
left join doubted q using (mention_key)
"""

_COUNTS = """
with
person as (
    select {scope} as scope, person_no, count(*) as n, count(*) filter (linked) as linked
    from judged_mention where {scope} is not null group by all
)
select scope, sum(n)::bigint, sum(linked)::bigint, count(*), max(n), quantile_disc(n, 0.99),
    count(*) filter (n > {large}), max(names)
from person join named_person using (person_no) group by scope order by scope
"""

_STRATA = """
select {scope} as scope, stratum, count(*) filter (linked), sum(score) filter (linked), sum(score * (1 - score)) filter (linked),
    count(sample_same), count(*) filter (sample_same),
    count(doubt), coalesce(sum(doubt), 0), coalesce(sum(doubt * (1 - doubt)), 0),
    count(doubt_same), count(*) filter (doubt_same)
from judged_mention where {scope} is not null group by all order by all
"""


@dataclass(frozen=True)
class Estimate:
    """A share with its 95 % interval and what it rests on: `model`, `review` or `mixed`; nulls where nothing was linked."""

    value: float | None
    low: float | None
    high: float | None
    basis: str | None


@dataclass(frozen=True)
class _Stratum:
    links: int
    score: float
    score_variance: float
    sampled: int
    sampled_same: int
    doubtful: int
    doubt: float
    doubt_variance: float
    doubted: int
    doubted_same: int


def settings() -> dict[str, Any]:
    """Return `quality.yaml`: limits, subgroups and what counts as enough review."""
    content: dict[str, Any] = yaml.safe_load((resources.files("linkage") / "quality.yaml").read_text("utf-8"))
    return content


def write_quality(
    con: duckdb.DuckDBPyConnection,
    run_date: date,
    decisions: str = "staging.stg_linkage__decisions",
    previous: str | None = None,
) -> int:
    """Write `linkage.quality` (see `COLUMNS`): today's rows after those of the days before; returns today's rows.

    One row per run date and scope: `all`, each extract, method and village, and the subgroups of `quality.yaml`.
    `decisions` names the table of people's decisions; `previous` a table of the same columns, of the last day.
    Needs the name macros on the connection and the tables of `link`; doubtful pairs are read from `linkage.review_pair`.
    """
    chosen = settings()
    subgroups: dict[str, str] = chosen["subgroups"]
    con.execute(
        _MENTIONS.format(
            decisions=decisions,
            doubtful="linkage.review_pair",
            subgroups=", ".join(
                f"case when {sql.format(run_date=run_date)} then '{name}' end as {name}"
                for name, sql in subgroups.items()
            ),
        )
    )
    kinds = [("all", "'all'"), ("extract", "extract"), ("method", "match_method"), ("village", "village")]
    kinds += [("subgroup", name) for name in subgroups]
    rows: list[tuple[Any, ...]] = []
    for kind, scope in kinds:
        strata = _strata(con, scope)
        counts = con.execute(_COUNTS.format(scope=scope, large=chosen["large_cluster"])).fetchall()
        for name, mentions, linked, *tail in counts:
            precision = estimate_precision(strata[name], chosen["least_reviewed"])
            recall = estimate_recall(strata[name], precision, chosen["least_reviewed"])
            reviewed = sum(s.sampled + s.doubted for s in strata[name])
            figures = (linked / mentions, *tail, *astuple(precision), *astuple(recall), reviewed)
            rows.append((run_date, kind, name, mentions, linked, *map(_rounded, figures)))
    _write(con, rows, run_date, previous)
    for table in ("judged_mention", "joined_mention", "named_person", "numbered_person"):
        con.execute(f"drop table {table}")
    return len(rows)


def _rounded(figure: float | str | None) -> float | str | None:
    """Sums of probabilities differ in their last digits with the order of the rows; a day run again must not."""
    return round(figure, 8) if isinstance(figure, float) else figure


def _strata(con: duckdb.DuckDBPyConnection, scope: str) -> dict[str, list[_Stratum]]:
    found: dict[str, list[_Stratum]] = defaultdict(list)
    for name, _, links, score, variance, *rest in con.execute(_STRATA.format(scope=scope)).fetchall():
        found[name].append(_Stratum(links, score or 0.0, variance or 0.0, *rest))
    return found


def estimate_precision(strata: list[_Stratum], least_reviewed: int) -> Estimate:
    """Share of links that are right, strata weighed by their links.

    The intervals of the strata are added up: wider than the strata's errors together need, never too narrow.
    """
    linked = [s for s in strata if s.links]
    total = sum(s.links for s in linked)
    if not total:
        return Estimate(None, None, None, None)
    value = low = high = 0.0
    reviewed = 0
    for s in linked:
        if s.sampled >= least_reviewed:
            share, trials = s.sampled_same / s.sampled, float(s.sampled)
            reviewed += 1
        else:
            share = s.score / s.links
            trials = _trials(share, s.score_variance / s.links**2, s.links)
        ends = wilson(share, trials)
        weight = s.links / total
        value, low, high = value + weight * share, low + weight * ends[0], high + weight * ends[1]
    return Estimate(value, low, high, _basis(reviewed, len(linked)))


def estimate_recall(strata: list[_Stratum], precision: Estimate, least_reviewed: int) -> Estimate:
    """Share of true links that were made: the missed ones are the doubtful pairs that are one person after all.

    Pairs that blocking never proposed are not seen here; only a known truth shows them.
    """
    links = sum(s.links for s in strata)
    if precision.value is None:
        return Estimate(None, None, None, None)
    right = links * precision.value
    doubtful = sum(s.doubtful for s in strata)
    doubted = sum(s.doubted for s in strata)
    if doubted >= least_reviewed:
        share, basis = sum(s.doubted_same for s in strata) / doubted, "review"
        ends = wilson(share, doubted)
    elif doubtful:
        share, basis = sum(s.doubt for s in strata) / doubtful, "model"
        ends = wilson(share, _trials(share, sum(s.doubt_variance for s in strata) / doubtful**2, doubtful))
    else:
        share, basis, ends = 0.0, "model", (0.0, 0.0)
    value, low, high = (
        right / (right + doubtful * missed) if right else 0.0 for missed in (share, *reversed(ends))
    )
    return Estimate(value, low, high, basis)


def _trials(share: float, variance: float, units: int) -> float:
    """How many yes-or-no trials would scatter as much as these probabilities; at most one per unit."""
    return min(share * (1 - share) / variance, units) if variance > 0 else float(units)


def _basis(reviewed: int, strata: int) -> str:
    return "model" if not reviewed else "review" if reviewed == strata else "mixed"


def _write(
    con: duckdb.DuckDBPyConnection, rows: list[tuple[Any, ...]], run_date: date, previous: str | None
) -> None:
    columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
    con.execute(f"create or replace table linkage.quality ({columns})")
    if previous:
        names = ", ".join(COLUMNS)
        con.execute(
            f"insert into linkage.quality select {names} from {previous} where run_date < ?", [run_date]
        )
    types = {"date": pa.date32(), "text": pa.string(), "bigint": pa.int64(), "double": pa.float64()}
    fields = pa.schema([(name, types[kind]) for name, kind in COLUMNS.items()])
    today = pa.Table.from_pylist([dict(zip(COLUMNS, row, strict=True)) for row in rows], fields)
    con.register("quality_today", today)
    con.execute("insert into linkage.quality select * from quality_today")
    con.unregister("quality_today")
