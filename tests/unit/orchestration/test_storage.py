"""Dagster's history is written without a disk sync per event, and is whole when the run has ended."""

import sqlite3
from pathlib import Path

import sqlalchemy
from sqlalchemy.pool import NullPool

from orchestration.storage import history_without_syncs


def _write(file: Path, text: str) -> None:
    """As Dagster does: an engine and a connection for one event."""
    engine = sqlalchemy.create_engine(f"sqlite:///{file}", poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text("PRAGMA journal_mode=WAL"))
        connection.execute(sqlalchemy.text("create table if not exists event (told text)"))
        connection.execute(sqlalchemy.text("insert into event values (:told)"), {"told": text})


def test_events_are_not_synced_one_by_one(tmp_path: Path) -> None:
    """Prevents every event of a run from waiting for the disk: a closed file would be written back and synced."""
    file, log = tmp_path / "events.db", tmp_path / "events.db-wal"
    with history_without_syncs():
        for text in ("begun", "ended"):
            _write(file, text)
            assert log.stat().st_size > 0
    assert not log.exists()
    with sqlite3.connect(file) as connection:
        assert connection.execute("select told from event").fetchall() == [("begun",), ("ended",)]


def test_it_ends_with_the_run(tmp_path: Path) -> None:
    """Prevents a process of many runs, or of pages, from holding every file that it ever opened."""
    with history_without_syncs():
        pass
    _write(tmp_path / "events.db", "later")
    assert not (tmp_path / "events.db-wal").exists()
