"""`hulian rules`: what the registry's quality rules flag, counted by rule, and listed for one township.

Choosing, the table and the files belong here; the rules are in `docs/registry_rules.md`. Rows are named by the
registry's own numbers and carry no name.
"""

import io
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from rich.console import Console

from orchestration.cli.layout import count, table
from orchestration.cli.messages import Messages, NothingPublished, WrongUsage
from orchestration.cli.spreadsheet import BOOK_OPTIONS, cell_formats, csv_text
from orchestration.engine import published_database

_A4 = 9  # paper number of the file format
_SHOWN_ON_TERMINAL = 50
# What a rule's own class says: 1 gravest, 5 doubtful, 1* a batch without class.
_COLUMNS = (
    ("township", 12), ("village", 12), ("rule_class", 7), ("rule_id", 24), ("rule_title", 34), ("subject_kind", 8),
    ("registry_no", 36),
)  # fmt: skip


@dataclass(frozen=True)
class RuleCount:
    """One rule that flags something: how many rows, and in how many townships."""

    rule_class: str
    rule_id: str
    title: str
    subject_kind: str
    flagged: int
    townships: int


@dataclass(frozen=True)
class Flag:
    """One flagged row of the registry, by its own numbers."""

    township: str
    village: str
    rule_class: str
    rule_id: str
    title: str
    subject_kind: str
    registry_no: str


@dataclass(frozen=True)
class RulesList:
    """Counts by rule and all flags, gravest class first; of one township where it was asked for."""

    run_date: date
    township: str | None
    counts: tuple[RuleCount, ...]
    flags: tuple[Flag, ...]


def select_flags(warehouse: Path, say: Messages, township: str | None, rule: str | None) -> RulesList:
    """Read the flags of the published day.

    Raises NothingPublished without a warehouse, WrongUsage for a township that does not exist or a rule that has no number.
    """
    if not warehouse.exists():
        raise NothingPublished(say("error.nothing_published"))
    with published_database(warehouse) as connection:
        day = connection.execute("select max(run_date) from marts.registry_rule_result").fetchone()
        if not day or day[0] is None:
            raise NothingPublished(say("error.nothing_published"))
        townships = connection.execute(
            "select distinct township_name from marts.village order by 1"
        ).fetchall()
        _refuse_unknown(say, "township", township, [row[0] for row in townships])
        ids = connection.execute("select rule_id from marts.registry_rule_result order by 1").fetchall()
        # an officer knows one number of a rule that has several
        _refuse_unknown(say, "rule", rule, [number for row in ids for number in row[0].split(" · ")])
        narrowed = {"township": township, "rule": rule}
        counts = connection.execute(
            f"""
            select class, rule_id, any_value(title), any_value(subject_kind), count(*), count(distinct township_name)
            from marts.registry_rule_hit where {_NARROWED} group by class, rule_id order by class, count(*) desc, rule_id
            """,
            narrowed,
        ).fetchall()
        flags = connection.execute(
            f"""
            select coalesce(h.township_name, ''), coalesce(v.village_name, ''), class, rule_id, title, subject_kind, subject_key
            from marts.registry_rule_hit h left join marts.village v using (village_code)
            where {_NARROWED.replace("township_name", "h.township_name")}
            order by 1, 2, class, rule_id, subject_key
            """,
            narrowed,
        ).fetchall()
    return RulesList(
        day[0], township, tuple(RuleCount(*row) for row in counts), tuple(Flag(*row) for row in flags)
    )


_NARROWED = (
    "($township is null or township_name = $township)"
    " and ($rule is null or list_contains(string_split(rule_id, ' · '), $rule))"
)


def _refuse_unknown(say: Messages, kind: str, value: str | None, known: list[str]) -> None:
    if value is not None and value not in known:
        shown = ", ".join(known) if kind == "township" else "docs/registry_rules.md"
        raise WrongUsage(say("error.unknown_value", kind=say(f"error.kind.{kind}"), value=value, known=shown))


