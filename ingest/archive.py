"""The archive: every delivered file as it came, under its SHA-256.

Here belong hashing and copying. A file is opened without following links and without waiting for a writer.
"""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

from ingest.crash import crash_point
from ingest.durable import FILE_MODE, fsync_path, make_folder
from ingest.refused import Refused

_CHUNK = 1 << 20


def _open(path: Path) -> int:
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise Refused("special_file.other")
    return handle


def hash_file(path: Path) -> str:
    """SHA-256 of a regular file, in hexadecimal."""
    with os.fdopen(_open(path), "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def archived(home: Path, sha256: str) -> Path:
    """Where a file with this hash is or would be kept."""
    return home / "archive" / sha256


def archive_file(home: Path, path: Path, sha256: str) -> Path | None:
    """Copy `path` into the archive under its hash; None when its content is no longer what was hashed."""
    final = archived(home, sha256)
    if final.exists():
        return final
    aside_folder = make_folder(make_folder(home / "archive") / ".aside")
    aside = aside_folder / f"{sha256}.{os.getpid()}"
    crash_point("land.before_copy")
    digest = hashlib.sha256()
    with (
        os.fdopen(_open(path), "rb") as source,
        os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, FILE_MODE), "wb") as out,
    ):
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            out.write(chunk)
            crash_point("land.mid_copy")
        out.flush()
        os.fsync(out.fileno())
    if digest.hexdigest() != sha256:
        aside.unlink()
        return None
    aside.rename(final)
    fsync_path(final.parent)
    crash_point("land.after_copy")
    return final
