"""Grouping neighbouring cells: few groups, and little lost by taking all cells of one for the same."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from posada.engine.world import Flags, Floats, Ints

CLASS_COST = 5e-5
"""One more group is worth it where it spares so many other decisions to one who sets out."""

STRAY = 1e-3
"""As many people are taken to be in each row at least, evenly, for those who come by on other days than the first."""


class Groups(NamedTuple):
    """Groups of the cells of several rows."""

    of_cell: Ints  # (n, cells)
    standing: Ints  # (n, B) the cell that stands for each group; the last one again beyond those that are used
    used: Flags  # (n, B)


def grouped(differing: Floats, people: Floats, most: int) -> Groups:
    """Group the cells of each row so that what is lost and :data:`CLASS_COST` for each group are least together.

    What a group loses is what its people differ from their mean: their number times the standard deviation of
    ``differing``. The cell nearest to the mean stands for the group.

    Parameters
    ----------
    differing : (n, cells) floats
        By how much the cells of a row differ, rising from zero.
    people : (n, cells) floats
        How many are in each cell.
    most : int
        Most groups of a row.
    """
    count, cells = differing.shape
    people = people + STRAY / cells
    rising = np.maximum.accumulate(differing, axis=1)
    width = np.maximum(rising[:, -1:], 1e-9) / most * (1.0 + 1e-9)
    begins = np.diff(np.floor(rising / width), axis=1, prepend=0.0) > 0.0
    fine = np.cumsum(begins, axis=1, dtype=np.int64)
    of_fine = _best_groups(_summed(fine, people, rising, most))
    of_cell = np.take_along_axis(of_fine, fine, axis=1)
    used = int(of_cell.max(initial=0)) + 1
    parts = _summed(of_cell, people, rising, used)
    mean = parts[1] / np.maximum(parts[0], 1e-300)
    distance = np.abs(rising - np.take_along_axis(mean, of_cell, axis=1))
    row = np.broadcast_to(np.arange(count)[:, None], of_cell.shape)
    order = np.lexsort((-people.ravel(), distance.ravel(), of_cell.ravel(), row.ravel()))
    key = (row * used + of_cell).ravel()[order]
    first = np.flatnonzero(np.diff(key, prepend=-1))
    standing = np.zeros(count * used, np.int64)
    standing[key[first]] = order[first] % cells
    standing = np.maximum.accumulate(standing.reshape(count, used), axis=1)
    return Groups(of_cell, standing, np.arange(used) <= of_cell[:, -1:])


def _summed(groups: Ints, people: Floats, rising: Floats, size: int) -> NDArray[np.float64]:
    """Return people, and the sums of what they differ by and of its squares, ``(3, n, size)``."""
    count = groups.shape[0]
    key = (np.arange(count)[:, None] * size + groups).ravel()
    powers = (people, people * rising, people * rising**2)
    return np.array([np.bincount(key, power.ravel(), count * size).reshape(count, size) for power in powers])


def _best_groups(parts: NDArray[np.float64]) -> Ints:
    """Return the group of each part: the cheapest of all ways to cut a row into groups, by dynamic programming.

    R. Bellman, "On the approximation of curves by line segments using dynamic programming", Communications of the ACM 4
    (1961), doi:10.1145/366573.366611.
    """
    count, size = parts.shape[1:]
    before = np.concatenate([np.zeros((3, count, 1)), np.cumsum(parts, axis=2)], axis=2)
    best = np.zeros((count, size + 1))
    cut = np.zeros((count, size), np.int64)
    for last in range(size):
        people, total, squares = before[:, :, last + 1, None] - before[:, :, : last + 1]
        spread = np.sqrt(np.maximum(people * squares - total**2, 0.0))
        cost = best[:, : last + 1] + spread + CLASS_COST
        cut[:, last] = cost.argmin(axis=1)
        best[:, last + 1] = np.take_along_axis(cost, cut[:, last, None], axis=1)[:, 0]
    starts = np.zeros((count, size + 1), np.int64)
    at = np.full(count, size - 1)
    rows = np.arange(count)
    while (at >= 0).any():
        begin = cut[rows, np.maximum(at, 0)]
        starts[rows[at >= 0], begin[at >= 0]] = 1
        at = np.where(at >= 0, begin - 1, at)
    return np.cumsum(starts[:, :size], axis=1) - 1
