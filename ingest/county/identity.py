"""Citizen numbers (GB 11643) of synthetic people: regions never assigned, right check digits, no number twice.

Belongs here: how a number is formed and counted up. How numbers get damaged is `mess`.
"""

import numpy as np
import pandas as pd

from ingest.county.draw import Bools, Days, Ints, Texts, texts

WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
CHECKS = np.array(list("10X98765432"), dtype=object)
SERIES = 500  # three digits, the last one tells the sex


def check_digits(first_17: Texts) -> Texts:
    """Return the check digit (ISO 7064 MOD 11-2) of each 17-digit text."""
    if len(first_17) == 0:
        return texts([])
    digits = np.array(list("".join(first_17)), dtype="U1").astype(np.int64).reshape(-1, 17)
    return CHECKS[(digits @ WEIGHTS) % 11]


def id_numbers(region: Texts, birth: Days, is_male: Bools) -> Texts:
    """Return 18-character numbers, all different; odd 17th digit for men.

    People of one region, birth date and sex get different places of the series, spread by a step that shares no
    factor with its length.
    """
    day = texts(np.datetime_as_string(birth, unit="D").tolist())
    day = texts(pd.Series(day).str.replace("-", "", regex=False).tolist())
    group = pd.DataFrame({"region": region, "day": day, "male": is_male})
    rank = group.groupby(["region", "day", "male"]).cumcount().to_numpy()
    start = pd.to_numeric(group["day"]).to_numpy() * 7919
    place: Ints = (start + rank * 37) % SERIES
    series = texts([f"{number:03d}" for number in range(1000)])[2 * place + is_male]
    first_17 = region + day + series
    return first_17 + check_digits(first_17)
