"""Who sits in which trip: the people whom several trips carry are shared out, families whole."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from posada.model.demand import ADULTS, DEMAND_CLASSES, FAMILIES, LIMITED_MOBILITY, MEDICAL

Floats = NDArray[np.float64]

_AFTER_FAMILIES = (MEDICAL, LIMITED_MOBILITY, ADULTS)


def seat_people(people: Floats, trips: int, seats: int, family_size: int) -> Floats:
    """Return who sits in each trip, ``(trips, classes)``: as evenly as can be, and none fuller than its seats.

    Whole families go to the trip with fewest people; parts of families and all others fill up what is left, evenly.
    By hand: 5 families of 4 and 10 adults in 2 trips of 20 seats are 12 and 8 of families, 3 and 7 adults.

    Parameters
    ----------
    people : (classes,)
        People of each class whom the trips carry, at most ``trips × seats``.
    """
    seated = np.zeros((trips, len(DEMAND_CLASSES)))
    whole, rest = divmod(float(people[FAMILIES]) + 1e-9, family_size)
    for _ in range(int(whole)):
        emptiest = int(seated.sum(axis=1).argmin())
        if seated[emptiest].sum() + family_size > seats:
            rest += family_size  # it cannot be kept whole, and rides all the same
        else:
            seated[emptiest, FAMILIES] += family_size
    _share_out(seated, FAMILIES, max(rest - 1e-9, 0.0), seats)
    for need in _AFTER_FAMILIES:
        _share_out(seated, need, float(people[need]), seats)
    return seated


def _share_out(seated: Floats, need: int, people: float, seats: int) -> None:
    """Fill trips to one level with the people of a class, as far as there are seats."""
    free = seats - seated.sum(axis=1)
    most = min(people, float(free.sum()))
    taken = seats - seated.sum(axis=1)
    order = np.argsort(-taken, kind="stable")
    left = most
    for position, trip in enumerate(order):
        # What the emptier ones have beyond this one is filled first, then all of them alike.
        below = taken[order[position + 1]] if position + 1 < order.size else 0.0
        share = min(left, (taken[trip] - below) * (position + 1)) / (position + 1)
        seated[order[: position + 1], need] += share
        left -= share * (position + 1)
        if left <= 1e-9:
            return
