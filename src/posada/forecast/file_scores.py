"""How far a forecast file was from what happened, row by row.

People are scored by the weighted interval score and by the CRPS of the distribution that the quantiles describe;
arrivals by the CRPS of the day of arrival, in days. A row of truth is scored when the forecast has its target, location
and day, the day is not before the origin date, and it was not public on the origin date.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posada.forecast.scores import weighted_interval_score
from posada.model.forecast_file import CDF, TARGETS, ForecastFile, Series
from posada.model.truth import Truth
from posada.model.validation import BAND_WIDTHS

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

NOT_FORECAST, KNOWN, BEFORE, BEYOND, SCORED = "not forecast", "known", "before", "beyond", "scored"
REPEATED = "repeated"
"""What became of a row of truth; a later row about an arrival that another row tells is *repeated*."""


@dataclass(frozen=True, slots=True)
class RowScores:
    """Scores of each row of a truth, ``(rows,)``; ``nan`` where a row is not scored or a score is not of its kind.

    Attributes
    ----------
    score : array
        What is averaged and compared: weighted interval score in people, or CRPS of the day of arrival in days.
    crps : array
        CRPS in people of the distribution between the quantiles, or as ``score`` for arrivals.
    middle : array
        Median forecast: people, or days from the origin date until the chance of arrival reaches a half (``nan``
        when it never does).
    observed : array
        What it is compared with, in the unit of ``middle``.
    inside : (rows, 3) array
        1 where the band of each of :data:`~posada.model.validation.BAND_WIDTHS` holds the truth, 0 where not.
    shared : (rows, 3) array
        The same, where a whole range of levels has the observed number, as *nobody* often has: the part of that range
        which lies in the band. ``nan`` where the forecast is that one number for sure, and right: that says nothing
        of how wide its bands should be.
    fate : tuple of str
        What became of each row.
    """

    score: Floats
    crps: Floats
    middle: Floats
    observed: Floats
    inside: Floats
    shared: Floats
    fate: tuple[str, ...]

    @property
    def scored(self) -> Bools:
        """Which rows are scored."""
        return np.array([fate == SCORED for fate in self.fate], bool)


def score_rows(forecast: ForecastFile, truth: Truth, *, horizon_days: int | None = None) -> RowScores:
    """Return the scores of a forecast, row by row of the truth.

    Parameters
    ----------
    horizon_days : int, optional
        Rows more days after the origin date are not scored.
    """
    rows = truth.size
    fates = [SCORED] * rows
    score, crps, middle, observed = (np.full(rows, np.nan) for _ in range(4))
    inside, shared = (np.full((rows, len(BAND_WIDTHS)), np.nan) for _ in range(2))
    by_name = {(series.target, series.location): series for series in forecast.series}
    origin = np.datetime64(forecast.origin_date)
    found: dict[int, Floats] = {}
    for at, (target, location, day) in enumerate(zip(truth.targets, truth.locations, truth.days, strict=True)):
        series = by_name.get((target, location))
        fates[at] = _fate(truth, at, origin, horizon_days)
        if fates[at] == SCORED and (series is None or not series.days.size):
            fates[at] = NOT_FORECAST
        if fates[at] != SCORED or series is None:
            continue
        if TARGETS[target].output_type == CDF:
            score[at] = crps[at] = arrival_crps(series, day, truth.values[at] > 0, _not_yet(truth, at))
            middle[at] = middle_day(series, origin)
            observed[at] = float((day - origin).astype(int)) if truth.values[at] > 0 else np.nan
            continue
        position = int(np.searchsorted(series.days, day))
        if position < series.days.size and series.days[position] == day:
            found[at] = series.values[position]
        else:
            fates[at] = NOT_FORECAST
    if found:
        where, quantiles = np.array(list(found)), np.array(list(found.values()))
        values = truth.values[where]
        score[where] = weighted_interval_score(quantiles.T, forecast.levels, values)
        crps[where] = quantile_crps(quantiles, forecast.levels, values)
        middle[where], observed[where] = quantiles[:, len(forecast.levels) // 2], values
        inside[where] = in_bands(quantiles, forecast.levels, values)
        shared[where] = [shared_bands(*pair, forecast.levels) for pair in zip(quantiles, values, strict=True)]
    return RowScores(score, crps, middle, observed, inside, shared, tuple(fates))


def _fate(truth: Truth, at: int, origin: np.datetime64, horizon_days: int | None) -> str:
    """Tell whether a row may be scored, whatever the forecast has."""
    day = truth.days[at]
    if truth.published[at] <= origin:
        return KNOWN
    if day < origin:
        return BEFORE
    if horizon_days is not None and day > origin + horizon_days:
        return BEYOND
    return _arrival_fate(truth, at, origin) if TARGETS[truth.targets[at]].output_type == CDF else SCORED


def quantile_crps(quantiles: Floats, levels: tuple[float, ...], observed: Floats) -> Floats:
    """Return the CRPS of distributions given by quantiles, in the unit of what was observed.

    The quantile function is linear between levels and flat beyond the outermost ones. ``CRPS = 2 * integral over
    levels t of (1{y < q(t)} - t) (q(t) - y)``: on each side of the level at which it passes ``y`` a polynomial of
    degree 2, so that Simpson's rule is exact. Source of the form: T. Gneiting and A. E. Raftery (2007,
    doi:10.1198/016214506000001437).

    Parameters
    ----------
    quantiles : (rows, levels)
        Quantiles at ``levels``, which are in order.
    observed : (rows,)
        What happened.
    """
    t = np.array([0.0, *levels, 1.0])
    q = np.concatenate([quantiles[:, :1], quantiles, quantiles[:, -1:]], axis=1)
    y = observed[:, None]
    low, high, width = q[:, :-1], q[:, 1:], np.diff(t)
    rising = high > low
    below = np.where(rising, (y.clip(low, high) - low) / np.where(rising, high - low, 1.0), low <= y)
    level, value = t[:-1] + below * width, low + below * (high - low)
    under = _simpson((t[:-1], level), (low - y, value - y), 0.0)
    over = _simpson((level, t[1:]), (value - y, high - y), 1.0)
    return np.asarray(2 * (under + over).sum(axis=1), np.float64)


def _simpson(levels: tuple[Floats, Floats], off: tuple[Floats, Floats], above: float) -> Floats:
    """Return the integral of ``(above - t) * off(t)`` from one level to another, where ``off`` is linear."""
    (begin, end), (first, last) = levels, off
    middle = ((above - (begin + end) / 2) * (first + last)) / 2
    return (end - begin) * ((above - begin) * first + 4 * middle + (above - end) * last) / 6


def in_bands(quantiles: Floats, levels: tuple[float, ...], observed: Floats) -> Floats:
    """Return for each row and band whether it holds what was observed, bounds included, ``(rows, bands)``.

    ``nan`` when the levels of a band are absent.
    """
    found = np.full((observed.size, len(BAND_WIDTHS)), np.nan)
    for at, width in enumerate(BAND_WIDTHS):
        low, high = round((1 - width) / 2, 6), round((1 + width) / 2, 6)
        if low in levels and high in levels:
            least, most = quantiles[:, levels.index(low)], quantiles[:, levels.index(high)]
            found[:, at] = (least <= observed) & (observed <= most)
    return found


def shared_bands(quantiles: Floats, observed: float, levels: tuple[float, ...]) -> Floats:
    """Return how much of the levels at which the observed number stands lies in each band.

    Of a town that has nobody on nine nights of ten, *nobody* takes up the levels from 0 to 0.9. Counting each such
    night as inside the 80 % band would make any forecast look too wide; in the mean over draws from the forecast
    itself, the shares here are the widths of the bands. It is the mean of the randomised probability integral
    transform of C. Czado, T. Gneiting and L. Held, "Predictive model assessment for count data" (2009,
    doi:10.1111/j.1541-0420.2009.01191.x).
    """
    low, high = _levels_of(quantiles, levels, observed)
    found = np.empty(len(BAND_WIDTHS))
    for at, width in enumerate(BAND_WIDTHS):
        begin, end = (1 - width) / 2, (1 + width) / 2
        if high > low:
            found[at] = max(min(high, end) - max(low, begin), 0.0) / (high - low)
        else:
            found[at] = float(begin <= low <= end)
    return np.full(len(BAND_WIDTHS), np.nan) if (low, high) == (0.0, 1.0) else found


def _levels_of(quantiles: Floats, levels: tuple[float, ...], observed: float) -> tuple[float, float]:
    """Return from which level to which the quantiles have a number; one level twice when they only pass it."""
    if observed < quantiles[0]:
        return 0.0, 0.0
    if observed > quantiles[-1]:
        return 1.0, 1.0
    equal = np.flatnonzero(quantiles == observed)
    if equal.size > 1 or (equal.size == 1 and (equal[0] in (0, quantiles.size - 1))):
        first, last = int(equal[0]), int(equal[-1])
        return (levels[first] if first else 0.0), (levels[last] if last < quantiles.size - 1 else 1.0)
    level = float(np.interp(observed, quantiles, levels))
    return level, level


def arrival_crps(series: Series, day: np.datetime64, arrived: bool, not_yet: np.datetime64) -> float:
    """Return the CRPS of the day of arrival, in days, over the days of the series.

    ``sum over days of (F(d) - 1{d >= arrival})^2``. When only a day is known by which nobody had arrived, days after it
    are not counted; when arrival is known to lie after ``not_yet`` and by ``day``, days between the two are not
    counted (a threshold-weighted CRPS, which is proper).

    Parameters
    ----------
    arrived : bool
        Whether ``day`` is that of arrival, or one by which nobody had.
    not_yet : datetime64
        A day before ``day`` by which nobody had arrived; ``NaT`` when none is known.
    """
    chance, days = series.values, series.days
    if not arrived:
        return float(np.sum(np.square(chance[days <= day])))
    before = days < day if np.isnat(not_yet) else days <= not_yet
    return float(np.sum(np.square(chance[before])) + np.sum(np.square(1 - chance[days >= day])))


def middle_day(series: Series, origin: np.datetime64) -> float:
    """Return after how many days the chance of arrival reaches a half; ``nan`` when it never does."""
    reached = np.flatnonzero(series.values >= 0.5)
    return float((series.days[reached[0]] - origin).astype(int)) if reached.size else float("nan")


def _arrival_fate(truth: Truth, at: int, origin: np.datetime64) -> str:
    """Tell whether a row tells all that is known of an arrival: the day, or else the last one without."""
    same = _same_place(truth, at)
    days = [day for other, day in same if truth.values[other] > 0]
    if days and min(days) < origin:
        return BEFORE
    if truth.values[at] > 0:
        if truth.days[at] > min(days):
            return REPEATED
        return SCORED
    return REPEATED if days or truth.days[at] < max(day for _, day in same) else SCORED


def _not_yet(truth: Truth, at: int) -> np.datetime64:
    earlier = [day for other, day in _same_place(truth, at) if truth.values[other] == 0 and day < truth.days[at]]
    return max(earlier, default=np.datetime64("NaT", "D"))


def _same_place(truth: Truth, at: int) -> list[tuple[int, np.datetime64]]:
    key = (truth.targets[at], truth.locations[at])
    return [
        (other, truth.days[other])
        for other in range(truth.size)
        if (truth.targets[other], truth.locations[other]) == key
    ]
