"""A run killed anywhere: readers keep the last good state, the next run ends as if nothing had happened."""

import sqlite3
import subprocess
from pathlib import Path

from tests.conftest import RUN_DATE, Installation

KILLED = 137
POINTS = (
    "stage.after_write",
    "dbt.mid_model",
    "link.mid_keys",
    "policies.after_lifecycle",
    "publish.after_rename",
)


def test_killed_at_one_point_after_another(
    demo: tuple[Installation, subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    """Prevents half a day, a lost row or a stuck lock after kill -9; one home lives through all of it."""
    installation = demo[0].copy(tmp_path / "home")
    day = ("run", "--date", RUN_DATE.isoformat(), "--landing", str(installation.landing))
    good = installation.fingerprints()[-1]
    for point in POINTS:
        done = installation.hulian(*day, HULIAN_CRASH_AT=point)
        assert done.returncode == KILLED, (point, done.stdout, done.stderr)
        with installation.read() as con:
            assert con.sql("select count(*) > 0 from marts.linked_person").fetchone() == (True,), point
    done = installation.hulian(*day)
    assert done.returncode == 0, done.stderr
    # the run killed after the rename had published: its ledger entry was completed by the next one
    assert len(installation.fingerprints()) == len(demo[0].fingerprints()) + 2
    assert installation.fingerprints()[-1] == good
    assert _statuses(installation) == {"SUCCESS", "FAILURE"}, "no dead run is left STARTED"
    work = list((installation.home / "work").iterdir())
    assert work == [], "private folders of dead and published runs are swept"


def _statuses(installation: Installation) -> set[str]:
    """What Dagster's history says of its runs."""
    with sqlite3.connect(installation.home / "dagster" / "history" / "runs.db") as con:
        return {status for (status,) in con.execute("select status from runs")}
