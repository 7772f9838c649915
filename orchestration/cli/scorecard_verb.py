"""The verb `hulian scorecard`: from its options to a table or a file.

Joins reading (`scorecard`) and showing (`scorecard_show`); returns the exit code of the command.
"""

import sys
from pathlib import Path

from rich.console import Console

from orchestration.cli import table_file
from orchestration.cli.layout import console_for_people
from orchestration.cli.messages import Messages, WrongUsage
from orchestration.cli.scorecard import read_scorecard
from orchestration.cli.scorecard_show import render, sheet_of
from orchestration.cli.visits_verb import refuse_format
from orchestration.failures import HulianError
from orchestration.home import Home

_FAILED, _WRONG_USAGE = 1, 2


def scorecard(home: Home, period: str, file_format: str, output: Path | None, lang: str) -> int:
    """Show or write the townships in the running period.

    csv without `output` goes to standard output, xlsx to a file named by the day.
    Returns 0, 1 (nothing published) or 2 (no such period or format).
    """
    say = Messages(lang)
    errors = Console(stderr=True)
    try:
        _write_or_show(home, period, file_format, output, say)
    except WrongUsage as error:
        errors.print(str(error), style="red", soft_wrap=True, markup=False)
        return _WRONG_USAGE
    except HulianError as error:
        errors.print(str(error), style="red", soft_wrap=True, markup=False)
        return _FAILED
    return 0


def _write_or_show(home: Home, period: str, file_format: str, output: Path | None, say: Messages) -> None:
    refuse_format(file_format, output, say)
    card = read_scorecard(home.warehouse, say, period)
    if file_format == "table":
        render(console_for_people(), card, say)
        return
    sheet = sheet_of(card, say)
    if file_format == "csv" and output is None:
        sys.stdout.buffer.write(table_file.csv_bytes(sheet))
        sys.stdout.buffer.flush()
        return
    file = output or Path(f"{say('scorecard.file_name')}_{card.as_of:%Y%m%d}.xlsx")
    is_csv = file_format == "csv"
    content = table_file.csv_bytes(sheet) if is_csv else table_file.xlsx_bytes([sheet], card.as_of)
    table_file.write(content, file, private=False)
    told = say("scorecard.written", path=file, count=len(card.townships))
    Console().print(told, soft_wrap=True, markup=False)
