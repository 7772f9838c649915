"""The verb `hulian bench`: says how long it will take, runs the bench and shows what it found, or all of it as JSON.

Tables only; measuring is `orchestration.bench`.
"""

import json
from typing import Any

from rich.console import Console
from rich.table import Table

from orchestration.bench.methods import FEATURED, FEW_MENTIONS, OURS
from orchestration.bench.run import Plan, run_bench
from orchestration.bench.targets import below, overall
from orchestration.cli.layout import console_for_people, count, table
from orchestration.cli.messages import Messages
from orchestration.failures import HulianError
from orchestration.home import Home

_FAILED = 1
_MIB = 2**20
_GROUPS = ("all", "hard", "clusters")


def bench(home: Home, plan: Plan, as_json: bool, lang: str) -> int:
    """Measure demo counties made below `home`/bench, and show what was found; returns the exit code.

    The home's own deliveries and published days are not touched: the bench has homes of its own.
    """
    say = Messages(lang)
    errors = Console(stderr=True)
    folder = home.root / "bench"
    sizes = ", ".join(count(size) for size in plan.sizes)
    errors.print(say("bench.about", sizes=sizes, minutes=max(1, round(plan.minutes()))), soft_wrap=True)
    try:
        found = run_bench(folder, plan, lambda step: errors.print(f"[dim]{step}[/dim]"))
    except HulianError as error:
        errors.print(str(error), style="red", soft_wrap=True, markup=False)
        return _FAILED
    if as_json:
        Console(soft_wrap=True).print_json(json.dumps(found, ensure_ascii=False))
    else:
        console = console_for_people()
        render(console, found, say)
        console.print(say("bench.kept", path=folder), soft_wrap=True, markup=False, style="dim")
    for county in found["failed"]:
        told = say("bench.failed", persons=count(county["persons"]), reason=county["reason"])
        errors.print(told, style="red", soft_wrap=True, markup=False)
    return _FAILED if found["failed"] else 0


def render(console: Console, found: dict[str, Any], say: Messages) -> None:
    """Print a bench's document: the ways to link side by side, the targets, days, policies."""
    _render_linking(console, found, say)
    _render_targets(console, found["targets"], say)
    for size in found["sizes"]:
        _render_days(console, size, say)
    for size in found["sizes"]:
        if size["policies"]:
            _render_policies(console, size, say)


def _render_linking(console: Console, found: dict[str, Any], say: Messages) -> None:
    columns = [(say("column.method"), "text"), (say("column.seconds"), "number"), ("CPU", "number"),
               (say("bench.column.memory"), "number")]  # fmt: skip
    columns += [
        (f"{say(f'bench.group.{group}')} {figure}", "number")
        for group in _GROUPS
        for figure in ("P", "R", "F1")
    ]
    made = table(say("bench.linking", seed=found["seed"], mess=found["mess"]), columns)
    for column in made.columns[4:]:
        column.no_wrap = False  # the heading breaks, figures are short
    left_out = []
    for size in found["sizes"]:
        for row in size.get("linking", []):
            if "left_out" in row:
                left_out.append(row)
                continue
            made.add_row(_method(row, say), *_cost(row), *_quality(row["quality"]))
        if size.get("linking"):
            _name_section(made, size, say)
    if not made.row_count:
        return
    console.print(made)
    console.print(say("bench.legend"), style="dim", markup=False)
    for row in left_out:
        told = say("bench.left_out", method=_method(row, say), reason=row["left_out"])
        console.print(told, style="yellow", markup=False)


def _name_section(made: Table, size: dict[str, Any], say: Messages) -> None:
    """Below a county's rows: how large it is, and what ours took by part."""
    ours = next(row for row in size["linking"] if row["method"] == OURS)
    persons = ours["persons_seconds"]
    told = say(
        "bench.county",
        persons=count(size["persons"]),
        mentions=count(size["mentions"]),
        normalise=f"{size['normalise_seconds']:.1f}",
        links="-" if persons is None else f"{persons:.1f}",
    )
    made.add_row(f"[dim]{told}[/dim]", end_section=True)


