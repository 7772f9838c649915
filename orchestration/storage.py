"""How Dagster's own SQLite files are written: durable enough for a history, without a disk sync per event.

The truth of a run is the ledger and the published files, which are synced by themselves. Dagster's event log writes
several hundred small transactions a run, which on a slow disk would each wait for it. In WAL mode with synchronous=NORMAL
a power cut can cost the last events of a run's history, never its consistency (SQLite's documentation of WAL).
"""

from typing import Any


def write_history_without_syncs() -> None:
    """From now on, SQLite connections that this process opens through SQLAlchemy sync at checkpoints only."""
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    if not event.contains(Engine, "connect", _relax):
        event.listen(Engine, "connect", _relax)


def _relax(connection: Any, record: object) -> None:
    if type(connection).__module__.startswith("sqlite3"):
        connection.execute("PRAGMA synchronous=NORMAL")
