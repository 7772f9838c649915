"""Which landed files were hashed before, so that a year of deliveries is not read again every morning.

Here belongs the memory of hashes. It only saves reading: without it every file is hashed again, with the same result.
"""

from __future__ import annotations

import json
from pathlib import Path

from ingest.archive import hash_file
from ingest.durable import write_json
from ingest.landing import Landed

_FILE = "seen.json"


class Seen:
    """Hashes by place in landing, trusted while size, both times and inode of the file are unchanged."""

    def __init__(self, home: Path) -> None:
        self._file = home / "raw" / _FILE
        self._known: dict[str, list[object]] = {}
        if self._file.exists():
            try:
                self._known = json.loads(self._file.read_text(encoding="utf-8"))
            except ValueError:  # damaged: a memory that only saves time may be forgotten
                self._known = {}
        self._changed = False

    def hash_of(self, landed: Landed) -> str:
        """SHA-256 of a landed file, remembered if the file has been quiet long enough to be told from a later one."""
        stamp = _stamp(landed)
        name = str(landed.path)
        known = self._known.get(name)
        if known is not None and known[:-1] == stamp:
            return str(known[-1])
        sha256 = hash_file(landed.path)
        if landed.is_quiet:
            self._known[name] = [*stamp, sha256]
            self._changed = True
        return sha256

    def knows(self, landed: Landed) -> bool:
        """Whether this very file was hashed before; one that is gone by now is as good as known."""
        try:
            stamp = _stamp(landed)
        except FileNotFoundError:
            return True
        known = self._known.get(str(landed.path))
        return known is not None and known[:-1] == stamp

    def save(self) -> None:
        """Keep what was learnt."""
        if self._changed:
            write_json(self._file, self._known)


def _stamp(landed: Landed) -> list[object]:
    found = landed.path.lstat()
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]
