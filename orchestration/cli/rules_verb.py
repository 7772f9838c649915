"""The verb `hulian rules`: from its options to a table, or to a file for the townships; the list itself is `rules_list`."""

import sys
from pathlib import Path

from orchestration.cli.layout import console_for_people, count
from orchestration.cli.messages import Messages
from orchestration.cli.rules_list import csv_bytes, render_counts, select_flags, xlsx_bytes
from orchestration.cli.spreadsheet import write_whole
from orchestration.cli.verb import exit_code, refuse_format, tell
from orchestration.home import Home

FORMATS = ("table", "csv", "xlsx")


def rules(
    home: Home, township: str | None, rule: str | None, file_format: str, output: Path | None, lang: str
) -> int:
    """Show counts by rule, or write the flagged rows; csv without `output` goes to standard output.

    Returns 0, 1 (nothing published) or 2 (no such township, rule or format).
    """
    say = Messages(lang)
    return exit_code(lambda: _write_or_show(home, township, rule, file_format, output, say))


def _write_or_show(
    home: Home, township: str | None, rule: str | None, file_format: str, output: Path | None, say: Messages
) -> None:
    refuse_format(FORMATS, file_format, output, say)
    found = select_flags(home.warehouse, say, township, rule)
    if file_format == "table":
        render_counts(console_for_people(), found, say)
    elif file_format == "csv" and output is None:
        sys.stdout.buffer.write(csv_bytes(found, say))
        sys.stdout.buffer.flush()
    else:
        file = output or Path(f"{say('rules.file_name')}_{found.run_date:%Y%m%d}.xlsx")
        write_whole(xlsx_bytes(found, say) if file_format == "xlsx" else csv_bytes(found, say), file)
        tell(say("rules.written", path=file, count=count(len(found.flags))))
