"""The house's look on a terminal: tables, numbers, colours, widths.

No words (`messages`) and no counts (`summary_facts`) here.
"""

from collections.abc import Iterable

from rich import box
from rich.console import Console
from rich.table import Table

CARD_STYLE = {"red": "bold red", "yellow": "yellow", "blue": "blue", "clue": "magenta"}
# Columns of text; the widest table, with 20-digit household numbers and 28-character clue ids, takes 150.
_WIDTH_WITHOUT_TERMINAL = 160
SEVERITY_STYLE = {"C": "bold red", "M": "yellow", "N": "dim"}


def count(value: float | None) -> str:
    """A number as people write it: thousands separated, no needless decimals; `-` when there is none."""
    if value is None:
        return "-"
    rounded = round(value, 2)
    return f"{rounded:,.0f}" if rounded == int(rounded) else f"{rounded:,.2f}"


def table(title: str, columns: Iterable[tuple[str, str]]) -> Table:
    """A table in the house's look; `columns` are (heading, `text`, `number` or `code`); codes and dates never break."""
    made = Table(
        title=title, title_justify="left", title_style="bold cyan", box=box.SIMPLE_HEAD, pad_edge=False
    )
    for heading, kind in columns:
        whole = kind in {"number", "code"}
        made.add_column(
            heading, justify="right" if kind == "number" else "left", overflow="fold", no_wrap=whole
        )
    return made


def console_for_people() -> Console:
    """The terminal as it is; into a file or pipe, wide enough for every table."""
    console = Console()
    return console if console.is_terminal else Console(width=_WIDTH_WITHOUT_TERMINAL)
