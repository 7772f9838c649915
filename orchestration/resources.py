"""The day as Dagster resource: paths, keys, the run lock and the run's private database.

One object per run; steps get everything that is not data from here.
"""

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
from pydantic import PrivateAttr

from ingest.ahead import Reading
from ingest.contract import load_contracts
from orchestration import ledger, published
from orchestration.engine import memory_limit_bytes, settings, work_database
from orchestration.failures import MayPass, told_clearly
from orchestration.home import PRIVATE_FOLDER, Home
from orchestration.keyring import Keyring
from orchestration.lock import only_writer
from orchestration.progress import StepTiming, current_progress

_RETRIES = 2
_FIRST_WAIT_SECONDS = 5.0


class Day(dg.ConfigurableResource[Any]):
    """One day's run over one home and one landing folder.

    Holds the run lock from the first step to the last; another run fails at once with a clear sentence.
    """

    home_folder: str
    landing_folder: str
    _run_id: str = PrivateAttr(default="")
    _attempts: Counter[str] = PrivateAttr(default_factory=Counter)
    _reading: Reading | None = PrivateAttr(default=None)

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Day"]:
        """Take the lock, clear what dead runs left behind, make the run's private folder."""
        memory_limit_bytes()  # a wrong setting is told before anything is read
        self.home.make()
        with only_writer(self.home):
            self._run_id = context.run_id or "unnamed"
            _end_dead_runs(context.instance, self._run_id)
            published.sweep_work(self.home, keep=self._run_id)
            state = published.current(self.home)
            ledger.complete(self.home.ledger, state.manifest["ledger"] if state else None)
            self.work_folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
            try:
                yield self
            finally:
                self._end_reading()
            self._leave_nothing_behind()

    @property
    def reading(self) -> Reading:
        """Takes in deliveries, the large ones with a second process beside this one."""
        if self._reading is None:
            self._reading = Reading(self.home.root, self.landing, self.keyring.row_hashing, load_contracts())
        return self._reading

    def _end_reading(self) -> None:
        if self._reading is not None:
            self._reading.close()
            self._reading = None

    def _leave_nothing_behind(self) -> None:
        """Remove the private folder of a day that is published; a failed one stays until the next run, for its log.

        HULIAN_KEEP_WORK keeps it, for measuring and for looking closer.
        """
        seen = published.of_run(self.home, self._run_id)
        if seen is not None and not os.environ.get("HULIAN_KEEP_WORK"):
            shutil.rmtree(self.work_folder)

    @property
    def home(self) -> Home:
        """The installation's folders."""
        return Home(Path(self.home_folder))

    @property
    def landing(self) -> Path:
        """Where departments deliver."""
        return Path(self.landing_folder)

    @property
    def keyring(self) -> Keyring:
        """The installation's keys."""
        return Keyring.open(self.home)

    @property
    def run_id(self) -> str:
        """Dagster's id of this run."""
        return self._run_id

    @property
    def work_folder(self) -> Path:
        """The run's private folder."""
        return self.home.work / self._run_id

    @property
    def results_folder(self) -> Path:
        """What Great Expectations said today, kept until its pages are made."""
        return self.work_folder / "judged"

    @property
    def pages_folder(self) -> Path:
        """The Data Docs of today, until they are published."""
        return self.work_folder / "data_docs"

    @property
    def work_file(self) -> Path:
        """The run's private database."""
        return self.work_folder / "work.duckdb"

    @contextmanager
    def connect(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """The run's private database, open for writing.

        Every step closes it: held open for the whole day, DuckDB kept 0.6 GiB more in memory and the day took as long.
        """
        with work_database(self.work_file) as connection:
            yield connection

    @contextmanager
    def database_named_for_dbt(self) -> Iterator[None]:
        """dbt's profile reads the run's private database and its limits from the environment."""
        limits = settings(self.work_folder / "spill")
        values = {
            "HULIAN_WORK_DB": str(self.work_file),
            **{f"HULIAN_DB_{key.upper()}": text for key, text in limits.items()},
        }
        os.environ.update(values)
        try:
            yield
        finally:
            for key in values:
                del os.environ[key]

    @contextmanager
    def step(self, name: str) -> Iterator[StepTiming]:
        """Time a step, show it, tell its failure without personal data; try again what may pass by itself."""
        self._attempts[name] += 1
        try:
            with told_clearly(name, self.work_folder), current_progress().step(name) as timing:
                yield timing
        except MayPass as error:
            wait = _FIRST_WAIT_SECONDS * 2 ** (self._attempts[name] - 1)
            raise dg.RetryRequested(max_retries=_RETRIES, seconds_to_wait=wait) from error


def _end_dead_runs(instance: dg.DagsterInstance | None, run_id: str) -> None:
    """Whoever holds the run lock is the only living run: others that Dagster still calls started died with their host.

    Left so, they would hold the writer's pool until run monitoring ends them two hours later.
    """
    if instance is None:
        return
    begun = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED])
    for run in instance.get_runs(filters=begun):
        if run.run_id != run_id:
            instance.report_run_failed(run, "The process of this run is gone; found by the next run.")


def run_date_of(context: dg.AssetExecutionContext | dg.AssetCheckExecutionContext) -> date:
    """The day asked about: the partition key, never the clock."""
    return date.fromisoformat(context.partition_key)
