"""A forecast of the people registered in the camps of a conflict: members, days and camps, and what it rests on."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ConflictForecast:
    """People registered in camps from a date on. Arrays are read-only.

    Attributes
    ----------
    scenario_id, scenario_title, scenario_hash : str
        The conflict; the hash is of what was known of it, so that later registrations change nothing here.
    as_of : datetime.date
        No registration published later was used, but for the totals where they are known.
    dates : tuple of datetime.date
        Days, the as-of date first.
    camps : tuple of str
        Camps, those marked sensitive among them.
    people : (members, days, camps)
        People registered.
    totals_known : bool
        Whether the totals of all days, and conflict, were an input.
    learned_from : tuple of str
        The conflicts whose evidence was used.
    first_days_used : int
        Days of the conflict itself that counted as one more conflict; 0 when there were too few.
    """

    scenario_id: str
    scenario_title: str
    scenario_hash: str
    as_of: dt.date
    seed: int
    dates: tuple[dt.date, ...]
    camps: tuple[str, ...]
    people: Floats
    totals_known: bool
    learned_from: tuple[str, ...]
    first_days_used: int

    def __post_init__(self) -> None:
        self.people.flags.writeable = False

    @property
    def members(self) -> int:
        """Number of members."""
        return len(self.people)
