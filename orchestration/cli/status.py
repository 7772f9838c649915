"""`hulian status`: what was delivered and how fresh it is, what was not used and why, how often each
policy proves right, and the last runs.

Tells the published state (the day that readers see); files that lie in landing untouched are no part of it.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

import duckdb
from rich.console import Console
from rich.text import Text

from orchestration.cli.layout import console_for_people, count, table
from orchestration.cli.messages import Messages, NothingPublished
from orchestration.cli.policy_texts import policy_names
from orchestration.cli.summary_facts import RefusedDelivery, refused_deliveries
from orchestration.engine import published_database
from orchestration.home import Home

_RUNS_SHOWN = 10


@dataclass(frozen=True)
class Freshness:
    """The newest delivery in force of one extract; age and limit in days on the published day."""

    extract: str
    department: str
    title: str
    data_date: date | None
    age_days: int | None
    limit_days: int
    rows_loaded: int | None

    @property
    def state(self) -> str:
        """`fresh`, `stale` or `missing`."""
        if self.age_days is None:
            return "missing"
        return "stale" if self.age_days > self.limit_days else "fresh"


@dataclass(frozen=True)
class Run:
    """One published run."""

    run_id: str
    run_date: date
    seconds: float | None
    code_version: str


@dataclass(frozen=True)
class Failure:
    """One failed run, as the failure hook noted it."""

    run_id: str
    run_date: str
    reason: str


@dataclass(frozen=True)
class PolicyYield:
    """What the verdicts on one policy's clues came to; `needs_review` by the parameters of the day."""

    policy_id: str
    department: str
    checked: int
    confirmed: int
    needs_review: bool

    @property
    def share(self) -> float:
        """Share of the verdicts that confirmed."""
        return self.confirmed / self.checked


@dataclass(frozen=True)
class Status:
    """The published state and what led to it."""

    run_date: date
    run_id: str
    extracts: tuple[Freshness, ...]
    refused: tuple[RefusedDelivery, ...]
    yields: tuple[PolicyYield, ...]
    runs: tuple[Run, ...]
    failures: tuple[Failure, ...]


def read_status(home: Home, say: Messages) -> Status:
    """Read the published state. Raises NothingPublished before the first publishing."""
    if not home.warehouse.exists():
        raise NothingPublished(say("error.nothing_published"))
    with published_database(home.warehouse) as connection:
        runs = _runs(connection)
        if not runs:
            raise NothingPublished(say("error.nothing_published"))
        current = _current(connection, runs)
        return Status(
            run_date=current.run_date,
            run_id=current.run_id,
            extracts=tuple(_freshness(connection, home, current.run_date)),
            refused=tuple(refused_deliveries(connection)),
            yields=_yields(connection, current.run_date),
            runs=runs[:_RUNS_SHOWN],
            failures=_failures(home),
        )


def _runs(connection: duckdb.DuckDBPyConnection) -> tuple[Run, ...]:
    rows = connection.execute("""
        select run_id, run_date, round(epoch(finished_at - started_at), 1), code_version
        from lineage.run order by finished_at desc, run_id
    """).fetchall()
    return tuple(Run(*row) for row in rows)


def _current(connection: duckdb.DuckDBPyConnection, runs: tuple[Run, ...]) -> Run:
    """The run that made this file: the one whose inputs it holds, else the newest."""
    row = connection.execute("select max(run_date) from marts.policy_result").fetchone()
    day = row[0] if row else None
    return next((run for run in runs if run.run_date == day), runs[0])


def _freshness(connection: duckdb.DuckDBPyConnection, home: Home, run_date: date) -> list[Freshness]:
    from ingest.contract import load_contracts
    from orchestration.place import parameters_on

    parameters = parameters_on(home, run_date)
    # append extracts have several deliveries in force: the newest tells how fresh they are
    newest: Mapping[str, tuple[date, int]] = {
        extract: (data_date, rows)
        for extract, data_date, rows in connection.execute("""
            select department || '/' || extract, max(data_date), arg_max(rows_loaded, (data_date, number))
            from lineage.delivery where status = 'accepted' group by 1
        """).fetchall()
    }
    found = []
    for name, contract in sorted(load_contracts().items()):
        data_date, rows = newest.get(name, (None, None))
        age = (run_date - data_date).days if data_date else None
        limit = parameters.stale_after_days(name)
        found.append(Freshness(name, contract.department, contract.title, data_date, age, limit, rows))
    return found


def _yields(connection: duckdb.DuckDBPyConnection, run_date: date) -> tuple[PolicyYield, ...]:
    """Policies that were answered at all: those to look at first, then those that prove right least often."""
    rows = connection.execute(
        """
        select policy_id, coalesce(department, ''), checked, coalesce(confirmed, 0), coalesce(needs_review, false)
        from marts.policy_result where run_date = ? and checked > 0
        order by coalesce(needs_review, false) desc, coalesce(confirmed, 0) / checked, checked desc, policy_id
        """,
        [run_date],
    ).fetchall()
    return tuple(PolicyYield(*row) for row in rows)


