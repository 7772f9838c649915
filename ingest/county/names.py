"""Names of synthetic people: surnames that run in villages, given names by generation, dotted and rare names.

Belongs here: how a name comes about. How clerks misspell it is `mess`.
"""

import numpy as np
import pandas as pd

from ingest.county.calibration import data_file
from ingest.county.draw import Bools, Days, Ints, Texts, stream, texts

DOT = "·"


def _zipf(count: int, flatten: float) -> np.ndarray:
    weights = 1.0 / (np.arange(count) + flatten)
    return np.asarray(weights / weights.sum())


def _characters(rng: np.random.Generator, characters: str, count: int) -> Texts:
    """Draw characters, the earlier in the list the likelier."""
    flatten = data_file("names")["flatten"]
    return texts(characters)[rng.choice(len(characters), size=count, p=_zipf(len(characters), flatten))]


def given_names(rng: np.random.Generator, birth: Days, is_male: Bools) -> Texts:
    """Return a given name of one or two characters for each person, by sex and generation."""
    lists, rates = data_file("names"), data_file("calibration")["people"]
    year = birth.astype("datetime64[Y]").astype(np.int64) + 1970
    is_new = rng.random(len(birth)) < np.clip((year - 1970) / 30, 0.0, 1.0)
    name = texts([""] * len(birth))
    for male in (True, False):
        for new in (True, False):
            at = np.flatnonzero((is_male == male) & (is_new == new))
            age = "new" if new else "old"
            characters = lists[f"{'male' if male else 'female'}_{age}"]
            first, second = _characters(rng, characters, len(at)), _characters(rng, characters, len(at))
            single = rng.random(len(at)) < rates["single_character"][age]
            name[at] = np.where(single, first, first + second)
    rare = np.flatnonzero(rng.random(len(name)) < rates["rare_character"])
    name[rare] = texts([text[:1] for text in name[rare]]) + rng.choice(texts(lists["rare"]), len(rare))
    return name


def _household_surnames(rng: np.random.Generator, village: Ints, villages: int) -> Texts:
    rates = data_file("calibration")["people"]
    surnames = data_file("names")["surnames"]
    local = _characters(rng, surnames, 2 * villages).reshape(villages, 2)
    own = _characters(rng, surnames, len(village))
    which = (rng.random(len(village)) < 0.35).astype(np.int64)
    return np.where(rng.random(len(village)) < rates["village_surnames"], local[village, which], own)


def name_people(people: pd.DataFrame, village: Ints, villages: int, seed: int) -> pd.DataFrame:
    """Return `name` and `ethnicity` for each person.

    `people` holds household, kind, birth, is_male in household order; `village` is the village of each household.
    Children bear their father's surname; a minority household bears dotted names.
    """
    rng = stream(seed, "names")
    lists, rates = data_file("names"), data_file("calibration")["people"]
    household = people["household"].to_numpy()
    kind, is_male = people["kind"].to_numpy(), people["is_male"].to_numpy()
    house_name = _household_surnames(rng, village, villages)
    family = house_name[household].copy()
    own = _characters(rng, lists["surnames"], len(people))
    marries_in = np.isin(kind, ["spouse", "child_spouse"]) | ((kind == "parent") & ~is_male)
    family[marries_in] = own[marries_in]

    def father(of: str, partner: str) -> pd.Series:
        """Surname of the man among head and spouse (or child and child_spouse) of each household."""
        rows = people.loc[np.isin(kind, [of, partner]) & is_male, "household"]
        man = pd.Series(family[rows.index], index=rows.to_numpy())
        return man[~man.index.duplicated()]

    for child, parents in (("child", ("head", "spouse")), ("grandchild", ("child", "child_spouse"))):
        at = np.flatnonzero(kind == child)
        surname = father(*parents).reindex(household[at]).to_numpy(dtype=object)
        family[at] = np.where(pd.isna(surname), house_name[household[at]], surname)

    name = family + given_names(rng, people["birth"].to_numpy().astype("datetime64[D]"), is_male)
    in_minority_village = rng.random(villages) < rates["minority_villages"]
    in_minority_village[rng.integers(villages)] = True
    minority = in_minority_village[village] & (rng.random(len(village)) < rates["minority_households"])
    house_dotted = rng.choice(texts(lists["minority_family"]), len(village))
    dotted = rng.choice(texts(lists["minority_family"]), len(people))
    dotted = (
        np.where(marries_in, dotted, house_dotted[household])
        + DOT
        + rng.choice(texts(lists["minority_given"]), len(people))
    )
    is_minority = minority[household]
    return pd.DataFrame(
        {"name": np.where(is_minority, dotted, name), "ethnicity": np.where(is_minority, "彝族", "汉族")}
    )


def make_namesakes(people: pd.DataFrame, seed: int) -> Texts:
    """Return the names with some people renamed after somebody of their village, sex and birth year."""
    rng = stream(seed, "namesakes")
    name = texts(people["name"].tolist())
    count = max(4, round(len(people) * data_file("calibration")["people"]["namesakes"]))
    group = people[["village", "is_male"]].assign(year=people["birth"].dt.year)
    order = pd.Series(rng.permutation(len(people)))
    shuffled = group.iloc[order.to_numpy()].assign(position=order.to_numpy())
    pairs = shuffled.groupby(["village", "is_male", "year"])["position"].agg(["first", "last"])
    pairs = pairs[pairs["first"] != pairs["last"]]
    picked = pairs.iloc[rng.permutation(len(pairs))[:count]]
    name[picked["last"].to_numpy()] = name[picked["first"].to_numpy()]
    return name
