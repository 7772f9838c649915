"""The verb `hulian gaps`: from its options to a table, or to a file that can be sent out.

Joins choosing (`gaps`) and writing (`worklist`); returns the exit code of the command.
"""

import sys
from pathlib import Path

from rich.console import Console

from orchestration.cli.gaps import render_table, select_clues, with_names
from orchestration.cli.layout import console_for_people
from orchestration.cli.messages import Messages, WrongUsage
from orchestration.cli.worklist import FORMATS, csv_bytes, write_work_list
from orchestration.failures import HulianError
from orchestration.home import Home
from orchestration.keyring import Keyring

_FAILED, _WRONG_USAGE = 1, 2


def gaps(
    home: Home,
    township: str | None,
    policy: str | None,
    card: str | None,
    file_format: str,
    output: Path | None,
    names: bool,
    lang: str,
) -> int:
    """Show or write the work list of the published day.

    `file_format` is `table`, `csv` or `xlsx`; csv without `output` goes to standard output, xlsx to a file named
    by the day. `names` joins names from restricted.duckdb and goes to a file (0600) only.
    Returns 0, 1 (nothing published, restricted file cannot be opened) or 2 (no such township, policy, card, format).
    """
    say = Messages(lang)
    errors = Console(stderr=True)
    try:
        _write_or_show(home, (township, policy, card), file_format, output, names, say)
    except WrongUsage as error:
        errors.print(str(error), style="red", soft_wrap=True, markup=False)
        return _WRONG_USAGE
    except HulianError as error:
        errors.print(str(error), style="red", soft_wrap=True, markup=False)
        return _FAILED
    return 0


def _write_or_show(
    home: Home,
    narrowed: tuple[str | None, str | None, str | None],
    file_format: str,
    output: Path | None,
    names: bool,
    say: Messages,
) -> None:
    if file_format not in ("table", *FORMATS):
        kind = say("error.kind.format")
        known = ", ".join(("table", *FORMATS))
        raise WrongUsage(say("error.unknown_value", kind=kind, value=file_format, known=known))
    if names and (file_format == "table" or output is None):
        raise WrongUsage(say("error.names_need_file"))
    if output and file_format == "table":
        raise WrongUsage(say("error.output_needs_format"))
    work_list = select_clues(home.warehouse, say, *narrowed)
    if names:
        restricted = home.published / "restricted.duckdb"
        work_list = with_names(
            work_list, home.warehouse, restricted, Keyring.open(home).restricted_database, say
        )
    if file_format == "table":
        render_table(console_for_people(), work_list, say)
    elif file_format == "csv" and output is None:
        sys.stdout.buffer.write(csv_bytes(work_list, say))
        sys.stdout.buffer.flush()
    else:
        file = output or Path(f"{say('gaps.file_name')}_{work_list.run_date:%Y%m%d}.xlsx")
        write_work_list(work_list, file_format, file, say)
        Console().print(
            say("gaps.written", path=file, count=len(work_list.clues)), soft_wrap=True, markup=False
        )
