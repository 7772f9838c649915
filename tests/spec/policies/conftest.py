"""A county of a few rows, asked day after day: text tables in, gaps and cards out."""

from collections.abc import Iterable, Mapping
from datetime import date

import duckdb
import pytest

from expectations.ask import AskSummary, ask
from expectations.parameters import resolve
from expectations.policy import Policy, load_policies
from expectations.subjects import SQL_TYPES, catalogue

SENT = "gap_id VARCHAR, sent_on DATE"
VERDICTS = "gap_id VARCHAR, verified_on DATE, verdict VARCHAR, reason VARCHAR, exempt_until DATE"


def parse(table: str) -> list[dict[str, str | None]]:
    """Rows of a text table `a | b` with a header line; an empty cell is null."""
    lines = [line.strip() for line in table.strip().splitlines()]
    header = [name.strip() for name in lines[0].split("|")]
    return [
        dict(zip(header, [cell.strip() or None for cell in line.split("|")], strict=True))
        for line in lines[1:]
    ]


class County:
    """The tables that policies look at; facts stay from day to day until they are given anew."""

    def __init__(self) -> None:
        self.con = duckdb.connect()
        self.con.execute("CREATE SCHEMA marts; CREATE SCHEMA intermediate; CREATE SCHEMA staging")
        for kind, subject in catalogue().subjects.items():
            columns = [c for c in subject.columns.values() if not c.joined]
            declared = ", ".join(f"{c.name} {SQL_TYPES[c.type]}" for c in columns)
            self.con.execute(f"CREATE TABLE {subject.table} ({declared})")
            self.give(kind, "")
        self.con.execute(f"CREATE TABLE staging.stg_registry__verdicts ({VERDICTS})")
        self.con.execute(f"CREATE TABLE staging.stg_work_list__sent ({SENT})")
        self.con.execute("ATTACH ':memory:' AS previous; CREATE SCHEMA previous.marts")
        self.published = False

    def give(self, kind: str, table: str) -> None:
        """Replace the rows of a subject; columns left out take the subject's default, else null."""
        subject = catalogue().subjects[kind]
        self.con.execute(f"DELETE FROM {subject.table}")
        defaults = {c.name: c.default for c in subject.columns.values() if c.default is not None}
        for row in parse(table) if table else []:
            filled = defaults | row
            self.con.execute(
                f"INSERT INTO {subject.table} ({', '.join(filled)}) VALUES ({', '.join('?' for _ in filled)})",
                list(filled.values()),
            )

    def verdicts(self, table: str) -> None:
        """Replace all verdicts ever delivered."""
        self._deliver("staging.stg_registry__verdicts", table)

    def sent(self, table: str) -> None:
        """Replace all records of what townships were sent."""
        self._deliver("staging.stg_work_list__sent", table)

    def _deliver(self, into: str, table: str) -> None:
        self.con.execute(f"DELETE FROM {into}")
        for row in parse(table):
            marks = ", ".join("?" for _ in row)
            self.con.execute(f"INSERT INTO {into} ({', '.join(row)}) VALUES ({marks})", list(row.values()))

    def ask(
        self,
        day: str,
        stale: Iterable[str] = (),
        policies: Iterable[str] | None = None,
        files: Iterable[Policy] | None = None,
        publish: bool = True,
        redirects: str | None = None,
    ) -> AskSummary:
        """Ask one day; what it finds is yesterday for the next one."""
        chosen = list(load_policies() if files is None else files)
        if policies is not None:
            chosen = [policy for policy in chosen if policy.id in set(policies)]
        run_date = date.fromisoformat(day)
        summary = ask(
            self.con,
            run_date,
            resolve(run_date),
            dict.fromkeys(stale, "late"),
            "previous.marts" if self.published else None,
            policies=chosen,
            redirects=redirects,
            sent_table="staging.stg_work_list__sent",
        )
        if publish:
            self.publish()
        return summary

    def publish(self) -> None:
        """Make what stands now yesterday's for the next day."""
        self.con.execute("CREATE OR REPLACE TABLE previous.marts.policy_gap AS FROM policies.gap")
        self.con.execute("CREATE OR REPLACE TABLE previous.marts.warning_card AS FROM policies.card")
        self.published = True

    def table(self, table: str, columns: str, where: str = "TRUE") -> list[dict[str, str | None]]:
        """Rows of a table as text, ordered by their first columns."""
        names = [name.strip() for name in columns.split("|")]
        chosen = ", ".join(f"CAST({name} AS VARCHAR)" for name in names)
        rows = self.con.execute(f"SELECT {chosen} FROM {table} WHERE {where} ORDER BY ALL").fetchall()
        return [dict(zip(names, row, strict=True)) for row in rows]

    def expect(self, table: str, expected: str) -> None:
        """Compare a table with a text table of the same rows and of the columns it names."""
        wanted = parse(expected)
        found = self.table(table, " | ".join(wanted[0]) if wanted else expected)
        assert found == sorted(wanted, key=lambda row: [value or "\uffff" for value in row.values()])


@pytest.fixture
def county() -> County:
    """An empty county on its first day."""
    return County()


@pytest.fixture(scope="session")
def by_id() -> Mapping[str, Policy]:
    """All policies by id."""
    return {policy.id: policy for policy in load_policies()}
