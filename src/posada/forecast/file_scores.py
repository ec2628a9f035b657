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
    fate : tuple of str
        What became of each row.
    """

    score: Floats
    crps: Floats
    middle: Floats
    observed: Floats
    inside: Floats
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
    inside = np.full((rows, len(BAND_WIDTHS)), np.nan)
    by_name = {(series.target, series.location): series for series in forecast.series}
    origin = np.datetime64(forecast.origin_date)
    for at, (target, location, day) in enumerate(zip(truth.targets, truth.locations, truth.days, strict=True)):
        series = by_name.get((target, location))
        if truth.published[at] <= origin:
            fates[at] = KNOWN
        elif day < origin:
            fates[at] = BEFORE
        elif horizon_days is not None and day > origin + horizon_days:
            fates[at] = BEYOND
        elif series is None or not series.days.size:
            fates[at] = NOT_FORECAST
        elif TARGETS[target].output_type == CDF:
            fates[at] = _arrival_fate(truth, at, origin)
            if fates[at] == SCORED:
                score[at] = crps[at] = arrival_crps(series, day, truth.values[at] > 0, _not_yet(truth, at))
                middle[at] = middle_day(series, origin)
                observed[at] = float((day - origin).astype(int)) if truth.values[at] > 0 else np.nan
        else:
            found = int(np.searchsorted(series.days, day))
            if found == series.days.size or series.days[found] != day:
                fates[at] = NOT_FORECAST
                continue
            quantiles, value = series.values[found], truth.values[at]
            score[at] = weighted_interval_score(quantiles, forecast.levels, value)
            crps[at] = quantile_crps(quantiles, forecast.levels, value)
            middle[at], observed[at] = quantiles[len(forecast.levels) // 2], value
            inside[at] = in_bands(quantiles, forecast.levels, value)
    return RowScores(score, crps, middle, observed, inside, tuple(fates))


def quantile_crps(quantiles: Floats, levels: tuple[float, ...], observed: float) -> float:
    """Return the CRPS of a distribution given by quantiles, in the unit of what was observed.

    The quantile function is linear between levels and flat beyond the outermost ones. ``CRPS = 2 * integral over
    levels of (1{y < q(t)} - t) (q(t) - y)``, which is exact here by Simpson's rule on each part, because each is a
    polynomial of degree 2. Source of the form: T. Gneiting and A. E. Raftery (2007, doi:10.1198/016214506000001437).

    Parameters
    ----------
    quantiles : (levels,)
        At ``levels``, which are in order.
    """
    t = np.array([0.0, *levels, 1.0])
    q = np.array([quantiles[0], *quantiles, quantiles[-1]], np.float64)
    crossed = np.flatnonzero((q[:-1] < observed) & (observed < q[1:]))
    if crossed.size:
        k = int(crossed[0])
        where = t[k] + (t[k + 1] - t[k]) * (observed - q[k]) / (q[k + 1] - q[k])
        t, q = np.insert(t, k + 1, where), np.insert(q, k + 1, observed)
    width = np.diff(t)
    middle_t, middle_q = t[:-1] + width / 2, (q[:-1] + q[1:]) / 2
    above = middle_q > observed
    ends = [(above - at) * (of - observed) for at, of in ((t[:-1], q[:-1]), (middle_t, middle_q), (t[1:], q[1:]))]
    return float(2 * np.sum(width * (ends[0] + 4 * ends[1] + ends[2]) / 6))


def in_bands(quantiles: Floats, levels: tuple[float, ...], observed: float) -> Floats:
    """Return for each band whether it holds what was observed, bounds included; ``nan`` when its levels are absent."""
    found = np.full(len(BAND_WIDTHS), np.nan)
    for at, width in enumerate(BAND_WIDTHS):
        low, high = round((1 - width) / 2, 6), round((1 + width) / 2, 6)
        if low in levels and high in levels:
            found[at] = quantiles[levels.index(low)] <= observed <= quantiles[levels.index(high)]
    return found


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
