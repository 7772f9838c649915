"""The verbs `hulian contracts check` and `hulian policies check`: problems as lines, exit code 1 when there are any."""

from datetime import datetime
from pathlib import Path

from rich.console import Console

_FAILED = 1


def contracts(landing: Path, at: datetime) -> int:
    """Load every contract, then tell which files in landing belong to none of them; returns the exit code."""
    from ingest.contract import ContractError, load_contracts
    from ingest.landing import scan

    console = Console()
    try:
        loaded = load_contracts()
    except ContractError as error:
        return _tell([str(error)], "")
    found = scan(landing, loaded, at, only=None) if landing.is_dir() else []
    unclaimed = [landed.file_name for landed in found if landed.contract is None]
    for name in unclaimed:
        console.print(f"{name}: no contract claims this file", markup=False, soft_wrap=True)
    return _tell(
        [], f"{len(loaded)} contracts are sound; {len(unclaimed)} files in {landing} belong to none of them"
    )


def policies() -> int:
    """Validate policies, parameters, cards and suites and run every example; returns the exit code."""
    from expectations.check import check_all
    from expectations.policy import load_policies

    problems = check_all()
    return _tell(
        problems,
        "" if problems else f"{len(load_policies())} policies are sound, every example comes out right",
    )


def _tell(problems: list[str], good: str) -> int:
    for problem in problems:
        Console(stderr=True).print(problem, style="red", soft_wrap=True, markup=False)
    if not problems:
        Console().print(good, soft_wrap=True, markup=False)
    return _FAILED if problems else 0
