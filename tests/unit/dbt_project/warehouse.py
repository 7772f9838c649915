"""A run's private database in miniature: every table that dbt reads, typed as the contracts say, with only the rows a test gives.

Belongs here: making the tables of the rooms before dbt and running dbt on them. Does not belong here: assertions.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import yaml

from expectations.scorecard import scorecard_variables

REPOSITORY = Path(__file__).resolve().parents[3]
PROJECT = REPOSITORY / "dbt_project"
RUN_VARS: dict[str, Any] = {
    "run_date": "2026-11-23",
    "premium_year": 2026,
    "term": "2026秋",
    "visit_interval_days": {"red": 15, "yellow": 31, "blue": 92},
    "visit_list_days": 14,
    "scorecard": scorecard_variables(date(2026, 11, 23)),
}

_TYPES = {
    "text": "VARCHAR", "name": "VARCHAR", "phone": "VARCHAR", "code": "VARCHAR", "village": "VARCHAR", "id_number": "VARCHAR",
    "date": "DATE", "month": "DATE", "money": "DECIMAL(14,2)", "decimal": "DOUBLE", "int": "BIGINT", "bool": "BOOLEAN",
    "list": "VARCHAR[]",
}  # fmt: skip
_ROW = {"record_key": "VARCHAR", "delivery_id": "VARCHAR", "data_date": "DATE", "delivery_number": "INTEGER", "row_number": "INTEGER"}  # fmt: skip

_OTHER_ROOMS: dict[str, dict[str, str]] = {
    "raw.delivery": {
        "delivery_id": "VARCHAR", "department": "VARCHAR", "extract": "VARCHAR", "data_date": "DATE", "number": "INTEGER",
        "file_name": "VARCHAR", "sha256": "VARCHAR", "bytes": "BIGINT", "received_at": "TIMESTAMP", "status": "VARCHAR",
        "rule": "VARCHAR", "reason": "VARCHAR", "reason_zh": "VARCHAR", "encoding": "VARCHAR", "rows_read": "BIGINT", "rows_loaded": "BIGINT",
        "rows_quarantined": "BIGINT", "field_issues": "BIGINT", "mode": "VARCHAR",
    },
    "raw.field_issue": {
        "delivery_id": "VARCHAR", "department": "VARCHAR", "extract": "VARCHAR", "row_number": "INTEGER",
        "column_name": "VARCHAR", "rule": "VARCHAR", "raw_text": "VARCHAR",
    },
    "raw.quarantined_row": {
        "delivery_id": "VARCHAR", "department": "VARCHAR", "extract": "VARCHAR", "row_number": "INTEGER",
        "column_name": "VARCHAR", "rule": "VARCHAR", "raw_row": "VARCHAR",
    },
    "raw.earlier_issue_count": {
        "delivery_id": "VARCHAR", "kind": "VARCHAR", "issues": "BIGINT", "rows_affected": "BIGINT",
    },
    "raw.report_claim": {"figure_id": "VARCHAR", "claimed": "DOUBLE"},
    "linkage.mention_link": {
        "mention_key": "VARCHAR", "record_key": "VARCHAR", "person_key": "VARCHAR", "match_method": "VARCHAR",
        "match_score": "DOUBLE", "model_version": "VARCHAR",
    },
    "linkage.id_conflict": {"mention_key": "VARCHAR"},
    "linkage.person": {
        "person_key": "VARCHAR", "identity_quality": "VARCHAR", "id_number": "VARCHAR", "name": "VARCHAR", "sex": "VARCHAR",
        "birth_date": "DATE", "village_code": "VARCHAR", "departments": "INTEGER", "phone": "VARCHAR",
    },
    "linkage.household": {
        "household_key": "VARCHAR", "household_no": "VARCHAR", "formed_from": "VARCHAR", "village_code": "VARCHAR",
    },
    "linkage.household_member": {
        "household_key": "VARCHAR", "person_key": "VARCHAR", "relation": "VARCHAR", "source": "VARCHAR",
        "decided": "BOOLEAN", "evidence": "VARCHAR",
    },
    "linkage.key_redirect": {"old_key": "VARCHAR", "new_key": "VARCHAR", "kind": "VARCHAR", "since": "DATE", "reason": "VARCHAR"},
    "linkage.quality": {
        "run_date": "DATE", "scope_kind": "VARCHAR", "scope": "VARCHAR", "mentions": "BIGINT", "linked": "BIGINT",
        "linked_share": "DOUBLE", "persons": "BIGINT", "cluster_max": "BIGINT", "cluster_p99": "BIGINT",
        "cluster_large": "BIGINT", "names_max": "BIGINT", "estimated_precision": "DOUBLE", "precision_low": "DOUBLE",
        "precision_high": "DOUBLE", "precision_basis": "VARCHAR", "estimated_recall": "DOUBLE", "recall_low": "DOUBLE",
        "recall_high": "DOUBLE", "recall_basis": "VARCHAR", "reviewed": "BIGINT",
    },
    "policies.gap": {
        "gap_id": "VARCHAR", "policy_id": "VARCHAR", "subject_kind": "VARCHAR", "subject_key": "VARCHAR",
        "person_key": "VARCHAR", "household_key": "VARCHAR", "township_name": "VARCHAR", "village_code": "VARCHAR",
        "department": "VARCHAR", "severity": "VARCHAR", "kind": "VARCHAR", "status": "VARCHAR", "reason": "VARCHAR",
        "first_seen": "DATE", "last_seen": "DATE", "resolved_on": "DATE", "exempt_until": "DATE", "due_on": "DATE",
        "doubt": "VARCHAR", "doubt_score": "DOUBLE", "opened_on": "DATE", "evidence": "VARCHAR", "parameters": "VARCHAR",
        "sent_on": "DATE",
    },
    "policies.result": {
        "policy_id": "VARCHAR", "run_date": "DATE", "subject_kind": "VARCHAR", "department": "VARCHAR", "severity": "VARCHAR",
        "kind": "VARCHAR", "applicable": "BIGINT", "met": "BIGINT", "gap": "BIGINT", "unknown": "BIGINT",
        "evaluated": "BOOLEAN", "reason": "VARCHAR", "checked": "BIGINT", "confirmed": "BIGINT", "yield_share": "DOUBLE",
        "needs_review": "BOOLEAN",
    },
    "policies.earlier_result": {
        "policy_id": "VARCHAR", "run_date": "DATE", "subject_kind": "VARCHAR", "department": "VARCHAR", "severity": "VARCHAR",
        "kind": "VARCHAR", "applicable": "BIGINT", "met": "BIGINT", "gap": "BIGINT", "unknown": "BIGINT",
        "evaluated": "BOOLEAN", "reason": "VARCHAR", "checked": "BIGINT", "confirmed": "BIGINT", "yield_share": "DOUBLE",
        "needs_review": "BOOLEAN",
    },
    "policies.rule_hit": {
        "rule_id": "VARCHAR", "run_date": "DATE", "class": "VARCHAR", "subject_kind": "VARCHAR", "subject_key": "VARCHAR",
        "person_key": "VARCHAR", "household_key": "VARCHAR", "township_name": "VARCHAR", "village_code": "VARCHAR",
    },
    "policies.rule_result": {
        "rule_id": "VARCHAR", "run_date": "DATE", "title": "VARCHAR", "class": "VARCHAR", "subject_kind": "VARCHAR",
        "applicable": "BIGINT", "flagged": "BIGINT", "evaluated": "BOOLEAN", "reason": "VARCHAR",
    },
    "policies.clue_order": {
        "gap_id": "VARCHAR", "household_key": "VARCHAR", "is_doubtful": "BOOLEAN", "place": "BIGINT",
    },
    "policies.household_order": {
        "household_key": "VARCHAR", "severity": "VARCHAR", "gaps": "BIGINT", "critical_gaps": "BIGINT",
        "doubtful_gaps": "BIGINT", "unknown_gaps": "BIGINT", "certainty": "DOUBLE", "has_children": "BOOLEAN",
        "has_elderly": "BOOLEAN", "has_disabled": "BOOLEAN", "has_no_labour": "BOOLEAN", "vulnerability": "BIGINT",
        "days_open": "BIGINT", "next_due_on": "DATE", "rank_in_county": "BIGINT", "rank_in_township": "BIGINT",
    },
    "policies.card": {"household_key": "VARCHAR", "card": "VARCHAR", "since": "DATE"},
    "policies.extract_freshness": {
        "extract": "VARCHAR", "data_date": "DATE", "allowed_days": "INTEGER", "is_stale": "BOOLEAN",
    },
    "policies.earlier_scorecard": {
        "period_kind": "VARCHAR", "period_start": "DATE", "period_end": "DATE", "as_of": "DATE", "township_name": "VARCHAR",
        "township_code": "VARCHAR", "households_with_card": "INTEGER", "overdue_visits": "INTEGER", "open_gaps": "INTEGER",
        "open_critical_gaps": "INTEGER", "open_major_gaps": "INTEGER", "open_minor_gaps": "INTEGER",
        "old_critical_gaps": "INTEGER", "new_gaps": "INTEGER", "resolved_gaps": "INTEGER", "clue_clocks_passed": "INTEGER",
        "checked_gaps": "INTEGER", "waiting_gaps": "INTEGER", "extracts": "INTEGER", "stale_extracts": "INTEGER",
        "overdue_visit_rate": "DOUBLE", "old_critical_share": "DOUBLE", "verdict_rate": "DOUBLE", "stale_share": "DOUBLE",
        "score": "DOUBLE", "grade": "VARCHAR",
    },
    "policies.household_contact": {"household_no": "VARCHAR", "contact_key": "VARCHAR", "helper_key": "VARCHAR"},
}  # fmt: skip


@lru_cache(maxsize=1)
def tables() -> dict[str, dict[str, str]]:
    """Return `schema.table` → column → DuckDB type, for all tables that dbt's sources name."""
    found: dict[str, dict[str, str]] = {}
    for path in sorted((REPOSITORY / "ingest" / "contracts").glob("*/*.yaml")):
        columns = dict(_ROW)
        for column in yaml.safe_load(path.read_text(encoding="utf-8"))["schema"][0]["properties"]:
            columns[column["name"]] = _TYPES[column["physicalType"]]
            if column["physicalType"] == "id_number":
                columns |= {f"{column['name']}_quality": "VARCHAR", f"{column['name']}_raw": "VARCHAR"}
        found[f"raw.raw_{path.parent.name}__{path.stem}"] = columns
    return found | _OTHER_ROOMS


