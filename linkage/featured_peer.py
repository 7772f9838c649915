"""One Splink model over all mentions that is given the cascade's features, for comparison: trained once, then only predicting.

Beside names by characters and sound, slips and surviving digits of numbers, birth date, places, phones, department keys
and term frequencies it knows household context (whose co-members live where), the guard of a number by its name, and
that a source with one row per person has no second row of him. Levels come in our two strata, m and u are counted on
pairs that numbers prove (`train_featured_peer`). Measured by `hulian bench` and never used by a run.
Belongs here: what a pairwise model over mentions can be told. What it cannot be told are habits of sources and rivals.
"""

import json
import logging
from typing import Any

import duckdb

from linkage.comparisons import Comparison, install_comparison_macros
from linkage.featured_levels import COMPARISONS, FIXED, MACROS
from linkage.id_number import install_number_macros
from linkage.names import install_name_macros
from linkage.pinyin import spell_names

# The best of 0.5, 0.8, 0.95, 0.99 for F1 by the truth of a demo county: the peer is told what an office would not know.
ACCEPT = 0.8
_MOST_NAMESAKES = 200  # rows, as ours allows 60 persons

# `birth_said` and `sex_said` are the row's own words; what the number adds must not teach how often birth dates agree.
_RECORDS = """
create or replace temp table peer_number as
select id_number, (row_number() over (order by id_number))::int as number_no, mode(bare_name(name) order by bare_name(name)) as name,
    try_cast(substr(id_number, 7, 4) || '-' || substr(id_number, 11, 2) || '-' || substr(id_number, 13, 2) as date) as birth_date,
    case when substr(id_number, 17, 1)::int % 2 = 1 then '男' else '女' end as sex
from intermediate.int_mention where id_number is not null group by id_number;

create or replace temp table peer_row as
select (row_number() over (order by m.mention_key))::int as unique_id, m.mention_key,
    bare_name(m.name) as name, n.id_number, n.number_no, n.name as number_name,
    n.number_no is null or not coalesce(names_agree(m.name, bare_name(m.name), n.name, n.name), true) as open,
    case when m.id_quality = 'damaged' and length(m.id_raw) >= 12 then m.id_raw end as damaged_number,
    m.birth_date as birth_said, m.sex as sex_said, n.birth_date as number_birth_date, n.sex as number_sex,
    m.village_code, left(m.village_code, 9) as township_code, m.village_group, m.phone, m.key_kind || ':' || m.key_no as department_key,
    case when m.unique_source then m.extract || ':' || m.role end as only_source,
    case when m.household_source = 'medical_insurance'
        then m.household_source || ':' || m.household_no || '@' || coalesce(m.village_code, '')
        else m.household_source || ':' || m.household_no end as group_no
from intermediate.int_mention m left join peer_number n using (id_number);
"""

# Household context of the rows that no number settles, as numbers of persons: `co` those named in the same household,
# `home` those who live with them by other rows.
_CONTEXT = """
create or replace temp table peer_group as
select group_no, number_no, count(*) as rows_named
from peer_row where group_no is not null and number_no is not null and not open group by all;

create or replace temp table peer_small_group as
select * from peer_group qualify count(*) over (partition by group_no) <= 30;

create or replace temp table peer_told as
select r.unique_id, r.group_no, g.number_no as co
from peer_row r join peer_small_group g using (group_no)
where {which} and g.number_no is distinct from r.number_no;

create or replace temp table peer_home as
select t.unique_id, list(distinct t.co) as co, list(distinct theirs.number_no) filter (theirs.number_no <> t.co) as home
from peer_told t
join peer_row own using (unique_id)
join peer_small_group mine on mine.number_no = t.co
join peer_small_group theirs on theirs.group_no = mine.group_no
-- a row is no evidence of its own
where not (theirs.group_no = t.group_no and theirs.number_no is not distinct from own.number_no and theirs.rows_named = 1)
group by t.unique_id;
"""

_INPUT = """
create or replace temp table peer_record as
select r.unique_id, r.name, s.sound, split_part(s.sound, ' ', 1) as surname_sound, {number} as number_no, r.id_number, r.number_name,
    r.damaged_number, {birth_date} as birth_date, {sex} as sex, r.village_code, r.township_code, r.village_group, r.phone, r.department_key,
    r.only_source, h.co, h.home, {open} as open
from peer_row r left join peer_sound s using (name) left join peer_home h using (unique_id);
"""

