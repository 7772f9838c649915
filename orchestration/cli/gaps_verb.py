"""The verb `hulian gaps`: from its options to a table, or to a file that can be sent out.

Joins choosing (`gaps`), writing (`gaps_table`, `worklist`) and noting what was sent (`sent`); returns the exit code.
"""

import getpass
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from orchestration.cli.gaps import WorkList, select_clues, with_names
from orchestration.cli.gaps_table import render_table
from orchestration.cli.layout import console_for_people
from orchestration.cli.messages import Messages, WrongUsage
from orchestration.cli.sent import record_sent
from orchestration.cli.verb import exit_code, refuse_format, tell
from orchestration.cli.worklist import FORMATS, csv_bytes, write_work_list
from orchestration.home import Home
from orchestration.keyring import Keyring


@dataclass(frozen=True)
class Sending:
    """A list that goes out: where the record of it is delivered, and its day (the list's own unless given)."""

    landing: Path
    day: date | None


@dataclass(frozen=True)
class Asked:
    """What the command was asked for; `file_format` is `table`, `csv` or `xlsx`."""

    township: str | None = None
    policy: str | None = None
    card: str | None = None
    file_format: str = "table"
    output: Path | None = None
    names: bool = False
    sending: Sending | None = None


def gaps(home: Home, asked: Asked, lang: str) -> int:
    """Show or write the work list of the published day, and note it as sent where that was asked for.

    csv without `output` goes to standard output, xlsx to a file named by township and day. `names` joins names from
    restricted.duckdb and goes to a file (0600) only.
    Returns 0, 1 (nothing published, restricted file cannot be opened) or 2 (no such township, policy, card, format).
    """
    say = Messages(lang)
    return exit_code(lambda: _act(home, asked, say))


def _act(home: Home, asked: Asked, say: Messages) -> None:
    _refuse_contradictions(asked, say)
    _write_or_show(home, asked, say)


def _refuse_contradictions(asked: Asked, say: Messages) -> None:
    refuse_format(("table", *FORMATS), asked.file_format, asked.output, say)
    if asked.names and (asked.file_format == "table" or asked.output is None):
        raise WrongUsage(say("error.names_need_file"))
    if asked.sending:
        if asked.township is None or asked.file_format == "table" or asked.policy or asked.card:
            raise WrongUsage(say("error.send_needs_file"))
        if asked.file_format == "csv" and asked.output is None:
            raise WrongUsage(say("error.send_needs_place"))


def _write_or_show(home: Home, asked: Asked, say: Messages) -> None:
    work_list = select_clues(home.warehouse, say, asked.township, asked.policy, asked.card)
    day = _day_of(asked.sending, work_list, say)
    if asked.names:
        restricted = home.published / "restricted.duckdb"
        work_list = with_names(
            work_list, home.warehouse, restricted, Keyring.open(home).restricted_database, say
        )
    if asked.file_format == "table":
        render_table(console_for_people(), work_list, say)
    elif asked.file_format == "csv" and asked.output is None:
        sys.stdout.buffer.write(csv_bytes(work_list, say))
        sys.stdout.buffer.flush()
    else:
        file = asked.output or _file_for(work_list, say)
        write_work_list(work_list, asked.file_format, file, say)
        tell(say("gaps.written", path=file, count=len(work_list.clues)))
    ids = [clue.gap_id for clue in work_list.clues if not clue.is_withheld]
    if asked.sending and asked.township and ids:
        record = record_sent(home, asked.sending.landing, day, getpass.getuser(), asked.township, ids)
        tell(say("gaps.sent", day=day, township=asked.township, path=record))


def _day_of(sending: Sending | None, work_list: WorkList, say: Messages) -> date:
    """The day of the sending; a list cannot go out before the day that it tells of."""
    day = sending.day if sending and sending.day else work_list.run_date
    if day < work_list.run_date:
        raise WrongUsage(say("error.sent_before", day=day, run_date=work_list.run_date))
    return day


def _file_for(work_list: WorkList, say: Messages) -> Path:
    parts = [say("gaps.file_name"), work_list.township, f"{work_list.run_date:%Y%m%d}"]
    return Path("_".join(part for part in parts if part) + ".xlsx")
