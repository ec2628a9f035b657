"""The record of demand: weighted courses of events, as people who need a place and people who move on.

It says nothing of where it comes from: a forecast, or a table written by hand.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from posada.model.errors import InvalidValueError

DEMAND_CLASSES = ("adults", "families", "limited_mobility", "medical")
"""Adults on their own; families, who stay together; people who cannot walk far; medical cases."""

ADULTS, FAMILIES, LIMITED_MOBILITY, MEDICAL = range(len(DEMAND_CLASSES))

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Legs:
    """Who moves on from where to where: one row per scenario, morning, origin and target. Arrays are read-only.

    Attributes
    ----------
    scenario, leaves, origin, target : (legs,)
        Positions on the axes of the demand; ``leaves`` is the day of the morning of departure.
    arrives : (legs,)
        Day of the first night at the target, ``leaves`` or later; the nights between are spent on the road. It may
        lie beyond the last day.
    people : (legs, classes)
        People who want to move on.
    """

    scenario: Ints
    leaves: Ints
    origin: Ints
    target: Ints
    arrives: Ints
    people: Floats

    @property
    def size(self) -> int:
        """Number of legs."""
        return int(self.scenario.size)


@dataclass(frozen=True, eq=False)
class DemandScenarios:
    """People by scenario, night, place and need class, and how they move on. Arrays are read-only.

    Attributes
    ----------
    dates, place_ids : tuple
        Labels of the axes of days and places. Classes are :data:`DEMAND_CLASSES`.
    weights : (scenarios,)
        Weight of each scenario; they add up to 1.
    people : (scenarios, days, places, classes)
        People who need a place for the night if nobody is carried.
    legs : Legs
        Who moves on. People who are in a place and on no leg stay, or leave the journey there.
    labels : tuple of str
        Names of the scenarios, such as the member of a forecast.
    origin : str
        Where the demand comes from, in words.

    Raises
    ------
    InvalidValueError
        When shapes differ, weights do not add up to 1, a number is negative, or more people leave a place than were
        there.
    """

    dates: tuple[dt.date, ...]
    place_ids: tuple[str, ...]
    weights: Floats
    people: Floats
    legs: Legs
    labels: tuple[str, ...]
    origin: str = ""

    def __post_init__(self) -> None:
        self._check_shapes()
        self._check_legs()
        for record in (self, self.legs):
            for field in fields(record):
                value = getattr(record, field.name)
                if isinstance(value, np.ndarray):
                    value.flags.writeable = False

    @property
    def scenarios(self) -> int:
        """Number of scenarios."""
        return int(self.weights.size)

    def _check_shapes(self) -> None:
        shape = (self.weights.size, len(self.dates), len(self.place_ids), len(DEMAND_CLASSES))
        if self.people.shape != shape or len(self.labels) != shape[0]:
            raise InvalidValueError(f"people has the shape {self.people.shape}, and the labels say {shape}.")
        if not shape[0] > 0 or not np.isclose(self.weights.sum(), 1.0) or (self.weights <= 0).any():
            raise InvalidValueError(
                f"the weights of scenarios add up to {self.weights.sum():g}. They must be 1 in all."
            )
        if not (np.isfinite(self.people).all() and (self.people >= 0).all()):
            raise InvalidValueError("people holds a number that is negative or not a number.")

    def _check_legs(self) -> None:
        legs = self.legs
        if legs.people.shape != (legs.size, len(DEMAND_CLASSES)) or not (legs.people >= 0).all():
            raise InvalidValueError(f"the people of legs have the shape {legs.people.shape}, or are negative.")
        if not ((legs.leaves >= 1) & (legs.leaves < len(self.dates)) & (legs.arrives >= legs.leaves)).all():
            raise InvalidValueError(
                "a leg leaves before the second day or after the last, or arrives before it leaves."
            )
        left = np.zeros_like(self.people)
        np.add.at(left, (legs.scenario, legs.leaves - 1, legs.origin), legs.people)
        if (left > self.people + 1e-6).any():
            s, d, p, c = (int(axis[0]) for axis in np.nonzero(left > self.people + 1e-6))
            raise InvalidValueError(
                f"{left[s, d, p, c]:g} {DEMAND_CLASSES[c]} leave '{self.place_ids[p]}' after the night of "
                f"{self.dates[d]}, and {self.people[s, d, p, c]:g} were there (scenario '{self.labels[s]}')."
            )


def joined_legs(parts: list[tuple[int, int, int, int, int, tuple[float, ...]]]) -> Legs:
    """Return legs from rows of scenario, day of departure, origin, target, day of arrival, people by class."""
    numbers = np.array([part[:5] for part in parts], np.int64).reshape(-1, 5)
    people = np.array([part[5] for part in parts], np.float64).reshape(-1, len(DEMAND_CLASSES))
    scenario, leaves, origin, target, arrives = (np.ascontiguousarray(numbers[:, column]) for column in range(5))
    return Legs(scenario, leaves, origin, target, arrives, people)
