"""The ledger: one hash-chained line per published run, which makes a published figure provable later.

An entry is written last, after the published link points at the new state; a run that died in between is
completed from that state's manifest by the next one (`complete`).
"""

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingest.crash import crash_point

GENESIS = "0" * 64


def entry_hash(entry: dict[str, Any]) -> str:
    """SHA-256 over the entry without its own hash, as canonical JSON."""
    body = {key: value for key, value in entry.items() if key != "hash"}
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def read(path: Path) -> list[dict[str, Any]]:
    """All whole entries in order; a torn last line (a run killed while writing it) is not an entry."""
    return list(_entries(path))


def _entries(path: Path) -> Iterator[dict[str, Any]]:
    if not path.exists():
        return
    for line in path.read_bytes().splitlines(keepends=True):
        if line.endswith(b"\n"):
            yield json.loads(line)


def append(path: Path, body: dict[str, Any]) -> dict[str, Any]:
    """Append `body` chained to the last entry; cuts off a torn last line first. Returns the entry written."""
    entries = read(path)
    entry = {**body, "previous": entries[-1]["hash"] if entries else GENESIS}
    entry["hash"] = entry_hash(entry)
    line = json.dumps(entry, sort_keys=True, ensure_ascii=False).encode() + b"\n"
    with path.open("ab") as file:
        whole = _whole_bytes(path)
        if file.tell() != whole:
            file.truncate(whole)
        half = len(line) // 2
        file.write(line[:half])
        file.flush()
        crash_point("ledger.mid_line")
        file.write(line[half:])
        file.flush()
        os.fsync(file.fileno())
    return entry


def _whole_bytes(path: Path) -> int:
    content = path.read_bytes()
    return content.rfind(b"\n") + 1


def complete(path: Path, body: dict[str, Any] | None) -> None:
    """Append the entry of the published state if the run that made it died before writing it."""
    if body and all(entry["run_id"] != body["run_id"] for entry in read(path)):
        append(path, body)


def broken_at(path: Path) -> int | None:
    """The number (from 1) of the first entry that is not chained rightly, or None."""
    previous = GENESIS
    for number, entry in enumerate(_entries(path), start=1):
        if entry["previous"] != previous or entry["hash"] != entry_hash(entry):
            return number
        previous = entry["hash"]
    return None
