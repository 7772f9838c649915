"""Which scored pairs become links: the best candidate must be likely among all its rivals, and the doubtful are kept.

Each open record is one of its candidates or nobody known; their weights, the habits of its source and the chance that
its source speaks of somebody unknown give one probability each (Bayes over the rivals), so a near tie lowers both and a
margin needs no rule of its own. Reads `scored` and the habits; writes the temp tables `weighed` and `chosen`.
"""

import duckdb

from linkage.score import Model

_WEIGHED = """
create or replace temp table weighed as
with
told as (
    select s.*, o.mention_key, o.source, b.bit, k.identity as known_identity, o.identity,
        coalesce(a.bits, 0) + coalesce(h.bits, 0) as habit_weight,
        least(0.998, greatest(0.5, {known_share})) as known_share,
        has_source(k.sources, b.bit) as has_other,
        coalesce(n.several_share, 1) < {single} as single_source
    from scored s
    join profile o on o.record_no = s.record_no
    join profile k on k.record_no = s.known
    join source_bit b on b.source = o.source
    left join habit_known n on n.source = o.source
    left join habit_age a on a.source = o.source and a.relation = coalesce(o.relation, '')
        and a.band = birth_band(k.birth_date) and a.sex is not distinct from k.sex
    left join habit_sources h on h.source = o.source and h.has_other = has_source(k.sources, b.bit)
        and h.others = sources_but(k.sources, b.bit) and h.age = birth_band(k.birth_date) // 7
),
odds as (
    select *, known_share / {persons} * pow(2, least(weight + habit_weight, 200)) as odds from told
)
select *, odds / (sum(odds) over (partition by record_no) + 1 - known_share) as probability
from odds;
"""

# A source that has one row per person gives a known person one open record at most; equals get none.
_CHOSEN = """
create or replace temp table chosen as
with
best as (
    select *, coalesce(lead(probability) over rivals, 0) as second
    from weighed
    window rivals as (partition by record_no order by probability desc, known)
    qualify row_number() over rivals = 1
),
likely as (
    select *, count(*) over same_person as contenders, row_number() over (
            partition by known, source order by probability desc, record_no
        ) as place,
        max(probability) over same_person as best_probability
    from best where probability >= {accept}
    window same_person as (partition by known, case when single_source then source else record_no::text end)
)
select record_no, known, identity, known_identity, probability, probability - second as margin
from likely
where not single_source or contenders = 1
    or (probability = best_probability and place = 1);
"""

_ASSIGN = """
insert into linkage.assigned
select f.mention_key, c.known_identity, 'probabilistic', least(c.probability, 0.9999), '{version}'
from chosen c join profiled f on f.identity = c.identity;
"""


def weigh_rivals(con: duckdb.DuckDBPyConnection, model: Model, known_share: str = "n.known_share") -> None:
    """Give every scored pair its probability among its rivals (`weighed`).

    `known_share` is SQL for the prior chance that an open record of a source is one of the known persons.
    """
    row = con.execute("select greatest(1, count(*)) from known_record").fetchone()
    assert row is not None
    con.execute(
        _WEIGHED.format(
            persons=row[0], known_share=known_share, single=model.thresholds["single_source_share"]
        )
    )


def choose(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Choose the winners (`chosen`): record_no, known, identity, known_identity, probability, margin."""
    con.execute(_CHOSEN.format(accept=model.thresholds["accept"]))


def assign_chosen(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Add the mentions of the chosen open records to `linkage.assigned`."""
    con.execute(_ASSIGN.format(version=model.version))
