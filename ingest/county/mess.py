"""How clerks write people down: numbers missing or ruined, names misspelt, birth dates wrong.

Belongs here: damage to the identity of a mention, and what was done to it (`own_number`). Damage to the form of a cell
(spaces, full-width digits) is `cells`.
"""

import numpy as np
import pandas as pd

from ingest.county.calibration import data_file
from ingest.county.draw import Ints, Texts, texts
from ingest.county.facts import Facts
from ingest.county.identity import check_digits
from ingest.county.roles import ROLES
from ingest.county.world import World

UNUSABLE = [
    "absent",
    "placeholder",
    "scientific",
    "rounded",
    "one_digit",
    "swapped",
    "truncated",
    "other_person",
]
NATIONAL_LENGTH = 18


def write_people(
    world: World, facts: Facts, extract: str, rng: np.random.Generator, mess: float
) -> pd.DataFrame:
    """Fill the name, number, birth date and sex columns of an extract's frame; return its mentions.

    mentions: row (position in the frame), role, true_person, own_number (valid, upgraded, damaged, absent, other_person).
    """
    frame = facts.frames[extract]
    certificates = _certificates(facts, rng) if extract == "registry/persons" else None
    parts = []
    for role in ROLES.get(extract, []):
        person = frame[role.person].to_numpy()
        rows = np.flatnonzero(person >= 0)
        own = person[rows]
        frame[role.name] = ""
        frame.loc[rows, role.name] = _names(world, own, rng, mess)
        if role.sex:
            frame[role.sex] = np.where(world.people["is_male"].to_numpy()[own], "男", "女")
        if role.birth_date:
            frame[role.birth_date] = _birth_dates(world, own, rng, mess)
        if role.id_number:
            written, state = _numbers(world, extract, own, rng, mess, certificates)
            frame[role.id_number] = ""
            frame.loc[rows, role.id_number] = written
        else:
            frame["certificate_no"] = world.people["id_number"].to_numpy()[own] + frame["_suffix"].to_numpy()
            state = texts(["upgraded"] * len(rows))
        parts.append(pd.DataFrame({"row": rows, "role": role.role, "true_person": own, "own_number": state}))
    if extract == "registry/persons":
        length = frame["id_number"].str.len()
        frame["id_type"] = np.where(
            length == 0, "无", np.where(length > NATIONAL_LENGTH, "残疾人证", "居民身份证")
        )
    return (
        pd.concat(parts, ignore_index=True)
        if parts
        else pd.DataFrame(columns=["row", "role", "true_person", "own_number"])
    )


def _certificates(facts: Facts, rng: np.random.Generator) -> pd.Series:
    """Class, grade and reissue that follow the ID number, for the disabled who stand with their certificate's number."""
    suffix = facts.frames["civil_affairs/disability"].set_index("_self")["_suffix"]
    return suffix[rng.random(len(suffix)) < data_file("calibration")["mess"]["certificate"]]


def _numbers(
    world: World,
    extract: str,
    person: Ints,
    rng: np.random.Generator,
    mess: float,
    certificates: pd.Series | None,
) -> tuple[Texts, Texts]:
    rates = data_file("calibration")["mess"]
    factor = rates["factor"].get(extract, 1.0) * mess
    names = [*UNUSABLE, "old_form"]
    share = np.array([rates["id_number"][name] for name in names]) * factor
    edges = np.cumsum(share / max(1.0, float(share.sum()) / 0.9))
    fate = np.searchsorted(edges, rng.random(len(person)), side="right")
    true = world.people["id_number"].to_numpy(dtype=object)[person]
    written, state = true.copy(), texts(["valid"] * len(person))
    if certificates is not None:
        suffix = certificates.reindex(person).to_numpy(dtype=object)
        with_card = ~pd.isna(suffix) & (fate == len(names))
        written[with_card], state[with_card] = true[with_card] + suffix[with_card], "upgraded"
    for code, name in enumerate(names):
        rows = np.flatnonzero((fate == code) & (true != ""))
        if name == "other_person":
            _write_another(world, person, rows, written, state, rng)
        else:
            _damage(name, rows, written, state, rng)
    nobody = true == ""
    written[nobody], state[nobody] = "", "absent"
    return written, state


def _damage(name: str, rows: Ints, written: Texts, state: Texts, rng: np.random.Generator) -> None:
    number = pd.Series(written[rows], dtype="str")
    if name == "absent":
        written[rows], state[rows] = "", "absent"
    elif name == "placeholder":
        written[rows], state[rows] = ("999999" + number.str[6:17] + "0").to_numpy(dtype=object), "absent"
    elif name == "old_form":
        fits = (number.str[6:8] == "19").to_numpy()
        written[rows[fits]] = (number.str[:6] + number.str[8:17]).to_numpy(dtype=object)[fits]
        state[rows[fits]] = "upgraded"
    else:
        written[rows], state[rows] = _ruined(name, number, rng), "damaged"


