"""The verb `hulian bench`: runs the bench and shows ratios first, then figures, or all of it as JSON.

Words and tables only; measuring is `orchestration.bench`.
"""

import json
from typing import Any

from rich.console import Console

from orchestration.cli.layout import console_for_people, count, table
from orchestration.cli.messages import Messages
from orchestration.failures import HulianError
from orchestration.home import Home

_FAILED = 1
_MIB = 2**20
_GROUPS = ("all", "hard", "clusters", "households", "registry_households")


def bench(home: Home, persons: int, seed: int, mess: float, peers: bool, as_json: bool, lang: str) -> int:
    """Measure a demo county made below `home`/bench, and show what was found; returns the exit code.

    The home's own deliveries and published days are not touched: the bench has a home of its own.
    """
    from orchestration.bench.run import run_bench

    say = Messages(lang)
    errors = Console(stderr=True)
    folder = home.root / "bench"
    try:
        found = run_bench(folder, persons, seed, mess, peers, lambda step: errors.print(f"[dim]{step}[/dim]"))
    except HulianError as error:
        errors.print(str(error), style="red", soft_wrap=True, markup=False)
        return _FAILED
    if as_json:
        Console(soft_wrap=True).print_json(json.dumps(found, ensure_ascii=False))
        return 0
    console = console_for_people()
    render(console, found, say)
    console.print(say("bench.kept", path=folder), soft_wrap=True, markup=False, style="dim")
    return 0


def render(console: Console, found: dict[str, Any], say: Messages) -> None:
    """Print a bench's document: ratios, days, linking beside the peers, policies."""
    _render_ratios(console, found, say)
    _render_days(console, found, say)
    _render_linking(console, found["linking"], say)
    _render_policies(console, found["policies"], say)


def _render_ratios(console: Console, found: dict[str, Any], say: Messages) -> None:
    made = table(say("bench.ratios"), [(say("bench.column.what"), "text"), ("", "number")])
    changed = count(found["changed"]["changed"])
    for name, value in found["ratios"].items():
        made.add_row(say(f"bench.{name}", changed=changed), f"{value:.2f}")
    ours = {row["size"]: row["seconds"] for row in found["linking"] if _is_ours(row)}
    for row in found["linking"]:
        if not _is_ours(row) and "seconds" in row:
            label = say("bench.peer_to_ours", method=f"{row['method']} ({row['size']})")
            made.add_row(label, f"{row['seconds'] / ours[row['size']]:.2f}")
    console.print(made)


def _is_ours(row: dict[str, Any]) -> bool:
    return bool(row.get("ours"))


def _render_days(console: Console, found: dict[str, Any], say: Messages) -> None:
    made = table(
        say("bench.days", persons=count(found["persons"]), mentions=count(found["mentions"]), seed=found["seed"], mess=found["mess"]),
        [(say("bench.column.what"), "text"), (say("column.seconds"), "number"), (say("bench.column.ingest"), "number"),
         (say("bench.column.linking"), "number"), (say("bench.column.memory"), "number")],
    )  # fmt: skip
    county = found["county"]
    made.add_row(say("bench.generation"), f"{county['seconds']:.1f}", "", "", _memory(county["peak_bytes"]))
    for day in found["days"]:
        rate = count(round(day["ingest_rows_per_second"])) if day["day"] == "first" else ""
        made.add_row(
            say(f"bench.day.{day['day']}"),
            f"{day['seconds']:.1f}",
            rate,
            f"{day['link_seconds']:.1f}",
            _memory(day["peak_bytes"]),
        )
    console.print(made)


def _render_linking(console: Console, rows: list[dict[str, Any]], say: Messages) -> None:
    from orchestration.bench.run import FEW_MENTIONS

    made = table(
        say("bench.linking", few=count(FEW_MENTIONS)),
        [(say("column.method"), "text"), (say("column.seconds"), "number"), (say("bench.column.memory"), "number"),
         (say("bench.column.group"), "text"), (say("bench.column.precision"), "number"), (say("bench.column.recall"), "number"),
         ("F1", "number")],
    )  # fmt: skip
    for row in rows:
        if "left_out" in row:
            continue
        head = (f"{row['method']} ({row['size']})", f"{row['seconds']:.2f}", _memory(row["peak_bytes"]))
        for group in _GROUPS:
            quality = row["quality"].get(group)
            if quality is None:
                continue
            made.add_row(
                *head,
                say(f"bench.group.{group}"),
                f"{quality['precision']['value']:.5f}",
                f"{quality['recall']['value']:.5f}",
                f"{quality['f1']:.5f}",
            )
            head = ("", "", "")
    console.print(made)
    for row in rows:
        if "left_out" in row:
            console.print(
                say("bench.left_out", method=row["method"], reason=row["left_out"]),
                style="yellow",
                markup=False,
            )


def _render_policies(console: Console, rows: list[dict[str, Any]], say: Messages) -> None:
    made = table(
        say("bench.policies"),
        [(say("column.policy"), "code"), (say("bench.column.planted"), "number"), (say("column.found"), "number"),
         (say("bench.column.both"), "number"), (say("bench.column.precision"), "number"), (say("bench.column.recall"), "number")],
    )  # fmt: skip
    for row in rows:
        made.add_row(
            row["policy_id"],
            count(row["planted"]),
            count(row["found"]),
            count(row["both"]),
            _share(row["precision"]),
            _share(row["recall"]),
        )
    console.print(made)


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _memory(peak_bytes: int) -> str:
    return f"{peak_bytes / _MIB:,.0f} MiB"
