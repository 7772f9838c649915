"""What a person sees at the end of `hulian demo` and `hulian run`.

Layout only: the counts come from `summary_facts`, the words from `messages.yaml`.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from rich import box
from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from expectations.parameters import ANYWHERE, Place
from orchestration.cli.layout import CARD_STYLE, SEVERITY_STYLE, count, table
from orchestration.cli.messages import Messages
from orchestration.cli.policy_texts import policy_names
from orchestration.cli.summary_facts import Figure, PolicyOutcome, SummaryFacts, read_summary
from orchestration.home import DATA_DOCS
from orchestration.progress import StepTiming


def render_summary(
    console: Console,
    warehouse: Path,
    steps: Sequence[StepTiming],
    peak_rss_mb: float,
    lang: str,
    place: Place = ANYWHERE,
) -> None:
    """Print the day held in `warehouse`, with the run's step timings and peak memory (MiB)."""
    say = Messages(lang)
    facts = read_summary(warehouse, place)
    console.print()
    console.rule(Text(say("summary.title", run_date=facts.run_date or "-"), style="bold"))
    for part in (_deliveries(facts, say), _refused(facts, say), *_people(facts, say), _policies(facts, say)):
        console.print(part)
    clues = facts.clues
    console.print(
        say("summary.gaps_line", listed=count(clues.in_hand), new=count(clues.new),
            households=count(clues.households), closed=count(clues.closed))
    )  # fmt: skip
    console.print(_cards(facts, say))
    console.print(_figures(facts, say))
    console.print(_steps(steps, peak_rss_mb, say))
    console.print(_where_next(facts, say))
    # on a line of its own, unbroken, so that it can be copied
    console.print(Text(f"{say('summary.next_warehouse')}: {warehouse}"), soft_wrap=True)
    pages = warehouse.parent / DATA_DOCS / "index.html"
    if pages.exists():
        console.print(Text(f"{say('summary.next_data_docs')}: {pages}"), soft_wrap=True)


def _numbers(values: Iterable[int]) -> list[str]:
    return [count(value) if value else "-" for value in values]


def _deliveries(facts: SummaryFacts, say: Messages) -> Table:
    statuses = ("accepted", "superseded", "rejected", "held")
    rows = ("rows_read", "rows_loaded", "rows_quarantined", "field_issues")
    made = table(
        say("summary.deliveries"),
        [
            (say("column.department"), "text"),
            (say("column.files"), "number"),
            *((say.code("delivery_status", status), "number") for status in statuses),
            *((say(f"column.{name}"), "number") for name in rows),
        ],
    )
    for line in facts.deliveries:
        counts = [line.files, *(getattr(line, name) for name in (*statuses, *rows))]
        made.add_row(say.department(line.department) or "?", *_numbers(counts))
    totals = [sum(getattr(line, name) for line in facts.deliveries) for name in ("files", *statuses, *rows)]
    made.add_section()
    made.add_row(say("summary.total"), *_numbers(totals), style="bold")
    return made


def _refused(facts: SummaryFacts, say: Messages) -> Table | Text:
    if not facts.refused:
        return Text(say("summary.nothing_refused"), style="green")
    made = table(
        say("summary.not_taken"),
        [
            (say("column.department"), "text"),
            (say("column.file"), "text"),
            (say("column.status"), "text"),
            (say("column.reason"), "text"),
        ],
    )
    for line in facts.refused:
        made.add_row(
            say.department(line.department) or "?",
            Text(line.file_name),
            say.code("delivery_status", line.status),
            Text(line.reason_in(say.language)),
        )
    return made


def _people(facts: SummaryFacts, say: Messages) -> list[Table | Text]:
    people = facts.people
    sentence = say(
        "summary.persons_line",
        persons=count(people.persons),
        households=count(people.households),
        targets=count(people.target_households),
        monitored=count(people.monitored_households),
        decided=count(people.decided_persons),
    )
    heading = Text(say("summary.people"), style="bold cyan italic")
    grid = Table.grid(padding=(0, 6))
    grid.add_row(
        _shares(
            say("summary.rows_by_method"),
            say("column.method"),
            say("column.rows"),
            "match_method",
            people.rows_by_method,
            say,
        ),
        _shares(
            say("summary.persons_by_quality"),
            say("column.quality"),
            say("column.persons"),
            "identity_quality",
            people.persons_by_quality,
            say,
        ),
    )
    return [heading, Text(sentence), grid]


def _shares(
    title: str, first: str, second: str, group: str, counts: list[tuple[str, int]], say: Messages
) -> Table:
    made = table(title, [(first, "text"), (second, "number"), (say("column.share"), "number")])
    total = sum(number for _, number in counts) or 1
    for code, number in counts:
        made.add_row(say.code(group, code), count(number), f"{number / total:.2%}")
    return made


