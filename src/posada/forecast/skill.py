"""Whether a forecast is better than a naive one, and how sure that is: ratios of scores over independent units.

Rows of one journey, or of neighbouring days, tell of the same event: when the group was late in one town it is late in
the next. So what is drawn again and again are whole units: journeys, or blocks of days.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from posada.engine.draws import DECISION, entity_key, uniform
from posada.model.errors import InvalidValueError
from posada.model.file_scores import Skill

Floats = NDArray[np.float64]

RESAMPLES = 2000
"""How often the units are drawn anew."""

INTERVAL = (0.025, 0.975)


def compare_scores(score: Floats, naive: Floats, units: Sequence[str], *, seed: int = 1, name: str = "skill") -> Skill:
    """Return the ratio of mean scores, with its interval over units.

    Parameters
    ----------
    score, naive : (rows,)
        Scores of the same rows; where one is ``nan`` the row is left out.
    units : sequence of str
        The unit of each row.
    seed, name
        Which draws: the same two give the same interval.

    Raises
    ------
    InvalidValueError
        When the lengths differ.
    """
    if not len(score) == len(naive) == len(units):
        raise InvalidValueError(f"there are {len(score)} scores, {len(naive)} naive ones and {len(units)} units.")
    both = np.isfinite(score) & np.isfinite(naive)
    names, unit = np.unique(np.array(units, object)[both].astype(str), return_inverse=True)
    count = names.size
    own = np.bincount(unit, weights=score[both], minlength=count).astype(np.float64)
    other = np.bincount(unit, weights=naive[both], minlength=count).astype(np.float64)
    rows = np.bincount(unit, minlength=count)
    if not count:
        return Skill(0, 0, *[float("nan")] * 6)
    low, high = _interval(own, other, seed, name)
    defined = (own > 0) & (other > 0)
    by_unit = float(np.exp(np.log(own[defined] / other[defined]).mean())) if defined.any() else float("nan")
    mean, naive_mean = float(own.sum() / rows.sum()), float(other.sum() / rows.sum())
    return Skill(int(rows.sum()), count, mean, naive_mean, _ratio(mean, naive_mean), low, high, by_unit)


def _interval(own: Floats, other: Floats, seed: int, name: str) -> tuple[float, float]:
    if own.size < 2:
        return float("nan"), float("nan")
    drawn = resampled_units(own.size, seed, name)
    above, below = own[drawn].sum(axis=1), other[drawn].sum(axis=1)
    ratios = above[below > 0] / below[below > 0]
    if not ratios.size:
        return float("nan"), float("nan")
    low, high = np.quantile(ratios, INTERVAL)
    return float(low), float(high)


@lru_cache(maxsize=64)
def resampled_units(units: int, seed: int, name: str) -> NDArray[np.int64]:
    """Return which units each resample has, drawn with replacement, ``(resamples, units)``.

    Each is fixed by the seed, the name and its own number, never by what was drawn before it.
    """
    key = entity_key(name)
    drawn = np.empty((RESAMPLES, units), np.int64)
    for resample in range(RESAMPLES):
        for at in range(units):
            chance = uniform(seed, resample, DECISION.resample_units, 0, key, at)
            drawn[resample, at] = min(int(chance * units), units - 1)
    drawn.flags.writeable = False
    return drawn


def _ratio(score: float, naive: float) -> float:
    return score / naive if naive > 0 else float("nan")


def relative_difference_of_rows(middle: Floats, observed: Floats, days: NDArray[np.datetime64]) -> float:
    """Return the averaged relative difference over the rows at hand, each with its forecast and what was counted.

    Per day the sum of the differences over the sum counted, and the mean of that over days with anybody counted: not
    rescaled, because not all places of a day are counted. Rows with ``nan`` are left out; ``nan`` when no day is left.
    """
    known = np.isfinite(middle) & np.isfinite(observed)
    if not known.any():
        return float("nan")
    _, day = np.unique(days[known], return_inverse=True)
    off = np.bincount(day, weights=np.abs(middle[known] - observed[known]))
    total = np.bincount(day, weights=observed[known])
    return float((off[total > 0] / total[total > 0]).mean()) if (total > 0).any() else float("nan")
