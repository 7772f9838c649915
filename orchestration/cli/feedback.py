"""`hulian feedback`: what each department can mend at its source, read from the published day.

Choosing and wording belong here; files to send are written by `feedback_book`. A department is told its own rows and
the words of the rules; of another office it learns that it says otherwise, never what.
"""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from orchestration.cli.extract_words import column_header, table_title
from orchestration.cli.messages import Messages, NothingPublished, WrongUsage
from orchestration.engine import encrypted_database, published_database, sql_text
from orchestration.failures import HulianError

# In the order of the sheets: what costs most comes first.
KINDS = (
    "refused_delivery", "quarantined_row", "duplicate_row", "id_conflict", "two_households", "damaged_id",
    "contradiction", "unread_cell",
)  # fmt: skip
# Files that no contract claims belong to nobody: the data team finds out whose they are.
DATA_TEAM = "linkage"
# A whole column gone wrong fills a sheet that nobody reads: its first rows and the count say it all.
MOST_ROWS = 20_000
_LONGEST_VALUE = 300


@dataclass(frozen=True)
class Issue:
    """One thing to mend, in words; `value` is the department's own text, only where it was asked for."""

    kind: str
    table: str
    file_name: str
    row_number: int | None
    column: str
    sentence: str
    mend: str
    against: str
    status: str
    value: str = ""


@dataclass(frozen=True)
class Count:
    """One kind of error in one file, beside the file before it; shares are of rows, None where not known."""

    table: str
    file_name: str
    data_date: date | None
    rows_read: int
    kind: str
    issues: int
    rows_affected: int
    share: float | None
    share_before: float | None


@dataclass(frozen=True)
class Pattern:
    """How often one rule is broken in one column: a column gone wrong as a whole shows here."""

    table: str
    column: str
    kind: str
    sentence: str
    mend: str
    issues: int


@dataclass(frozen=True)
class Feedback:
    """All that one department is told: counts, patterns, and by kind the first MOST_ROWS issues and how many there are."""

    run_date: date
    department: str
    counts: tuple[Count, ...]
    patterns: tuple[Pattern, ...]
    totals: dict[str, int]
    issues: dict[str, tuple[Issue, ...]]
    has_values: bool

    @property
    def total(self) -> int:
        """Issues of all kinds."""
        return sum(self.totals.values())


class Source:
    """The published day open for feedback, with the restricted cells beside it where values were asked for."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, run_date: date, say: Messages, has_values: bool
    ):
        self._connection, self._say = connection, say
        self.run_date, self.has_values = run_date, has_values

    def departments(self) -> list[str]:
        """Departments that delivered something, in the order of their codes; the data team where a file is nobody's."""
        rows = self._connection.execute(
            "select distinct coalesce(department, ?) from lineage.delivery order by 1", [DATA_TEAM]
        ).fetchall()
        return [row[0] for row in rows]

    def totals(self) -> dict[str, dict[str, int]]:
        """Issues by department and kind."""
        found: dict[str, dict[str, int]] = {code: {} for code in self.departments()}
        for code, kind, issues in self._connection.execute(
            "select coalesce(department, ?), kind, count(*) from lineage.department_issue group by all",
            [DATA_TEAM],
        ).fetchall():
            found[code][kind] = issues
        return found

    def of(self, department: str) -> Feedback:
        """What one department is told."""
        totals = self.totals()[department]
        return Feedback(
            self.run_date,
            department,
            tuple(self._counts(department)),
            tuple(self._patterns(department)),
            {kind: totals[kind] for kind in KINDS if kind in totals},
            {kind: tuple(self.issues(department, kind, MOST_ROWS)) for kind in KINDS if kind in totals},
            self.has_values,
        )

    def issues(self, department: str, kind: str | None = None, most: int | None = None) -> Iterator[Issue]:
        """Issues of a department (of one kind, the first `most`), newest file first, then by row and column."""
        value = "x.own_value" if self.has_values else "null"
        join = _VALUES if self.has_values else ""
        cursor = self._connection.execute(
            f"""
            select i.kind, i.department, i.extract, i.file_name, i.row_number, i.column_name,
                coalesce(r.sentence_{self._say.language}, i.sentence), coalesce(r.mend_{self._say.language}, ''),
                i.detail, i.other_departments, i.other_file_name, i.other_row_number, i.status, {value}
            from lineage.department_issue i
            left join lineage.issue_rule r using (rule)
            {join}
            where coalesce(i.department, $team) = $department and ($kind is null or i.kind = $kind)
            order by list_position($kinds, i.kind), i.data_date desc nulls first, i.extract, i.file_name, i.row_number,
                i.column_name, i.rule
            limit $most
            """,
            {
                "team": DATA_TEAM,
                "department": department,
                "kind": kind,
                "kinds": list(KINDS),
                "most": most if most is not None else 2**62,
            },
        )
        while rows := cursor.fetchmany(10_000):
            yield from (self._issue(row) for row in rows)

    def _issue(self, row: tuple[object, ...]) -> Issue:
        (kind, department, extract, file_name, row_number, column_name, sentence, mend,
         detail, others, other_file, other_row, status, value) = row  # fmt: skip
        told = f"{sentence}: {detail}" if detail else str(sentence)
        return Issue(
            str(kind),
            table_title(department, extract),
            str(file_name),
            row_number if isinstance(row_number, int) else None,
            column_header(department, extract, column_name),
            told,
            str(mend),
            self._against(str(department), others, file_name, other_file, other_row),
            self._say.code("delivery_status", str(status)),
            _shown(value, kind),
        )

    def _against(
        self, department: str, others: object, file_name: object, other_file: object, other_row: object
    ) -> str:
        """Who says otherwise, or where the person's other row stands: never what it says."""
        if other_row is not None:
            if other_file == file_name:
                return self._say("feedback.other_row", row=other_row)
            return self._say("feedback.other_row_in", row=other_row, file=other_file)
        names = [
            self._say("feedback.own_department") if code == department else self._say.department(code)
            for code in str(others).split(",")
        ]
        return (
            "、".join(names) if others and self._say.language == "zh" else ", ".join(names) if others else ""
        )

    def _counts(self, department: str) -> Iterator[Count]:
        rows = self._connection.execute(
            """
            select department, extract, file_name, data_date, rows_read, kind, issues, rows_affected,
                rows_affected / nullif(rows_read, 0), previous_rows_affected / nullif(previous_rows_read, 0)
            from lineage.department_issue_count
            where department = $department and status = 'accepted'
                and (issues > 0 or coalesce(previous_issues, 0) > 0)
            order by extract, data_date desc, file_name, list_position($kinds, kind)
            """,
            {"department": department, "kinds": list(KINDS)},
        ).fetchall()
        for owner, extract, *rest in rows:
            yield Count(table_title(owner, extract), *rest)

    def _patterns(self, department: str) -> Iterator[Pattern]:
        language = self._say.language
        rows = self._connection.execute(
            f"""
            select i.department, i.extract, i.column_name, i.kind, coalesce(any_value(r.sentence_{language}), any_value(i.sentence)),
                coalesce(any_value(r.mend_{language}), ''), count(*)
            from lineage.department_issue i left join lineage.issue_rule r using (rule)
            where i.department = $department and i.kind <> 'refused_delivery'
            group by i.department, i.extract, i.column_name, i.kind, i.rule
            order by count(*) desc, i.extract, i.column_name, i.rule
            """,
            {"department": department},
        ).fetchall()
        for owner, extract, column, kind, sentence, mend, issues in rows:
            yield Pattern(
                table_title(owner, extract),
                column_header(owner, extract, column),
                kind,
                sentence,
                mend,
                issues,
            )


