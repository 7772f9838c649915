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

_INPUT = """
create or replace temp table paired as
select record_no from candidate union select known from candidate;

create or replace temp table splink_record as
select p.record_no as unique_id, p.*, c.context, h.number_home, d.keys, d.key_kinds
from profile p
left join (
    select record_no, list(known order by known) as context from context group by record_no
    -- a household whose other members are known, but none of them leads anywhere, is a context too: an empty one
    union all
    select distinct record_no, []::bigint[] from co_member where record_no not in (select record_no from context)
) c using (record_no)
left join (select record_no, list(known order by known) as number_home from number_home group by record_no) h
    using (record_no)
-- a dwelling's number is no person's: one man may own two houses
left join (
    select record_no, list(key_kind || ':' || key_no order by key_kind, key_no) as keys,
        list_distinct(list(key_kind order by key_kind)) as key_kinds
    from (
        select distinct record_no, key_kind, key_no from profiled
        where key_no is not null and key_kind <> 'dwelling_no' and record_no in (select record_no from paired)
    )
    group by record_no
) d using (record_no)
where p.record_no in (select record_no from paired);

-- how often a name is borne, among all records and not only among candidates
create or replace temp table splink_name as
select name, count(*) / sum(count(*)) over () as tf_name from profile where name is not null group by name;

create or replace temp table splink_pair as
select record_no as join_key_l, known as join_key_r, '0' as match_key from candidate;
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


def score_pairs(con: duckdb.DuckDBPyConnection, model: Model, levels: bool = False) -> None:
    """Weigh every pair of `candidate`; needs at least one pair. `levels` adds the level reached in each comparison."""
    from splink import DuckDBAPI, Linker

    con.execute(_INPUT)
    api = DuckDBAPI(connection=con)
    linker = Linker(
        api.register("splink_record", dataset_display_name="record"),
        splink_settings(model, _chance(con), levels),
    )
    logging.getLogger("splink").setLevel(logging.WARNING)  # the linker has just set it to talk
    linker.table_management.register_term_frequency_lookup(api.register("splink_name"), "name")
    linker.table_management.register_blocked_pairs_for_predict(api.register("splink_pair"))
    predicted = linker.inference.predict(warning_mode="never").physical_name
    columns = ["mw_tf_adj_name", *(f"mw_{c.name}" for c in COMPARISONS)]
    columns += [f"gamma_{c.name}" for c in COMPARISONS] if levels else []
    con.execute(
        "create or replace temp table scored as select unique_id_l as record_no, unique_id_r as known,"
        f" match_weight as weight, {', '.join(columns)} from {predicted}"
    )
    for (left_over,) in con.execute(_LEFT_OVER).fetchall():
        con.execute(f'drop table "{left_over}"')


def splink_settings(
    model: Model, chance: dict[tuple[str, str], float], levels: bool = False
) -> dict[str, Any]:
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
    comparison: Comparison, weights: dict[str, tuple[float, float]], chance: dict[tuple[str, str], float]
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


def _chance(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], float]:
    row = con.execute(_CHANCE).fetchone()
    assert row is not None
    persons, village, township, context = row
    return {
        ("village", "same"): min(1.0, max(village or 1.0, 1e-4)),
        ("village", "same township"): min(1.0, max((township or 1.0) - (village or 0.0), 1e-3)),
        ("household", "co-members at home there"): min(0.5, max(context or 1.0, 1.0) / persons),
        ("phone", "same"): min(0.5, 2.0 / persons),
        ("number", "own"): 1.0 / (persons + 1),
        ("number", "of somebody at home"): 1.0 / (persons + 1),
    }
