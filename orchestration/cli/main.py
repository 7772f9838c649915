"""The `hulian` command: its verbs and exit codes. Work is done by the modules that it imports when a verb runs.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 a blocking check failed and the last good state stays.
Nothing slow is imported here, so that `hulian --help` answers at once.
"""

import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from orchestration.cli.language import Language
from orchestration.home import Home
from orchestration.time_zone import TIME_ZONE

FAILED = 1
BLOCKED = 3
_LEAST_PERSONS = 300

app = typer.Typer(
    no_args_is_help=True,
    help="Hulian links a county's departmental extracts into one household view and lists the clues to visit.",
    pretty_exceptions_show_locals=False,  # locals may hold personal data
)

LandingOption = Annotated[
    Path | None,
    typer.Option("--landing", help="Where departments deliver (default: HULIAN_LANDING, else ./landing)."),
]
LanguageOption = Annotated[
    Language, typer.Option("--lang", help="Language of what people read.", envvar="HULIAN_LANG")
]


def _home() -> Home:
    return Home.from_environment()


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("give a date as YYYY-MM-DD") from None


def _landing(home: Home, asked: Path | None) -> Path:
    return asked.absolute() if asked else home.landing()


@app.command()
def demo(
    persons: Annotated[int, typer.Option(min=300, help="Registered persons of the demo county.")] = 367_500,
    seed: Annotated[int, typer.Option(help="Another seed makes another county.")] = 2026,
    run_date: Annotated[str, typer.Option("--date", help="The day to run, YYYY-MM-DD.")] = "2026-11-23",
    lang: LanguageOption = Language.from_locale(),
) -> None:
    """Make the demo county's landing folder, run the day, and tell what was found and where to look."""
    from orchestration.cli import day

    raise typer.Exit(day.demo(_home(), persons, seed, _date(run_date), lang))


@app.command()
def run(
    run_date: Annotated[str, typer.Option("--date", help="The day to run, YYYY-MM-DD.")],
    landing: LandingOption = None,
    lang: LanguageOption = Language.from_locale(),
) -> None:
    """Run one day through Dagster in this process; the same day again gives the same result."""
    from orchestration.cli import day

    home = _home()
    raise typer.Exit(day.run(home, _landing(home, landing), _date(run_date), lang))


@app.command()
def up(
    port: Annotated[int, typer.Option(help="Port of Dagster's UI on this machine.")] = 3000,
    landing: LandingOption = None,
) -> None:
    """Open Dagster: its UI, the schedule at six and the landing sensor."""
    import sys

    from orchestration.runner import prepare_dagster

    home = _home()
    prepare_dagster(home, _landing(home, landing))
    command = [
        sys.executable,
        "-m",
        "dagster",
        "dev",
        "-m",
        "orchestration.definitions",
        "-h",
        "127.0.0.1",
        "-p",
        str(port),
    ]
    os.execv(sys.executable, command)


@app.command()
def status(
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
    lang: LanguageOption = Language.from_locale(),
) -> None:
    """Deliveries and their freshness, what was rejected or is held, the last runs and failures."""
    from orchestration.cli import status as verb

    raise typer.Exit(verb.status(_home(), as_json, lang))


@app.command()
def release(
    delivery: Annotated[str, typer.Argument(help="The id of a held delivery, as `hulian status` shows it.")],
    lang: LanguageOption = Language.from_locale(),
) -> None:
    """Let a held delivery in; it counts from the next run on."""
    from orchestration.cli import release as verb

    raise typer.Exit(verb.release(_home(), delivery, datetime.now(UTC), lang))


@app.command()
def gaps(
    township: Annotated[str | None, typer.Option(help="Only this township.")] = None,
    policy: Annotated[str | None, typer.Option(help="Only this policy, such as EDU-01.")] = None,
    card: Annotated[
        str | None, typer.Option(help="Only households with this card: red, yellow, blue, clue.")
    ] = None,
    file_format: Annotated[str, typer.Option("--format", help="table, csv or xlsx.")] = "table",
    output: Annotated[Path | None, typer.Option(help="File to write (csv, xlsx).")] = None,
    names: Annotated[
        bool, typer.Option("--names", help="Add names from the restricted file; goes to a file only.")
    ] = False,
    send: Annotated[
        bool, typer.Option("--send", help="Record the file as sent to the township; the next run reads it.")
    ] = False,
    sent_on: Annotated[
        str | None, typer.Option("--date", help="The day it is sent, YYYY-MM-DD (default: the list's day).")
    ] = None,
    landing: LandingOption = None,
    lang: LanguageOption = Language.from_locale(),
) -> None:
    """The work list: one card per household with its clues, in the order in which they should be walked."""
    from orchestration.cli import gaps_verb as verb

    home = _home()
    sending = verb.Sending(_landing(home, landing), _date(sent_on) if sent_on else None) if send else None
    asked = verb.Asked(township, policy, card, file_format, output, names, sending)
    raise typer.Exit(verb.gaps(home, asked, lang))