_PAIRS = """
create or replace temp table peer_open as select * from peer_record where open;

create or replace temp table peer_pair as
with
pair as (
    select l.unique_id as a, r.unique_id as b from peer_record l join peer_record r using (number_no) where l.unique_id < r.unique_id
    union all
    select l.unique_id, r.unique_id from peer_record l join peer_record r using (department_key) where l.unique_id < r.unique_id
    union all
    select l.unique_id, r.unique_id from peer_open l join peer_record r using (name, birth_date)
    union all
    select l.unique_id, r.unique_id from peer_open l join peer_record r using (name, village_code)
    union all
    select l.unique_id, r.unique_id from peer_open l join peer_record r using (name)
    where name in (select name from peer_record group by name having count(*) <= {most_namesakes})
    union all
    select l.unique_id, r.unique_id from peer_open l join peer_record r using (sound, village_code)
    union all
    select l.unique_id, r.unique_id from peer_open l join peer_record r using (birth_date, surname_sound)
    union all
    select l.unique_id, r.unique_id from peer_open l join peer_record r using (phone, surname_sound)
    union all
    select l.unique_id, r.unique_id from peer_open l join peer_record r on left(l.damaged_number, 12) = left(r.id_number, 12)
    where l.surname_sound = r.surname_sound
    union all
    select l.unique_id, r.unique_id from peer_open l join peer_record r on right(l.damaged_number, 8) = right(r.id_number, 8)
    where l.surname_sound = r.surname_sound
    union all
    select l.unique_id, r.unique_id
    from (select unique_id, unnest(home) as number_no from peer_open) l join peer_record r using (number_no)
    union all
    select l.unique_id, r.unique_id
    from (select unique_id, unnest(co) as co from peer_open) l join (select unique_id, unnest(co) as co from peer_open) r using (co)
)
select distinct least(a, b) as join_key_l, greatest(a, b) as join_key_r, '0' as match_key from pair where a <> b;
"""

# True pairs: one number, names agreeing, one of the two as if its number were blank. Others: random strangers and relatives.
_PROVEN = """
create or replace temp table peer_pair as
select l.unique_id as join_key_l, r.unique_id as join_key_r, '0' as match_key
from peer_record l
join peer_row p on p.unique_id = l.unique_id and not p.open
join peer_row q on q.number_no = p.number_no and q.unique_id <> p.unique_id and not q.open
join peer_record r on r.unique_id = q.unique_id
where l.open;
"""
_STRANGERS = """
create or replace temp table peer_pair as
select a.unique_id as join_key_l, b.unique_id as join_key_r, '0' as match_key
from (
    select unique_id, (('0x' || left(md5(unique_id::text || ':' || draw::text || '{seed}'), 8))::bigint
        % (select count(*) from peer_row)) + 1 as other
    from peer_record cross join range({draws}) as d(draw) where open
) pick join peer_row a using (unique_id) join peer_row b on b.unique_id = pick.other
where a.number_no <> b.number_no;
"""
_RELATIVES = """
create or replace temp table peer_pair as
select distinct a.unique_id as join_key_l, b.unique_id as join_key_r, '0' as match_key
from (select unique_id, unnest(home) as number_no from peer_record where open) h
join peer_row a using (unique_id) join peer_row b on b.number_no = h.number_no
where a.number_no <> b.number_no;
"""
# Chance agreement of two rows: as many true pairs as numbers prove, among all pairs.
_PRIOR = """
select (select sum(n * (n - 1)) from (select count(*) as n from peer_row where not open group by number_no)) / count(*) ** 2
from peer_row where not open
"""

_ELSEWHERE = {
    "name": 0.03,
    "birth_date": 0.015,
    "sex": 0.006,
    "village": 0.06,
    "phone": 0.1,
    "household": 0.06,
}
_FLOOR = 0.5
_STRANGER_PAIRS = 2_000_000

Weights = dict[str, dict[str, tuple[float, float]]]


