"""Other ways to link the same mentions, for comparison: the exact join on ID numbers, and one tuned Splink model.

Each writes `peer_link` (mention_key, person_key) from `intermediate.int_mention`. They are measured beside ours by
`hulian bench` and never used by a run.
"""

import logging
from typing import Any

import duckdb

from linkage.names import install_name_macros

# What a spreadsheet does: numbers trimmed and in upper case, equal numbers are one person, no number is nobody else.
# Words such as 无 in the column are taken for no number; a spreadsheet that joins them too is far worse still.
_EXACT = """
create or replace temp table peer_link as
select mention_key,
    case when length(trim(id_raw)) >= 15 then 'id:' || upper(trim(id_raw)) else mention_key end as person_key
from intermediate.int_mention
"""

_INPUT = """
create or replace temp table peer_mention as
select mention_key as unique_id, bare_name(name) as name, left(name, 1) as surname, id_number,
    case when length(id_raw) >= 15 then id_raw end as id_text, left(id_raw, 14) as id_start,
    coalesce(birth_date, try_cast(substr(id_number, 7, 4) || '-' || substr(id_number, 11, 2) || '-'
        || substr(id_number, 13, 2) as date)) as birth_date,
    coalesce(sex, case when substr(id_number, 17, 1)::int % 2 = 1 then '男' when id_number is not null then '女' end) as sex,
    village_code, left(village_code, 9) as township_code, phone, key_kind || ':' || key_no as department_key
from intermediate.int_mention
"""

_BLOCKS = (
    "l.id_number = r.id_number",
    "l.id_start = r.id_start and l.surname = r.surname",
    "l.department_key = r.department_key",
    "l.name = r.name and l.birth_date = r.birth_date",
    "l.name = r.name and l.village_code = r.village_code",
    "l.birth_date = r.birth_date and l.village_code = r.village_code and l.surname = r.surname",
    "l.phone = r.phone and l.surname = r.surname",
)
_U_PAIRS = 1e6  # 2e7 take minutes and change nothing that shows
_ACCEPT = 0.95
# The label column is the number itself, so its own m and u cannot be learned from it; of whom it is wrong is known.
_NUMBER = (("id_text_l = id_text_r", 0.93, 1e-7), ("damerau_levenshtein(id_text_l, id_text_r) <= 2", 0.02, 1e-5),
           ("left(id_text_l, 14) = left(id_text_r, 14)", 0.03, 1e-5))  # fmt: skip


def link_by_exact_number(con: duckdb.DuckDBPyConnection) -> None:
    """Link by equal ID numbers as delivered."""
    con.execute(_EXACT)


def link_by_splink(con: duckdb.DuckDBPyConnection, seed: int = 1) -> None:
    """Link by one Splink model over all mentions: it trains, predicts and clusters at 0.95.

    Tuned as far as the fields go: names by characters with term frequencies, numbers by slips and surviving digits,
    birth date and sex out of the number, places by township, department keys; u by sampling, m from equal numbers.
    """
    from splink import DuckDBAPI, Linker

    install_name_macros(con, "intermediate.int_mention")
    con.execute(_INPUT)
    api = DuckDBAPI(connection=con)
    linker = Linker(api.register("peer_mention", dataset_display_name="mention"), _settings())
    logging.getLogger("splink").setLevel(logging.ERROR)
    linker.training.estimate_u_using_random_sampling(max_pairs=_U_PAIRS, seed=seed)
    linker.training.estimate_m_from_label_column("id_number")
    predicted = linker.inference.predict(threshold_match_probability=_ACCEPT, warning_mode="never")
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(predicted, _ACCEPT)
    con.execute(
        "create or replace temp table peer_link as"
        f" select unique_id as mention_key, cluster_id::text as person_key from {clusters.physical_name}"
    )


def _settings() -> dict[str, Any]:
    return {
        "link_type": "dedupe_only",
        "sql_dialect": "duckdb",
        "unique_id_column_name": "unique_id",
        "probability_two_random_records_match": 2e-5,
        "blocking_rules_to_generate_predictions": list(_BLOCKS),
        "comparisons": [
            _comparison("name", ["name_l = name_r", "one_character_apart(name_l, name_r)"], frequency="name"),
            _number(),
            _comparison(
                "birth_date", ["birth_date_l = birth_date_r", "year(birth_date_l) = year(birth_date_r)"]
            ),
            _comparison("sex", ["sex_l = sex_r"]),
            _comparison(
                "village_code", ["village_code_l = village_code_r", "township_code_l = township_code_r"]
            ),
            _comparison("phone", ["phone_l = phone_r"]),
            _comparison("department_key", ["department_key_l = department_key_r"]),
        ],
    }


def _number() -> dict[str, Any]:
    comparison = _comparison("id_text", [condition for condition, _, _ in _NUMBER])
    rest = (1 - sum(m for _, m, _ in _NUMBER), 1 - sum(u for _, _, u in _NUMBER))
    shares = [*((m, u) for _, m, u in _NUMBER), rest]
    for level, (m, u) in zip(comparison["comparison_levels"][1:], shares, strict=True):
        level |= {
            "m_probability": m,
            "u_probability": u,
            "fix_m_probability": True,
            "fix_u_probability": True,
        }
    return comparison


def _comparison(column: str, conditions: list[str], frequency: str | None = None) -> dict[str, Any]:
    levels: list[dict[str, Any]] = [
        {
            "sql_condition": f"{column}_l is null or {column}_r is null",
            "label_for_charts": "unknown",
            "is_null_level": True,
        }
    ]
    for place, condition in enumerate(conditions):
        level: dict[str, Any] = {"sql_condition": condition, "label_for_charts": condition}
        if frequency and place == 0:
            level |= {"tf_adjustment_column": frequency, "tf_adjustment_weight": 1.0}
        levels.append(level)
    levels.append({"sql_condition": "ELSE", "label_for_charts": "other"})
    return {"output_column_name": column, "comparison_levels": levels}
