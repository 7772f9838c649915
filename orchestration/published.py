"""The published states: which is current, which day was published before, what may be swept away.

Reads and links only; building a state is `publish`.
"""

import json
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ingest.crash import crash_point
from orchestration.home import Home

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Version:
    """One published state: its folder and manifest."""

    folder: Path
    manifest: dict[str, Any]

    @property
    def run_date(self) -> date:
        """The day it describes."""
        return date.fromisoformat(self.manifest["run_date"])

    @property
    def warehouse(self) -> Path:
        """Its warehouse file."""
        return self.folder / "warehouse.duckdb"


def _version(link: Path) -> Version | None:
    manifest = link / MANIFEST
    if not manifest.exists():
        return None
    return Version(link.resolve(), json.loads(manifest.read_text()))


def current(home: Home) -> Version | None:
    """The state that readers see, or None before the first publishing."""
    return _version(home.current)


def of_run(home: Home, run_id: str) -> Version | None:
    """The state that a run has published, or None."""
    versions = (_version(link) for link in home.history.iterdir())
    return next((found for found in versions if found and found.manifest["run_id"] == run_id), None)


def latest_before(home: Home, run_date: date) -> Version | None:
    """The published state of the last day before `run_date`: yesterday's gaps and links come from here."""
    days = sorted(link.name for link in home.history.iterdir() if link.name < run_date.isoformat())
    return _version(home.history / days[-1]) if days else None


def sweep(home: Home, keep_days: int) -> None:
    """Remove what no link leads to: half-built states of dead runs, replaced versions, days beyond retention.

    The caller holds the run lock, so no folder here belongs to a living run. Called before a state is published, so
    that the state just replaced stays for a whole run: a reader may be between following the link and opening the file
    (measured: one failed open in some hundred when it was removed at once).
    """
    days = sorted((link for link in home.history.iterdir() if link.is_symlink()), reverse=True)
    for link in days[keep_days:]:
        link.unlink()
    held = {link.resolve() for link in home.history.iterdir()} | {home.current.resolve()}
    for folder in home.versions.iterdir():
        if folder.resolve() not in held:
            crash_point("sweep.mid_delete")
            shutil.rmtree(folder)


def sweep_work(home: Home, keep: str) -> None:
    """Remove the private folders of runs other than `keep`, except their failure logs' newest."""
    for folder in home.work.iterdir():
        if folder.is_dir() and folder.name != keep:
            shutil.rmtree(folder)
