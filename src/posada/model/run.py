"""The result of an ensemble run: labelled, read-only arrays, as they cross from the engine to other rooms."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posada.model.labelled_run import Counts, LabelledRun
from posada.model.start import StartingState


@dataclass(frozen=True)
class Run(LabelledRun):
    """What happened in every member of an ensemble, night by night.

    Axes: members, days (``dates``), places (``place_ids``), statuses (``status_ids``), groups (``group_ids``).
    Every count is of people. Arrays are read-only.

    Attributes
    ----------
    arrived : (members, days, places)
        People who came that day.
    without_roof : (members, days, places)
        People who sleep without a covered place, by want or by choice.
    places_short : (members, days, places)
        Covered places that are missing if everybody wants one.
    entries, current : (members, days, statuses)
        People who ever entered the status; people in it that night.
    together, total : (members, days)
        People in groups; people who ever entered the journey.
    main_people, main_place : (members, days, groups)
        People in the main body of a group; its place, -1 when under way or gone.
    largest_departure : (members, places)
        Most people in groups who set out from the place on one day: the seats that would carry them all.
    arrival_hour : (members, places)
        Local hour at which the first main body reaches the place; ``nan`` when none does.
    drawn : (members, numbers)
        The uncertain numbers of each member, named by ``drawn_names``.
    """

    start: StartingState | None
    status_ids: tuple[str, ...]
    group_ids: tuple[str, ...]
    drawn_names: tuple[str, ...]
    drawn: NDArray[np.float64]
    arrived: Counts
    without_roof: Counts
    places_short: Counts
    entries: Counts
    current: Counts
    together: Counts
    main_people: Counts
    total: Counts
    main_place: NDArray[np.int16]
    largest_departure: Counts
    arrival_hour: NDArray[np.float32]

    @property
    def as_of(self) -> dt.date | None:
        """The date after which nothing published was used; ``None`` for a run from the first day."""
        return self.start.date if self.start else None
