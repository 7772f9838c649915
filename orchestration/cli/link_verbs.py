"""The verbs of linking's own upkeep: `hulian link train`.

A model is made here from a county's own rows and written for review; a run only reads the one that is pinned in the
package (`docs/linkage.md`).
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from rich.console import Console

from orchestration.cli.messages import Messages
from orchestration.engine import settings, work_database
from orchestration.failures import HulianError, told_clearly
from orchestration.home import PRIVATE_FOLDER, Home
from orchestration.lock import only_writer

_FAILED = 1


def train(home: Home, run_date: date, output: Path, version: str, sample: int, seed: int, lang: str) -> int:
    """Count m and u on the deliveries in force on a day and write the model file `output`; returns the exit code.

    Stages the day anew in a private folder from what was taken in (nothing is read from landing, nothing published);
    holds the run lock meanwhile. `version` names the model; `sample` persons have a row laid aside, drawn by `seed`.
    """
    say = Messages(lang)
    try:
        home.make()
        with only_writer(home), _private_folder(home) as folder, told_clearly("train", home.work):
            text = _train(home, run_date, folder, version, sample, seed)
    except HulianError as error:
        Console(stderr=True).print(str(error), style="red", soft_wrap=True, markup=False)
        return _FAILED
    output.write_text(text, encoding="utf-8")
    Console().print(say("link.trained", path=output, version=version), soft_wrap=True, markup=False)
    return 0


@contextmanager
def _private_folder(home: Home) -> Iterator[Path]:
    folder = home.work / "train"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=PRIVATE_FOLDER)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _train(home: Home, run_date: date, folder: Path, version: str, sample: int, seed: int) -> str:
    from linkage.train import train as count

    _stage(home, run_date, folder)
    with work_database(folder / "work.duckdb") as connection:
        connection.execute("set enable_progress_bar = false")
        row = connection.execute("select count(*) from intermediate.int_mention").fetchone()
        assert row is not None
        if not row[0]:
            raise HulianError(
                f"no person is named in any delivery in force on {run_date}: run that day first"
            )
        return count(connection, _provenance(run_date, int(row[0])), version, sample, seed)


def _stage(home: Home, run_date: date, folder: Path) -> None:
    """The first steps of a run without Dagster: the deliveries in force as views, then dbt's stage."""
    from ingest.contract import load_contracts
    from orchestration import dbt, raw
    from orchestration.defs.warehouse.assets import dbt_variables
    from orchestration.place import parameters_on

    database = folder / "work.duckdb"
    with work_database(database) as connection:
        raw.open_deliveries(connection, home, run_date, load_contracts())
    limits = {f"HULIAN_DB_{key.upper()}": text for key, text in settings(folder / "spill").items()}
    os.environ |= {"HULIAN_WORK_DB": str(database), **limits}
    dbt.build(home, folder, "stage", dbt_variables(parameters_on(home, run_date)))


def _provenance(run_date: date, mentions: int) -> dict[str, str | int]:
    from orchestration.record import code_version

    return {"date": run_date.isoformat(), "mentions": mentions, "code": code_version()}
