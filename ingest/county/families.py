"""Households with exactly as many members as the report says, and their members' kinds, ages and sexes.

Belongs here: who lives with whom and how old they are. Names and numbers do not.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ingest.county.calibration import Targets, data_file
from ingest.county.draw import Ints, choose_with_total, exact_shares, stream, texts

KINDS = ["head", "spouse", "child", "child_spouse", "grandchild", "parent", "sibling"]
YEAR = 365.2425


@dataclass(frozen=True)
class Families:
    """Households (one row each, index = number) and members (one row each, household by household)."""

    households: pd.DataFrame
    members: pd.DataFrame


def _templates() -> tuple[list[dict[str, Any]], Ints]:
    templates: list[dict[str, Any]] = data_file("calibration")["families"]
    return templates, np.array([1 + len(template["members"]) for template in templates])


def _draw_templates(rng: np.random.Generator, households: int, persons: int, column: str) -> Ints:
    """Return a template per household so that their members are exactly `persons`."""
    templates, sizes = _templates()
    counts = exact_shares(households, [float(template[column]) for template in templates])
    drawn = rng.permutation(np.repeat(np.arange(len(templates)), counts))
    while (missing := persons - int(sizes[drawn].sum())) != 0:
        step = 1 if missing > 0 else -1
        changed = False
        for size in rng.permutation(np.unique(sizes[drawn])):
            others = np.flatnonzero(sizes == size + step)
            if not len(others):
                continue
            at = rng.permutation(np.flatnonzero(sizes[drawn] == size))[
                : min(abs(missing), 1 + len(drawn) // 50)
            ]
            drawn[at] = rng.choice(others, size=len(at))
            changed = True
            break
        if not changed:
            raise ValueError(f"{households} families cannot have {persons} members")
    return drawn


def make_families(targets: Targets, seed: int) -> Families:
    """Return all living households: lifted-out, monitored beside them, eliminated beside them, general.

    households: template, lifted_out, beside, category (''/脱贫不稳定户/边缘易致贫户/突发严重困难户), eliminated, size.
    members: household, kind, age_days, is_male.
    """
    rng = stream(seed, "families")
    shares = data_file("calibration")["monitored"]
    _, sizes = _templates()
    parts = list(shares["shares"].values())
    unstable, sudden_in, borderline, sudden_out = exact_shares(targets.monitored_households, parts).tolist()
    inside, outside = unstable + sudden_in, borderline + sudden_out
    inside_persons = round(targets.monitored_persons * inside / targets.monitored_households)
    gone_inside = max(3, round(targets.lifted_out_households * shares["eliminated_lifted_out"]))
    gone_outside = max(2, round(outside * shares["eliminated_general"]))

    lifted = _draw_templates(rng, targets.lifted_out_households, targets.lifted_out_persons, "registered")
    category = texts([""] * len(lifted))
    eliminated = np.zeros(len(lifted), dtype=bool)
    chosen = rng.permutation(choose_with_total(rng, sizes[lifted], inside, inside_persons))
    category[chosen[:unstable]], category[chosen[unstable:]] = "脱贫不稳定户", "突发严重困难户"
    gone = rng.permutation(np.flatnonzero((category == "") & (sizes[lifted] >= 3)))[:gone_inside]
    category[gone], eliminated[gone] = "脱贫不稳定户", True

    monitored = _draw_templates(rng, outside, targets.monitored_persons - inside_persons, "registered")
    past = _draw_templates(rng, gone_outside, round(gone_outside * 2.1), "registered")
    known = int(sizes[lifted].sum() + sizes[monitored].sum() + sizes[past].sum())
    rest = targets.persons - known - newcomer_count(targets.persons)
    weights = [float(template["general"]) for template in data_file("calibration")["families"]]
    general = _draw_templates(rng, round(rest / float(np.average(sizes, weights=weights))), rest, "general")

    template = np.concatenate([lifted, monitored, past, general])
    households = pd.DataFrame(
        {
            "template": template,
            "lifted_out": np.arange(len(template)) < len(lifted),
            "beside": np.isin(np.arange(len(template)), len(lifted) + np.arange(len(monitored) + len(past))),
            "category": np.concatenate(
                [
                    category,
                    texts(["边缘易致贫户"] * borderline + ["突发严重困难户"] * sudden_out),
                    texts(["边缘易致贫户"] * len(past)),
                    texts([""] * len(general)),
                ]
            ),
            "eliminated": np.concatenate(
                [eliminated, np.zeros(outside, bool), np.ones(len(past), bool), np.zeros(len(general), bool)]
            ),
            "size": sizes[template],
        }
    )
    households = households.sample(frac=1.0, random_state=rng).reset_index(drop=True)
    return Families(households, _members(households, rng))


def newcomer_count(persons: int) -> int:
    """Return how many members of registered households the registry does not know yet."""
    return int(max(4, round(persons * data_file("calibration")["people"]["newcomers"])))


def newcomers(
    households: pd.DataFrame, members: pd.DataFrame, count: int, rng: np.random.Generator
) -> pd.DataFrame:
    """Return `count` new members of registered households: babies of young couples, wives of grown sons.

    Columns as `members`; one per household, never in a household with a child_spouse already.
    """
    registered = members[households["is_registered"].to_numpy()[members["household"]]]
    married = registered.loc[registered["kind"] == "child_spouse", "household"]
    couples = registered.loc[registered["kind"] == "spouse", "household"]
    open_to = registered[~registered["household"].isin(married) & registered["household"].isin(couples)]
    young = open_to[(open_to["kind"] == "head") & (open_to["age_days"] < 46 * YEAR)]["household"]
    is_son = (
        (open_to["kind"] == "child") & open_to["is_male"] & open_to["age_days"].between(21 * YEAR, 36 * YEAR)
    )
    sons = open_to[is_son].drop_duplicates("household")
    sons = sons[~sons["household"].isin(young)]
    wives = sons.sample(n=min(len(sons), count // 2), random_state=rng)
    babies = young.sample(n=count - len(wives), random_state=rng)
    return pd.DataFrame(
        {
            "household": np.concatenate([wives["household"], babies]),
            "kind": ["child_spouse"] * len(wives) + ["child"] * len(babies),
            "age_days": np.concatenate([wives["age_days"] - 200, rng.integers(20, 350, len(babies))]),
            "is_male": np.concatenate([np.zeros(len(wives), dtype=bool), rng.random(len(babies)) < 0.5]),
        }
    )


def _members(households: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    templates, sizes = _templates()
    parts = []
    for number, template in enumerate(templates):
        at = np.flatnonzero(households["template"].to_numpy() == number)
        low, high = template["head_age"]
        head = rng.uniform(low, high + 1, len(at)) * YEAR
        kinds = ["head"] + [kind for kind, _ in template["members"]]
        younger: NDArray[np.float64] = np.array([0.0] + [years for _, years in template["members"]])
        age = (
            head[:, None]
            - younger * YEAR
            + np.where(younger == 0, 0, rng.uniform(-1.2, 1.2, (len(at), sizes[number])) * YEAR)
        )
        parts.append(
            pd.DataFrame(
                {
                    "household": np.repeat(at, sizes[number]),
                    "position": np.tile(np.arange(sizes[number]), len(at)),
                    "kind": np.tile(texts(kinds), len(at)),
                    "age_days": np.maximum(age, rng.uniform(20, 360, age.shape)).astype(np.int64).ravel(),
                }
            )
        )
    members = pd.concat(parts).sort_values(["household", "position"], kind="stable").reset_index(drop=True)
    members["is_male"] = _sexes(members, rng)
    return members


def _sexes(members: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    kind = members["kind"].to_numpy()
    household = members["household"].to_numpy()
    chance = (
        pd.Series(kind)
        .map({"head": 0.82, "child": 0.53, "grandchild": 0.53, "parent": 0.35})
        .fillna(0.5)
        .to_numpy()
    )
    is_male = rng.random(len(members)) < chance
    with_spouse = pd.Series(kind == "child_spouse").groupby(household).transform("any").to_numpy()
    is_male |= (kind == "child") & with_spouse & (rng.random(len(members)) < 0.8)
    for spouse, partner in (("spouse", "head"), ("child_spouse", "child")):
        partner_sex = pd.Series(is_male[kind == partner], index=household[kind == partner])
        first = partner_sex[~partner_sex.index.duplicated()]
        is_male[kind == spouse] = ~first.reindex(household[kind == spouse]).to_numpy(dtype=bool)
    return is_male


def relations(kind: np.ndarray, is_male: np.ndarray) -> np.ndarray:
    """Return the relation to the head in the registry's words (之子, 之儿媳 …) for each kind and sex."""
    male = {
        "head": "户主",
        "spouse": "配偶",
        "child": "之子",
        "child_spouse": "之女婿",
        "grandchild": "之孙子",
        "parent": "之父",
    }
    female = {
        "head": "户主",
        "spouse": "配偶",
        "child": "之女",
        "child_spouse": "之儿媳",
        "grandchild": "之孙女",
        "parent": "之母",
    }
    words = np.where(is_male, pd.Series(kind).map(male), pd.Series(kind).map(female))
    return texts(pd.Series(words).fillna("之兄弟姐妹").tolist())
