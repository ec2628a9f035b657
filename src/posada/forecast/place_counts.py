"""What happened in each place, taken from the books of a run in one go for all who ask about places.

The books of a run stand by member, day and place. Whoever looks at one place at a time fetches the numbers of its
neighbours each time as well, and sorts members that another has sorted before.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posada.forecast.quantiles import quantiles_of_sorted
from posada.model.forecast_file import FILE_LEVELS
from posada.model.outlook import LEVELS
from posada.model.run import Run

Floats = NDArray[np.float64]
Counts = NDArray[np.int32]
Days = NDArray[np.int16]

_BLOCK_CELLS = 2**21
"""Numbers that a thread turns round at a time: few enough for the cache, at least a place."""

_OF_OUTLOOK = tuple(FILE_LEVELS.index(level) for level in LEVELS)


@dataclass(frozen=True, slots=True, eq=False)
class PlaceCounts:
    """The places of a run, on the first axis in the order of its ``place_ids``.

    Attributes
    ----------
    people, arrived, short : (places, levels, days)
        Quantiles over members at :data:`~posada.model.forecast_file.FILE_LEVELS` of people tonight, of those who came
        that day, and of covered places that are missing; linear between members, see
        :func:`posada.forecast.quantiles.quantiles`.
    peak, worst_short : (places, members)
        People on each member's fullest night, and covered places missing on its worst.
    peak_day, first_day : (places, members)
        The first of a member's fullest nights, and the first on which anybody sleeps there; 0 when nobody ever does.
    """

    people: Floats
    arrived: Floats
    short: Floats
    peak: Counts
    worst_short: Counts
    peak_day: Days
    first_day: Days

    def bands(self, bands: Floats, place: int) -> Floats:
        """Return the quantiles of a place at the levels of an outlook, ``(n_levels, days)``, read-only."""
        chosen: Floats = bands[place, _OF_OUTLOOK, :]
        chosen.flags.writeable = False
        return chosen


def count_places(run: Run, *, workers: int = 1) -> PlaceCounts:
    """Return what happened in each place; the same on any number of threads."""
    members, days, places = run.people.shape
    of_days, of_members = (places, len(FILE_LEVELS), days), (places, members)
    made = PlaceCounts(
        people=np.empty(of_days),
        arrived=np.empty(of_days),
        short=np.empty(of_days),
        peak=np.empty(of_members, np.int32),
        worst_short=np.empty(of_members, np.int32),
        peak_day=np.empty(of_members, np.int16),
        first_day=np.empty(of_members, np.int16),
    )
    size = max(_BLOCK_CELLS // max(members * days, 1), 1)

    def count(begin: int) -> None:
        _count_block(run, made, slice(begin, begin + size))

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(count, range(0, places, size)))
    return made


def _count_block(run: Run, made: PlaceCounts, places: slice) -> None:
    people = _by_place(run.people, places)
    people.max(axis=1, out=made.peak[places])
    made.peak_day[places] = people.argmax(axis=1)
    made.first_day[places] = (people > 0).argmax(axis=1)
    _take_bands(people, made.people[places])
    _take_bands(_by_place(run.arrived, places), made.arrived[places])
    short = _by_place(run.places_short, places)
    short.max(axis=1, out=made.worst_short[places])
    _take_bands(short, made.short[places])


def _by_place(counts: Counts, places: slice) -> Counts:
    """Return counts of some places with the members last and together in memory, ``(places, days, members)``."""
    return np.ascontiguousarray(counts[:, :, places].transpose(2, 1, 0))


def _take_bands(counts: Counts, bands: Floats) -> None:
    """Write the quantiles of counts, ``(places, days, members)``, which are sorted in place."""
    counts.sort(axis=-1)
    bands[:] = quantiles_of_sorted(counts, FILE_LEVELS).transpose(1, 0, 2)
