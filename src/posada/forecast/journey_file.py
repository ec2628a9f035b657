"""From the members of a run to a forecast file: every target of a journey, in each place and on each day."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from posada.forecast.naive import STATUS_OF_TARGET
from posada.forecast.numbers import main_group, main_nights
from posada.forecast.place_counts import PlaceCounts, count_places
from posada.forecast.quantiles import quantiles
from posada.model.errors import InvalidValueError
from posada.model.forecast_file import FILE_LEVELS, JOURNEY_LOCATION, ForecastFile, Series
from posada.model.run import Run
from posada.model.shortest_ways import RoadWays
from posada.model.statements import PLACING_KINDS

Floats = NDArray[np.float64]


def forecast_file_of_run(run: Run, counts: PlaceCounts | None = None) -> ForecastFile:
    """Return the forecast of a run whose members count alike.

    Weighted members are drawn anew before, so that they count alike. Quantiles are linear between members (type 7 of
    Hyndman and Fan). Places marked sensitive are left out.

    Parameters
    ----------
    counts : PlaceCounts or None
        Those of the run, when they have been counted already.
    """
    days = np.array(run.dates, "datetime64[D]")
    series = [*_of_places(run, days, counts or count_places(run)), *_of_journey(run, days)]
    return ForecastFile(run.dates[0], tuple(series), FILE_LEVELS)


def _of_places(run: Run, days: NDArray[np.datetime64], counts: PlaceCounts) -> Iterable[Series]:
    reached = reached_by(run)
    for place, name in enumerate(run.place_ids):
        if run.scenario.place(name).sensitive:
            continue
        yield Series("people_tonight", name, days, np.ascontiguousarray(counts.people[place].T))
        yield Series("arrivals_today", name, days, np.ascontiguousarray(counts.arrived[place].T))
        yield Series("arrived_by", name, days, reached[:, place])


def reached_by(run: Run) -> Floats:
    """Return the share of members in which the main body of the main group has reached each place, ``(days, places)``.

    It has reached where it sleeps, and what lies on the shortest road between one night's place and the next; up to the
    first night, what lies on the shortest road from its origin, and where reports have put it.
    """
    ways = RoadWays.of(run.scenario)
    sleeps = main_nights(run).astype(np.int64)
    members, days = sleeps.shape
    places = len(run.place_ids)
    group = next(row for row in run.scenario.groups if row.id == run.group_ids[main_group(run)])
    before = np.full(members, run.place_index(group.origin))
    reached = np.zeros((members, places), bool)
    if group.departs <= run.dates[0]:
        reached[:, [run.place_index(name) for name in _told(run, group.id)]] = True
    passed: dict[tuple[int, int], NDArray[np.int64]] = {}
    made = np.empty((days, places))
    for day in range(days):
        here = sleeps[:, day]
        moved = here >= 0
        for pair in np.unique(before[moved] * places + here[moved]):
            begin, end = divmod(int(pair), places)
            if (begin, end) not in passed:
                passed[begin, end] = _between(run, ways, begin, end)
            these = np.flatnonzero(moved & (before == begin) & (here == end))
            reached[np.ix_(these, passed[begin, end])] = True
        before = np.where(moved, here, before)
        made[day] = reached.mean(axis=0)
    return made


def _between(run: Run, ways: RoadWays, begin: int, end: int) -> NDArray[np.int64]:
    """Return the places on the shortest road between two, both included; only the end where no road leads there."""
    try:
        path = ways.path(run.place_ids[begin], run.place_ids[end])
    except InvalidValueError:
        return np.array([end])
    return np.array([run.place_index(place) for place, _ in path])


def _told(run: Run, group: str) -> list[str]:
    """Return where reports put the group up to the first night; what the run does not know is not among its reports."""
    return [
        row.place
        for row in run.scenario.reports
        if row.group == group
        and row.place
        and not row.ahead
        and row.kind in PLACING_KINDS
        and row.event_date <= run.dates[0]
    ]


def _of_journey(run: Run, days: NDArray[np.datetime64]) -> Iterable[Series]:
    yield Series("still_together", JOURNEY_LOCATION, days, member_quantiles(run.together, FILE_LEVELS))
    permits = tuple(row.id for row in run.scenario.statuses if row.role == "permitted")
    for target, statuses in (STATUS_OF_TARGET | {"permits_cumulative": permits}).items():
        columns = [run.status_ids.index(status) for status in statuses if status in run.status_ids]
        entered = run.entries[:, :, columns].sum(axis=2)
        yield Series(target, JOURNEY_LOCATION, days, member_quantiles(entered, FILE_LEVELS))


def member_quantiles(counts: NDArray[np.int32] | NDArray[np.int64], levels: tuple[float, ...]) -> Floats:
    """Return quantiles over members, ``(members, days)`` in and ``(days, levels)`` out."""
    return np.ascontiguousarray(quantiles(np.ascontiguousarray(counts.T), levels).T)
