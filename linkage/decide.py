"""Which scored pairs become links: the best candidate must be likely among all its rivals, and the doubtful are kept.

Each open record is one of the persons known by number, one of the other open records, or nobody else. Weights, the
habits of its source and the chance that its source speaks of somebody unknown give one probability each (Bayes over the
rivals), so a near tie lowers both and a margin needs no rule of its own. Reads `scored` and the habits; writes the temp
tables `weighed` (every pair) and `chosen` (the links).
"""

import duckdb

from linkage.score import Model

_ODDS = """
create or replace temp table odds as
with
told as (
    select s.*, o.identity, o.source, k.identity as known_identity, k.proven,
        coalesce(a.bits, 0) + coalesce(h.bits, t.bits, 0) as habit_weight,
        least(0.998, greatest(0.5, coalesce(n.known_share, 0.5))) as known_share,
        coalesce(n.several_share, 1) < {single} as single_source,
        -- nothing but the name: no birth date, village, phone, household or digits beside it
        s.mw_birth_date + s.mw_village + s.mw_phone + s.mw_household + s.mw_damaged_number < {alone} as name_alone
    from scored s
    join profile o on o.record_no = s.record_no
    join profile k on k.record_no = s.known
    join source_bit b on b.source = o.source
    left join habit_known n on n.source = o.source
    left join habit_age a on a.source = o.source and a.relation = coalesce(o.relation, '')
        and a.band = birth_band(k.birth_date) and a.sex is not distinct from k.sex
    left join habit_sources h on k.proven and h.source = o.source and h.has_other = has_source(k.sources, b.bit)
        and h.others = sources_but(k.sources, b.bit) and h.age = birth_band(k.birth_date) // 7
    left join habit_other t on t.source = o.source and t.has_other = has_source(k.sources, b.bit)
)
select *,
    case when proven then known_share / {persons} else (1 - known_share) * {open_share} / {open} end
        * pow(2, least(weight + habit_weight, 200)) as odds,
    (1 - known_share) * (1 - {open_share}) as nobody
from told;
"""

# An open rival who is himself surely a known person is no rival of that person but one more row of his.
_WEIGHED = """
create or replace temp table surely as
select record_no, known from (
    select record_no, known, odds / (sum(odds) over (partition by record_no) + nobody) as probability
    from odds where proven
) where probability >= {accept};

create or replace temp table weighed as
select o.*, o.odds / (sum(o.odds) over (partition by o.record_no) + o.nobody) as probability
from odds o
left join surely s on s.record_no = o.known
where o.proven or s.record_no is null
    or s.known not in (select p.known from odds p where p.record_no = o.record_no and p.proven);
"""

_BEST = """
create or replace temp table best as
select *, probability - coalesce(second, 0) as margin,
    probability >= case when name_alone then {accept_by_name} else {accept} end as accepted
from (
    select *, lead(probability) over rivals as second, row_number() over rivals as place
    from weighed
    window rivals as (partition by record_no order by probability desc, known)
)
where place = 1;

-- a source that has one row per person gives a known person one open record at most; equals get none
create or replace temp table chosen as
select record_no, identity, known_identity, probability, margin, proven
from (
    select *,
        count(*) over same_person as contenders,
        row_number() over (same_person order by probability desc, record_no) as turn,
        lead(probability) over (same_person order by probability desc, record_no) as next_probability
    from best where accepted and proven
    window same_person as (partition by known, case when single_source then source else record_no::text end)
)
where turn = 1 and (contenders = 1 or probability > next_probability)
union all
-- two open records that are each other's best are one person; the smaller identity names him (keys before rows)
select a.record_no, a.identity, a.known_identity, least(a.probability, b.probability), least(a.margin, b.margin), false
from best a join best b on a.known = b.record_no and b.known = a.record_no
where not a.proven and a.accepted and b.accepted and a.known_identity < a.identity;
"""

_ASSIGN = """
insert into linkage.assigned
select o.mention_key, c.known_identity, 'probabilistic', least(c.probability, 0.9999), '{version}'
from chosen c join open_identity o using (identity) where c.proven;

update open_identity set identity = c.known_identity, match_method = 'probabilistic',
    match_score = least(c.probability, 0.9999), model_version = '{version}'
from chosen c where c.identity = open_identity.identity and not c.proven;
"""

# A comparison that says less than this (bits) beside the name says nothing of its own.
_ALONE_BITS = 2.0


def weigh_rivals(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Give every scored pair its probability among its rivals (`weighed`)."""
    row = con.execute(
        "select greatest(1, count(*) filter (proven)), greatest(1, count(*) filter (not proven)) from profile"
    ).fetchone()
    assert row is not None
    con.execute(
        _ODDS.format(
            persons=row[0],
            open=row[1],
            open_share=model.thresholds["open_share"],
            single=model.thresholds["single_source_share"],
            alone=_ALONE_BITS,
        )
    )
    con.execute(_WEIGHED.format(accept=model.thresholds["accept"]))


def choose(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Choose the winners (`chosen`): record_no, identity, known_identity, probability, margin, proven."""
    con.execute(_BEST.format(**model.thresholds))


def assign_chosen(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Give the mentions of the chosen open records their person: in `linkage.assigned`, or in `open_identity`."""
    con.execute(_ASSIGN.format(version=model.version))