def scope_of(found: RulesList, say: Messages) -> str:
    """The township of the list, or the whole county."""
    return found.township or say("gaps.whole_county")


def render_counts(console: Console, found: RulesList, say: Messages) -> None:
    """Print counts by rule; a township's rows are for a file."""
    if not found.counts:
        console.print(say("rules.none"))
        return
    made = table(
        say(
            "rules.title", run_date=found.run_date, scope=scope_of(found, say), count=count(len(found.flags))
        ),
        [
            (say("column.rule_class"), "code"),
            (say("column.rule_id"), "text"),
            (say("column.rule_title"), "text"),
            (say("column.subject_kind"), "text"),
            (say("column.flagged"), "number"),
            (say("column.townships"), "number"),
        ],
    )
    shown = found.counts[:_SHOWN_ON_TERMINAL] if console.is_terminal else found.counts
    for line in shown:
        made.add_row(
            line.rule_class,
            line.rule_id,
            line.title,
            say.code("subject_kind", line.subject_kind),
            count(line.flagged),
            count(line.townships),
        )
    console.print(made)
    console.print(say("rules.how_to_list"), style="dim", soft_wrap=True, markup=False)


def csv_bytes(found: RulesList, say: Messages) -> bytes:
    """All flags as csv; see `spreadsheet.csv_text`."""
    return csv_text(
        [say(f"column.{name}") for name, _ in _COLUMNS], (_cells(flag, say) for flag in found.flags)
    )


def _cells(flag: Flag, say: Messages) -> list[str]:
    kind = say.code("subject_kind", flag.subject_kind)
    return [flag.township, flag.village, flag.rule_class, flag.rule_id, flag.title, kind, flag.registry_no]


def xlsx_bytes(found: RulesList, say: Messages) -> bytes:
    """A workbook: counts by rule, then one sheet per township that has flags; the same list gives the same bytes."""
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, BOOK_OPTIONS) as book:
        book.set_properties(
            {"title": say("rules.file_name"), "created": datetime.combine(found.run_date, time())}
        )
        formats = cell_formats(book)
        counted = [
            (
                c.rule_class,
                c.rule_id,
                c.title,
                say.code("subject_kind", c.subject_kind),
                c.flagged,
                c.townships,
            )
            for c in found.counts
        ]
        headings = [
            (say(f"column.{name}"), width)
            for name, width in (
                ("rule_class", 7), ("rule_id", 24), ("rule_title", 40), ("subject_kind", 8), ("flagged", 10), ("townships", 10),
            )
        ]  # fmt: skip
        title = say(
            "rules.title", run_date=found.run_date, scope=scope_of(found, say), count=len(found.flags)
        )
        _sheet(book, formats, say("feedback.sheet_summary"), title, headings, counted)
        columns = [(say(f"column.{name}"), width) for name, width in _COLUMNS]
        for township in sorted({flag.township for flag in found.flags}):
            rows = [_cells(flag, say) for flag in found.flags if flag.township == township]
            name = township or say("rules.no_township")
            _sheet(book, formats, name[:31], f"{name} · {len(rows)}", columns, rows)
    return buffer.getvalue()


def _sheet(
    book: Any, formats: Any, name: str, title: str, columns: list[tuple[str, int]], rows: list[Any]
) -> None:
    sheet = book.add_worksheet(name.translate(str.maketrans("[]:*?/\\", "       ")))
    sheet.set_row(0, 28)
    sheet.write_string(0, 0, title, formats["title"])
    for number, (heading, width) in enumerate(columns):
        sheet.set_column(number, number, width)
        sheet.write_string(1, number, heading, formats["header"])
    for at, row in enumerate(rows, start=2):
        for number, cell in enumerate(row):
            if isinstance(cell, int):
                sheet.write_number(at, number, cell, formats["number"])
            else:
                sheet.write_string(at, number, cell, formats["text"])
    sheet.freeze_panes(2, 0)
    sheet.autofilter(1, 0, 1 + max(len(rows), 1), len(columns) - 1)
    sheet.repeat_rows(1)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
