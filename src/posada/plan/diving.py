"""From a relaxed solution to whole numbers: a dive, in which some columns are rounded and the rest is solved again.

Of the columns that the relaxed solution leaves in part, those that are decided enough are rounded at once, or a
quarter of them; when that has no solution, fewer; then one the other way. The rest is solved again by dual simplex from
where it stood, which takes a few steps. A dive ends after so many solves, not after so much time: the same inputs give
the same plan where the time is enough.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posada.model.plan import SolveStatus
from posada.plan.highs import FEASIBILITY, Solved, Solver

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

_DECIDED = 0.8
"""Share of a unit from which all columns are rounded at once."""

_STEPS_EACH, _MOST_STEPS = 4_000, 40_000
"""Steps of the simplex method in a solve of a dive, and in all of a dive; some hundred are usual for one."""


@dataclass
class Dive:
    """A dive in a solver that holds a relaxed solution. Bounds of the columns stay as they were set last.

    Attributes
    ----------
    lower, upper : (columns,)
        Bounds within which the dive goes; those of rounded columns are moved.
    left : callable
        Seconds that are left.
    """

    solver: Solver
    lower: Floats
    upper: Floats
    left: Callable[[], float]
    solves: int = 0
    steps: int = 0

    def to_whole(self, found: Floats, columns: Ints, solves: int) -> Floats | None:
        """Return a solution in which the columns are whole, or nothing when the dive leads nowhere.

        Parameters
        ----------
        found : (columns,)
            The relaxed solution from which it begins.
        solves : int
            After so many solves it is given up.
        """
        last, most = self.solves + solves, self.steps + _MOST_STEPS
        solution: Floats | None = found
        while solution is not None:
            part = _parts(solution[columns])
            broken = np.flatnonzero(part > 0)
            if not broken.size:
                return solution
            if self.solves >= last or self.steps >= most or self.left() <= 0:
                return None
            solution = self._step(solution, columns[broken], part[broken])
        return None

    def fix(self, columns: Ints, x: Floats) -> None:
        """Hold columns at the whole numbers next to a solution."""
        values = np.clip(np.rint(x[columns]), self.lower[columns], self.upper[columns])
        self.set(columns, values, values)

    def set(self, columns: Ints, lower: Floats, upper: Floats) -> None:
        """Hold columns between other bounds."""
        self.lower[columns], self.upper[columns] = lower, upper
        self.solver.set_bounds(columns, lower, upper)

    def solve(self, *, steps: int = _STEPS_EACH, primal: bool = False) -> Floats | None:
        """Return the solution of the rest when there is one."""
        return self._used(self.solver.solve_on(max(self.left(), 0.05), steps=steps, primal=primal))

    def solve_from_nothing(self) -> Floats | None:
        """Return the solution of the rest as :meth:`solve` does, but by interior point."""
        self.solver.forget()
        self.solver.relax(True)
        return self._used(self.solver.solve(max(self.left(), 0.05)))

    def _used(self, solved: Solved) -> Floats | None:
        self.solves += 1
        self.steps += solved.steps
        return solved.solution if solved.status is SolveStatus.OPTIMAL else None

    def _step(self, solution: Floats, columns: Ints, part: Floats) -> Floats | None:
        """Round some columns and return the solution of the rest, or nothing when there is none either way."""
        up = part >= 0.5
        order = np.argsort(np.where(up, -part, part - 1), kind="stable")
        columns, up = columns[order], up[order]
        count = max(int((np.where(up, part, 1 - part)[order] >= _DECIDED).sum()), columns.size // 4, 1)
        while True:
            chosen = columns[:count]
            kept = self.lower[chosen].copy(), self.upper[chosen].copy()
            self._round(chosen, solution, up[:count])
            if (better := self.solve()) is not None:
                return better
            self.set(chosen, *kept)
            if count == 1:
                break
            count = max(count // 8, 1)
        self._round(chosen, solution, ~up[:1])
        return self.solve()

    def _round(self, columns: Ints, solution: Floats, up: Flags) -> None:
        floor = np.floor(solution[columns] + FEASIBILITY)
        lower = np.where(up, floor + 1, self.lower[columns])
        self.set(columns, lower, np.where(up, self.upper[columns], floor))


def _parts(values: Floats) -> Floats:
    """Return what is above the whole number below, 0 where that is a trifle or all but one."""
    part = values - np.floor(values + FEASIBILITY)
    return np.where((part > FEASIBILITY) & (part < 1 - FEASIBILITY), part, 0.0)