def train_featured_peer(con: duckdb.DuckDBPyConnection, sample: int = 20_000, seed: int = 1) -> str:
    """Count m and u on the mentions of this connection; returns the model as JSON (comparison → level → [m, u])."""
    _lay_out(con)
    con.execute(f"""
        create or replace temp table peer_laid_aside as
        select unique_id from peer_row where not open order by md5(mention_key || '{seed}') limit {sample}
    """)
    aside = "r.unique_id in (select unique_id from peer_laid_aside)"
    con.execute(_CONTEXT.format(which=aside))
    con.execute(
        _INPUT.format(
            number=f"case when not {aside} then r.number_no end",
            birth_date=f"case when {aside} then r.birth_said else coalesce(r.birth_said, r.number_birth_date) end",
            sex=f"case when {aside} then r.sex_said else coalesce(r.sex_said, r.number_sex) end",
            open=aside,
        )
    )
    con.execute(_PROVEN)
    uniform = {c.name: {level.label: (0.5, 0.5) for level in c.levels} for c in COMPARISONS}
    m = _level_counts(con, uniform)
    con.execute(_STRANGERS.format(seed=seed, draws=max(1, _STRANGER_PAIRS // sample)))
    strangers = _level_counts(con, uniform)
    con.execute(_RELATIVES)
    relatives = _level_counts(con, uniform)
    return json.dumps(
        {
            c.name: FIXED.get(c.name) or _shares(c, m[c.name], strangers[c.name], relatives[c.name])
            for c in COMPARISONS
        }
    )


def link_by_featured_splink(con: duckdb.DuckDBPyConnection, model: str, accept: float = ACCEPT) -> None:
    """Link all mentions with a model of `train_featured_peer`: block, predict, cluster; writes `peer_link`."""
    weights = {
        comparison: {label: (float(m), float(u)) for label, (m, u) in levels.items()}
        for comparison, levels in json.loads(model).items()
    }
    _lay_out(con)
    con.execute(_CONTEXT.format(which="r.open"))
    con.execute(
        _INPUT.format(
            number="r.number_no",
            birth_date="coalesce(r.birth_said, r.number_birth_date)",
            sex="coalesce(r.sex_said, r.number_sex)",
            open="r.open",
        )
    )
    con.execute(_PAIRS.format(most_namesakes=_MOST_NAMESAKES))
    linker = _linker(con, weights, levels=False)
    predicted = linker.inference.predict(threshold_match_probability=accept, warning_mode="never")
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(predicted, accept)
    con.execute(
        "create or replace temp table peer_link as"
        f" select r.mention_key, c.cluster_id::text as person_key from {clusters.physical_name} c join peer_row r using (unique_id)"
    )


def _lay_out(con: duckdb.DuckDBPyConnection) -> None:
    install_name_macros(con)
    install_number_macros(con)
    install_comparison_macros(con)
    con.execute(MACROS)
    con.execute(_RECORDS)
    spell_names(con, "peer_row", "peer_sound")


def _linker(con: duckdb.DuckDBPyConnection, weights: Weights, levels: bool) -> Any:
    from splink import DuckDBAPI, Linker

    row = con.execute(_PRIOR).fetchone()
    prior = min(0.5, max(row[0] or 0.0, 1e-9)) if row else 0.5
    api = DuckDBAPI(connection=con)
    linker = Linker(
        api.register("peer_record", dataset_display_name="mention"),
        {
            "link_type": "dedupe_only",
            "sql_dialect": "duckdb",
            "unique_id_column_name": "unique_id",
            "probability_two_random_records_match": prior,
            "blocking_rules_to_generate_predictions": ["l.unique_id = r.unique_id"],  # pairs are registered
            "retain_matching_columns": levels,
            "retain_intermediate_calculation_columns": levels,
            "comparisons": [_comparison(c, weights[c.name]) for c in COMPARISONS],
        },
    )
    logging.getLogger("splink").setLevel(logging.ERROR)
    linker.table_management.register_blocked_pairs_for_predict(api.register("peer_pair"))
    return linker


def _comparison(comparison: Comparison, weights: dict[str, tuple[float, float]]) -> dict[str, Any]:
    levels: list[dict[str, Any]] = [
        {"sql_condition": comparison.null_when, "label_for_charts": "unknown", "is_null_level": True}
    ]
    for level in comparison.levels:
        m, u = weights[level.label]
        spec: dict[str, Any] = {
            "sql_condition": level.condition,
            "label_for_charts": level.label,
            "m_probability": m,
            "u_probability": u,
        }
        if level.by_frequency:
            spec |= {
                "tf_adjustment_column": comparison.name,
                "tf_adjustment_weight": 1.0,
                "disable_tf_exact_match_detection": True,
            }
        levels.append(spec)
    levels[-1]["sql_condition"] = "ELSE"
    return {"output_column_name": comparison.name, "comparison_levels": levels}


def _level_counts(con: duckdb.DuckDBPyConnection, weights: Weights) -> dict[str, dict[str, int]]:
    predicted = _linker(con, weights, levels=True).inference.predict(warning_mode="never").physical_name
    counts = {}
    for comparison in COMPARISONS:
        rows = con.execute(
            f"select gamma_{comparison.name}, count(*) from {predicted} group by all"
        ).fetchall()
        found = {int(gamma): int(n) for gamma, n in rows}
        labels = [level.label for level in comparison.levels]  # Splink numbers them downwards
        counts[comparison.name] = {
            label: found.get(len(labels) - 1 - place, 0) for place, label in enumerate(labels)
        }
    return counts


def _shares(
    comparison: Comparison, m: dict[str, int], strangers: dict[str, int], relatives: dict[str, int]
) -> dict[str, tuple[float, float]]:
    result = {}
    for level in comparison.levels:
        u = relatives if level.stratum == "home" else strangers
        stratum = [other.label for other in comparison.levels if other.stratum == level.stratum]
        elsewhere = _ELSEWHERE.get(comparison.name, 0.0)  # as our own model is smoothed
        here = (1 - elsewhere) * _share(m, level.label, stratum) + elsewhere / len(stratum)
        result[level.label] = (here, _share(u, level.label, stratum))
    return result


def _share(counts: dict[str, int], label: str, stratum: list[str]) -> float:
    total = sum(counts[other] for other in stratum) + _FLOOR * len(stratum)
    return float(f"{(counts[label] + _FLOOR) / total:.4g}")
