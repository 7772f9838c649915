"""The verb `hulian rules`: from its options to a table, or to a file for the townships; the list itself is `rules_list`."""

import sys
from pathlib import Path

from rich.console import Console

from orchestration.cli.layout import console_for_people, count
from orchestration.cli.messages import Messages, WrongUsage
from orchestration.cli.rules_list import csv_bytes, render_counts, select_flags, xlsx_bytes
from orchestration.cli.spreadsheet import write_whole
from orchestration.failures import HulianError
from orchestration.home import Home

_FAILED, _WRONG_USAGE = 1, 2
FORMATS = ("table", "csv", "xlsx")


def rules(
    home: Home, township: str | None, rule: str | None, file_format: str, output: Path | None, lang: str
) -> int:
    """Show counts by rule, or write the flagged rows; csv without `output` goes to standard output.

    Returns 0, 1 (nothing published) or 2 (no such township, rule or format).
    """
    say = Messages(lang)
    errors = Console(stderr=True)
    try:
        _write_or_show(home, township, rule, file_format, output, say)
    except WrongUsage as error:
        errors.print(str(error), style="red", soft_wrap=True, markup=False)
        return _WRONG_USAGE
    except HulianError as error:
        errors.print(str(error), style="red", soft_wrap=True, markup=False)
        return _FAILED
    return 0


def _write_or_show(
    home: Home, township: str | None, rule: str | None, file_format: str, output: Path | None, say: Messages
) -> None:
    if file_format not in FORMATS:
        kind = say("error.kind.format")
        raise WrongUsage(say("error.unknown_value", kind=kind, value=file_format, known=", ".join(FORMATS)))
    if output and file_format == "table":
        raise WrongUsage(say("error.output_needs_format"))
    found = select_flags(home.warehouse, say, township, rule)
    if file_format == "table":
        render_counts(console_for_people(), found, say)
    elif file_format == "csv" and output is None:
        sys.stdout.buffer.write(csv_bytes(found, say))
        sys.stdout.buffer.flush()
    else:
        file = output or Path(f"{say('rules.file_name')}_{found.run_date:%Y%m%d}.xlsx")
        write_whole(xlsx_bytes(found, say) if file_format == "xlsx" else csv_bytes(found, say), file)
        told = say("rules.written", path=file, count=count(len(found.flags)))
        Console().print(told, soft_wrap=True, markup=False)