@app.command()
def visits(
    township: Annotated[str | None, typer.Option(help="Only this township.")] = None,
    contact: Annotated[
        str | None, typer.Option(help="Only this officer, by the key that the list shows.")
    ] = None,
    days: Annotated[
        int | None, typer.Option(min=0, help="Days ahead (default: the county's parameter, 14).")
    ] = None,
    file_format: Annotated[str, typer.Option("--format", help="table, csv or xlsx.")] = "table",
    output: Annotated[Path | None, typer.Option(help="File to write (csv, xlsx).")] = None,
    names: Annotated[
        bool, typer.Option("--names", help="Add names from the restricted file; goes to a file only.")
    ] = False,
    lang: LanguageOption = Language.from_locale(),
) -> None:
    """Households to visit in the next days, by the officer who is to go; overdue ones first."""
    from orchestration.cli import visits_verb

    raise typer.Exit(visits_verb.visits(_home(), township, contact, days, file_format, output, names, lang))


@app.command()
def scorecard(
    period: Annotated[str, typer.Option(help="week, month or quarter: the running one.")] = "quarter",
    file_format: Annotated[str, typer.Option("--format", help="table, csv or xlsx.")] = "table",
    output: Annotated[Path | None, typer.Option(help="File to write (csv, xlsx).")] = None,
    lang: LanguageOption = Language.from_locale(),
) -> None:
    """The townships in the running week, month or quarter: clues, visits, verdicts, score and grade."""
    from orchestration.cli import scorecard_verb

    raise typer.Exit(scorecard_verb.scorecard(_home(), period, file_format, output, lang))


@app.command()
def feedback(
    department: Annotated[
        str | None, typer.Option(help="Only this department, by its code or its Chinese name.")
    ] = None,
    file_format: Annotated[
        str, typer.Option("--format", help="table (counts), xlsx, csv, or both: a file per department.")
    ] = "table",
    output: Annotated[Path | None, typer.Option(help="Folder to write into (xlsx, csv).")] = None,
    with_values: Annotated[
        bool,
        typer.Option("--with-values", help="Add the department's own texts; such files are restricted."),
    ] = False,
    lang: LanguageOption = Language.from_locale(),
) -> None:
    """数据质量反馈单: what each department can mend at its source, by file, row and column."""
    from orchestration.cli import feedback_verb

    raise typer.Exit(feedback_verb.feedback(_home(), department, file_format, output, with_values, lang))


@app.command()
def rules(
    township: Annotated[str | None, typer.Option(help="Only this township.")] = None,
    rule: Annotated[str | None, typer.Option(help="Only the rule of this number, such as 1_11_001.")] = None,
    file_format: Annotated[str, typer.Option("--format", help="table (counts), csv or xlsx.")] = "table",
    output: Annotated[Path | None, typer.Option(help="File to write (csv, xlsx).")] = None,
    lang: LanguageOption = Language.from_locale(),
) -> None:
    """Rows of the registry that its quality rules flag: counted by rule, listed by township."""
    from orchestration.cli import rules_verb

    raise typer.Exit(rules_verb.rules(_home(), township, rule, file_format, output, lang))


@app.command()
def review(
    landing: LandingOption = None,
    day: Annotated[
        str | None, typer.Option("--date", help="The day of the decisions, YYYY-MM-DD (default: today).")
    ] = None,
    listed: Annotated[
        bool, typer.Option("--list", help="List the pairs, keys only, and ask nothing.")
    ] = False,
    file_format: Annotated[str, typer.Option("--format", help="table, or csv (asks nothing).")] = "table",
    names: Annotated[
        bool, typer.Option("--names", help="Add identities to the csv; goes to a file only.")
    ] = False,
    output: Annotated[Path | None, typer.Option(help="File to write (csv).")] = None,
    sample: Annotated[
        int | None, typer.Option(min=1, help="Ask about so many accepted links instead, drawn by --seed.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Another seed draws another sample.")] = 1,
    pair: Annotated[
        str | None, typer.Option(help="Only the pair of this row key (its start is enough).")
    ] = None,
    waterfall: Annotated[
        Path | None, typer.Option(help="Draw the weights of --pair into this file (.svg or .html).")
    ] = None,
    lang: LanguageOption = Language.from_locale(),
) -> None:
    """Links that need a person's decision, one by one; the answers become a delivery of the data team."""
    from orchestration.cli import review as verb

    home = _home()
    asked = verb.Asked(listed, file_format, names, output, sample, seed, pair, waterfall)
    on = _date(day) if day else datetime.now(ZoneInfo(TIME_ZONE)).date()
    raise typer.Exit(verb.review(home, _landing(home, landing), on, asked, lang))


