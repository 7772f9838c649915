"""The work list as a file that goes to a township and comes back as the delivery `registry/verdicts`.

Here: which columns the list has, what stands in them, and writing the file (by `table_file`). How the workbook looks belongs to
`worklist_sheet`, which clues are in the list to `gaps`. The columns that come back and their drop-downs are those of
`ingest/contracts/registry/verdicts.yaml`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ingest.contract import load_contracts
from orchestration.cli import clue_words, table_file
from orchestration.cli.gaps import Card, Clue, WorkList
from orchestration.cli.messages import Messages
from orchestration.cli.policy_texts import policy_texts
from orchestration.cli.table_file import Cell

FORMATS = ("xlsx", "csv")


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
    table_file.write(content, output, private=work_list.has_names)


@dataclass(frozen=True)
class _Line:
    """One clue with the card it stands on (None for villages, projects and assets)."""

    section: str
    number: int | None
    card: Card | None
    clue: Clue


def csv_bytes(work_list: WorkList, say: Messages) -> bytes:
    """The list as text that spreadsheet programs open, one line per clue: its id, what is given, what comes back."""
    gap_id, *back = verdict_columns()
    given = _given(work_list, say)
    headings = [gap_id.heading, *(heading for heading, _ in given), *(column.heading for column in back)]
    filled = [work_list.run_date if column.name == "verified_on" else None for column in back]
    rows = [[line.clue.gap_id, *(cell(line) for _, cell in given), *filled] for line in _lines(work_list)]
    columns = [table_file.Column(heading, 0) for heading in headings]
    return table_file.csv_bytes(table_file.Sheet("", "", columns, rows))


def _lines(work_list: WorkList) -> Iterator[_Line]:
    for section, cards in (("cards", work_list.cards), ("doubtful", work_list.doubtful)):
        for number, card in enumerate(cards, start=1):
            for clue in card.clues:
                yield _Line(section, number, card, clue)
    for clue in work_list.others:
        yield _Line("others", None, None, clue)


def _given(work_list: WorkList, say: Messages) -> list[tuple[str, Callable[[_Line], Cell]]]:
    """Heading and content of the columns that the township is given, between the clue's id and those that come back."""
    texts = policy_texts()

    def vulnerable(line: _Line) -> str:
        flags = line.card.vulnerable if line.card else ()
        return say("gaps.pause").join(say(f"gaps.{flag}") for flag in flags)

    names: list[tuple[str, Callable[[_Line], Cell]]] = [
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
        (say("column.standard"), lambda line: clue_words.standard(line.clue, say)),
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
