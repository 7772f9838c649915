"""The verb `hulian review`: questions one by one, answers as a delivery; lists and pictures of the same questions.

Joins reading (`review_pairs`), showing (`review_show`, `review_waterfall`) and writing (`review_decisions`); words and exit codes.
"""

import getpass
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rich.console import Console

from orchestration.cli.layout import console_for_people
from orchestration.cli.messages import Messages, WrongUsage
from orchestration.cli.review_decisions import DIFFERENT, SAME, Decision, decided_pairs, write_decisions
from orchestration.cli.review_pairs import Question, doubtful, sampled
from orchestration.cli.review_show import csv_text, show_list, show_question
from orchestration.cli.review_waterfall import waterfall_svg
from orchestration.cli.verb import exit_code, refuse_format
from orchestration.home import PRIVATE_FILE, Home

_ANSWERS = {"1": SAME, "2": DIFFERENT}
_SKIP, _QUIT = "3", "q"


@dataclass(frozen=True)
class Asked:
    """The options of one call."""

    listed: bool = False
    file_format: str = "table"
    names: bool = False
    output: Path | None = None
    sample: int | None = None
    seed: int = 1
    pair: str | None = None
    waterfall: Path | None = None


def review(home: Home, landing: Path, day: date, asked: Asked, lang: str) -> int:
    """Ask about the published day's doubtful pairs, or about a sample of its accepted links, and write the answers.

    `day` is the date of the decisions: they count in runs of that day and later. Returns 0, 1 (nothing published,
    restricted file cannot be opened) or 2 (no such format or pair).
    """
    say = Messages(lang)
    return exit_code(lambda: _answer(home, landing, day, asked, say))


def _answer(home: Home, landing: Path, day: date, asked: Asked, say: Messages) -> None:
    refuse_format(("table", "csv"), asked.file_format, None, say)
    if asked.names and (asked.file_format != "csv" or asked.output is None):
        raise WrongUsage(say("review.names_need_file"))
    if asked.waterfall and not asked.pair:
        raise WrongUsage(say("review.waterfall_needs_pair"))
    decided = decided_pairs(landing)
    found = sampled(home, say, asked.sample, asked.seed) if asked.sample else doubtful(home, say)
    questions = [question for question in found if question.pair not in decided]
    if asked.pair:
        questions = [_the_one(found, asked.pair, say)]
    if asked.waterfall:
        _draw(questions[0], asked.waterfall, say)
    elif asked.file_format == "csv":
        _write_csv(csv_text(questions, asked.names), asked.output, say)
    elif asked.listed:
        show_list(console_for_people(), questions, say)
    else:
        _ask_and_write(home, landing, day, questions, say)


def _the_one(questions: Sequence[Question], key: str, say: Messages) -> Question:
    found = [question for question in questions if question.left.mention_key.startswith(key)]
    if len(found) != 1:
        raise WrongUsage(say("review.no_pair", row=key, count=len(found)))
    return found[0]


def _write_csv(text: str, output: Path | None, say: Messages) -> None:
    if output is None:
        sys.stdout.write(text)
        return
    descriptor = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE)
    with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="") as file:
        file.write(text)
    output.chmod(PRIVATE_FILE)
    Console().print(say("review.file_written", path=output), soft_wrap=True, markup=False)


def _draw(question: Question, output: Path, say: Messages) -> None:
    if not question.evidence:
        raise WrongUsage(say("review.no_weights"))
    bars = [(say.code("comparison", name), bits) for name, bits in question.evidence if round(bits, 2)]
    subtitle = say("review.waterfall_subtitle", probability=f"{question.probability or 0:.1%}")
    title = say(
        "review.waterfall_title", left=question.left.mention_key[:12], right=question.right_person_key
    )
    svg = waterfall_svg(title, subtitle, bars, say("review.waterfall_total"))
    if output.suffix in (".html", ".htm"):
        svg = f'<!doctype html><meta charset="utf-8"><title>{title}</title>\n{svg}'
    output.write_text(svg, encoding="utf-8")
    Console().print(say("review.file_written", path=output), soft_wrap=True, markup=False)


def _ask_and_write(
    home: Home, landing: Path, day: date, questions: Sequence[Question], say: Messages
) -> None:
    console = console_for_people()
    if not questions:
        console.print(say("review.none"))
        return
    decisions: list[Decision] = []
    try:
        for number, question in enumerate(questions, start=1):
            show_question(console, question, say, number, len(questions))
            answer = _ask(console, say)
            if answer == _QUIT:
                break
            if answer in _ANSWERS:
                decisions.append(_decision(question, _ANSWERS[answer]))
    except KeyboardInterrupt:
        console.print()
    # answers given are kept however the session ends
    if not decisions:
        console.print(say("review.nothing_decided"))
        return
    path = write_decisions(home, landing, day, getpass.getuser(), decisions)
    console.print(
        say("review.written", count=len(decisions), path=path, day=day), soft_wrap=True, markup=False
    )


def _ask(console: Console, say: Messages) -> str:
    """One of 1, 2, 3, q; the end of the input is q."""
    while True:
        try:
            answer = console.input(f"{say('review.ask')} ").strip().lower()
        except EOFError:
            return _QUIT
        if answer in (*_ANSWERS, _SKIP, _QUIT):
            return answer
        console.print(say("review.answer_with"), style="yellow")


def _decision(question: Question, decided: str) -> Decision:
    left = question.left
    return Decision(
        left_record_key=left.record_key,
        left_role=left.role,
        right_person_key=question.right_person_key,
        decision=decided,
        purpose=question.purpose,
        match_method=left.match_method,
        match_score=question.probability,
    )