def _method(row: dict[str, Any], say: Messages) -> str:
    name = say(f"bench.method.{row['method']}")
    if row["method"] == FEATURED and row.get("trained_seconds"):
        name = say("bench.trained", method=name, seconds=f"{row['trained_seconds']:.0f}")
    return name if row["size"] == "all" else say("bench.few", method=name, few=count(FEW_MENTIONS))


def _cost(row: dict[str, Any]) -> tuple[str, str, str]:
    cpu = row["cpu_seconds"]
    return f"{row['seconds']:.2f}", "-" if cpu is None else f"{cpu:.1f}", _memory(row["peak_bytes"])


def _quality(quality: dict[str, Any]) -> list[str]:
    cells = []
    for group in _GROUPS:
        one = quality[group]
        cells += [f"{value:.4f}" for value in (one["precision"]["value"], one["recall"]["value"], one["f1"])]
    return cells


def _render_targets(console: Console, targets: list[dict[str, Any]], say: Messages) -> None:
    made = table(
        say("bench.targets"),
        [(say("bench.column.what"), "text"), (say("bench.column.persons"), "number"), (say("bench.column.measured"), "number"),
         (say("bench.column.wanted"), "number"), ("", "text")],
    )  # fmt: skip
    for row in targets:
        name = say(f"bench.target.{row['target']}")
        if row["group"]:
            group = say(f"bench.group.{row['group']}")
            name = f"{group}: {name}"
        made.add_row(
            name,
            count(row["persons"]),
            f"{row['value']:.5g}" + ("" if row["cpu"] is None else f" (CPU {row['cpu']:.2f})"),
            f"{row['sign']} {row['limit']:.5g}",
            say("bench.met") if row["met"] else f"[bold red]{say('bench.not_met')}[/bold red]",
        )
    if targets:
        console.print(made)


def _render_days(console: Console, size: dict[str, Any], say: Messages) -> None:
    made = table(
        say("bench.days", persons=count(size["persons"])),
        [(say("bench.column.what"), "text"), (say("column.seconds"), "number"), (say("bench.column.ingest"), "number"),
         (say("bench.column.linking"), "number"), (say("bench.column.memory"), "number")],
    )  # fmt: skip
    county = size["county"]
    made.add_row(say("bench.generation"), f"{county['seconds']:.1f}", "", "", _memory(county["peak_bytes"]))
    for day in size.get("days", [size["first_day"]]):
        rate = count(round(day["ingest_rows_per_second"])) if day["day"] == "first" else ""
        made.add_row(
            say(f"bench.day.{day['day']}"),
            f"{day['seconds']:.1f}",
            rate,
            f"{day['link_seconds']:.1f}",
            _memory(day["peak_bytes"]),
        )
    console.print(made)
    if "ratios" in size:
        links = size["next_links"]
        told = say(
            "bench.next_links",
            changed=count(size["changed"]["changed"]),
            rows=count(size["changed"]["rows"]),
            ratio=f"{size['ratios']['next_to_first']:.2f}",
            differing=count(links["differing"]),
            mentions=count(links["mentions"]),
            homes=count(links["differing_households"]),
        )
        console.print(told, markup=False)


def _render_policies(console: Console, size: dict[str, Any], say: Messages) -> None:
    made = table(
        say("bench.policies", persons=count(size["persons"]), seconds=f"{sum(size['asking'].values()):.1f}"),
        [(say("column.policy"), "code"), (say("bench.column.planted"), "number"), (say("column.found"), "number"),
         (say("bench.column.both"), "number"), (say("bench.column.precision"), "number"), (say("bench.column.recall"), "number"),
         ("", "text")],
    )  # fmt: skip
    whole = {"policy_id": say("bench.overall"), **overall(size["policies"])}
    for row in (*size["policies"], whole):
        low = row is not whole and below(row)
        made.add_row(
            row["policy_id"],
            count(row["planted"]),
            count(row["found"]),
            count(row["both"]),
            _share(row["precision"]),
            _share(row["recall"]),
            f"[bold red]{say('bench.low')}[/bold red]" if low else "",
            end_section=row is size["policies"][-1],
        )
    console.print(made)


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _memory(peak_bytes: int) -> str:
    return f"{peak_bytes / _MIB:,.0f} MiB"