# The department's own texts: cells that could not be read, rows kept out, cells that linking found wrong.
_VALUES = """
left join (
    select delivery_id, row_number, column_name, rule, any_value(raw_text) as own_value from identities.field_issue group by all
    union all
    select delivery_id, row_number, column_name, rule, any_value(raw_row) from identities.quarantined_row group by all
    union all
    select delivery_id, row_number, column_name, rule, any_value(own_value) from identities.issue_cell group by all
) x on x.delivery_id = i.delivery_id and x.row_number = i.row_number
    and x.column_name is not distinct from i.column_name and x.rule = i.rule
"""


def _shown(value: object, kind: object) -> str:
    """A cell as it was delivered; of a row kept out its cells side by side, cut where they grow long."""
    if value is None:
        return ""
    text = str(value)
    if kind in ("quarantined_row", "duplicate_row"):
        cells = json.loads(text)
        text = " | ".join(str(cell) for cell in cells)
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"


def departments_of(source: Source, asked: str | None, say: Messages) -> list[str]:
    """The department asked for, by its code or its name, or all. WrongUsage for one that delivered nothing."""
    known = source.departments()
    if asked is None:
        return known
    names = {say.department(code): code for code in known}
    code = names.get(asked, asked)
    if code not in known:
        told = ", ".join(f"{code} ({name})" for name, code in names.items())
        kind = say("error.kind.department")
        raise WrongUsage(say("error.unknown_value", kind=kind, value=asked, known=told))
    return [code]


@contextmanager
def published_source(warehouse: Path, say: Messages, restricted: Path | None, key: str) -> Iterator[Source]:
    """The published day; with `restricted` the department's own texts too, opened by `key`.

    Raises NothingPublished without a day, HulianError for a day of a version that kept no issues, or a restricted file
    that is missing or does not open.
    """
    if not warehouse.exists():
        raise NothingPublished(say("error.nothing_published"))
    with _opened(warehouse, say, restricted, key) as connection:
        try:
            connection.execute("select 1 from lineage.department_issue limit 1")
            found = connection.execute("select max(run_date) from marts.policy_result").fetchone()
        except duckdb.CatalogException:
            raise HulianError(say("feedback.older_day")) from None
        if not found or found[0] is None:
            raise NothingPublished(say("error.nothing_published"))
        yield Source(connection, found[0], say, restricted is not None)


@contextmanager
def _opened(
    warehouse: Path, say: Messages, restricted: Path | None, key: str
) -> Iterator[duckdb.DuckDBPyConnection]:
    if restricted is None:
        with published_database(warehouse) as connection:
            yield connection
        return
    if not restricted.exists():
        raise HulianError(say("error.no_restricted"))
    with ExitStack() as stack:
        try:
            connection = stack.enter_context(
                encrypted_database(restricted, key, "identities", read_only=True)
            )
            connection.execute(f"attach {sql_text(str(warehouse))} as open (read_only)")
            connection.execute("use open")
        except duckdb.Error:
            # the engine's own message may quote the key or a path; neither helps the reader
            raise HulianError(say("error.no_restricted")) from None
        yield connection
