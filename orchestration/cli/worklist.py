"""The work list as a file that goes to a township and comes back as the delivery `registry/verdicts`.

Here: which columns the list has, what stands in them, csv, and writing the file. How the workbook looks belongs to
`worklist_sheet`, which clues are in the list to `gaps`. The columns that come back and their drop-downs are those of
`ingest/contracts/registry/verdicts.yaml`.
"""

import csv
import io
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from ingest.contract import load_contracts
from orchestration.cli import clue_words
from orchestration.cli.gaps import Card, Clue, WorkList
from orchestration.cli.messages import Messages
from orchestration.cli.policy_texts import policy_texts
from orchestration.home import PRIVATE_FILE

FORMATS = ("xlsx", "csv")
# A cell that begins so is run as a formula by spreadsheet programs when they open a csv file.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_OPEN_FILE = 0o644

_Cell = str | int | date | None


@dataclass(frozen=True)
class VerdictColumn:
    """One column that comes back: its name and heading by the contract, the words to choose from, whether it is a day."""

    name: str
    heading: str
    choices: tuple[str, ...]
    is_date: bool


@cache
def verdict_columns() -> tuple[VerdictColumn, ...]:
    """The columns of the verdicts contract, in its order; headings stay Chinese in every language."""
    return tuple(
        VerdictColumn(
            column.name,
            column.header,
            tuple(dict.fromkeys((column.codes or {}).values())),
            column.kind == "date",
        )
        for column in load_contracts()["registry/verdicts"].columns
    )


def write_work_list(work_list: WorkList, file_format: str, output: Path, say: Messages) -> None:
    """Write `output` (format `xlsx` or `csv`); a list with names is readable by its owner only."""
    if file_format == "xlsx":
        from orchestration.cli.worklist_sheet import xlsx_bytes

        content = xlsx_bytes(work_list, say)
    else:
        content = csv_bytes(work_list, say)
    mode = PRIVATE_FILE if work_list.has_names else _OPEN_FILE
    aside = output.with_name(f".{output.name}.{os.getpid()}")
    aside.unlink(missing_ok=True)
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    aside.replace(output)


@dataclass(frozen=True)
class _Line:
    """One clue with the card it stands on (None for villages, projects and assets)."""

    section: str
    number: int | None
    card: Card | None
    clue: Clue


def csv_bytes(work_list: WorkList, say: Messages) -> bytes:
    """The list as UTF-8 text with a byte order mark (Excel reads Chinese by it), one line per clue, formulas made harmless."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    gap_id, *back = verdict_columns()
    given = _given(work_list, say)
    writer.writerow(
        [gap_id.heading, *(heading for heading, _ in given), *(column.heading for column in back)]
    )
    for line in _lines(work_list):
        cells = [line.clue.gap_id, *(cell(line) for _, cell in given)]
        filled = [work_list.run_date if column.name == "verified_on" else None for column in back]
        writer.writerow([_harmless(_plain(cell)) for cell in (*cells, *filled)])
    return text.getvalue().encode("utf-8-sig")


def _lines(work_list: WorkList) -> Iterator[_Line]:
    for section, cards in (("cards", work_list.cards), ("doubtful", work_list.doubtful)):
        for number, card in enumerate(cards, start=1):
            for clue in card.clues:
                yield _Line(section, number, card, clue)
    for clue in work_list.others:
        yield _Line("others", None, None, clue)


def _given(work_list: WorkList, say: Messages) -> list[tuple[str, Callable[[_Line], _Cell]]]:
    """Heading and content of the columns that the township is given, between the clue's id and those that come back."""
    texts = policy_texts()

    def vulnerable(line: _Line) -> str:
        flags = line.card.vulnerable if line.card else ()
        return say("gaps.pause").join(say(f"gaps.{flag}") for flag in flags)

    names: list[tuple[str, Callable[[_Line], _Cell]]] = [
        (say("column.head_name"), lambda line: line.clue.head_name),
        (say("column.person_name"), lambda line: line.clue.person_name),
    ]
    return [
        (say("column.section"), lambda line: say(f"gaps.section.{line.section}")),
        (say("column.number"), lambda line: line.number),
        (
            say("column.policy"),
            lambda line: f"{line.clue.policy_id} {clue_words.policy_name(line.clue, say)}",
        ),
        (say("column.subject"), lambda line: clue_words.subject(line.clue, say)),
        (
            say("column.at_the_door"),
            lambda line: texts[line.clue.policy_id].at_the_door if line.clue.policy_id in texts else "",
        ),
        (
            say("column.documents"),
            lambda line: texts[line.clue.policy_id].documents if line.clue.policy_id in texts else "",
        ),
        (say("column.township"), lambda line: line.clue.township_name),
        (say("column.village"), lambda line: line.clue.village_name),
        (say("column.household_no"), lambda line: line.clue.household_no),
        *(names if work_list.has_names else []),
        (say("column.card"), lambda line: say.code("card", line.clue.card)),
        (say("column.vulnerable"), vulnerable),
        (say("column.severity"), lambda line: say.code("severity", line.clue.severity)),
        (say("column.owner"), lambda line: say.department(line.clue.department)),
        (say("column.first_seen"), lambda line: line.clue.first_seen),
        (say("column.due_on"), lambda line: line.clue.due_on),
        (say("column.status"), lambda line: say.code("gap_status", line.clue.status)),
        (say("column.doubt"), lambda line: line.clue.doubt),
    ]


def _plain(cell: _Cell) -> str:
    return "" if cell is None else str(cell)


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
