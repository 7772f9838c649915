"""How Dagster's own SQLite files are written: durable enough for a history, without a disk sync per event.

The truth of a run is the ledger and the published files, which are synced by themselves. Dagster's event log writes
several hundred small transactions a run, which on a slow disk would each wait for it. In WAL mode with synchronous=NORMAL
a power cut can cost the last events of a run's history, never its consistency (SQLite's documentation of WAL).
Dagster opens a file anew for every event, and the last connection that closes a file writes its WAL back and syncs it: a
run of the full county waited 20 s for that. One connection of ours stays open to each file while a run lasts.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def history_without_syncs() -> Iterator[None]:
    """While it lasts, SQLite files that this process opens through SQLAlchemy sync at checkpoints only and stay open."""
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    kept: dict[str, sqlite3.Connection] = {}

    def keep_open(connection: Any, record: object) -> None:
        if not _is_sqlite(connection):
            return
        path = connection.execute("PRAGMA database_list").fetchone()[2]
        if path and path not in kept:  # a file in memory has no path
            kept[path] = sqlite3.connect(path, check_same_thread=False)
            # a file counts as open, and its WAL as in use, from the first read on
            kept[path].execute("select count(*) from sqlite_master").fetchone()

    event.listen(Engine, "connect", _relax)
    event.listen(Engine, "close", keep_open)  # by now Dagster has set the file up, in WAL mode
    try:
        yield
    finally:
        event.remove(Engine, "connect", _relax)
        event.remove(Engine, "close", keep_open)
        for connection in kept.values():
            connection.close()


def _relax(connection: Any, record: object) -> None:
    if _is_sqlite(connection):
        connection.execute("PRAGMA synchronous=NORMAL")


def _is_sqlite(connection: Any) -> bool:
    return type(connection).__module__.startswith("sqlite3")
