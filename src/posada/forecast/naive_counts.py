"""Naive forecasts of people registered in camps, made of the counts up to the origin date alone.

Unlike those of :mod:`posada.forecast.baselines`, which serve to validate runs that know the totals, none of these knows
anything of the days that it forecasts. Each is a single number: all quantiles are that number.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from posada.model.forecast_file import REGISTERED_TARGET, ForecastFile, Series
from posada.model.truth import Truth

Floats = NDArray[np.float64]

LAST_DAYS = 7
"""Days back over which a pace or ratio is taken."""

LAST_VALUE, LAST_PACE, LAST_RATIO = "last value", "last pace", "last ratio"
COUNT_MEANINGS = {
    LAST_VALUE: "each camp keeps the people of the last count",
    LAST_PACE: f"each camp goes on to change by as many people a day as over the last {LAST_DAYS} days",
    LAST_RATIO: f"the sum over camps goes on to change in the ratio of the last {LAST_DAYS} days, with the last shares",
}


def naive_counts(truth: Truth, forecast: ForecastFile) -> dict[str, ForecastFile]:
    """Return naive forecasts for the camps and days of a forecast, by name; none without counts up to its origin.

    Counts published later than the origin date are not used; a count without such a date is taken to be known on its
    own day. Camps without a count by then are left out.
    """
    series = [row for row in forecast.series if row.target == REGISTERED_TARGET]
    origin = np.datetime64(forecast.origin_date)
    known = {row.location: _known(truth, row.location, origin) for row in series}
    kept = [row for row in series if known[row.location][0].size]
    if not kept:
        return {}
    last = np.array([known[row.location][1][-1] for row in kept])
    before = np.array([_value_at(*known[row.location], origin - LAST_DAYS) for row in kept])
    days_between = np.array([_days_between(known[row.location][0], origin - LAST_DAYS) for row in kept])
    pace = np.where(days_between > 0, (last - before) / np.maximum(days_between, 1), 0.0)
    span = float(days_between.max())
    ratio = float(last.sum() / before.sum()) ** (1 / span) if span and before.sum() > 0 and last.sum() > 0 else 1.0
    made: dict[str, list[Series]] = {name: [] for name in COUNT_MEANINGS}
    for at, row in enumerate(kept):
        ahead = (row.days - known[row.location][0][-1]).astype(float)
        values = {
            LAST_VALUE: np.full(ahead.size, last[at]),
            LAST_PACE: np.maximum(last[at] + pace[at] * ahead, 0.0),
            LAST_RATIO: last[at] * ratio**ahead,
        }
        for name, people in values.items():
            flat = np.repeat(people[:, None], len(forecast.levels), axis=1)
            made[name].append(Series(REGISTERED_TARGET, row.location, row.days, flat))
    return {name: ForecastFile(forecast.origin_date, tuple(rows), forecast.levels) for name, rows in made.items()}


def _known(truth: Truth, camp: str, origin: np.datetime64) -> tuple[NDArray[np.datetime64], Floats]:
    """Return days and people of the counts of a camp that were known on the origin date, in order."""
    own = np.array(
        [
            (target, place) == (REGISTERED_TARGET, camp)
            for target, place in zip(truth.targets, truth.locations, strict=True)
        ],
        bool,
    )
    own &= (truth.days <= origin) & ~(truth.published > origin)
    return truth.days[own], truth.values[own]


def _value_at(days: NDArray[np.datetime64], values: Floats, day: np.datetime64) -> float:
    """Return the count of a day: the last one by then, else the first one."""
    return float(values[max(int(np.searchsorted(days, day, side="right")) - 1, 0)])


def _days_between(days: NDArray[np.datetime64], day: np.datetime64) -> int:
    """Return how many days lie between the count that :func:`_value_at` takes and the last one."""
    return int((days[-1] - days[max(int(np.searchsorted(days, day, side="right")) - 1, 0)]).astype(int))
