"""The result of an ensemble of dispersed movement: labelled, read-only arrays."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from posada.model.errors import UnknownNameError
from posada.model.scenario import Scenario

Counts = NDArray[np.int32]


@dataclass(frozen=True)
class DispersalRun:
    """Where the people were in every member of an ensemble, night by night.

    Every count is of people, or of people divided by ``people_per_simulated``. Arrays are read-only.

    Attributes
    ----------
    people : (members, days, places)
        People in the place at the end of the day, for the places in ``place_ids``.
    under_way, entered : (members, days)
        People between places; people who ever entered.
    camp_ids : tuple of str
        Places that count as camps in outputs, in the order of the scenario.
    registered : (days, camps) or (days, 0)
        People registered in the camps, interpolated; without columns where no place has a series.
    newly_registered, raw_total, debt : (days,)
        By how much registrations rose; their running sum; arrivals that are cancelled because they fell.
    """

    scenario: Scenario
    seed: int
    first_member: int
    dates: tuple[dt.date, ...]
    place_ids: tuple[str, ...]
    camp_ids: tuple[str, ...]
    people: Counts
    under_way: Counts
    entered: Counts
    registered: NDArray[np.int64]
    newly_registered: NDArray[np.int64]
    raw_total: NDArray[np.int64]
    debt: NDArray[np.int64]

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, np.ndarray):
                value.flags.writeable = False

    @property
    def members(self) -> int:
        """Number of members."""
        return int(self.people.shape[0])

    @property
    def as_of(self) -> None:
        """Always ``None``: dispersed people are followed from the first day, with everything that is known."""

    @property
    def people_per_simulated(self) -> int:
        """People whom one counted person stands for."""
        return self.scenario.movement.people_per_simulated if self.scenario.movement else 1

    def place_index(self, place_id: str) -> int:
        """Return the position of a place on the axis of places.

        Raises
        ------
        UnknownNameError
            When it is not among the places that were kept.
        """
        if place_id not in self.place_ids:
            raise UnknownNameError("place", place_id, self.place_ids)
        return self.place_ids.index(place_id)

    def in_camps(self) -> Counts:
        """Return the people in camps, ``(members, days, camps)``."""
        if self.camp_ids == self.place_ids:  # no second copy of what may be hundreds of megabytes
            return self.people
        return self.people[:, :, [self.place_index(camp) for camp in self.camp_ids]]
