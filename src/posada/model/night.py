"""One night of a journey in every member of an ensemble, as reports are held against it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posada.model.great_circle import great_circle_km

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
SmallCounts = NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Night:
    """Where the groups are on a night, and the numbers of people, by member.

    Attributes
    ----------
    lat, lon : (members, groups)
        Where the main body of a group is, on the road too; ``nan`` where there is none.
    lat_before, lon_before : (members, groups)
        The same of the night before.
    main_people, group_people : (members, groups)
        People of the main body, and of all parts of the group.
    people : (members, places)
        People of the journey who sleep in the place.
    entries, entries_before : (members, statuses)
        People who ever entered the status, by this night and by the one before.
    together, together_before, together_most : (members,)
        People in groups tonight, the night before, and on the night with most so far.
    """

    date: dt.date
    group_ids: tuple[str, ...]
    place_ids: tuple[str, ...]
    status_ids: tuple[str, ...]
    lat: Floats
    lon: Floats
    lat_before: Floats
    lon_before: Floats
    main_people: Counts
    group_people: Counts
    people: SmallCounts
    entries: Counts
    entries_before: Counts
    together: Counts
    together_before: Counts
    together_most: Counts

    def away_km(self, group: str, lat: float, lon: float, *, before: bool = False) -> Floats:
        """Return how far the main body of a group is from a point, tonight or the night before, ``(members,)``.

        ``inf`` where there is no main body.
        """
        at = self.group_ids.index(group)
        lats, lons = (self.lat_before, self.lon_before) if before else (self.lat, self.lon)
        return np.nan_to_num(great_circle_km(lats[:, at], lons[:, at], lat, lon), nan=np.inf)
