"""Match weights of candidate pairs: Splink with the pinned model, on the linking connection.

Reads the temp tables `profile`, `context` and `candidate`; writes the temp table `scored` (record_no, known, weight in
bits without any prior, and its part from each comparison, `mw_…`). A run only predicts; m and u are in the model.
Which pair is a link is `decide`'s.
"""

import json
import logging
from dataclasses import dataclass
from importlib import resources
from typing import Any

import duckdb

from linkage.comparisons import COMPARISONS, Comparison

MODEL = "county.json"

# Comparison and level → probability that strangers agree.
Chances = dict[tuple[str, str], float]

_WEIGHTS = ("mw_tf_adj_name", *(f"mw_{c.name}" for c in COMPARISONS))

# What stands around an open record: who lives with those whom its household names, and with the owner of its number.
_SURROUNDING = """
create or replace temp table surrounding as
select record_no, c.context, h.number_home
from (
    select record_no, list(known order by known) as context from context group by record_no
    -- a household whose other members are known, but none of them leads anywhere, is a context too: an empty one
    union all
    select distinct record_no, []::bigint[] from co_member where record_no not in (select record_no from context)
) c
full join (select record_no, list(known order by known) as number_home from number_home group by record_no) h
    using (record_no);
"""

# Each laying out has a number of its own, so that a pair can tell whether its records are still those that it was weighed by.
_RECORD = """
select p.record_no as unique_id, p.*, s.context, s.number_home, d.keys, d.key_kinds, left(owner.name, 1) = left(p.name, 1) as claims_of_surname,
    nextval('laying') as laying
from profile p
left join surrounding s using (record_no)
left join (select id_number, name from profile where proven) owner on owner.id_number = p.claimed_number
-- a dwelling's number is no person's: one man may own two houses
left join (
    select record_no, list(distinct key_kind || ':' || key_no) as keys, list(distinct key_kind) as key_kinds
    from profiled
    where key_no is not null and key_kind <> 'dwelling_no' and record_no in ({which})
    group by record_no
) d using (record_no)
where p.record_no in ({which})
"""

# Of a later round only records that say something new are laid out again.
_INPUT = """
delete from splink_record where record_no in (
    select record_no from stale
    union all
    select r.record_no from splink_record r left join surrounding s using (record_no)
    where r.context is distinct from s.context or r.number_home is distinct from s.number_home
);

create or replace temp table unsaid as
select record_no from (select record_no from candidate union select known from candidate)
anti join splink_record using (record_no);
"""

# How often a name is borne, among all records and not only among candidates.
_NAMES = """
create or replace temp table splink_name as
select name, count(*) / sum(count(*)) over () as tf_name from profile where name is not null group by name;
"""

# A pair keeps its weights while both records are laid out as they were: of a later round, few pairs have to be compared again.
_UNSAID = """
create or replace temp table splink_pair as
select c.record_no as join_key_l, c.known as join_key_r, '0' as match_key
from candidate c
join splink_record o on o.record_no = c.record_no
join splink_record k on k.record_no = c.known
anti join scored s
    on s.record_no = c.record_no and s.known = c.known and s.laying = o.laying and s.known_laying = k.laying;
"""

_SCORED = """
create or replace temp table scored as
select s.* from scored s semi join candidate using (record_no, known)
anti join splink_pair a on a.join_key_l = s.record_no and a.join_key_r = s.known
"""

_NEWLY_SCORED = """
union all
select p.unique_id_l, p.unique_id_r, o.laying, k.laying, match_weight, {weights}
from {predicted} p
join splink_record o on o.record_no = p.unique_id_l
join splink_record k on k.record_no = p.unique_id_r;
"""

# Splink keeps its intermediate tables for a linker that asks again; ours never does, and they hold names.
_LEFT_OVER = "select table_name from duckdb_tables() where starts_with(table_name, '__splink__')"

# Chance agreement depends on the county, not on how clerks write: counted here, not pinned.
_CHANCE = """
select greatest(1, count(*)),
    (select sum(power(n, 2)) / power(greatest(1, sum(n)), 2) from (
        select count(*) as n from (select unnest(villages) as v from known_record) group by v)),
    (select sum(power(n, 2)) / power(greatest(1, sum(n)), 2) from (
        select count(*) as n from (select unnest(townships) as v from known_record) group by v)),
    (select count(*) / greatest(1, count(distinct record_no)) from context)
from known_record
"""


@dataclass(frozen=True)
class Model:
    """The pinned weights: version, thresholds, m and u by comparison and level label."""

    version: str
    thresholds: dict[str, float]
    weights: dict[str, dict[str, tuple[float, float]]]


def load_model(text: str | None = None) -> Model:
    """Read a model file's text; without one, the model that ships with the project."""
    content = json.loads(text or (resources.files("linkage") / "model" / MODEL).read_text(encoding="utf-8"))
    weights = {
        comparison: {label: (float(level["m"]), float(level["u"])) for label, level in levels.items()}
        for comparison, levels in content["weights"].items()
    }
    return Model(content["version"], content["thresholds"], weights)


