"""The result of an ensemble of dispersed movement: labelled, read-only arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posada.model.labelled_run import Counts, LabelledRun


@dataclass(frozen=True)
class DispersalRun(LabelledRun):
    """Where the people were in every member of an ensemble, night by night.

    Every count is of people, or of people divided by ``people_per_simulated``. Arrays are read-only.

    Attributes
    ----------
    entered : (members, days)
        People who ever entered.
    camp_ids : tuple of str
        Places that count as camps in outputs, in the order of the scenario.
    registered : (days, camps) or (days, 0)
        People registered in the camps, interpolated; without columns where no place has a series.
    newly_registered, raw_total, debt : (days,)
        By how much registrations rose; their running sum; arrivals that are cancelled because they fell.
    """

    camp_ids: tuple[str, ...]
    entered: Counts
    registered: NDArray[np.int64]
    newly_registered: NDArray[np.int64]
    raw_total: NDArray[np.int64]
    debt: NDArray[np.int64]

    @property
    def as_of(self) -> None:
        """Always ``None``: dispersed people are followed from the first day, with everything that is known."""

    @property
    def people_per_simulated(self) -> int:
        """People whom one counted person stands for."""
        return self.scenario.movement.people_per_simulated if self.scenario.movement else 1

    def in_camps(self) -> Counts:
        """Return the people in camps, ``(members, days, camps)``."""
        if self.camp_ids == self.place_ids:  # no second copy of what may be hundreds of megabytes
            return self.people
        return self.people[:, :, [self.place_index(camp) for camp in self.camp_ids]]
