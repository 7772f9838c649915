"""What the verbs share: formats refused, one clear sentence on standard error, and the exit code of the command.

Here: how a verb ends. What a verb does belongs to its own module.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console

from orchestration.cli.messages import Messages, WrongUsage
from orchestration.failures import HulianError

_FAILED, _WRONG_USAGE = 1, 2


def exit_code(act: Callable[[], None]) -> int:
    """Do it: 0 done, 1 for a HulianError and 2 for WrongUsage, whose sentence is told; other errors pass."""
    errors = Console(stderr=True)
    try:
        act()
    except WrongUsage as error:
        errors.print(str(error), style="red", soft_wrap=True, markup=False)
        return _WRONG_USAGE
    except HulianError as error:
        errors.print(str(error), style="red", soft_wrap=True, markup=False)
        return _FAILED
    return 0


def refuse_format(known: Sequence[str], file_format: str, output: Path | None, say: Messages) -> None:
    """WrongUsage for a format that is not among `known`, and for a file to write without one."""
    if file_format not in known:
        kind = say("error.kind.format")
        raise WrongUsage(say("error.unknown_value", kind=kind, value=file_format, known=", ".join(known)))
    if output and file_format == "table":
        raise WrongUsage(say("error.output_needs_format"))


def tell(sentence: str) -> None:
    """One sentence on standard output, as long as it is and as it stands."""
    Console().print(sentence, soft_wrap=True, markup=False)
