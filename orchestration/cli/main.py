"""The `hulian` command: its verbs and exit codes. Work is done by the modules that it imports when a verb runs.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 a blocking check failed and the last good state stays.
Nothing slow is imported here, so that `hulian --help` answers at once.
"""

import os
from datetime import date, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from orchestration.cli.language import Language
from orchestration.home import Home

FAILED = 1
BLOCKED = 3

app = typer.Typer(
    no_args_is_help=True,
    help="Hulian links a county's departmental extracts into one household view and lists the clues to visit.",
    pretty_exceptions_show_locals=False,  # locals may hold personal data
)

LandingOption = Annotated[
    Path | None, typer.Option("--landing", help="Where departments deliver (default: HULIAN_HOME/landing).")
]
LanguageOption = Annotated[
    Language, typer.Option("--lang", help="Language of what people read.", envvar="HULIAN_LANG")
]


def _home() -> Home:
    return Home.from_environment()


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("give a date as YYYY-MM-DD") from None


def _today() -> date:
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()


def _landing(home: Home, asked: Path | None) -> Path:
    return asked.absolute() if asked else home.landing()


@app.command()
def demo(
    persons: Annotated[int, typer.Option(min=300, help="Registered persons of the demo county.")] = 367_500,
    seed: Annotated[int, typer.Option(help="Another seed makes another county.")] = 2026,
    run_date: Annotated[str, typer.Option("--date", help="The day to run, YYYY-MM-DD.")] = "2026-11-23",
    lang: LanguageOption = Language.from_locale(),
) -> None:
    """Make the demo county's landing folder, run the day, and tell what was found and where to look."""
    from orchestration.cli import day

    raise typer.Exit(day.demo(_home(), persons, seed, _date(run_date), lang))


@app.command()
def run(
    run_date: Annotated[str, typer.Option("--date", help="The day to run, YYYY-MM-DD.")],
    landing: LandingOption = None,
    lang: LanguageOption = Language.from_locale(),
) -> None:
    """Run one day through Dagster in this process; the same day again gives the same result."""
    from orchestration.cli import day

    home = _home()
    raise typer.Exit(day.run(home, _landing(home, landing), _date(run_date), lang))


@app.command()
def up(
    port: Annotated[int, typer.Option(help="Port of Dagster's UI on this machine.")] = 3000,
    landing: LandingOption = None,
) -> None:
    """Open Dagster: its UI, the schedule at six and the landing sensor."""
    import sys

    from orchestration.runner import prepare_dagster

    home = _home()
    prepare_dagster(home, _landing(home, landing))
    command = [
        sys.executable,
        "-m",
        "dagster",
        "dev",
        "-m",
        "orchestration.definitions",
        "-h",
        "127.0.0.1",
        "-p",
        str(port),
    ]
    os.execv(sys.executable, command)  # noqa: S606 fixed arguments


def main() -> None:
    """Entry point of the `hulian` command."""
    app()
