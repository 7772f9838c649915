"""Random draws that hit exact totals: what every step of the county uses, and nothing that knows a county.

Belongs here: named seeded streams, exact shares, choices with a fixed sum. Names, places and rules do not.
"""

import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Days = NDArray[np.datetime64]
Texts = NDArray[np.object_]


def stream(seed: int, step: str) -> np.random.Generator:
    """Return the generator of one step: adding a step leaves the draws of all others as they were."""
    return np.random.default_rng([seed, zlib.crc32(step.encode())])


def texts(values: Sequence[str]) -> Texts:
    """Return the values as an array of Python strings."""
    return np.array(list(values), dtype=object)


def exact_shares(total: int, weights: Sequence[float]) -> Ints:
    """Split `total` by weights into whole numbers that sum to it (largest remainders)."""
    ideal = np.asarray(weights, dtype=float) / float(np.sum(weights)) * total
    counts = np.floor(ideal).astype(np.int64)
    order = np.argsort(-(ideal - counts), kind="stable")
    counts[order[: total - int(counts.sum())]] += 1
    return counts


def amounts_with_total(
    rng: np.random.Generator, count: int, total_yuan: int, spread: float = 0.6
) -> NDArray[np.float64]:
    """Draw `count` amounts in whole hundreds of yuan whose sum is exactly `total_yuan` (the last takes the odd rest)."""
    hundreds = exact_shares(total_yuan // 100, rng.lognormal(0.0, spread, count).tolist())
    amounts = hundreds.astype(float) * 100
    amounts[-1] += total_yuan % 100
    return amounts


def weighted(rng: np.random.Generator, values: Sequence[Any], weights: Sequence[float], count: int) -> Texts:
    """Draw `count` of `values` with replacement by weights."""
    share = np.asarray(weights, dtype=float)
    return texts(values)[rng.choice(len(values), size=count, p=share / share.sum())]


def choose_with_total(rng: np.random.Generator, sizes: Ints, count: int, total: int) -> Ints:
    """Return `count` positions of `sizes` whose sizes sum to exactly `total`.

    Starts from a random choice and swaps chosen for unchosen ones of the nearest other size until the sum fits.
    Raises ValueError where a few starts lead nowhere.
    """
    for _ in range(20):
        chosen = np.zeros(len(sizes), dtype=bool)
        chosen[rng.permutation(len(sizes))[:count]] = True
        while (missing := total - int(sizes[chosen].sum())) and _swap_towards(rng, sizes, chosen, missing):
            pass
        if not missing:
            return np.flatnonzero(chosen)
    raise ValueError(f"no choice of {count} families has {total} members")


def _swap_towards(rng: np.random.Generator, sizes: Ints, chosen: Bools, missing: int) -> bool:
    """Swap some chosen for unchosen so that the sum comes closer by at most `missing`; False where nothing fits."""
    direction = 1 if missing > 0 else -1
    steps = [
        (int(b - a) * direction, a, b) for a in np.unique(sizes[chosen]) for b in np.unique(sizes[~chosen])
    ]
    for step, leaving, entering in sorted(steps):
        if not 0 < step <= abs(missing):
            continue
        leave, enter = (
            np.flatnonzero(chosen & (sizes == leaving)),
            np.flatnonzero(~chosen & (sizes == entering)),
        )
        pairs = min(len(leave), len(enter), abs(missing) // step)
        chosen[rng.permutation(leave)[:pairs]] = False
        chosen[rng.permutation(enter)[:pairs]] = True
        return True
    return False


def days_between(
    rng: np.random.Generator, first: Days | np.datetime64, last: Days | np.datetime64, count: int
) -> Days:
    """Draw `count` days from `first` to `last`, both possible (each may be one day or an array)."""
    start = np.asarray(first, dtype="datetime64[D]").astype(np.int64)
    end = np.asarray(last, dtype="datetime64[D]").astype(np.int64)
    offset = np.floor(rng.random(count) * (end - start + 1)).astype(np.int64)
    return (start + offset).astype("datetime64[D]")
