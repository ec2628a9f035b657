"""What is believed about dispersed people, as records that cross rooms: camps, countries, and people elsewhere."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posada.model.errors import UnknownNameError
from posada.model.geography import Place
from posada.model.outlook import Band, Stamp


@dataclass(frozen=True, slots=True)
class DailyPeople:
    """People somewhere, day by day, in people (not in simulated people).

    Attributes
    ----------
    people : (n_levels, days)
        Quantiles at :data:`~posada.model.outlook.LEVELS` of the people at the end of each day.
    end, peak : Band
        People on the last day; on the fullest day of each member.
    peak_date : date
        The middle of the members' fullest days.
    registered : (days,) or None
        People registered, interpolated between counts; ``None`` when none are known.
    capacity : int or None
        People whom the place, or all places of the area, can take in; ``None`` when it is not known of each.
    """

    people: NDArray[np.float64]
    end: Band
    peak: Band
    peak_date: dt.date
    registered: NDArray[np.int64] | None = None
    capacity: int | None = None


@dataclass(frozen=True, slots=True)
class CampOutlook:
    """What is expected in one camp, or in another place where people are registered."""

    place: Place
    daily: DailyPeople


@dataclass(frozen=True, slots=True)
class DispersalOutlook:
    """A forecast of dispersed people: one entry per camp in the order of the scenario, and sums.

    Camps marked sensitive are among ``camps``, and in no sum: what is left out could be worked out from it.

    Attributes
    ----------
    people_per_simulated : int
        People whom one simulated person stood for; finer than that nothing is known.
    registered_is_input : bool
        Whether as many people set out as registrations rose, so that their sum is given and not forecast.
    countries : dict
        People in the camps of each country, by its name.
    in_camps, under_way, elsewhere, displaced : DailyPeople
        People in all camps; between places; in towns and all other places; ever displaced.
    origins : tuple of Place
        Places that were in conflict on some day, for a map.
    """

    stamp: Stamp
    dates: tuple[dt.date, ...]
    people_per_simulated: int
    registered_is_input: bool
    camps: tuple[CampOutlook, ...]
    countries: dict[str, DailyPeople]
    in_camps: DailyPeople
    under_way: DailyPeople
    elsewhere: DailyPeople
    displaced: DailyPeople
    origins: tuple[Place, ...]

    def camp(self, place_id: str) -> CampOutlook:
        """Return the outlook of a camp.

        Raises
        ------
        UnknownNameError
            When the camp is not part of the outlook; names the nearest one that is.
        """
        for camp in self.camps:
            if camp.place.id == place_id:
                return camp
        raise UnknownNameError("camp", place_id, (camp.place.id for camp in self.camps))

    @property
    def shown(self) -> tuple[CampOutlook, ...]:
        """The camps that may be named: all but those marked sensitive."""
        return tuple(camp for camp in self.camps if not camp.place.sensitive)
