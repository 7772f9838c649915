"""The verb `hulian feedback`: from its options to a table, or to one file per department that can be sent to it.

Joins choosing (`feedback`) and writing (`feedback_book`); returns the exit code of the command.
"""

from pathlib import Path

from rich.console import Console

from orchestration.cli.feedback import KINDS, Source, departments_of, published_source
from orchestration.cli.feedback_book import book_bytes, csv_bytes
from orchestration.cli.layout import console_for_people, count, table
from orchestration.cli.messages import Messages, WrongUsage
from orchestration.cli.spreadsheet import OPEN_FILE, write_whole
from orchestration.cli.verb import exit_code, refuse_format
from orchestration.home import PRIVATE_FILE, PRIVATE_FOLDER, Home
from orchestration.keyring import Keyring

FORMATS = ("table", "xlsx", "csv", "both")


def feedback(
    home: Home, department: str | None, file_format: str, output: Path | None, with_values: bool, lang: str
) -> int:
    """Show the counts by department, or write one file per department (and format) into the folder `output`.

    `file_format` is `table`, `xlsx`, `csv` or `both`. `with_values` adds the department's own texts from
    restricted.duckdb and makes the files readable by their owner only; it goes to files only.
    Returns 0, 1 (nothing published, restricted file cannot be opened) or 2 (no such department or format).
    """
    say = Messages(lang)
    return exit_code(lambda: _run(home, department, file_format, output, with_values, say))


def _run(
    home: Home,
    department: str | None,
    file_format: str,
    output: Path | None,
    with_values: bool,
    say: Messages,
) -> None:
    refuse_format(FORMATS, file_format, output, say)
    if with_values and file_format == "table":
        raise WrongUsage(say("feedback.values_need_files"))
    restricted = home.published / "restricted.duckdb" if with_values else None
    key = Keyring.open(home).restricted_database if with_values else ""
    with published_source(home.warehouse, say, restricted, key) as source:
        departments = departments_of(source, department, say)
        if file_format == "table":
            _show(source, departments, say)
            return
        folder = output or Path(say("feedback.name"))
        folder.mkdir(mode=PRIVATE_FOLDER if with_values else 0o755, parents=True, exist_ok=True)
        for code in departments:
            _write(source, code, file_format, folder, say)


def _show(source: Source, departments: list[str], say: Messages) -> None:
    made = table(
        say("feedback.table_title", run_date=source.run_date),
        [(say("column.department"), "text"), *((say.code("issue_kind", kind), "number") for kind in KINDS)],
    )
    for code, totals in source.totals().items():
        if code in departments:
            made.add_row(
                say.department(code), *(count(totals[kind]) if totals.get(kind) else "-" for kind in KINDS)
            )
    console = console_for_people()
    console.print(made)
    console.print(say("feedback.how_to_write"), style="dim", soft_wrap=True, markup=False)


def _write(source: Source, department: str, file_format: str, folder: Path, say: Messages) -> None:
    found = source.of(department)
    mode = PRIVATE_FILE if found.has_values else OPEN_FILE
    stem = f"{say('feedback.name')}_{say.department(department)}_{source.run_date:%Y%m%d}"
    if found.has_values:
        stem += f"_{say('feedback.restricted')}"
    told = Console()
    for suffix in ("xlsx", "csv"):
        if file_format in (suffix, "both"):
            content = (
                book_bytes(found, say)
                if suffix == "xlsx"
                else csv_bytes(found, source.issues(department), say)
            )
            file = folder / f"{stem}.{suffix}"
            write_whole(content, file, mode)
            told.print(
                say("feedback.written", path=file, count=count(found.total)), soft_wrap=True, markup=False
            )
    if found.has_values:
        told.print(say("feedback.note_values"), style="yellow", soft_wrap=True, markup=False)
