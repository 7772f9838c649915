"""The verbs that run a day: `hulian demo` and `hulian run`."""

import shutil
from datetime import date
from pathlib import Path

from rich.console import Console

from orchestration.cli import demo_home
from orchestration.cli.language import Language
from orchestration.cli.layout import console_for_people
from orchestration.cli.main import BLOCKED, FAILED
from orchestration.cli.watching import watcher_for
from orchestration.failures import HulianError
from orchestration.home import Home


def demo(home: Home, persons: int, seed: int, run_date: date, lang: Language) -> int:
    """Make the demo county below the home and run its day; returns the exit code."""
    from ingest.county.make import make_county
    from orchestration.dbt import parsed_meanwhile
    from orchestration.progress import StepTiming

    console = console_for_people()
    try:
        demo_home.begin(home, persons, seed, run_date)
    except HulianError as error:
        Console(stderr=True).print(str(error), style="red", soft_wrap=True, markup=False)
        return FAILED
    folder = home.root / "demo"
    # the county keeps one core busy, and the project has to be parsed before the day can begin
    with watcher_for(console) as watcher, parsed_meanwhile(home):
        watcher.begin("make the demo county")
        county = make_county(folder, persons, seed, run_date)
        watcher.end(
            StepTiming("make the demo county", sum(county.seconds.values()), sum(county.rows.values()))
        )
    shutil.copyfile(folder / "report_claims.csv", home.settings / "report_claims.csv")
    return run(home, folder / "landing", run_date, lang)


def run(home: Home, landing: Path, run_date: date, lang: Language) -> int:
    """Run one day and show its summary; returns the exit code."""
    from orchestration import place
    from orchestration.cli.summary import render_summary
    from orchestration.runner import run_day

    console = console_for_people()
    if not landing.is_dir():
        Console(stderr=True).print(
            f"[red]no landing folder {landing}[/red]; departments deliver into it, or name one with --landing"
        )
        return FAILED
    with watcher_for(console) as watcher:
        outcome = run_day(home, landing, run_date, watcher)
    if not outcome.published:
        Console(stderr=True).print(f"[red]{run_date}: {outcome.reason}[/red]", soft_wrap=True)
        return BLOCKED if outcome.blocked else FAILED
    version = home.history / run_date.isoformat()
    peak_mb = outcome.peak_bytes / 2**20
    render_summary(console, version / "warehouse.duckdb", outcome.timings, peak_mb, lang, place.load(home))
    return 0
