"""The verb `hulian visits`: from its options to a table, or to a file that can be handed out.

Joins choosing (`visits`) and showing (`visits_show`); returns the exit code of the command.
"""

import sys
from pathlib import Path

from orchestration import place
from orchestration.cli import table_file
from orchestration.cli.layout import console_for_people
from orchestration.cli.messages import Messages, WrongUsage
from orchestration.cli.verb import exit_code, refuse_format, tell
from orchestration.cli.visits import select_visits, with_names
from orchestration.cli.visits_show import render, sheets
from orchestration.home import Home
from orchestration.keyring import Keyring

FORMATS = ("table", "csv", "xlsx")


def visits(
    home: Home,
    township: str | None,
    contact: str | None,
    days: int | None,
    file_format: str,
    output: Path | None,
    names: bool,
    lang: str,
) -> int:
    """Show or write the visits that are overdue or due within `days` of the published day.

    csv without `output` goes to standard output, xlsx to a file named by the day. `names` joins names from
    restricted.duckdb and goes to a file (0600) only.
    Returns 0, 1 (nothing published, restricted file cannot be opened) or 2 (no such township, officer, format).
    """
    say = Messages(lang)
    return exit_code(lambda: _write_or_show(home, (township, contact, days), file_format, output, names, say))


def _write_or_show(
    home: Home,
    asked: tuple[str | None, str | None, int | None],
    file_format: str,
    output: Path | None,
    names: bool,
    say: Messages,
) -> None:
    refuse_format(FORMATS, file_format, output, say)
    if names and (file_format == "table" or output is None):
        raise WrongUsage(say("error.names_need_file"))
    listed = select_visits(home.warehouse, say, *asked, place.load(home))
    if names:
        key = Keyring.open(home).restricted_database
        listed = with_names(listed, home.warehouse, home.published / "restricted.duckdb", key, say)
    if file_format == "table":
        render(console_for_people(), listed, say)
    elif file_format == "csv" and output is None:
        sys.stdout.buffer.write(table_file.csv_bytes(sheets(listed, say)[0]))
        sys.stdout.buffer.flush()
    else:
        file = output or Path(f"{say('visits.file_name')}_{listed.run_date:%Y%m%d}.xlsx")
        made = sheets(listed, say)
        is_csv = file_format == "csv"
        content = table_file.csv_bytes(made[0]) if is_csv else table_file.xlsx_bytes(made, listed.run_date)
        table_file.write(content, file, private=listed.has_names)
        tell(say("visits.written", path=file, count=len(listed.visits)))