@app.command()
def bench(
    sizes: Annotated[str, typer.Option(help="Registered persons of the demo counties.")] = "100000,367500",
    persons: Annotated[int | None, typer.Option(min=300, help="One county of so many persons.")] = None,
    peers: Annotated[bool, typer.Option("--peers", help="Measure other ways to link beside ours.")] = False,
    only: Annotated[list[str] | None, typer.Option(help="linking, day or policies; may be repeated.")] = None,
    repeats: Annotated[
        int, typer.Option(min=0, help="Runs that must give the same links; 0: not asked.")
    ] = 5,
    reuse: Annotated[
        bool, typer.Option("--reuse", help="Counties of the last bench, when they are the same.")
    ] = False,
    seed: Annotated[int, typer.Option(help="Another seed makes another county.")] = 2026,
    mess: Annotated[float, typer.Option(min=0.0, help="Times the ordinary rates of identity mess.")] = 1.0,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
    lang: LanguageOption = Language.from_locale(),
) -> None:
    """Speed, memory and accuracy on demo counties of its own below the home."""
    from orchestration.bench.run import PARTS, Plan
    from orchestration.cli import bench as verb

    if not set(only or PARTS) <= set(PARTS):
        raise typer.BadParameter(f"--only takes {', '.join(PARTS)}")
    asked = (persons,) if persons else _sizes(sizes)
    plan = Plan(asked, seed, mess, peers, repeats, frozenset(only or PARTS), reuse)
    raise typer.Exit(verb.bench(_home(), plan, as_json, lang))


def _sizes(text: str) -> tuple[int, ...]:
    try:
        sizes = tuple(int(size) for size in text.split(","))
    except ValueError:
        sizes = ()
    if not sizes or min(sizes) < _LEAST_PERSONS:
        raise typer.BadParameter(
            f"give --sizes as numbers of {_LEAST_PERSONS} or more, for instance 100000,367500"
        )
    return sizes


def _add_link() -> None:
    link = typer.Typer(no_args_is_help=True, help="The model that linking reads.")
    app.add_typer(link, name="link")

    @link.callback()
    def group() -> None:
        """Keep `train` a verb of its own even while it is the only one."""

    @link.command("train")
    def train(
        run_date: Annotated[
            str, typer.Option("--date", help="Count on the deliveries in force on this day.")
        ],
        output: Annotated[Path, typer.Option(help="The model file to write (JSON).")],
        version: Annotated[str | None, typer.Option(help="Name of the model (default: DATE.1).")] = None,
        sample: Annotated[int, typer.Option(min=100, help="Persons of whom a row is laid aside.")] = 20_000,
        seed: Annotated[int, typer.Option(help="Another seed lays other rows aside.")] = 1,
        lang: LanguageOption = Language.from_locale(),
    ) -> None:
        """Count a new model's weights on this county's rows; a person reviews and pins it (docs/linkage.md)."""
        from orchestration.cli import link_verbs

        day = _date(run_date)
        name = version or f"{day.isoformat()}.1"
        raise typer.Exit(link_verbs.train(_home(), day, output, name, sample, seed, lang))


_add_link()


def _add_checks() -> None:
    contracts = typer.Typer(no_args_is_help=True, help="The contracts of the extracts.")
    policies = typer.Typer(no_args_is_help=True, help="The policy files.")
    app.add_typer(contracts, name="contracts")
    app.add_typer(policies, name="policies")

    @contracts.command("check")
    def contracts_check(landing: LandingOption = None) -> None:
        """Contracts against the standard and the code; which files in landing belong to none."""
        from orchestration.cli import checks

        home = _home()
        raise typer.Exit(checks.contracts(_landing(home, landing), datetime.now(UTC)))

    @policies.command("check")
    def policies_check() -> None:
        """Policies, parameters, suites and cards: their files and every example."""
        from orchestration.cli import checks

        raise typer.Exit(checks.policies())

    @policies.command("new")
    def policies_new(
        policy_id: Annotated[
            str, typer.Argument(metavar="ID", help="An area and two digits, such as EDU-09.")
        ],
    ) -> None:
        """Begin a policy: a file with every field and an example per outcome, to be filled in."""
        from expectations.skeleton import write_skeleton

        try:
            path = write_skeleton(policy_id)
        except (ValueError, FileExistsError) as error:
            raise typer.BadParameter(str(error)) from None
        typer.echo(f"{path}\nFill it in, then: hulian policies check; python -m expectations.policy_page")


_add_checks()


def main() -> None:
    """Entry point of the `hulian` command."""
    app()
