"""What a person needs to decide a link: doubtful pairs with the weight of every comparison, and the rows they speak of.

Reads what `link` has left on the connection (`best`, `profile`) and the linked mentions; writes `linkage.review_pair`
and `linkage.review_record`. Both lead to identities: restricted zone. Showing them and asking belong to the command line.
"""

import duckdb

PAIR_COLUMNS = {
    "mention_key": "text", "person_key": "text", "probability": "double", "margin": "double", "weight": "double",
    "reason": "text", "evidence": 'struct(comparison text, "weight" double)[]',
}  # fmt: skip

# A pair whose best rival comes this near is told as rivalry: the evidence may be strong, but it fits two people.
_NEAR = 0.3

# The bars of a waterfall: the chance before anything is compared, each comparison, the habits of the source, and what
# rivals and "nobody known" take away. They add up to the log odds of the probability.
_PAIRS = """
insert into linkage.review_pair
select mention_key, person_key, probability, margin, weight, reason, evidence
from (
    select mine.mention_key, theirs.person_key, mine.person_key as own_person, b.probability, b.margin, b.weight,
        case when b.margin < {near} and b.probability > 0.05 then 'rivals' when b.name_alone then 'name_alone'
            when b.accepted then 'contested' else 'weak' end as reason,
        [{{'comparison': 'prior', 'weight': log2(b.odds) - b.weight - b.habit_weight}}, {bars},
         {{'comparison': 'habits', 'weight': b.habit_weight}},
         {{'comparison': 'rivals', 'weight': log2(least(b.probability, 1 - 1e-9) / (1 - least(b.probability, 1 - 1e-9))) - log2(b.odds)}}
        ] as evidence
    from best b
    join profile o on o.record_no = b.record_no
    join profile k on k.record_no = b.known
    join key_of_mention own on own.mention_no = o.mention_no join linkage.mention_link mine on mine.mention_key = own.mention_key
    join key_of_mention other on other.mention_no = k.mention_no join linkage.mention_link theirs on theirs.mention_key = other.mention_key
    where mine.person_key <> theirs.person_key and mine.match_method = 'unmatched' and b.probability >= {from_probability}
)
-- two open rows may each be the other's best: one question, not two
qualify row_number() over (
    partition by least(own_person, person_key), greatest(own_person, person_key) order by probability desc, mention_key
) = 1
"""

# Rows of everybody whom a question may be about: persons in a doubtful pair and persons with a link that is not exact.
_RECORDS = """
create or replace table linkage.review_record as
with
concerned as (
    select person_key from linkage.review_pair
    union
    select person_key from linkage.mention_link
    where match_method not in ('id_exact', 'unmatched') or mention_key in (select mention_key from linkage.review_pair)
)
select l.mention_key, l.record_key, m.role, l.person_key, l.match_method, l.match_score, l.model_version,
    m.department, m.extract, m.delivery_id, m.row_number, m.name, m.id_raw, m.id_quality, m.sex, m.birth_date,
    m.village_code, m.phone, m.household_source, m.household_no, m.relation, m.key_kind, m.key_no
from linkage.mention_link l
join intermediate.int_mention m using (mention_key)
where l.person_key in (select person_key from concerned)
"""


def write_review(con: duckdb.DuckDBPyConnection, from_probability: float) -> int:
    """Write `linkage.review_pair` (see `PAIR_COLUMNS`) and `linkage.review_record`; returns the number of pairs.

    A pair is an open mention (the row that says most of its person) and the person it is most likely to be, from
    `from_probability` on. Call it on the connection that has just run `link`; a day on which nothing had to be weighed
    has no pairs.
    """
    columns = ", ".join(f"{name} {kind}" for name, kind in PAIR_COLUMNS.items())
    con.execute(f"create or replace table linkage.review_pair ({columns})")
    compared = [
        name
        for (name,) in con.execute(
            "select column_name from duckdb_columns() where table_name = 'best' and starts_with(column_name, 'mw_')"
            " order by column_index"
        ).fetchall()
    ]
    if compared:
        # how common a name is stands behind the name, not before it
        place = {name: number for number, name in enumerate(compared)}
        compared.sort(
            key=lambda name: (place.get(name.replace("tf_adj_", ""), place[name]), "tf_adj_" in name)
        )
        bars = ", ".join(f"{{'comparison': '{name[3:]}', 'weight': b.{name}}}" for name in compared)
        con.execute(_PAIRS.format(bars=bars, near=_NEAR, from_probability=from_probability))
    con.execute(_RECORDS)
    row = con.execute("select count(*) from linkage.review_pair").fetchone()
    assert row is not None
    return int(row[0])
