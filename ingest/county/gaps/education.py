"""Gaps of the education policies: EDU-01 (with EDU-02), EDU-02, EDU-03, EDU-04.

Belongs here: children missing from the roll and aid not paid.
"""

import numpy as np
import pandas as pd

from ingest.county.draw import Bools, Ints
from ingest.county.facts import DIBAO, TEKUN, Facts, numbers
from ingest.county.gaps.book import GapBook
from ingest.county.world import World

COMPULSORY_AID = "义务教育生活补助"


def _rows(facts: Facts, extract: str, people: Ints) -> np.ndarray:
    frame = facts.frames[extract]
    return np.asarray(frame.index[frame["_self"].isin(people)])


def _without_aid(world: World, facts: Facts, people: Ints) -> None:
    aid = facts.frames["education/student_aid"]
    gone = aid["_self"].isin(people) & (aid["term"] == world.today.term)
    facts.frames["education/student_aid"] = aid[~gone].reset_index(drop=True)


def _in_school(world: World, facts: Facts) -> Bools:
    """Mask of people with a row in 小学 or 初中 who are there."""
    students = facts.frames["education/students"]
    here = students["stage"].isin(["小学", "初中"]) & students["status"].isin(
        ["在读", "随班就读", "送教上门"]
    )
    mask = np.zeros(len(world.people), dtype=bool)
    mask[students.loc[here, "_self"]] = True
    return mask


def _registry_status(facts: Facts, people: Ints, status: str, reason: str = "") -> None:
    persons = facts.frames["registry/persons"]
    persons.loc[persons["_self"].isin(people), ["student_status", "dropout_reason"]] = [status, reason]


def plant_edu_01(world: World, facts: Facts, book: GapBook) -> None:
    """Target children of compulsory age off the roll: no row, dropped out, moved away; near: 休学, six years old in 学前."""
    rng, people = book.rng("EDU-01"), world.people
    target = (
        people["is_target"].to_numpy()
        & people["school_age"].between(6, 14).to_numpy()
        & _in_school(world, facts)
    )
    chosen = rng.permutation(book.people(rng, target, book.wanted("EDU-01")))
    absent, dropped, moved = chosen[0::3], chosen[1::3], chosen[2::3]
    students = facts.frames["education/students"]
    students.loc[_rows(facts, "education/students", dropped), "status"] = "辍学"
    students.loc[_rows(facts, "education/students", moved), "status"] = "转出"
    facts.frames["education/students"] = students.drop(
        index=_rows(facts, "education/students", absent)
    ).reset_index(drop=True)
    _without_aid(world, facts, chosen)
    _registry_status(facts, chosen, "", "因厌学")
    book.person_gaps("EDU-01", absent, "no row on the roll")
    book.person_gaps("EDU-01", dropped, "dropped out")
    book.person_gaps("EDU-02", dropped, "dropped out")
    book.person_gaps("EDU-01", moved, "moved away, no new row")
    _near_edu_01(world, facts, book, target)


def _near_edu_01(world: World, facts: Facts, book: GapBook, target: Bools) -> None:
    rng, people, count = book.rng("EDU-01 near"), world.people, book.near_wanted("EDU-01")
    six = book.people(rng, target & (people["school_age"] == 6).to_numpy(), count - count // 2)
    facts.frames["education/students"].loc[_rows(facts, "education/students", six), ["stage", "grade"]] = [
        "学前",
        "大班",
    ]
    _registry_status(facts, six, "学前教育")
    book.near_people("EDU-01", six, "six years old and in 学前")
    leave = book.people(rng, target, count - len(six))
    facts.frames["education/students"].loc[_rows(facts, "education/students", leave), "status"] = "休学"
    _registry_status(facts, leave, "", "因病休学")
    book.near_people("EDU-01", leave, "on leave")
    book.near_people("EDU-04", leave, "on leave: no aid is due")
    _without_aid(world, facts, np.concatenate([six, leave]))


def plant_edu_04(world: World, facts: Facts, book: GapBook) -> None:
    """Needy children in 小学 and 初中 whose aid of this term was not paid; nothing is planted before the aid is due."""
    if not world.today.term_is_due:
        return
    rng = book.rng("EDU-04")
    needy = (
        world.people["is_target"].to_numpy() | facts.assisted(world, *DIBAO, *TEKUN) | facts.disabled(world)
    )
    chosen = book.people(rng, needy & _in_school(world, facts), book.wanted("EDU-04"))
    _without_aid(world, facts, chosen)
    book.person_gaps("EDU-04", chosen, f"no {COMPULSORY_AID} this term")


def plant_edu_02(world: World, facts: Facts, book: GapBook) -> None:
    """Other pupils on record as dropped out, beside EDU-01's; near: dropped out of one school, on roll in another."""
    rng = book.rng("EDU-02")
    pupils = (
        _in_school(world, facts)
        & ~world.people["is_target"].to_numpy()
        & (world.people["school_age"] <= 14).to_numpy()
        & world.living()
    )
    chosen = book.people(rng, pupils, max(0, book.wanted("EDU-02") - book.counts().get("EDU-02", 0)))
    students = facts.frames["education/students"]
    students.loc[_rows(facts, "education/students", chosen), "status"] = "辍学"
    _without_aid(world, facts, chosen)
    book.person_gaps("EDU-02", chosen, "dropped out, no target person")
    near = book.people(rng, pupils, book.near_wanted("EDU-02"))
    rows = _rows(facts, "education/students", near)
    again = students.loc[rows].assign(student_no=numbers("L5199019", len(rows), 10).to_numpy(dtype=object))
    students.loc[rows, "status"] = "辍学"
    facts.frames["education/students"] = pd.concat([students, again], ignore_index=True)
    book.near_people("EDU-02", near, "dropped out of one school, on roll in another")


def plant_edu_03(world: World, facts: Facts, book: GapBook) -> None:
    """Target people of 16 to 22 off the roll whom the registry still calls pupils; near: students of 本科."""
    rng, people = book.rng("EDU-03"), world.people
    on_roll = np.zeros(len(people), dtype=bool)
    on_roll[facts.frames["education/students"]["_self"]] = True
    grown = people["is_target"].to_numpy() & people["age"].between(16, 22).to_numpy() & ~on_roll
    chosen = book.people(rng, grown, book.wanted("EDU-03"))
    _registry_status(facts, chosen, "普通高中三年级")
    book.person_gaps("EDU-03", chosen, "left school, still called a pupil")
    near = book.people(rng, grown, book.near_wanted("EDU-03"))
    _registry_status(facts, near, "本科")
    book.near_people("EDU-03", near, "at university")
