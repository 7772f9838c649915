"""Files and folders that are either whole under their final name or not there at all.

Here belong write-aside, fsync and rename. What the files hold belongs to their writers.
The order is always: write aside, fsync the file, rename, fsync the folder (a power cut keeps one of both states).
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FOLDER_MODE = 0o700  # restricted zone: the operator alone
FILE_MODE = 0o600
ASIDE = ".aside"


def make_folder(path: Path) -> Path:
    """Make `path` and its missing parents with mode 0700; the folder itself is set to 0700 if it exists."""
    for folder in [*reversed(path.parents), path]:
        if not folder.exists():
            folder.mkdir(mode=FOLDER_MODE, exist_ok=True)
    path.chmod(FOLDER_MODE)
    return path


def fsync_path(path: Path) -> None:
    """Force one file or folder to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """Replace `path` by the JSON text of `value` in one step."""
    aside = path.with_name(f"{path.name}.{os.getpid()}{ASIDE}")
    text = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    with os.fdopen(
        os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, FILE_MODE), "w", encoding="utf-8"
    ) as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    aside.replace(path)
    fsync_path(path.parent)


def publish_folder(aside: Path, final: Path) -> None:
    """Give a finished folder its final name; a folder already there wins, since names carry the content's hash."""
    for file in sorted(aside.iterdir()):
        file.chmod(FILE_MODE)
        fsync_path(file)
    fsync_path(aside)
    make_folder(final.parent)
    if final.exists():
        shutil.rmtree(aside)
        return
    aside.rename(final)
    fsync_path(final.parent)


def sweep_aside(folder: Path) -> None:
    """Remove what dead runs left in `folder`; names end in `.<process id>`, and a living run's are left alone."""
    if not folder.is_dir():
        return
    for left in sorted(folder.iterdir()):
        process = left.name.rpartition(".")[2]
        if process.isdigit() and int(process) != os.getpid() and _is_alive(int(process)):
            continue
        if left.is_dir() and not left.is_symlink():
            shutil.rmtree(left)
        else:
            left.unlink()


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
