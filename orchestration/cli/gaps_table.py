"""`hulian gaps` on a terminal: one row per household with all its clues, never a name.

Layout only; reads well from 100 columns on. What is chosen belongs to `gaps`, the words to `clue_words`.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from orchestration.cli import clue_words
from orchestration.cli.gaps import Card, Clue, WorkList
from orchestration.cli.layout import CARD_STYLE, SEVERITY_STYLE, table
from orchestration.cli.messages import Messages
from orchestration.cli.policy_texts import policy_texts

# A terminal shows what a person can read at once; files hold everything.
_SHOWN_ON_TERMINAL = 40


def render_table(console: Console, work_list: WorkList, say: Messages) -> None:
    """Print the list without names; on a terminal its first households, into a pipe all."""
    if not work_list.clues:
        console.print(say("gaps.none"))
        return
    title = say(
        "gaps.title",
        run_date=work_list.run_date,
        scope=clue_words.scope_of(work_list, say),
        count=len(work_list.clues),
    )
    console.print(Text(title, style="bold"))
    most = _SHOWN_ON_TERMINAL if console.is_terminal else None
    shown: list[Clue] = []
    for section, cards in (("cards", work_list.cards[:most]), ("doubtful", work_list.doubtful[:most])):
        if cards:
            console.print(_card_table(section, cards, work_list, say))
            shown += [clue for card in cards for clue in card.clues]
    others = work_list.others[:most]
    if others:
        console.print(_other_table(others, work_list, say))
        shown += others
    _render_doors(console, shown, say)
    if len(shown) < len(work_list.clues):
        console.print(say("gaps.more", shown=len(shown), count=len(work_list.clues)), style="dim")


def _title(section: str, work_list: WorkList, say: Messages) -> str:
    return f"{say(f'gaps.section.{section}')} · {clue_words.counts_of(work_list, section, say)}"


def _card_table(section: str, cards: Sequence[Card], work_list: WorkList, say: Messages) -> Table:
    made = table(
        _title(section, work_list, say),
        [("", "number"), (say("column.household"), "text"), (say("column.clues"), "text"), (say("column.due_on"), "code")],
    )  # fmt: skip
    made.show_lines = True
    for number, card in enumerate(cards, start=1):
        place, *more = clue_words.household(card, say, township=work_list.township is None)
        lines = [Text(place, style="bold"), *(Text(line) for line in more)]
        made.add_row(
            Text(str(number), style=CARD_STYLE.get(card.card or "", "")),
            Text("\n").join(lines),
            Text("\n").join(_clue(clue, say) for clue in card.clues),
            f"{card.due_on:%Y-%m-%d}" if card.due_on else "",
        )
    return made


def _clue(clue: Clue, say: Messages) -> Text:
    """Severity and name; whom it is about and what became of it; the id that `hulian trace` takes."""
    text = Text.assemble(
        (say.code("severity", clue.severity), SEVERITY_STYLE.get(clue.severity, "")),
        f" {clue_words.policy_name(clue, say)}",
    )
    about = " · ".join(filter(None, (clue_words.subject(clue, say), clue_words.state(clue, say))))
    if about:
        text.append(f"\n  {about}")
    if clue.doubt:
        text.append(f"\n  {say('gaps.doubt', doubt=clue.doubt)}", style="yellow")
    text.append(f"\n  {clue.gap_id}", style="dim")
    return text


def _other_table(others: Iterable[Clue], work_list: WorkList, say: Messages) -> Table:
    made = table(
        _title("others", work_list, say),
        [(say("column.place"), "text"), (say("column.clues"), "text"), (say("column.due_on"), "code")],
    )
    made.show_lines = True
    for clue in others:
        place = " ".join(filter(None, (clue.township_name, clue.village_name)))
        due = f"{clue.due_on:%Y-%m-%d}" if clue.due_on else ""
        made.add_row(Text(place, style="bold"), _clue(clue, say), due)
    return made


def _render_doors(console: Console, shown: Iterable[Clue], say: Messages) -> None:
    """Below the list, once per policy in it: its name, what to check, by which standard, and which papers to see."""
    texts = policy_texts()
    doors = table(
        say("gaps.at_the_door"),
        [(say("column.policy"), "code"), ("", "text"), ("", "text"), (say("column.documents"), "text")],
    )
    standards: dict[str, list[str]] = defaultdict(list)
    for clue in shown:
        standard = clue_words.standard(clue, say)
        if standard not in standards[clue.policy_id]:
            standards[clue.policy_id].append(standard)
    for policy_id in sorted(set(standards) & set(texts)):
        text = texts[policy_id]
        checked = Text(text.at_the_door)
        for standard in filter(None, standards[policy_id]):
            checked.append(f"\n{say('gaps.standard', standard=standard)}", style="dim")
        doors.add_row(policy_id, text.name(say.language), checked, text.documents)
    console.print(doors)
