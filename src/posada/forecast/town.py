"""What is expected in one town, from the members of a run."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posada.forecast.numbers import first_nights, members_that_count, nights_spent
from posada.forecast.place_counts import PlaceCounts
from posada.forecast.quantiles import band
from posada.model.outlook import LEVELS, Arrival, TownOutlook
from posada.model.run import Run

LEAST_SHARE = 0.02
"""Share of members below which something is too rare to be shown: 20 of 1,000."""

_KNOWN_HOURS = 0.5
"""Share of the members with an arrival that must know its hour for a window of hours to be given."""


@dataclass(frozen=True, slots=True)
class TownNumbers:
    """A place, where the main body sleeps, and what happened in all places."""

    place: int
    sleeps: NDArray[np.int16]
    counts: PlaceCounts


def town_outlook(run: Run, numbers: TownNumbers) -> TownOutlook:
    """Return the outlook of a town.

    *Peak* and *places short* are those of each member's own worst night. They, and *nights*, are given among
    the members in which the main body comes; peak and places short of a town where it hardly ever comes, among
    those in which anybody does.
    """
    place, counts = run.scenario.place(run.place_ids[numbers.place]), numbers.counts
    first = first_nights(numbers.sleeps, numbers.place)
    comes = ~np.isnan(first)
    peak = counts.peak[numbers.place].astype(np.float64)
    counted = members_that_count(comes, peak, LEAST_SHARE)
    seats = run.largest_departure[:, numbers.place].astype(np.float64)
    return TownOutlook(
        place_id=place.id,
        name=place.name,
        admin1=place.admin1,
        country=place.country,
        lat=place.lat,
        lon=place.lon,
        population=place.population,
        sensitive=place.sensitive,
        arrival=_arrival(run, numbers.place, first),
        people=counts.bands(counts.people, numbers.place),
        arrivals=counts.bands(counts.arrived, numbers.place),
        short=counts.bands(counts.short, numbers.place),
        tonight=band(run.people[:, 0, numbers.place].astype(np.float64)),
        peak=band(peak, counted),
        peak_night=_peak_night(run, counts.peak_day[numbers.place][counted & (peak > 0)]),
        nights=band(nights_spent(numbers.sleeps, numbers.place)),
        places_short=band(counts.worst_short[numbers.place].astype(np.float64), counted),
        onward_seats=band(np.where(seats > 0, seats, np.nan), counted),
    )


def _arrival(run: Run, place: int, first: NDArray[np.float64]) -> Arrival:
    days = first[~np.isnan(first)].astype(np.int64)
    by_day = np.bincount(days, minlength=len(run.dates)) / first.size
    by_day.flags.writeable = False
    if days.size == 0:
        return Arrival(0.0, None, {}, None, by_day)
    # A date is one that happens in some member, not a point between two.
    middle = np.quantile(days, LEVELS, method="inverted_cdf")
    dates = {level: run.dates[int(day)] for level, day in zip(LEVELS, middle, strict=True)}
    return Arrival(
        probability=days.size / first.size,
        most_likely=run.dates[most_likely_day(by_day)],
        dates=dates,
        hours=_hours(run.arrival_hour[:, place][~np.isnan(first)]),
        probability_by_day=by_day,
    )


def most_likely_day(by_day: NDArray[np.float64]) -> int:
    """Return the day on which arrival is most likely.

    Each day counts with half of its neighbours, and days without any chance not at all: over many days the
    highest single bar of an ensemble is where luck put it.
    """
    around = by_day.copy()
    around[1:] += by_day[:-1] / 2
    around[:-1] += by_day[1:] / 2
    return int(np.where(by_day > 0, around, -1.0).argmax())


def _hours(hours: NDArray[np.float32]) -> tuple[float, float] | None:
    """Return the window of hours; ``None`` where the main body was there from the first night on."""
    known = hours[~np.isnan(hours)]
    if known.size == 0 or known.size < _KNOWN_HOURS * hours.size:
        return None
    early, late = np.quantile(known.astype(np.float64), (0.1, 0.9))
    return float(early), float(late)


def _peak_night(run: Run, fullest: NDArray[np.int16]) -> dt.date | None:
    """Return the night that is the fullest in most members; the earlier one of two."""
    if fullest.size == 0:
        return None
    return run.dates[int(np.bincount(fullest, minlength=len(run.dates)).argmax())]
