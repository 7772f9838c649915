"""What a run records of itself: `lineage.run`, `lineage.run_input` and the ledger entry's body."""

import subprocess
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb

from orchestration import ledger
from orchestration.home import Home

# Stages whose row counts an auditor compares between days.
_COUNTED = (
    "raw.delivery", "intermediate.int_mention", "linkage.person", "linkage.household", "marts.linked_person",
    "marts.linked_household", "marts.policy_gap",
)  # fmt: skip
_USED = "status = 'accepted'"


def code_version() -> str:
    """The package's version, with the commit where the code runs from a checkout."""
    checkout = Path(__file__).parent.parent
    if not (checkout / ".git").exists():
        return version("hulian")
    done = subprocess.run(  # fixed arguments, no shell
        ["git", "-C", str(checkout), "describe", "--always", "--dirty"],
        capture_output=True,
        text=True,
        check=False,
    )
    return (
        f"{version('hulian')}+{done.stdout.strip()}"
        if done.returncode == 0 and done.stdout
        else version("hulian")
    )


def write_run_tables(
    connection: duckdb.DuckDBPyConnection,
    home: Home,
    run_id: str,
    run_date: date,
    begun: datetime,
    ended: datetime,
) -> None:
    """Write `lineage.run` (this run and every run in the ledger) and `lineage.run_input` (deliveries this run used)."""
    connection.execute("create schema if not exists lineage")
    connection.execute(
        "create or replace table lineage.run (run_id text, run_date date, started_at timestamptz,"
        " finished_at timestamptz, code_version text)"
    )
    for entry in ledger.read(home.ledger):
        connection.execute(
            "insert into lineage.run values (?, ?, ?, ?, ?)",
            [
                entry["run_id"],
                entry["run_date"],
                entry["started_at"],
                entry["finished_at"],
                entry["code_version"],
            ],
        )
    connection.execute(
        "insert into lineage.run values (?, ?, ?, ?, ?)", [run_id, run_date, begun, ended, code_version()]
    )
    connection.execute(
        "create or replace table lineage.run_input as"
        f" select ?::text as run_id, delivery_id, department, extract, sha256 from lineage.delivery where {_USED}",
        [run_id],
    )


def ledger_entry(connection: duckdb.DuckDBPyConnection, run_id: str, run_date: date) -> dict[str, Any]:
    """What the ledger keeps of a run besides fingerprints: its inputs' hashes, versions, row counts of every stage."""
    inputs = connection.execute(
        "select delivery_id, sha256 from lineage.run_input where run_id = ? order by delivery_id", [run_id]
    ).fetchall()
    times = connection.execute(
        "select strftime(started_at, '%Y-%m-%dT%H:%M:%S.%f%z'), strftime(finished_at, '%Y-%m-%dT%H:%M:%S.%f%z'),"
        " code_version from lineage.run where run_id = ?",
        [run_id],
    ).fetchone()
    assert times is not None
    counts = {}
    for table in _COUNTED:
        row = connection.execute(f"select count(*) from {table}").fetchone()
        assert row is not None
        counts[table] = row[0]
    return {
        "started_at": times[0],
        "finished_at": times[1],
        "code_version": times[2],
        "inputs": dict(inputs),
        "row_counts": counts,
    }
