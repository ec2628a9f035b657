"""Numbers over weighted futures: their mean, and the quantiles at 0.1 and 0.9."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Key = TypeVar("Key", bound=Hashable)

DIGITS = 4
TRIFLE = 0.01
LOW, HIGH = 0.1, 0.9


class Spread(NamedTuple):
    """A number over futures: expected values add up, quantiles do not."""

    expected: float
    low: float
    high: float


def whole_people(people: float) -> int:
    """Return people rounded up; a hundredth of a person is a trifle of the solver, and nobody."""
    return max(math.ceil(people - TRIFLE), 0)


def weighted_quantile(values: Floats, weights: Floats, level: float) -> float:
    """Return the least value that is not exceeded with a weight of at least ``level``.

    By hand: 10, 20, 30 with the weights 0.2, 0.5, 0.3 have 10 at 0.1 and at 0.2, 20 at 0.3 and 30 at 0.9.
    """
    return _quantiles(values, weights, (level,))[0]


def _quantiles(values: Floats, weights: Floats, levels: tuple[float, ...]) -> list[float]:
    order = values.argsort(kind="stable")
    # A weight that adds up to 0.1 in tenths is 0.1, and not a trifle less.
    reached = weights[order].cumsum() + 1e-9
    at = reached.searchsorted(levels)
    return [float(values[order[min(int(index), order.size - 1)]]) for index in at]


def spread(values: Floats, weights: Floats) -> Spread:
    """Return the spread of a number, ``(futures,)``, rounded to four digits."""
    if not values.any():
        return NOTHING
    numbers = (float(values @ weights), *_quantiles(values, weights, (LOW, HIGH)))
    return Spread(*(round(number, DIGITS) + 0.0 for number in numbers))


NOTHING = Spread(0.0, 0.0, 0.0)


def by_future(rows: Iterable[tuple[Key, int, float]], futures: int) -> dict[Key, Floats]:
    """Add up rows of key, future and number; return for each key ``(futures,)``. Future -1 is all of them."""
    found: dict[Key, Floats] = {}
    for key, future, number in rows:
        values = found.setdefault(key, np.zeros(futures))
        if future < 0:
            values += number
        else:
            values[future] += number
    return found