def count_chances(con: duckdb.DuckDBPyConnection) -> Chances:
    """Count what agrees by chance in this county (comparison and level → probability), and how often names are borne.

    Once for all rounds, when the first candidates stand; begins with no pair scored (`scored` is empty).
    """
    con.execute(_NAMES)
    con.execute(_SURROUNDING)
    con.execute("create or replace temp sequence laying")
    con.execute(
        "create or replace temp table splink_record as " + _RECORD.format(which="select 0 where false")
    )
    weights = ", ".join(f"{column} double" for column in _WEIGHTS)
    con.execute(
        "create or replace temp table scored (record_no integer, known integer, laying bigint, known_laying bigint,"
        f" weight double, {weights})"
    )
    row = con.execute(_CHANCE).fetchone()
    assert row is not None
    persons, village, township, context = row
    return {
        ("village", "same"): min(1.0, max(village or 1.0, 1e-4)),
        ("village", "same township"): min(1.0, max((township or 1.0) - (village or 0.0), 1e-3)),
        ("household", "co-members at home there"): min(0.5, max(context or 1.0, 1.0) / persons),
        ("phone", "same"): min(0.5, 2.0 / persons),
        ("ward_phone", "same"): min(0.5, 2.0 / persons),
        ("number", "own"): 1.0 / (persons + 1),
        ("number", "of somebody at home"): 1.0 / (persons + 1),
    }


def score_pairs(con: duckdb.DuckDBPyConnection, model: Model, chances: Chances) -> None:
    """Weigh every pair of `candidate` (`scored`); pairs whose records have not changed keep their weights."""
    _lay_out_records(con)
    con.execute(_UNSAID)
    if con.execute("select 1 from splink_pair limit 1").fetchone() is None:
        con.execute(_SCORED)
        return
    predicted = _predict(con, splink_settings(model, chances))
    con.execute(_SCORED + _NEWLY_SCORED.format(predicted=predicted, weights=", ".join(_WEIGHTS)))
    _forget_left_overs(con)


def compare_pairs(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Write `compared`: for every pair of `candidate` the level reached in each comparison (`gamma_…`); for training."""
    count_chances(con)
    _lay_out_records(con)
    con.execute(_UNSAID)
    predicted = _predict(con, splink_settings(model, {}, levels=True))
    con.execute(f"create or replace temp table compared as select * from {predicted}")
    _forget_left_overs(con)


def _lay_out_records(con: duckdb.DuckDBPyConnection) -> None:
    """Write what every record of a pair says (`splink_record`)."""
    con.execute(_SURROUNDING)
    con.execute(_INPUT)
    con.execute("insert into splink_record " + _RECORD.format(which="select record_no from unsaid"))


def _predict(con: duckdb.DuckDBPyConnection, settings: dict[str, Any]) -> str:
    """Let Splink weigh the pairs of `splink_pair`; returns the name of its table."""
    from splink import DuckDBAPI, Linker

    api = DuckDBAPI(connection=con)
    record = api.register("splink_record", dataset_display_name="record")
    linker = Linker(record, settings, validate_settings=False)  # ours are the same every day, and tested
    logging.getLogger("splink").setLevel(logging.WARNING)  # the linker has just set it to talk
    linker.table_management.register_term_frequency_lookup(api.register("splink_name"), "name")
    linker.table_management.register_blocked_pairs_for_predict(api.register("splink_pair"))
    return str(linker.inference.predict(warning_mode="never").physical_name)


def _forget_left_overs(con: duckdb.DuckDBPyConnection) -> None:
    for (left_over,) in con.execute(_LEFT_OVER).fetchall():
        con.execute(f'drop table "{left_over}"')


def splink_settings(model: Model, chance: Chances, levels: bool = False) -> dict[str, Any]:
    """Return Splink settings (its JSON form) of the comparisons with the model's weights and the county's chances."""
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "unique_id",
        "sql_dialect": "duckdb",
        "blocking_rules_to_generate_predictions": [
            "l.unique_id = r.unique_id"
        ],  # pairs are registered, not blocked
        "probability_two_random_records_match": 0.5,  # no prior: `decide` sets it among the rivals
        "retain_matching_columns": levels,  # the only way to keep the levels reached
        "retain_intermediate_calculation_columns": True,
        "comparisons": [_comparison(c, model.weights[c.name], chance) for c in COMPARISONS],
    }


def _comparison(
    comparison: Comparison, weights: dict[str, tuple[float, float]], chance: Chances
) -> dict[str, Any]:
    levels: list[dict[str, Any]] = [
        {"sql_condition": comparison.null_when, "label_for_charts": "unknown", "is_null_level": True}
    ]
    for level in comparison.levels:
        m, u = weights[level.label]
        spec: dict[str, Any] = {
            "sql_condition": level.condition,
            "label_for_charts": level.label,
            "m_probability": m,
            "u_probability": chance.get((comparison.name, level.label), u),
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