def make_tables(database: Path, rows: Mapping[str, Iterable[Mapping[str, Any]]]) -> None:
    """Create every table in `database` and insert `rows` (`schema.table` → rows as column → value; columns left out are null)."""
    with duckdb.connect(str(database)) as con:
        for schema in ("raw", "linkage", "policies"):
            con.execute(f"create schema {schema}")
        for table, columns in tables().items():
            definition = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
            con.execute(f"create table {table} ({definition})")
            for row in rows.get(table, ()):
                unknown = set(row) - set(columns)
                if unknown:
                    raise KeyError(f"{table} has no column {sorted(unknown)}")
                names = ", ".join(f'"{name}"' for name in row)
                marks = ", ".join("?" for _ in row)
                con.execute(f"insert into {table} ({names}) values ({marks})", list(row.values()))


@dataclass(frozen=True)
class Outcome:
    """What one dbt command did: its success, and node name → status of every node that it ran."""

    success: bool
    statuses: dict[str, str]
    messages: list[str]


def run_dbt(database: Path, *arguments: str, variables: Mapping[str, Any] | None = None) -> Outcome:
    """Run one dbt command in this process on `database`; target and logs go beside the database."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    os.environ["HULIAN_WORK_DB"] = str(database)
    outcome: Any = dbtRunner().invoke(
        [
            "--log-level", "none", "--log-level-file", "none", "--warn-error",
            *arguments,
            "--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT),
            "--target-path", str(database.parent / "target"), "--log-path", str(database.parent / "logs"),
            "--vars", yaml.safe_dump(dict(variables or RUN_VARS), allow_unicode=True),
        ]
    )  # fmt: skip
    DuckDBConnectionManager.close_all_connections()  # else dbt holds the file, and a test cannot open it read-only
    if outcome.result is None:
        return Outcome(False, {}, [str(outcome.exception)])
    ran = outcome.result.results
    return Outcome(
        bool(outcome.success),
        {each.node.name: str(each.status) for each in ran},
        [f"{each.node.name}: {each.message}" for each in ran if str(each.status) not in ("success", "pass")],
    )


def build(database: Path, step: str) -> Outcome:
    """Build one step (`stage`, `join`, `order`) as the daily run does: models and data tests, no unit tests."""
    return run_dbt(database, "build", "--select", f"tag:{step}", "--exclude-resource-type", "unit_test")
