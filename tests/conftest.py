"""A whole day on a small county, run as a new user runs it: the command in its own process, real files, real Dagster.

Made once for all tests that ask for it; a test that changes the home works on a copy (`Installation.copy`).
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pytest

RUN_DATE = date(2026, 11, 23)
KEY = "the key of the pipeline tests"
_PERSONS = "1500"


@dataclass(frozen=True)
class Installation:
    """One home, and the command over it."""

    home: Path

    @property
    def landing(self) -> Path:
        """The demo county's landing folder."""
        return self.home / "demo" / "landing"

    @property
    def truth(self) -> Path:
        """The demo county's truth."""
        return self.home / "demo" / "truth"

    @property
    def warehouse(self) -> Path:
        """What readers open."""
        return self.home / "published" / "warehouse.duckdb"

    def hulian(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run `hulian` with these arguments to its end."""
        command = [str(Path(sys.executable).parent / "hulian"), *arguments]
        values = {
            **os.environ,
            "HULIAN_HOME": str(self.home),
            "HULIAN_KEY": KEY,
            "HULIAN_LANG": "en",
            **environment,
        }
        return subprocess.run(command, capture_output=True, text=True, env=values, check=False, timeout=280)

    def copy(self, folder: Path) -> "Installation":
        """The same home elsewhere, to be changed freely (published links are relative)."""
        shutil.copytree(self.home, folder, symlinks=True)
        return Installation(folder)

    def fingerprints(self) -> list[dict[str, str]]:
        """Fingerprints of the published tables, one mapping per run of the ledger."""
        lines = (self.home / "ledger.jsonl").read_text().splitlines()
        return [json.loads(line)["fingerprints"] for line in lines]

    def read(self) -> duckdb.DuckDBPyConnection:
        """The published warehouse, read-only."""
        return duckdb.connect(str(self.warehouse), read_only=True)


@pytest.fixture(scope="session")
def demo(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Installation, subprocess.CompletedProcess[str]]]:
    """A home in which `hulian demo` has run once."""
    installation = Installation(tmp_path_factory.mktemp("day") / "home")
    done = installation.hulian("demo", "--persons", _PERSONS, "--date", RUN_DATE.isoformat())
    assert done.returncode == 0, done.stdout + done.stderr
    yield installation, done
