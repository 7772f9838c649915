"""What was wanted beside what was found: every target of `targets.yaml` with its figure, and whether it is met.

Belongs here: how a figure is taken from a bench's document. The limits are data; a figure that was not measured is left out.
"""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from orchestration.bench.methods import EXACT, FEATURED, OURS, SPLINK

_GIB = 2**30
# A busy machine shows in the first and hardly in the second.
_CLOCKS = ("seconds", "cpu_seconds")
Document = dict[str, Any]
_Figure = tuple[str, int, float, float | None]  # target, persons, value, the same ratio by CPU seconds


@cache
def wanted() -> Document:
    """The limits, as `targets.yaml` has them."""
    document: Document = yaml.safe_load(
        files("orchestration.bench").joinpath("targets.yaml").read_text("utf-8")
    )
    return document


def judge(document: Document) -> list[dict[str, Any]]:
    """Rows of target, group, persons, value, limit and met for all that the document has measured."""
    judged = [_limited(*figure) for figure in _figures(document["sizes"])]
    for size in document["sizes"]:
        ours = _methods(size).get(OURS)
        for group, figure, least in wanted()["accuracy"].get(float(document["mess"]), []):
            if ours and group in ours["quality"]:
                found = ours["quality"][group][figure]
                value = found if figure == "f1" else found["value"]
                judged.append(
                    {"target": figure, "group": group, "persons": size["persons"], "value": value, "cpu": None,
                     "sign": "≥", "limit": least, "met": value >= least}
                )  # fmt: skip
    return judged


def below(policy: dict[str, Any]) -> bool:
    """Whether a policy with enough planted gaps finds too few of them, or too many others."""
    least: float = wanted()["policy_least"]
    enough = policy["planted"] >= wanted()["policy_cases"]
    return enough and min(policy["precision"] or 0.0, policy["recall"] or 0.0) < least


def overall(policies: list[dict[str, Any]]) -> dict[str, Any]:
    """Planted, found and both over all policies, with precision and recall."""
    planted, found, both = (
        sum(policy[column] for policy in policies) for column in ("planted", "found", "both")
    )
    return {"planted": planted, "found": found, "both": both,
            "precision": both / found if found else None, "recall": both / planted if planted else None}  # fmt: skip


def linking_seconds(size: Document, clock: str = "seconds") -> float:
    """Ours from the deliveries' rows to households: making the mentions, and linking them; `clock` may be cpu_seconds."""
    return float(size[f"normalise_{clock}"] + _methods(size)[OURS][clock])


def _limited(name: str, persons: int, value: float, cpu: float | None) -> dict[str, Any]:
    ((kind, limit),) = wanted()["limits"][name].items()
    sign = {"at_most": "≤", "at_least": "≥", "above": ">"}[kind]
    met = {"at_most": value <= limit, "at_least": value >= limit, "above": value > limit}[kind]
    return {"target": name, "group": None, "persons": persons, "value": value, "cpu": cpu, "sign": sign, "limit": limit, "met": met}  # fmt: skip


def _methods(size: Document) -> Document:
    return {row["method"]: row for row in size.get("linking", []) if row["size"] == "all"}


def _figures(sizes: list[Document]) -> Iterator[_Figure]:
    for size in sizes:
        persons = size["persons"]
        yield from _of_linking(size)
        if "ratios" in size:
            yield "next_linking_to_first", persons, size["ratios"]["next_linking_to_first"], None
            yield "differing_links", persons, size["next_links"]["differing"], None
        if "steady" in size:
            yield "different_fingerprints", persons, different_fingerprints(size["steady"]["runs"]), None
        if size["policies"]:
            whole = overall(size["policies"])
            yield "policy_precision", persons, whole["precision"] or 0.0, None
            yield "policy_recall", persons, whole["recall"] or 0.0, None
            yield "policies_below", persons, sum(below(policy) for policy in size["policies"]), None
            yield "asking_seconds", persons, sum(size["asking"].values()), None
    by_persons = {size["persons"]: size for size in sizes if OURS in _methods(size)}
    step = wanted()["growth"]
    if step["from"] in by_persons and step["to"] in by_persons:
        small, large = by_persons[step["from"]], by_persons[step["to"]]
        yield "growth", step["to"], *(linking_seconds(large, c) / linking_seconds(small, c) for c in _CLOCKS)


def different_fingerprints(runs: list[dict[str, Any]]) -> int:
    """How many different results the runs of one county gave."""
    return len(
        {tuple(sorted((name, value) for name, value in run.items() if name != "threads")) for run in runs}
    )


def _of_linking(size: Document) -> Iterator[_Figure]:
    found, persons = _methods(size), size["persons"]
    if OURS not in found:
        return
    for name, method in (("linking_to_splink", SPLINK), ("linking_to_featured", FEATURED)):
        if method in found:
            yield name, persons, *(linking_seconds(size, clock) / found[method][clock] for clock in _CLOCKS)
    others = [
        found[method]["quality"]["all"]["f1"] for method in (EXACT, SPLINK, FEATURED) if method in found
    ]
    if others:
        yield "f1_above_peers", persons, found[OURS]["quality"]["all"]["f1"] - max(others), None
    if persons <= wanted()["memory_up_to"]:
        yield "linking_memory", persons, found[OURS]["peak_bytes"] / _GIB, None
