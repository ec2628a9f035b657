"""Naive forecasts of a journey, in the form of forecast files: what a forecast has to be better than.

They know what the forecast knows: the reports published by the as-of date, read as a run reads them
(:mod:`posada.forecast.start`), and the map. Each is a single number without a range, and all its quantiles are that
number; its weighted interval score and CRPS are then its absolute error. Its chances of arrival are 0 or 1, and their
CRPS is the error of the day.

*Keep pace* is meant to be strong: it walks the shortest road to the destination at the mean pace since departure,
starts where the group was last seen, and is taken to have come to every town that it passes.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from posada.forecast.start import COUNTING_KINDS, known_state, last_seen
from posada.forecast.vintage import as_known
from posada.model.errors import InvalidValueError
from posada.model.forecast_file import FILE_LEVELS, JOURNEY_LOCATION, ForecastFile, Series
from posada.model.journeys import Group
from posada.model.scenario import Scenario
from posada.model.shortest_ways import RoadWays
from posada.model.start import GroupStart, StartingState

Floats = NDArray[np.float64]

STAY_PUT, KEEP_PACE, LAST_VALUE, LAST_RATIO = "stay put", "keep pace", "last value", "last ratio"
NAIVE_MEANINGS = {
    STAY_PUT: "everybody stays where they were seen last, and nothing more happens",
    KEEP_PACE: "the mean pace since departure along the shortest road, all together; counts go on at their mean rate",
    LAST_VALUE: "each town keeps the people last counted there, and counts keep their last value",
    LAST_RATIO: "keep pace, and the group goes on to change as between its last two counts",
}

STATUS_OF_TARGET = {
    "returned_cumulative": ("returned",),
    "presented_cumulative": ("presented",),
    "processed_cumulative": ("processed",),
    "crossed_cumulative": ("crossed",),
    "stayed_cumulative": ("stayed",),
}
_PERMITTED = "permitted"
_RATIO_LIMITS = (0.5, 2.0)
"""Between what the last ratio may take the people of a group in all: it is one of two guesses."""


@dataclass(frozen=True)
class _Moving:
    """A group as a naive forecast sees it: the towns ahead with their distance from where it was seen."""

    start: GroupStart
    seen: dt.date
    km_per_day: float
    path: tuple[tuple[str, float], ...]
    visited: frozenset[str]
    ratio_per_day: float

    def town(self, days: int) -> int:
        """Return the position in ``path`` of the last town that is reached after so many days."""
        km = self.km_per_day * days
        return max(at for at, (_, ahead) in enumerate(self.path) if ahead <= km + 1e-9)


def naive_forecasts(
    scenario: Scenario, as_of: dt.date, *, last_day: dt.date | None = None, levels: tuple[float, ...] = FILE_LEVELS
) -> dict[str, ForecastFile]:
    """Return the naive forecasts of a journey as of a date, by name.

    Parameters
    ----------
    last_day : datetime.date, optional
        Last day of the forecasts; the last day of the scenario when left out.

    Raises
    ------
    InvalidValueError
        When the date is outside the journey, or no report says where a group is.
    """
    known = as_known(scenario, as_of).scenario
    state = known_state(known, as_of)
    if not state.groups:
        raise InvalidValueError(f"on {as_of} no group is under way. Choose a later as-of date.")
    moving = [_moving(known, row) for row in state.groups]
    end = last_day or scenario.settings.end
    days = np.arange(np.datetime64(as_of), np.datetime64(end) + 1)
    places = [place.id for place in known.places if not place.sensitive]
    still = [replace(row, km_per_day=0.0) for row in moving]
    growing = {
        STAY_PUT: (still, False, False),
        KEEP_PACE: (moving, True, False),
        LAST_RATIO: (moving, True, True),
        LAST_VALUE: (still, False, False),
    }
    made = {}
    for name, (groups, goes_on, changes) in growing.items():
        people = _people(groups, places, days, changes=changes)
        if name == LAST_VALUE:
            people = _last_counts(known, as_of, groups, places, days)
        series = [*_of_places(groups, places, days, people), *_of_journey(known, state, days, goes_on, people)]
        made[name] = ForecastFile(as_of, tuple(_at_levels(row, levels) for row in series), levels)
    return made


def _at_levels(series: Series, levels: tuple[float, ...]) -> Series:
    """Return a series of single numbers with that number at all levels."""
    if series.target == "arrived_by":
        return series
    return replace(series, values=np.repeat(series.values[:, None], len(levels), axis=1))


def _moving(scenario: Scenario, start: GroupStart) -> _Moving:
    group = next(row for row in scenario.groups if row.id == start.group)
    seen = last_seen(scenario, start) or group.departs
    ways = RoadWays.of(scenario)
    behind = ways.path(group.origin, start.place)
    ahead = ways.path(start.place, group.destination)
    own = [row for row in scenario.reports if row.group == group.id and not row.ahead and row.event_date <= seen]
    visited = {row.place for row in own if row.place}
    days = max((seen - group.departs).days, 1)
    return _Moving(
        start=start,
        seen=seen,
        km_per_day=behind[-1][1] / days,
        path=ahead,
        visited=frozenset({*visited, *(place for place, _ in behind)}),
        ratio_per_day=_last_ratio(scenario, group, seen),
    )


def _last_ratio(scenario: Scenario, group: Group, seen: dt.date) -> float:
    """Return by what the people of a group change per day, from the middles of its last two days with a count."""
    by_day: dict[dt.date, list[float]] = defaultdict(list)
    for row in scenario.reports:
        counts = row.kind in COUNTING_KINDS and row.unit == "people" and row.value and not row.ahead
        if counts and row.group == group.id and group.departs <= row.event_date <= seen:
            by_day[row.event_date].append(float(row.value or 0))
    days = sorted(by_day)[-2:]
    if len(days) < 2:
        return 1.0
    before, after = (float(np.median(by_day[day])) for day in days)
    return float((after / before) ** (1 / (days[1] - days[0]).days)) if before > 0 and after > 0 else 1.0


def _people(groups: Iterable[_Moving], places: list[str], days: NDArray[np.datetime64], *, changes: bool) -> Floats:
    """Return the people who sleep in each place, ``(places, days)``."""
    people = np.zeros((len(places), days.size))
    for group in groups:
        since = (days - np.datetime64(group.seen)).astype(int)
        factor = np.clip(group.ratio_per_day ** since.astype(float), *_RATIO_LIMITS) if changes else np.ones(days.size)
        for at, day in enumerate(since):
            place = group.path[group.town(int(day))][0]
            if place in places:
                people[places.index(place), at] += group.start.people.likely * factor[at]
    return people


def _last_counts(
    scenario: Scenario, as_of: dt.date, groups: list[_Moving], places: list[str], days: NDArray[np.datetime64]
) -> Floats:
    """Return the people last counted in each place, and in those of the groups the people of the groups."""
    last: dict[str, tuple[dt.date, list[float]]] = {}
    for row in sorted(scenario.reports, key=lambda row: row.event_date):
        if row.place and row.kind in COUNTING_KINDS and row.unit == "people" and row.value and row.event_date <= as_of:
            day, counts = last.get(row.place, (row.event_date, []))
            last[row.place] = (row.event_date, [*counts, row.value] if day == row.event_date else [row.value])
    people = np.zeros((len(places), days.size))
    for place, (_, counts) in last.items():
        if place in places:
            people[places.index(place)] = float(np.median(counts))
    here = _people(groups, places, days, changes=False)
    return np.where(here > 0, here, people)


def _of_places(
    groups: list[_Moving], places: list[str], days: NDArray[np.datetime64], people: Floats
) -> Iterable[Series]:
    arrived = np.zeros((len(places), days.size))
    for group in groups:
        since = (days - np.datetime64(group.seen)).astype(int)
        reached = [group.town(int(day)) for day in since]
        for index, place in enumerate(places):
            if place in group.visited:
                arrived[index] = 1.0
        for position, (place, _) in enumerate(group.path):
            if place in places:
                arrived[places.index(place)] = np.maximum(arrived[places.index(place)], np.array(reached) >= position)
    arrivals = np.diff(people, axis=1, prepend=people[:, :1]).clip(0)
    for index, place in enumerate(places):
        yield Series("people_tonight", place, days, people[index])
        yield Series("arrivals_today", place, days, arrivals[index])
        yield Series("arrived_by", place, days, arrived[index])


def _of_journey(
    scenario: Scenario, state: StartingState, days: NDArray[np.datetime64], goes_on: bool, people: Floats
) -> Iterable[Series]:
    ahead = (days - np.datetime64(state.date)).astype(float)
    here = {row.group for row in state.groups}
    first = min(row.departs for row in scenario.groups if row.id in here)
    so_far = max((state.date - first).days, 1)
    known = {row.status: row.people.likely for row in state.statuses}
    together = sum(row.people.likely for row in state.groups)
    everybody = together + sum(known.values())
    share = people.sum(axis=0) / max(people[:, 0].sum(), 1) if goes_on else np.ones(days.size)
    yield Series("still_together", JOURNEY_LOCATION, days, together * share)
    permits = tuple(row.id for row in scenario.statuses if row.role == _PERMITTED)
    for target, statuses in (STATUS_OF_TARGET | {"permits_cumulative": permits}).items():
        total = sum(known.get(status, 0.0) for status in statuses)
        grown = total * (1 + ahead / so_far) if goes_on else np.full(days.size, total)
        # Nobody can be counted who is not of the journey.
        yield Series(target, JOURNEY_LOCATION, days, np.minimum(grown, max(total, everybody)))