def _failures(home: Home) -> tuple[Failure, ...]:
    noted = home.root / "failures.jsonl"
    if not noted.exists():
        return ()
    lines = noted.read_text(encoding="utf-8").splitlines()[-_RUNS_SHOWN:]
    entries = [json.loads(line) for line in reversed(lines)]
    return tuple(Failure(e["run_id"], e["run_date"] or "", e["reason"]) for e in entries)


def status_json(status: Status) -> str:
    """The status for machines: dates as ISO text, each extract with its `state`, each yield with its `share`."""
    document = asdict(status)
    for line, freshness in zip(document["extracts"], status.extracts, strict=True):
        line["state"] = freshness.state
    for line, found in zip(document["yields"], status.yields, strict=True):
        line["share"] = round(found.share, 4)
    return json.dumps(document, ensure_ascii=False, default=str, indent=2)


def render_status(console: Console, status: Status, lang: str) -> None:
    """Print the status for a person."""
    say = Messages(lang)
    console.print()
    console.rule(Text(say("status.title", run_date=status.run_date, run_id=status.run_id[:8]), style="bold"))
    _render_extracts(console, status, say)
    _render_refused(console, status, say)
    _render_yields(console, status, say)
    runs = table(
        say("status.runs"),
        [
            (say("column.run_date"), "code"),
            (say("column.run_id"), "code"),
            (say("column.seconds"), "number"),
            (say("column.version"), "text"),
        ],
    )
    for run in status.runs:
        runs.add_row(
            str(run.run_date),
            run.run_id[:8],
            f"{run.seconds:.0f}" if run.seconds is not None else "-",
            run.code_version,
        )
    console.print(runs)
    if status.failures:
        failed = table(
            say("status.failures"),
            [
                (say("column.run_date"), "code"),
                (say("column.run_id"), "code"),
                (say("column.reason"), "text"),
            ],
        )
        for failure in status.failures:
            failed.add_row(failure.run_date, failure.run_id[:8], Text(failure.reason))
        console.print(failed)


def _render_extracts(console: Console, status: Status, say: Messages) -> None:
    made = table(
        say("status.extracts"),
        [
            (say("column.department"), "text"),
            (say("column.extract"), "text"),
            ("", "text"),
            (say("column.data_date"), "code"),
            (say("column.age_days"), "number"),
            (say("column.limit_days"), "number"),
            (say("column.rows_loaded"), "number"),
            (say("column.freshness"), "text"),
        ],
    )
    styles = {"fresh": "green", "stale": "bold red", "missing": "bold yellow"}
    for line in status.extracts:
        made.add_row(
            say.department(line.department),
            line.title,
            Text(line.extract, style="dim"),
            str(line.data_date or "-"),
            count(line.age_days),
            count(line.limit_days),
            count(line.rows_loaded),
            Text(say(f"status.{line.state}"), style=styles[line.state]),
        )
    console.print(made)


def _render_refused(console: Console, status: Status, say: Messages) -> None:
    if not status.refused:
        console.print(say("status.none_refused"), style="green")
        return
    made = table(
        say("status.refused"),
        [(say(f"column.{name}"), "text") for name in ("delivery", "file", "status", "reason")],
    )
    for line in status.refused:
        made.add_row(
            line.delivery_id,
            Text(line.file_name),
            say.code("delivery_status", line.status),
            Text(line.reason_in(say.language)),
        )
    console.print(made)
    if any(line.status == "held" for line in status.refused):
        console.print(say("status.release_hint"), style="dim")


def _render_yields(console: Console, status: Status, say: Messages) -> None:
    if not status.yields:
        return
    names = policy_names(say.language)
    made = table(
        say("status.yields"),
        [
            (say("column.policy"), "code"),
            ("", "text"),
            (say("column.owner"), "text"),
            (say("column.checked"), "number"),
            (say("column.confirmed"), "number"),
            (say("column.yield_share"), "number"),
            ("", "text"),
        ],
    )
    for line in status.yields:
        made.add_row(
            line.policy_id,
            names.get(line.policy_id, ""),
            say.department(line.department),
            count(line.checked),
            count(line.confirmed),
            f"{line.share:.1%}",
            Text(say("status.needs_review"), style="bold yellow") if line.needs_review else "",
        )
    console.print(made)


def status(home: Home, as_json: bool, lang: str) -> int:
    """The verb `hulian status`; returns its exit code (1 when nothing is published yet)."""
    console = console_for_people()
    try:
        found = read_status(home, Messages(lang))
    except NothingPublished as error:
        Console(stderr=True).print(str(error), style="red", soft_wrap=True, markup=False)
        return 1
    if as_json:
        console.print(status_json(found), soft_wrap=True, markup=False, highlight=False)
    else:
        render_status(console, found, lang)
    return 0
