"""The home of a demo county: a fresh start when another county is asked for, never over real deliveries."""

import json
import shutil
from datetime import date
from importlib.metadata import version

from orchestration.failures import HulianError
from orchestration.home import Home
from orchestration.lock import only_writer

_MARK = "demo.json"
# Everything that runs over one county have written; Dagster's history stays.
_OF_A_COUNTY = ("archive", "raw", "work", "published", "demo")
_FILES_OF_A_COUNTY = ("ledger.jsonl", "failures.jsonl")


class RealDeliveries(HulianError):
    """The home holds deliveries that no demo made."""


def begin(home: Home, persons: int, seed: int, run_date: date) -> None:
    """Make the home ready for this demo county.

    Another demo county's files would be second deliveries for the same days, and rejected: they are removed first.
    Raises `RealDeliveries` when the home was not made by a demo.
    """
    home.make()
    with only_writer(home):
        _begin(
            home,
            {
                "persons": persons,
                "seed": seed,
                "run_date": run_date.isoformat(),
                "made_by": version("hulian"),
            },
        )


def _begin(home: Home, county: dict[str, int | str]) -> None:
    mark = home.settings / _MARK
    before = json.loads(mark.read_text()) if mark.exists() else None
    if before is None and any((home.root / "raw").glob("*/*/*/delivery.json")):
        raise RealDeliveries(
            f"{home.root} holds deliveries that no demo made; set HULIAN_HOME to another folder"
        )
    if before is not None and before != county:
        for folder in _OF_A_COUNTY:
            shutil.rmtree(home.root / folder, ignore_errors=True)
        for file in _FILES_OF_A_COUNTY:
            (home.root / file).unlink(missing_ok=True)
        home.make()
    mark.write_text(json.dumps(county))
