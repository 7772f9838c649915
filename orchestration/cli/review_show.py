"""How a review question looks: two records side by side, which fields agree, the weight of each; and lists of questions.

A question holds identities: it is shown on the operator's own terminal, never written unless names are asked for.
"""

import csv
import io
from collections.abc import Callable, Iterable, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from orchestration.cli.layout import table
from orchestration.cli.messages import Messages
from orchestration.cli.review_pairs import Question, Row

# Which comparisons speak of which field; a comparison that is not here gets a line of its own.
_FIELDS: dict[str, tuple[tuple[str, ...], Callable[[Row], object]]] = {
    "name": (("name", "tf_adj_name"), lambda row: row.name),
    "id_raw": (("damaged_number", "number"), lambda row: row.id_raw),
    "birth_date": (("birth_date",), lambda row: row.birth_date),
    "sex": (("sex",), lambda row: row.sex),
    "village": (("village",), lambda row: " ".join(filter(None, (row.township_name, row.village_name)))),
    "phone": (("phone",), lambda row: row.phone),
    # the school roll has no household number: the row stands for it
    "household": (
        ("household",),
        lambda row: None if row.household_source == "education" else row.household_no,
    ),
    "relation": ((), lambda row: row.relation),
}
_MOST_VALUES = 4
_KEY_COLUMNS = (
    "mention_key", "person_key", "probability", "margin", "weight", "reason", "purpose", "match_method", "department",
    "extract", "file_name", "row_number",
)  # fmt: skip
_NAME_COLUMNS = ("name", "id_raw", "birth_date", "village", "right_names", "right_id_raw")


def show_question(console: Console, question: Question, say: Messages, number: int, of: int) -> None:
    """Print one question."""
    weights = dict(question.evidence)
    made = table(
        say("review.title", number=number, of=of, row=question.left.mention_key[:12]),
        [("", "text"), (say("review.left"), "text"), (say("review.right"), "text"), ("", "text"), (say("review.weight"), "number")],
    )  # fmt: skip
    for field, (comparisons, value) in _FIELDS.items():
        mine, theirs = _values([question.left], value), _values(question.right, value)
        theirs = theirs or [str(known) for known in [question.right_known.get(field)] if known]
        made.add_row(
            say.code("field", field),
            escape("、".join(mine)),
            escape("、".join(theirs[:_MOST_VALUES]) + (" …" if len(theirs) > _MOST_VALUES else "")),
            _agreement(mine, theirs),
            _bits([weights.pop(name) for name in comparisons if name in weights]),
        )
    _add_sources(made, question, say)
    for name, weight in weights.items():
        made.add_row(say.code("comparison", name), "", "", "", _bits([weight]))
    console.print(made)
    console.print(_verdict(question, say))


def _add_sources(made: Table, question: Question, say: Messages) -> None:
    def stands(row: Row) -> str:
        return escape(f"{row.department}/{row.extract} {row.file_name or ''}:{row.row_number} {row.role}")

    more = f"\n+ {len(question.right) - _MOST_VALUES}" if len(question.right) > _MOST_VALUES else ""
    right = "\n".join(stands(row) for row in question.right[:_MOST_VALUES]) + more
    made.add_row(say.code("field", "source"), stands(question.left), right, "", "")


def _verdict(question: Question, say: Messages) -> str:
    parts = []
    if question.probability is not None:
        parts.append(say("review.probability", value=f"{question.probability:.1%}"))
    if question.margin is not None:
        parts.append(say("review.margin", value=f"{question.margin:.1%}"))
    if question.evidence:
        parts.append(
            say(
                "review.total", value=f"{round(sum(weight for _, weight in question.evidence), 1) + 0.0:+.1f}"
            )
        )
    told = say.code("review_reason", question.reason) or say.code("match_method", question.left.match_method)
    return " · ".join([*parts, told])


def _values(rows: Sequence[Row], value: Callable[[Row], object]) -> list[str]:
    """Different values, the most frequent first."""
    found = [str(value(row)) for row in rows if value(row)]
    return sorted(set(found), key=lambda text: (-found.count(text), text))


def _agreement(mine: list[str], theirs: list[str]) -> str:
    if not mine or not theirs:
        return "[dim]–[/dim]"
    return "[green]=[/green]" if set(mine) & set(theirs) else "[red]≠[/red]"


def _bits(weights: Iterable[float]) -> str:
    weights = list(weights)
    return f"{round(sum(weights), 1) + 0.0:+.1f}" if any(weights) else ""


def show_list(console: Console, questions: Sequence[Question], say: Messages) -> None:
    """Print the questions as a list of keys without identities."""
    made = table(
        say("review.list_title", count=len(questions)),
        [(say("review.column.mention"), "code"), (say("review.column.person"), "code"), (say("review.column.probability"), "number"),
         (say("review.column.margin"), "number"), (say("column.reason"), "text"), (say("column.extract"), "text")],
    )  # fmt: skip
    for question in questions:
        made.add_row(
            question.left.mention_key[:12],
            question.right_person_key,
            "" if question.probability is None else f"{question.probability:.3f}",
            "" if question.margin is None else f"{question.margin:.3f}",
            say.code("review_reason", question.reason)
            or say.code("match_method", question.left.match_method),
            f"{question.left.department}/{question.left.extract}",
        )
    console.print(made)


def csv_text(questions: Sequence[Question], names: bool) -> str:
    """The questions as CSV with a header: keys, or with `names` the identities too."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_KEY_COLUMNS + (_NAME_COLUMNS if names else ()))
    for q in questions:
        weight = round(sum(bits for _, bits in q.evidence), 3) if q.evidence else None
        row: list[object] = [
            q.left.mention_key, q.right_person_key, q.probability, q.margin, weight, q.reason, q.purpose,
            q.left.match_method, q.left.department, q.left.extract, q.left.file_name, q.left.row_number,
        ]  # fmt: skip
        if names:
            village = _FIELDS["village"][1](q.left)
            row += [q.left.name, q.left.id_raw, q.left.birth_date, village]
            row += [
                "、".join(_values(q.right, lambda r: r.name)),
                "、".join(_values(q.right, lambda r: r.id_raw)),
            ]
        writer.writerow(["" if value is None else value for value in row])
    return out.getvalue()
