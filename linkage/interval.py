"""The Wilson interval of a share: how sure a counted share is.

Belongs here: the formula. What is counted belongs to `evaluate` and `quality`.
"""

from math import sqrt

_Z = 1.959964  # 95 % of the normal distribution


def wilson(share: float, trials: float) -> tuple[float, float]:
    """Lower and upper end of the 95 % interval of a share seen in `trials` independent trials; (0, 1) without any.

    Unlike the normal approximation it stays within 0 and 1 and says something when every trial was a hit
    (E. B. Wilson, Journal of the American Statistical Association 22, 1927).
    """
    if trials <= 0:
        return 0.0, 1.0
    spread = _Z * sqrt(share * (1 - share) / trials + _Z**2 / (4 * trials**2))
    middle, scale = share + _Z**2 / (2 * trials), 1 + _Z**2 / trials
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)
