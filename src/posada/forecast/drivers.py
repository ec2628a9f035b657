"""Which uncertain numbers move a chosen number of the run most: rank correlation over members."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from posada.forecast.numbers import chosen_number
from posada.model.errors import InvalidValueError
from posada.model.outlook import Driver
from posada.model.rates import RATES
from posada.model.run import Run

Floats = NDArray[np.float64]

LEAST_MEMBERS = 30
"""Members that must define the number: with fewer, chance alone makes correlations of a half."""

_ERROR_RATE = 0.05


@dataclass(frozen=True, slots=True)
class Ranking:
    """Drivers of a number, strongest first.

    ``noise`` is the correlation that the strongest of ``compared`` unrelated numbers stays below in 19 of 20
    ensembles of this size; what is weaker may be chance.
    """

    number: str
    members: int
    compared: int
    noise: float
    rows: tuple[Driver, ...]


class Drawn:
    """The drawn numbers of a run, made ready to be ranked for one number after another.

    Parameters
    ----------
    run : Run

    Attributes
    ----------
    run : Run
    order : ColumnRanks
    meaning : dict
        What each of them means.
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        self.order = ColumnRanks(run.drawn)
        self.meaning = meanings(run)


def drivers(drawn: Drawn, number: str, *, top: int = 3) -> tuple[Driver, ...]:
    """Return the strongest drivers of a number that stand out of chance; none where it hardly varies.

    Parameters and errors are those of :func:`rank_drivers`, but a number that too few members define has none.
    """
    values = chosen_number(drawn.run, number)
    if np.count_nonzero(~np.isnan(values)) < LEAST_MEMBERS:
        return ()
    ranking = _rank(drawn, number, values)
    return tuple(row for row in ranking.rows if abs(row.correlation) > ranking.noise)[:top]


def rank_drivers(run: Run, number: str, *, top: int = 10) -> Ranking:
    """Return the drawn numbers of a run by Spearman's rank correlation with a chosen number.

    Members that do not define the number (nobody arrives) are left out.

    Parameters
    ----------
    number : str
        As in :func:`posada.forecast.numbers.chosen_number`.
    top : int
        How many to return.

    Raises
    ------
    UnknownNameError, InvalidValueError
        When the number is not known, fewer than :data:`LEAST_MEMBERS` members define it, or ``top`` is not
        positive.
    """
    if top < 1:
        raise InvalidValueError(f"top is {top}. It must be 1 or more.")
    values = chosen_number(run, number)
    count = int(np.count_nonzero(~np.isnan(values)))
    if count < LEAST_MEMBERS:
        raise InvalidValueError(
            f"only {count} of {run.members} members define '{number}'; {LEAST_MEMBERS} are needed to rank what drives "
            "it. Run more members, or choose a number that more of them define."
        )
    whole = _rank(Drawn(run), number, values)
    return Ranking(whole.number, whole.members, whole.compared, whole.noise, whole.rows[:top])


def _rank(drawn: Drawn, number: str, values: Floats) -> Ranking:
    defined = ~np.isnan(values)
    count = int(np.count_nonzero(defined))
    correlation = _correlations(drawn.order.among(defined), values[defined])
    varied = np.flatnonzero(~np.isnan(correlation))
    order = varied[np.argsort(-np.abs(correlation[varied]), kind="stable")]
    names = drawn.run.drawn_names
    rows = tuple(Driver(names[k], drawn.meaning[names[k]], float(correlation[k])) for k in order)
    return Ranking(number, count, len(rows), noise_level(count, len(rows)), rows)


def rank_correlations(drawn: Floats, values: Floats) -> Floats:
    """Return Spearman's rank correlation of each column with the values; ``nan`` where one does not vary.

    Ties get their mean rank (C. Spearman, 1904, doi:10.2307/1412159).

    Parameters
    ----------
    drawn : (members, numbers)
    values : (members,)
    """
    return _correlations(ColumnRanks(drawn).among(np.ones(values.size, bool)), values)


def _correlations(ranks: Floats, values: Floats) -> Floats:
    middle = (values.size + 1) / 2
    x = ranks - middle
    y = mean_ranks(values) - middle
    scale = np.sqrt((x**2).sum(axis=0) * (y**2).sum())
    flat = scale == 0
    return np.where(flat, np.nan, (x * y[:, None]).sum(axis=0) / np.where(flat, 1.0, scale))


class ColumnRanks:
    """The values of each column in order, so that ranks among some of the rows need no sorting.

    Parameters
    ----------
    columns : (members, numbers)
    """

    def __init__(self, columns: Floats) -> None:
        members, numbers = columns.shape
        self._shape = numbers, members
        self._which = np.empty((members, numbers), np.int64)
        for k, column in enumerate(columns.T):
            self._which[:, k] = np.unique(column, return_inverse=True)[1] + k * members

    def among(self, rows: NDArray[np.bool_]) -> Floats:
        """Return the ranks of some rows among themselves, ``(rows, numbers)``, from 1; see :func:`mean_ranks`."""
        which = self._which[rows]
        count = np.bincount(which.reshape(-1), minlength=math.prod(self._shape)).reshape(self._shape)
        ranks: Floats = (np.cumsum(count, axis=1) - (count - 1) / 2).reshape(-1)[which]
        return ranks


def mean_ranks(values: Floats) -> Floats:
    """Return the ranks of values, from 1; equal values share the mean of their ranks."""
    _, which, count = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    ranks: Floats = (last - (count - 1) / 2)[which]
    return ranks


def noise_level(members: int, compared: int) -> float:
    """Return the rank correlation below which the strongest of so many unrelated numbers stays 19 times in 20.

    Without relation it is about normal with the standard deviation 1 / sqrt(members - 1); the error of one in
    twenty is shared among all numbers compared (Bonferroni). For a single number that is 2 / sqrt(members).
    """
    return float(-NormalDist().inv_cdf(_ERROR_RATE / (2 * max(compared, 1))) / math.sqrt(max(members - 1, 1)))


def meanings(run: Run) -> dict[str, str]:
    """Return what each drawn number of a run means."""
    moves = {
        row.id: f"How fast people go from '{row.from_status}' to '{row.to_status}' ({row.id})."
        for row in run.scenario.procedure
    }
    signals = {
        f"signal {row.date} on {row.affects}": f"Strength of a signal: {row.name}" for row in run.scenario.signals
    }
    rates = {name: rate.meaning for name, rate in RATES.items()}
    return {name: {**rates, **moves, **signals}.get(name, name) for name in run.drawn_names}
