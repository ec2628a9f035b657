"""What the results of all ensembles have in common: members, places by name, and arrays that nobody changes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from posada.model.errors import UnknownNameError
from posada.model.scenario import Scenario

Counts = NDArray[np.int32]


@dataclass(frozen=True)
class LabelledRun:
    """What happened in every member of an ensemble, night by night. Arrays are read-only.

    Attributes
    ----------
    first_member : int
        Number of the first member.
    dates, place_ids : tuple
        Labels of the axes of days and places.
    people : (members, days, places)
        People who sleep in the place, held ones included.
    under_way : (members, days)
        People who sleep between places.
    """

    scenario: Scenario
    seed: int
    first_member: int
    dates: tuple[dt.date, ...]
    place_ids: tuple[str, ...]
    people: Counts
    under_way: Counts

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, np.ndarray):
                value.flags.writeable = False

    @property
    def members(self) -> int:
        """Number of members."""
        return int(self.people.shape[0])

    def place_index(self, place_id: str) -> int:
        """Return the position of a place on the axis of places.

        Raises
        ------
        UnknownNameError
            When there is no such place on it.
        """
        if place_id not in self.place_ids:
            raise UnknownNameError("place", place_id, self.place_ids)
        return self.place_ids.index(place_id)
