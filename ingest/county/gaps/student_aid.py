"""Gaps of the policies about student aid beyond the compulsory years: EDU-05, EDU-06, EDU-07, EDU-08.

Belongs here: aid of this term that is missing, or paid to the wrong one, or twice. Nothing is planted before it is due.
"""

import numpy as np
import pandas as pd

from ingest.county.draw import Bools, Ints
from ingest.county.facts import DIBAO, TEKUN, Facts, numbers
from ingest.county.gaps.book import GapBook
from ingest.county.world import World

AID = "education/student_aid"
SENIOR = ("普通高中国家助学金", "免学杂费")
YULU = "雨露计划"


def _on_roll(world: World, facts: Facts, *stages: str) -> Bools:
    students = facts.frames["education/students"]
    here = students["stage"].isin(stages) & students["status"].isin(["在读", "送教上门", "随班就读"])
    mask = np.zeros(len(world.people), dtype=bool)
    mask[students.loc[here, "_self"]] = True
    return mask


def _without(world: World, facts: Facts, people: Ints, *programmes: str) -> None:
    aid = facts.frames[AID]
    gone = aid["_self"].isin(people) & (aid["term"] == world.today.term) & aid["programme"].isin(programmes)
    facts.frames[AID] = aid[~gone].reset_index(drop=True)


def _pay(
    world: World, facts: Facts, people: Ints, prefix: str, programme: str, term: str, amount: float
) -> None:
    students = facts.frames["education/students"].drop_duplicates("_self").set_index("_self")
    number = students["student_no"].reindex(people).fillna("").to_numpy(dtype=object)
    rows = pd.DataFrame(
        {
            "_self": people,
            "student_no": number,
            "programme": programme,
            "term": term,
            "amount": amount,
            "paid_on": np.datetime64(world.today.term_due) - 3,
            "aid_no": numbers(prefix, len(people), 7).to_numpy(dtype=object),
        }
    )
    if len(rows):
        facts.frames[AID] = pd.concat([facts.frames[AID], rows], ignore_index=True)


def plant_edu_06(world: World, facts: Facts, book: GapBook) -> None:
    """Target people in 中职 or 高职高专 without 雨露计划."""
    if not world.today.term_is_due:
        return
    rng, target = book.rng("EDU-06"), world.people["is_target"].to_numpy()
    chosen = book.people(rng, target & _on_roll(world, facts, "中职", "高职高专"), book.wanted("EDU-06"))
    _without(world, facts, chosen, YULU)
    book.person_gaps("EDU-06", chosen, f"no {YULU} this term")


def plant_edu_08(world: World, facts: Facts, book: GapBook) -> None:
    """Target people in 中职 or 高职高专 paid twice this term; near: the second payment is without an amount."""
    if not world.today.term_is_due:
        return
    rng, target = book.rng("EDU-08"), world.people["is_target"].to_numpy()
    entitled = target & _on_roll(world, facts, "中职", "高职高专")
    chosen = book.people(rng, entitled, book.wanted("EDU-08"))
    _pay(world, facts, chosen, "ZZ98", YULU, world.today.term, 1500.0)
    book.person_gaps("EDU-08", chosen, "paid twice this term")
    near = book.people(rng, entitled, book.near_wanted("EDU-08"))
    _pay(world, facts, near, "ZZ97", YULU, world.today.term, 0.0)
    book.near_people("EDU-08", near, "a second row of nought yuan")


def plant_edu_07(world: World, facts: Facts, book: GapBook) -> None:
    """雨露计划 paid to people who are no target, or who are in 高中; the entitled ones are the near misses by nature."""
    if not world.today.term_is_due:
        return
    rng, target, count = book.rng("EDU-07"), world.people["is_target"].to_numpy(), book.wanted("EDU-07")
    others = book.people(
        rng, ~target & world.living() & _on_roll(world, facts, "中职", "高职高专"), count - count // 2
    )
    _pay(world, facts, others, "ZZ96", YULU, world.today.term, 1500.0)
    book.person_gaps("EDU-07", others, "no target person")
    senior = book.people(rng, target & _on_roll(world, facts, "高中"), count // 2)
    _pay(world, facts, senior, "ZZ95", YULU, world.today.term, 1500.0)
    book.person_gaps("EDU-07", senior, "in 高中")


def plant_edu_05(world: World, facts: Facts, book: GapBook) -> None:
    """Needy people in 高中 without aid; near: no grant, but no fees either."""
    if not world.today.term_is_due:
        return
    rng = book.rng("EDU-05")
    needy = (
        world.people["is_target"].to_numpy() | facts.assisted(world, *DIBAO, *TEKUN) | facts.disabled(world)
    )
    pupils = needy & _on_roll(world, facts, "高中")
    chosen = book.people(rng, pupils, book.wanted("EDU-05"))
    _without(world, facts, chosen, *SENIOR)
    book.person_gaps("EDU-05", chosen, "neither grant nor fees this term")
    near = book.people(rng, pupils, book.near_wanted("EDU-05"))
    _without(world, facts, near, *SENIOR)
    _pay(world, facts, near, "ZZ94", SENIOR[1], world.today.term, 800.0)
    book.near_people("EDU-05", near, "no fees this term")