def _policies(facts: SummaryFacts, say: Messages) -> Table:
    names = policy_names(say.language)
    made = table(
        say("summary.gaps"),
        [
            (say("column.policy"), "code"),
            ("", "text"),
            (say("column.owner"), "text"),
            (say("column.severity"), "text"),
            *((say(f"column.{name}"), "number") for name in ("applicable", "met", "gap", "unknown", "yield")),
        ],
    )
    for line in facts.policies:
        name = Text(names.get(line.policy_id, ""))
        if not line.evaluated:
            name.append(f"\n{say('summary.not_evaluated', reason=line.reason_in(say.language))}", style="dim")
        if line.needs_review:
            name.append(f"\n{say('summary.needs_review')}", style="bold yellow")
        made.add_row(
            line.policy_id,
            name,
            say.department(line.department),
            Text(say.code("severity", line.severity), style=SEVERITY_STYLE.get(line.severity, "")),
            count(line.applicable),
            count(line.met),
            Text(count(line.gap) if line.gap else "-", style="bold" if line.gap else "dim"),
            count(line.unknown) if line.unknown else "-",
            _yield(line),
        )
    return made


def _yield(line: PolicyOutcome) -> str:
    """Confirmed of checked, and their share; `-` before the first verdict."""
    if not line.checked:
        return "-"
    return f"{count(line.confirmed)}/{count(line.checked)} {line.confirmed / line.checked:.0%}"


def _cards(facts: SummaryFacts, say: Messages) -> Table:
    made = table(
        say("summary.cards"),
        [
            (say("column.township"), "text"),
            *((say.code("card", card), "number") for card in CARD_STYLE),
            (say("column.overdue_visits"), "number"),
            (say("column.open_gaps"), "number"),
        ],
    )
    for line in facts.townships:
        cells = [Text(number, style=style) for number, style in
                 zip(_numbers([line.red, line.yellow, line.blue, line.clue]), CARD_STYLE.values(), strict=True)]  # fmt: skip
        made.add_row(line.township_name or "-", *cells, *_numbers([line.overdue_visits, line.clues_in_hand]))
    made.add_section()
    fields = ("red", "yellow", "blue", "clue", "overdue_visits", "clues_in_hand")
    totals = [sum(getattr(line, field) for line in facts.townships) for field in fields]
    made.add_row(say("summary.total"), *_numbers(totals), style="bold")
    return made


def _figures(facts: SummaryFacts, say: Messages) -> Table | Text:
    if not any(figure.claimed is not None for figure in facts.figures):
        return Text(say("summary.no_claims"), style="dim")
    made = table(
        say("summary.figures"),
        [
            (say("column.figure"), "text"),
            *((say(f"column.{name}"), "number") for name in ("claimed", "found", "difference")),
        ],
    )
    for figure in facts.figures:
        label = figure.label_zh if say.language == "zh" else figure.label_en
        agrees = not figure.difference
        made.add_row(
            label,
            _figure(figure.claimed, figure, say),
            _figure(figure.found, figure, say),
            Text(
                "=" if agrees else _figure(figure.difference, figure, say, sign=True),
                style="green" if agrees else "bold yellow",
            ),
        )
    return made


def _figure(value: float | None, figure: Figure, say: Messages, sign: bool = False) -> str:
    text = count(value)
    if sign and value is not None and value > 0:
        text = f"+{text}"
    return text if value is None else f"{text} {say.code('unit', figure.unit)}".strip()


def _steps(steps: Sequence[StepTiming], peak_rss_mb: float, say: Messages) -> Table:
    made = table(
        say("summary.steps"),
        [
            (say("column.step"), "text"),
            (say("column.seconds"), "number"),
            (say("column.rows"), "number"),
            ("", "text"),
        ],
    )
    total = sum(step.seconds for step in steps)
    for step in steps:
        share = step.seconds / total if total else 0
        made.add_row(
            _step_name(step.step, say),
            f"{step.seconds:.1f}",
            count(step.rows) if step.rows is not None else "",
            Text("▇" * round(share * 24), style="cyan"),
        )
    made.caption = say("summary.time_line", seconds=f"{total:.1f}", memory=f"{peak_rss_mb:,.0f} MiB")
    made.caption_justify = "left"
    return made


def _step_name(step: str, say: Messages) -> str:
    """The step's name in the reader's language; of `read <extract>` the verb only, the extract keeps its name."""
    whole = say.code("step", step)
    verb, _, rest = step.partition(" ")
    return whole if whole != step else f"{say.code('step', verb)} {rest}".strip()


def _where_next(facts: SummaryFacts, say: Messages) -> Panel:
    busiest = max(facts.townships, key=lambda line: line.clues_in_hand, default=None)
    township = busiest.township_name if busiest and busiest.township_name else ""
    scope = f"--township {township} " if township else ""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(overflow="fold", style="bold")
    grid.add_column(style="dim")
    for command, key in (
        (f"hulian gaps {scope}".strip(), "summary.next_gaps"),
        (f"hulian gaps {scope}--format xlsx", "summary.next_workbook"),
        ("hulian feedback", "summary.next_feedback"),
        ("hulian status", "summary.next_status"),
        ("hulian up", "summary.next_up"),
    ):
        grid.add_row(Text(command), say(key))
    return Panel(grid, title=say("summary.next"), title_align="left", box=box.ROUNDED, expand=False)
