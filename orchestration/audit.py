"""The audit between building and publishing: questions with one number each, where anything but zero blocks.

The questions are data (`audit.yaml`); this module asks them.
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb
import yaml


@dataclass(frozen=True)
class Audit:
    """One question: what must be true, and a query that counts violations."""

    id: str
    sentence: str
    sql: str


@dataclass(frozen=True)
class Finding:
    """An asked question and its count."""

    audit: Audit
    violations: int


def load() -> list[Audit]:
    """The questions in their written order."""
    return [Audit(**entry) for entry in yaml.safe_load((Path(__file__).parent / "audit.yaml").read_text())]


def run(connection: duckdb.DuckDBPyConnection, audits: list[Audit]) -> list[Finding]:
    """Ask every question of the run's database."""
    findings = []
    for audit in audits:
        row = connection.execute(audit.sql).fetchone()
        assert row is not None
        findings.append(Finding(audit, int(row[0])))
    return findings
