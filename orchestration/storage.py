"""How Dagster's own SQLite files are written: durable enough for a history, without a disk sync per event.

The truth of a run is the ledger and the published files, which are synced by themselves. Dagster's event log writes
a thousand small transactions a run, which on a slow disk would each wait for it. In WAL mode with synchronous=NORMAL
a power cut can cost the last events of a run's history, never its consistency (SQLite's documentation of WAL).
Dagster opens and closes a file for every event, and the last connection that closes a file writes its WAL back and syncs
it: a run of the full county waited 20 s for that. Here a closed connection is kept for the next event.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class _Kept(sqlite3.Connection):
    """A connection that goes back where it came from when it is closed."""

    home: list["_Kept"] | None = None

    def close(self) -> None:
        if self.home is None:
            super().close()
        else:
            self.rollback()
            self.home.append(self)


@contextmanager
def history_without_syncs() -> Iterator[None]:
    """While it lasts, SQLite files that this process opens through SQLAlchemy sync at checkpoints only and stay open."""
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    free: dict[str, list[_Kept]] = defaultdict(list)
    made: list[_Kept] = []

    def connect(dialect: Any, record: object, arguments: tuple[Any, ...], options: dict[str, Any]) -> Any:
        """None leaves it to SQLAlchemy: another engine than SQLite, or a file that lives in memory."""
        if dialect.name != "sqlite" or not arguments or str(arguments[0]).startswith((":memory:", "file:")):
            return None
        waiting = free[str(arguments[0])]
        try:
            return waiting.pop()  # one step: other threads ask too
        except IndexError:
            opened = sqlite3.connect(*arguments, **{**options, "check_same_thread": False}, factory=_Kept)
            opened.execute("PRAGMA synchronous=NORMAL")
            opened.home = waiting
            made.append(opened)
            return opened

    event.listen(Engine, "do_connect", connect)
    try:
        yield
    finally:
        event.remove(Engine, "do_connect", connect)
        for connection in made:
            connection.home = None
        for connections in free.values():
            for connection in connections:
                connection.close()
