"""The verb `hulian scorecard`: from its options to a table or a file.

Joins reading (`scorecard`) and showing (`scorecard_show`); returns the exit code of the command.
"""

import sys
from pathlib import Path

from orchestration.cli import table_file
from orchestration.cli.layout import console_for_people
from orchestration.cli.messages import Messages
from orchestration.cli.scorecard import read_scorecard
from orchestration.cli.scorecard_show import render, sheet_of
from orchestration.cli.verb import exit_code, refuse_format, tell
from orchestration.home import Home

FORMATS = ("table", "csv", "xlsx")


def scorecard(home: Home, period: str, file_format: str, output: Path | None, lang: str) -> int:
    """Show or write the townships in the running period.

    csv without `output` goes to standard output, xlsx to a file named by the day.
    Returns 0, 1 (nothing published) or 2 (no such period or format).
    """
    say = Messages(lang)
    return exit_code(lambda: _write_or_show(home, period, file_format, output, say))


def _write_or_show(home: Home, period: str, file_format: str, output: Path | None, say: Messages) -> None:
    refuse_format(FORMATS, file_format, output, say)
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
    tell(say("scorecard.written", path=file, count=len(card.townships)))
