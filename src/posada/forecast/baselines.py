"""Naive forecasts of the people in camps: what a simulation has to be better than.

Each is made of registrations alone. Rows are ``nan`` where a forecast is not defined: until the day whose
registrations it knows, and that day itself, on which it would be right for no merit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Numbers = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Baseline:
    """A naive forecast: its name, what it does, and the function of registrations and capacities that makes it.

    ``knows_later`` is true when it uses registrations of the days that it is scored on, which the simulation
    does not.
    """

    name: str
    meaning: str
    make: Callable[[Numbers, Numbers], Floats]
    knows_later: bool = False


def first_registrations(registered: Numbers) -> int | None:
    """Return the first day on which anybody is registered; ``None`` when there is none."""
    days = np.flatnonzero(registered.sum(axis=-1) > 0)
    return int(days[0]) if days.size else None


def stay_put(registered: Numbers, _capacities: Numbers, *, after: int) -> Floats:
    """Return that each camp keeps the people of a day, ``after`` days after the first one with registrations."""
    made, day = _undefined(registered), _known_day(registered, after)
    if day is not None:
        made[day + 1 :] = registered[day]
    return made


def shares_of_day(registered: Numbers, _capacities: Numbers, *, after: int) -> Floats:
    """Return the total of each day, spread over camps as on one day.

    The same as that everybody stays, and whoever comes anew goes where those before went. It is what Flee calls
    the ratio model, from day 7 and from day 30.
    """
    made, day = _undefined(registered), _known_day(registered, after)
    if day is not None:
        shares = registered[day] / registered[day].sum()
        made[day + 1 :] = registered[day + 1 :].sum(axis=-1, keepdims=True) * shares
    return made


def evenly(registered: Numbers, _capacities: Numbers) -> Floats:
    """Return the total of each day, the same in each camp."""
    total = registered.sum(axis=-1, keepdims=True)
    return np.repeat(total / registered.shape[1], registered.shape[1], axis=1)


def by_capacity(registered: Numbers, capacities: Numbers) -> Floats:
    """Return the total of each day spread by the capacity of camps; not defined where one of them is not known."""
    total = capacities.sum()
    if not total > 0:
        return _undefined(registered)
    return np.asarray(registered.sum(axis=-1, keepdims=True) * (capacities / total), np.float64)


def last_value(registered: Numbers, _capacities: Numbers) -> Floats:
    """Return what was registered the day before."""
    made = _undefined(registered)
    made[1:] = registered[:-1]
    return made


def last_shares(registered: Numbers, _capacities: Numbers) -> Floats:
    """Return the total of each day, spread over camps as the day before."""
    made = _undefined(registered)
    before, total = registered[:-1], registered[1:].sum(axis=-1, keepdims=True)
    sums = before.sum(axis=-1, keepdims=True)
    made[1:] = np.where(sums > 0, total * before / np.where(sums > 0, sums, 1), np.nan)
    return made


def _undefined(registered: Numbers) -> Floats:
    return np.full(registered.shape, np.nan)


def _known_day(registered: Numbers, after: int) -> int | None:
    first = first_registrations(registered)
    if first is None or first + after >= len(registered) or registered[first + after].sum() <= 0:
        return None
    return first + after


BASELINES = (
    Baseline("stay put", "each camp keeps the people of the first day", partial(stay_put, after=0)),
    Baseline("first shares", "total of the day, shares of the first day", partial(shares_of_day, after=0)),
    Baseline("shares of day 7", "total of the day, shares of day 7", partial(shares_of_day, after=7)),
    Baseline("shares of day 30", "total of the day, shares of day 30", partial(shares_of_day, after=30)),
    Baseline("evenly", "total of the day, the same in each camp", evenly),
    Baseline("by capacity", "total of the day, by capacity of camps", by_capacity),
    Baseline("last value", "registrations of the day before", last_value, knows_later=True),
    Baseline("last shares", "total of the day, shares of the day before", last_shares, knows_later=True),
)
