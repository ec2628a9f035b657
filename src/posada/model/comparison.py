"""The records of a comparison: how towns stand, what each regime costs whom, and what one offer more or less does."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from posada.model.errors import InvalidValueError

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Regime(StrEnum):
    """Who decides: every town for itself, or one plan for all."""

    ALONE = "alone"
    COORDINATED = "coordinated"


class Measure(StrEnum):
    """What is counted in either regime, for every town and for the corridor."""

    WITHOUT_PLACE = "person-nights without a place"
    OVERCROWDED = "person-nights above the standard"
    ON_FOOT = "kilometres on foot, weighted by need"
    SEATS = "seats used"
    COST = "cost"
    LOAD = "person-nights in towns"


MEASURES = tuple(Measure)


@dataclass(frozen=True, slots=True)
class CompareOptions:
    """Numbers of a comparison that a planner may change; those without a source are assumptions of this project.

    Raises
    ------
    InvalidValueError
        When one is out of bounds.
    """

    remote_km_per_night: float = 4.0
    """Kilometres on foot for a night at a remote site, to the town and back: where towns push on."""
    most_turns: int = 3
    """Rounds in which every town answers the others, at most."""
    settled_share: float = 0.01
    """Share of its person-nights that a town must save to change after the first round: with less it has settled."""
    turn_seconds: float = 20.0
    """Seconds for one solve of one town."""
    site_places: int = 100
    """Places of the site that is tried in every town."""
    bus_seats: int = 40
    bus_range_km: float = 150.0
    """Seats and range of the bus that is tried in every town."""
    shown: int = 5
    """Best next offers that are ranked, and towns whose refusal is tried."""
    most_tries: int = 40
    """Offers that are tried at most, those with the largest bound first."""
    rounds: int = 3
    """Rounds between forecast and plan at most."""

    def __post_init__(self) -> None:
        for field in fields(self):
            least = 0 if field.name in ("remote_km_per_night", "shown", "rounds") else 1e-9
            value = getattr(self, field.name)
            if not value >= least:
                words = "0 or more" if least == 0 else "more than 0"
                raise InvalidValueError(f"{field.name} is {value:g}. It must be {words}.")


@dataclass(frozen=True, eq=False)
class Standing:
    """What the stances of towns make of their options, ``(days, places)`` each. Arrays are read-only.

    Attributes
    ----------
    welcomes, pushes, refuses : (days, places)
        ``pushes`` holds for a refusal as well: both count everybody who sleeps in the town as load.
    places_share : (days, places)
        Share of its places that a town opens by itself.
    remote_km : (days, places)
        Kilometres on foot of each person-night at its sites.
    """

    welcomes: Flags
    pushes: Flags
    refuses: Flags
    places_share: Floats
    remote_km: Floats

    def __post_init__(self) -> None:
        for field in fields(self):
            getattr(self, field.name).flags.writeable = False


@dataclass(frozen=True, eq=False)
class Account:
    """What happens in a regime, by scenario. Arrays are read-only.

    Attributes
    ----------
    towns : (measures, scenarios, places)
        In the order of :data:`MEASURES`. Kilometres on foot are of those who set out from the town, and seats and cost
        of the vehicles that stand in it.
    road : (scenarios,)
        Person-nights between towns, part of those without a place.
    """

    towns: Floats
    road: Floats

    def __post_init__(self) -> None:
        self.towns.flags.writeable = self.road.flags.writeable = False

    def corridor(self, measure: Measure) -> Floats:
        """Return a measure of the whole corridor, ``(scenarios,)``."""
        total = self.towns[MEASURES.index(measure)].sum(axis=1)
        return np.asarray(total + self.road if measure is Measure.WITHOUT_PLACE else total, np.float64)


@dataclass(frozen=True, slots=True)
class Ratio:
    """What going alone costs: alone over coordinated, of the means and over the scenarios.

    ``inf`` is *only alone*: there is some alone and none coordinated. ``nan`` is *none in either*; such scenarios
    have no ratio and are left out of the quantiles, with their weight in ``none_share``.
    """

    of_means: float
    low: float
    likely: float
    high: float
    none_share: float


@dataclass(frozen=True, slots=True)
class Effect:
    """Person-nights without a place by one offer more or one town less: mean, and the 80 % range over scenarios."""

    what: str
    place_id: str
    mean: float
    low: float
    likely: float
    high: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """The best next offers. ``tried`` of ``candidates`` were solved; no other one has an effect above ``bound``."""

    effects: tuple[Effect, ...]
    candidates: int
    tried: int
    bound: float


@dataclass(frozen=True, slots=True)
class ForecastRound:
    """One round between forecast and plan: the forecast is run with the trips decided so far, then planned anew.

    ``moved_share`` is the sum of all changes of people by town and night against the round before, as a share of the
    person-nights; 0 in the first round. ``new_trips`` are decided in this round and in no earlier one.
    """

    round: int
    moved_share: float
    person_nights: float
    new_trips: float
    without_place: float


def weighted_quantiles(values: Floats, weights: Floats, levels: tuple[float, ...]) -> tuple[float, ...]:
    """Return the least values that are not exceeded with a weight of each level or more; ``nan`` of none."""
    if not values.size:
        return (np.nan,) * len(levels)
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order]) / weights.sum()
    last = values.size - 1
    return tuple(float(values[order[min(int(np.searchsorted(reached, level - 1e-12)), last)]]) for level in levels)


RANGE = (0.1, 0.5, 0.9)
"""Levels of the range over scenarios."""

NIL = 1e-3
"""Person-nights, kilometres or money below this are none: what the arithmetic of a solve leaves behind."""


def price(alone: Floats, coordinated: Floats, weights: Floats) -> Ratio:
    """Return what going alone costs, from a measure of each scenario in both regimes, ``(scenarios,)``."""
    a, c = (np.where(np.abs(values) < NIL, 0.0, values) for values in (alone, coordinated))
    some = (a != 0) | (c != 0)
    each = np.array([ratio(float(x), float(y)) for x, y in zip(a[some], c[some], strict=True)], np.float64)
    low, likely, high = weighted_quantiles(each, weights[some], RANGE)
    none = float(weights[~some].sum())
    return Ratio(ratio(float(weights @ a), float(weights @ c)), low, likely, high, none)


def ratio(alone: float, coordinated: float) -> float:
    """Return alone over coordinated: ``inf`` for only alone, ``nan`` for none in either."""
    if abs(coordinated) < NIL:
        return float("nan") if abs(alone) < NIL else float("inf")
    return alone / coordinated
