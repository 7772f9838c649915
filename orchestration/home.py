"""Where everything a run writes lives: the folders under HULIAN_HOME and their access modes.

Knows paths and modes only; what is written into them belongs to the modules that write it.
"""

import os
from dataclasses import dataclass
from pathlib import Path

PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600
DATA_DOCS = "data_docs"  # beside a published warehouse


@dataclass(frozen=True)
class Home:
    """The folders of one installation (`docs/architecture.md`, Files)."""

    root: Path

    @classmethod
    def from_environment(cls) -> "Home":
        """HULIAN_HOME, else `.hulian` in the working directory; always absolute."""
        return cls(Path(os.environ.get("HULIAN_HOME", ".hulian")).absolute())

    @property
    def work(self) -> Path:
        """Private folders of running days (restricted)."""
        return self.root / "work"

    @property
    def settings(self) -> Path:
        """Files that operators keep: releases, the report's claims."""
        return self.root / "settings"

    @property
    def published(self) -> Path:
        """What readers open."""
        return self.root / "published"

    @property
    def versions(self) -> Path:
        """One folder per published state."""
        return self.published / "versions"

    @property
    def history(self) -> Path:
        """One link per published day."""
        return self.published / "history"

    @property
    def current(self) -> Path:
        """The link that readers follow; swapped in one rename."""
        return self.published / "current"

    @property
    def warehouse(self) -> Path:
        """The published warehouse, through `current`."""
        return self.published / "warehouse.duckdb"

    @property
    def data_docs(self) -> Path:
        """The first page of the published day's checks, through `current`."""
        return self.current / DATA_DOCS / "index.html"

    @property
    def dagster(self) -> Path:
        """Dagster's own storage (DAGSTER_HOME)."""
        return self.root / "dagster"

    @property
    def dbt(self) -> Path:
        """dbt's manifest and partial parse, shared by runs; holds no data."""
        return self.root / "dbt"

    @property
    def ledger(self) -> Path:
        """One line per published run."""
        return self.root / "ledger.jsonl"

    @property
    def run_lock(self) -> Path:
        """Held by the one run that writes; freed by the operating system when its process dies."""
        return self.root / "run.lock"

    def landing(self) -> Path:
        """Where departments deliver: HULIAN_LANDING, else `landing` in the working directory; always absolute."""
        return Path(os.environ.get("HULIAN_LANDING", "landing")).absolute()

    def make(self) -> None:
        """Create the folders; those of the restricted zone are readable by their owner only."""
        self.root.mkdir(parents=True, exist_ok=True)
        for folder in (self.settings, self.published, self.versions, self.history, self.dagster, self.dbt):
            folder.mkdir(parents=True, exist_ok=True)
        for folder in (self.work, self.root / "archive", self.root / "raw"):
            folder.mkdir(exist_ok=True)
            folder.chmod(PRIVATE_FOLDER)
