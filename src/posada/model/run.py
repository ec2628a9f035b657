"""The result of an ensemble run: labelled, read-only arrays, as they cross from the engine to other rooms."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from posada.model.errors import UnknownNameError
from posada.model.scenario import Scenario
from posada.model.start import StartingState

Counts = NDArray[np.int32]


@dataclass(frozen=True)
class Run:
    """What happened in every member of an ensemble, night by night.

    Axes: members, days (``dates``), places (``place_ids``), statuses (``status_ids``), groups (``group_ids``).
    Every count is of people. Arrays are read-only.

    Attributes
    ----------
    people : (members, days, places)
        People of the journey who sleep in the place, held ones included.
    arrived : (members, days, places)
        People who came that day.
    without_roof : (members, days, places)
        People who sleep without a covered place, by want or by choice.
    places_short : (members, days, places)
        Covered places that are missing if everybody wants one.
    entries, current : (members, days, statuses)
        People who ever entered the status; people in it that night.
    together, under_way, total : (members, days)
        People in groups; people who sleep between places; people who ever entered the journey.
    main_people, main_place : (members, days, groups)
        People in the main body of a group; its place, -1 when under way or gone.
    largest_departure : (members, places)
        Most people in groups who set out from the place on one day: the seats that would carry them all.
    arrival_hour : (members, places)
        Local hour at which the first main body reaches the place; ``nan`` when none does.
    drawn : (members, numbers)
        The uncertain numbers of each member, named by ``drawn_names``.
    """

    scenario: Scenario
    seed: int
    first_member: int
    start: StartingState | None
    dates: tuple[dt.date, ...]
    place_ids: tuple[str, ...]
    status_ids: tuple[str, ...]
    group_ids: tuple[str, ...]
    drawn_names: tuple[str, ...]
    drawn: NDArray[np.float64]
    people: Counts
    arrived: Counts
    without_roof: Counts
    places_short: Counts
    entries: Counts
    current: Counts
    together: Counts
    main_people: Counts
    under_way: Counts
    total: Counts
    main_place: NDArray[np.int16]
    largest_departure: Counts
    arrival_hour: NDArray[np.float32]

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
    def as_of(self) -> dt.date | None:
        """The date after which nothing published was used; ``None`` for a run from the first day."""
        return self.start.date if self.start else None

    def place_index(self, place_id: str) -> int:
        """Return the position of a place on the axis of places.

        Raises
        ------
        UnknownNameError
            When there is no such place.
        """
        if place_id not in self.place_ids:
            raise UnknownNameError("place", place_id, self.place_ids)
        return self.place_ids.index(place_id)
