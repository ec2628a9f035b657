"""The decisions of the near days as programs of their own, small enough for a search over whole numbers.

What couples them to later days are few rows: people ahead and gaps at the end of the near days, vehicles still away,
the largest load. With the prices of these rows in the relaxed whole, the near days stand alone (Lagrangian relaxation),
and fall into parts that share neither people nor vehicles. What the search over a part proves above its relaxed value,
no plan can save: the sum over all parts lifts the bound of the relaxed whole.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posada.model.plan import SolveStatus
from posada.plan.highs import Solver
from posada.plan.objectives import Model
from posada.plan.program import Matrix

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

_MOST_NODES = 20_000
"""Nodes after which the search over a part ends: the same inputs give the same plan where the time is enough."""


@dataclass(frozen=True, eq=False)
class Found:
    """Decisions of the near days, and by how much no plan is below the relaxed whole.

    Attributes
    ----------
    x : (columns,)
        The relaxed solution with the decisions of the search in it; what hangs on them is not adapted.
    lift : float
        What the search proved above the relaxed value.
    """

    x: Floats
    lift: float


class NearDays:
    """The near days of a model, in parts."""

    def __init__(self, model: Model, decisions: Ints, *, threads: int = 1) -> None:
        from scipy.sparse import block_array, csr_array
        from scipy.sparse.csgraph import connected_components

        matrix = model.matrix
        self._threads = threads
        self._matrix, self._decisions = matrix, np.zeros(matrix.lower.size, bool)
        self._decisions[decisions] = True
        self._table = csr_array((matrix.value, matrix.index, matrix.start), (matrix.row_lower.size, matrix.lower.size))
        near = near_columns(model)
        entries = csr_array((np.ones(matrix.value.size), matrix.index, matrix.start), self._table.shape)
        inside, whole = entries @ near.astype(np.float64), np.diff(matrix.start)
        self._coupling = np.flatnonzero((inside > 0) & (inside < whole))
        columns, rows = np.flatnonzero(near), np.flatnonzero((inside > 0) & (inside == whole))
        between = entries[rows][:, columns]
        _, label = connected_components(block_array([[None, between], [between.T, None]]), directed=False)
        row_label, column_label = label[: rows.size], label[rows.size :]
        order = np.unique(column_label[self._decisions[columns]])
        self._parts = [(columns[column_label == part], rows[row_label == part]) for part in order]
        self._parts.sort(key=lambda part: (np.count_nonzero(self._decisions[part[0]]), part[0][0]))

    def search(self, cost: Floats, prices: Floats, x: Floats, *, good: float, left: Callable[[], float]) -> Found:
        """Return the decisions for which a sum is small, the smallest part first.

        Parameters
        ----------
        cost : (columns,)
            The sum that is made small.
        prices : (rows,)
            Prices of the rows in the relaxed whole of that sum.
        x : (columns,)
            The relaxed solution.
        good : float
            The search over a part ends that close to its bound.
        left : callable
            Seconds that are left.
        """
        priced = cost - self._table[self._coupling].T @ prices[self._coupling]
        out, lift = x.copy(), 0.0
        for columns, rows in self._parts:
            solver = Solver(self._part(columns, rows), threads=self._threads)
            solver.set_cost(priced[columns])
            solver.relax(True, interior=False)
            loose = solver.solve(left())
            if loose.status is not SolveStatus.OPTIMAL or loose.solution is None:
                continue
            out[columns] = loose.solution
            solver.relax(False)
            whole = solver.solve(left(), gap_share=0.0, gap_most=good, nodes=_MOST_NODES)
            if np.isfinite(whole.bound):
                lift += max(whole.bound - loose.value, 0.0)
            if whole.solution is not None:
                out[columns] = whole.solution
        return Found(out, lift)

    def _part(self, columns: Ints, rows: Ints) -> Matrix:
        matrix = self._matrix
        table = self._table[rows][:, columns].tocsr()
        return Matrix(
            lower=matrix.lower[columns],
            upper=matrix.upper[columns],
            integer=self._decisions[columns],
            row_lower=matrix.row_lower[rows],
            row_upper=matrix.row_upper[rows],
            start=table.indptr.astype(np.int64),
            index=table.indices.astype(np.int64),
            value=table.data.astype(np.float64),
        )


def near_columns(model: Model) -> Flags:
    """Return which columns belong to the near days, ``(columns,)``; supplies and the largest load do not."""
    held, near = model.held, model.problem.near
    leaves = model.problem.demand.legs.leaves
    flags = np.zeros(model.matrix.lower.size, bool)
    flags[model.missing] = True
    beds = (held.opened, held.lodged, held.over, held.without, held.families, held.split)
    people = (held.gap, held.ahead, held.met, held.gone_gap, held.gone_ahead, held.evening, held.onward)
    for table in (*beds, *people, held.trips, held.rides, held.ride_families, held.ride_split):
        flags[table.column[table.at[1] < near]] = True
    for table in (held.leg_new, held.leg_old):
        flags[table.column[leaves[table.at[0]] < near]] = True
    return flags
