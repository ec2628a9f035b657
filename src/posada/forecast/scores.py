"""How far forecasts were from what happened: averaged relative difference, CRPS, interval score, coverage.

All are pure functions of arrays, and all are "less is better" but coverage. Where there is nothing to compare with
the result is ``nan``, never 0: a forecast is not perfect because nobody counted.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posada.model.errors import InvalidValueError

Floats = NDArray[np.float64]
Numbers = NDArray[Any]

FLEE_DIGITS = 4
"""To which Flee rounds each difference before it adds them up."""


def relative_differences(simulated: Numbers, registered: Numbers, *, rescaled: bool = True) -> Floats:
    """Return on each day the people in the wrong camp, as a share of all registered; each counts twice.

    ``A(t) = sum over camps of |n(t) - d(t)| / sum over camps of d(t)``. Rescaled, the simulated people are first
    multiplied by what makes their sum that of the registered; on a day on which nobody is simulated they stay 0.

    Source: the averaged relative difference of the Flee simulator: D. Suleimenova, D. Bell and D. Groen, "A
    generalized simulation development approach for predicting refugee destinations" (2017,
    doi:10.1038/s41598-017-13828-9); rescaled as in Flee's own script of validation.

    Parameters
    ----------
    simulated : (..., days, camps)
        People in camps.
    registered : (days, camps)
        People registered in them.

    Returns
    -------
    (..., days)
        From 0, all right, to 2, all wrong, when rescaled; without an upper bound otherwise. ``nan`` on days on
        which nobody is registered.
    """
    total = registered.sum(axis=-1)
    differences = np.abs(_to_total(simulated, total, rescaled) - registered).sum(axis=-1)
    return np.where(total > 0, differences / np.where(total > 0, total, 1), np.nan)


def averaged_relative_difference(simulated: Numbers, registered: Numbers, *, rescaled: bool = True) -> Floats:
    """Return the mean of :func:`relative_differences` over the days on which anybody is registered, ``(...)``.

    ``nan`` when there is no such day.
    """
    return _mean_of_defined(relative_differences(simulated, registered, rescaled=rescaled))


def flee_averaged_relative_difference(simulated: Numbers, registered: Numbers, *, rescaled: bool = True) -> Floats:
    """Return the averaged relative difference as Flee prints it, for comparison with published figures.

    Days on which nobody is registered count as if nothing were wrong on them (the share is taken of at least one
    person, and the rescaled people are 0), and each difference is rounded to :data:`FLEE_DIGITS` digits. Flee prints
    the two forms as "Error (rescaled)" and "Error (normal)".
    """
    total = registered.sum(axis=-1)
    differences = np.round(np.abs(_to_total(simulated, total, rescaled) - registered), FLEE_DIGITS).sum(axis=-1)
    return np.asarray((differences / np.maximum(total, 1)).mean(axis=-1), np.float64)


def _to_total(simulated: Numbers, total: Numbers, rescaled: bool) -> Floats:
    """Return the simulated people, rescaled to the total of each day when that is asked for."""
    if not rescaled:
        return simulated.astype(np.float64)
    own = simulated.sum(axis=-1)
    people = simulated * np.where(own > 0, total, 0)[..., None]
    return np.asarray(people / np.where(own > 0, own, 1)[..., None], np.float64)


def ensemble_crps(members: Numbers, observed: Numbers, *, fair: bool = True) -> Floats:
    """Return the continuous ranked probability score of an ensemble, in the unit of what was observed.

    ``mean |x - y| - sum over pairs of |x - x'| / (M (M - 1))``: the absolute error of a single forecast, less half
    of how far members lie from each other. The fair form is, in the mean, what an ensemble of endless many members
    would have, so that ensembles of different size compare; a single one can be below 0. Not fair, pairs are
    divided by ``M^2``, which is the score of the members as they are.

    Sources: T. Gneiting and A. E. Raftery, "Strictly proper scoring rules, prediction, and estimation" (2007,
    doi:10.1198/016214506000001437); C. A. T. Ferro, "Fair scores for ensemble forecasts" (2014,
    doi:10.1002/qj.2270).

    Parameters
    ----------
    members : (members, ...)
        At least one; of one the score is the absolute error.
    observed : (...)
        What happened; the score is ``nan`` where it is.

    Raises
    ------
    InvalidValueError
        When there is no member.
    """
    count = members.shape[0]
    if count == 0:
        raise InvalidValueError("an ensemble without members has no score.")
    off = np.abs(members - observed).mean(axis=0)
    if count == 1:
        return np.asarray(off, np.float64)
    ordered = np.sort(members, axis=0).astype(np.float64)
    # The k-th smallest is the larger one in k pairs, and the smaller one in count - 1 - k.
    weights = 2.0 * np.arange(count) - (count - 1)
    pairs = np.tensordot(weights, ordered, axes=(0, 0))
    return np.asarray(off - pairs / (count * (count - 1) if fair else count**2), np.float64)


def weighted_interval_score(quantiles: Numbers, levels: Sequence[float], observed: Numbers) -> Floats:
    """Return the weighted interval score of a forecast given as quantiles, in the unit of what was observed.

    Over the K central intervals: ``(|y - median| / 2 + sum of alpha/2 * IS_alpha) / (K + 1/2)``, where ``IS_alpha``
    is the width of the interval that holds 1 - alpha, and 2/alpha for each unit by which it is missed.

    Source: J. Bracher, E. L. Ray, T. Gneiting and N. G. Reich, "Evaluating epidemic forecasts in an interval format"
    (2021, doi:10.1371/journal.pcbi.1008618).

    Parameters
    ----------
    quantiles : (levels, ...)
        Quantiles at ``levels``.
    levels : sequence of float
        In order, symmetrical about 0.5, which is one of them.

    Raises
    ------
    InvalidValueError
        When the levels are not so.
    """
    order = np.array(levels, np.float64)
    middle, even = divmod(order.size, 2)
    if not even or (np.diff(order) <= 0).any() or not np.allclose(order + order[::-1], 1.0):
        raise InvalidValueError(f"the levels {tuple(levels)} are not in order and symmetrical about one of 0.5.")
    score = np.abs(observed - quantiles[middle]) / 2
    for low, high, alpha in zip(quantiles[:middle], quantiles[:middle:-1], 2 * order[:middle], strict=True):
        missed = np.maximum(low - observed, 0) + np.maximum(observed - high, 0)
        score = score + alpha / 2 * (high - low) + missed
    return np.asarray(score / (middle + 0.5), np.float64)


def coverage(low: Numbers, high: Numbers, observed: Numbers, among: NDArray[np.bool_]) -> float:
    """Return the share of what was observed that lies in its band, bounds included; ``nan`` when ``among`` is empty.

    Parameters
    ----------
    among : array of bool
        What is looked at; all arrays have one shape.
    """
    if not among.any():
        return float("nan")
    inside = (low <= observed) & (observed <= high)
    return float(inside[among].mean())


def coverage_of_a_perfect_ensemble(width: float, members: int) -> float:
    """Return how much a central band holds in the mean when what happens is one more member of the ensemble.

    Bands of few members are too narrow: between neighbours lies each time one of ``members + 1`` parts of chance,
    and quantiles that are linear between neighbours (type 7) span ``width * (members - 1)`` of them.
    """
    return width * (members - 1) / (members + 1)


def _mean_of_defined(values: Floats) -> Floats:
    """Return the mean over the last axis of what is defined; ``nan`` where nothing is."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of numpy, that the mean of nothing is nan
        return np.asarray(np.nanmean(values, axis=-1), np.float64)