def _ruined(name: str, number: pd.Series, rng: np.random.Generator) -> Texts:
    """Return numbers ruined by a spreadsheet or a finger; none of them passes the check digit."""
    if not len(number):
        return texts([])
    place, row = rng.integers(6, 17, len(number)), np.arange(len(number))
    characters = np.array(list("".join(number)), dtype="U1").reshape(len(number), NATIONAL_LENGTH)
    one_off = characters.copy()
    one_off[row, place] = (
        (characters[row, place].astype(np.int64) + rng.integers(1, 10, len(number))) % 10
    ).astype("U1")
    if name == "swapped":
        swapped = characters.copy()
        place = np.minimum(place, 15)
        swapped[row, place], swapped[row, place + 1] = characters[row, place + 1], characters[row, place]
        same = (characters[row, place] == characters[row, place + 1])[:, None]
        return _joined(np.where(same, one_off, swapped))
    if name == "one_digit":
        return _joined(one_off)
    text, is_text = _joined(characters), number.str.endswith("X").to_numpy(dtype=bool)
    cut = texts(number.str[:15].tolist())
    if name == "scientific":
        ruined = texts((number.str[:1] + "." + number.str[1:6] + "E+17").tolist())
    elif name == "rounded":
        ruined = cut + "000"
        is_text = is_text | (
            check_digits(cut + "00") == "0"
        )  # a number that ends 000 and is sound is no damage
    else:
        return texts([value[:17] for value in text])
    return np.where(is_text, _joined(one_off), ruined)


def _joined(characters: np.ndarray) -> Texts:
    return texts(["".join(row) for row in characters])


def _write_another(
    world: World, person: Ints, rows: Ints, written: Texts, state: Texts, rng: np.random.Generator
) -> None:
    """Write the number of somebody of the household (a parent's in a child's row), else of the next person in the village's list."""
    people = world.people
    neighbour = np.clip(person[rows] + rng.choice([-1, 1, 2], len(rows)), 0, len(people) - 1)
    number = people["id_number"].to_numpy(dtype=object)[neighbour]
    fits = (number != "") & (neighbour != person[rows])
    written[rows[fits]], state[rows[fits]] = number[fits], "other_person"


def _names(world: World, person: Ints, rng: np.random.Generator, mess: float) -> Texts:
    rates, lists = data_file("calibration")["mess"]["name"], data_file("names")
    name = texts(world.people["name"].to_numpy()[person].tolist())
    chance = rng.random(len(name))
    confusion = {a: b for pair in lists["confusions"] for a, b in (pair, pair[::-1])}
    start = 0.0
    for kind, rate in rates.items():
        rows = np.flatnonzero((chance >= start) & (chance < start + rate * mess))
        start += rate * mess
        text = pd.Series(name[rows], dtype="str")
        other = rng.choice(texts(lists["male_new"] + lists["female_new"]), len(rows))
        if kind == "one_character":
            last = text.str[-1:]
            changed = text.str[:-1] + last.map(confusion).fillna(pd.Series(other, dtype="str"))
        elif kind == "missing_character":
            changed = text.str[:1] + text.str[2:]
            changed = changed.where(text.str.len() > 2, text + pd.Series(other, dtype="str"))
        else:
            changed = text.str[:-1] + "?"
        name[rows] = changed.to_numpy(dtype=object)
    return name


def _birth_dates(world: World, person: Ints, rng: np.random.Generator, mess: float) -> np.ndarray:
    rates = data_file("calibration")["mess"]["birth_date"]
    birth = world.people["birth"].to_numpy().astype("datetime64[D]")[person].copy()
    chance = rng.random(len(birth))
    month = birth.astype("datetime64[M]")
    month_of_year, day = month.astype(np.int64) % 12 + 1, (birth - month).astype(np.int64) + 1
    january = birth.astype("datetime64[Y]").astype("datetime64[M]")
    swapped = (january + np.minimum(day, 12) - 1).astype("datetime64[D]") + (month_of_year - 1)
    wrong = {
        "blank": np.full(len(birth), np.datetime64("NaT", "D")),
        "day": birth + np.where(rng.random(len(birth)) < 0.5, 1, 10),
        "swapped": np.where(day <= 12, swapped, birth),
        "year": birth + np.where(rng.random(len(birth)) < 0.5, 365, -365),
    }
    start = 0.0
    for kind, rate in rates.items():
        at = (chance >= start) & (chance < start + rate * mess)
        start += rate * mess
        birth[at] = wrong[kind][at]
    return birth
