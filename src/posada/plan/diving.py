"""From the relaxed whole to whole decisions: a dive, in which some columns are rounded and the rest is solved again.

Of the columns that the relaxed solution leaves in part, those that are decided enough are rounded at once, or the most
decided one; when that has no solution, fewer; then one the other way. The rest is solved again by dual simplex from
where it stood, which takes a few steps. Earlier priorities are rows of the program, so what comes out keeps them. A
dive ends after so many solves, not after so much time: the same inputs give the same plan where the time is enough.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

import numpy as np
from numpy.typing import NDArray

from posada.model.plan import SolveStatus
from posada.plan.highs import FEASIBILITY, Solved, Solver

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

_DECIDED = 0.8
"""Share of a unit from which several are rounded at once."""

MOST_SOLVES = 250
_STEPS_EACH, _STEPS_SURE, _MOST_STEPS = 4_000, 20_000, 40_000
"""Steps of the simplex method in a solve of a dive, in one that has a solution, and in all of a dive.

Where it goes well a solve takes some hundred.
"""


class Rounding(Enum):
    """Which way columns are rounded."""

    UP = auto()
    NEAREST = auto()
    TO_HAND = auto()
    """To the side on which the plan in hand is, which keeps every row."""


@dataclass
class Dive:
    """A dive in a solver that holds a relaxed solution. Bounds of the columns stay as they were set last.

    Attributes
    ----------
    lower, upper : (columns,)
        Bounds within which the dive goes; those of rounded columns are moved.
    hand : (columns,)
        The plan in hand.
    most : float
        Value above which a dive is given up.
    left : callable
        Seconds that are left.
    reached : (columns,)
        The last solution of a dive, in which most columns are whole.
    """

    solver: Solver
    lower: Floats
    upper: Floats
    hand: Floats
    most: float
    left: Callable[[], float]
    solves: int = 0
    steps: int = 0
    reached: Floats | None = None

    def to_whole(self, found: Floats, columns: Ints, rounding: Rounding, solves: int = MOST_SOLVES) -> Floats | None:
        """Return a solution in which the columns are whole, or nothing when the dive leads nowhere.

        Parameters
        ----------
        found : (columns,)
            The relaxed solution from which it begins.
        solves : int
            After so many solves it is given up.
        """
        last = self.solves + solves
        solution: Floats | None = found
        while solution is not None:
            self.reached = solution
            part = _parts(solution[columns])
            broken = np.flatnonzero(part > 0)
            if not broken.size:
                return solution
            if self.solves >= last or self.steps >= _MOST_STEPS or self.left() <= 0:
                return None
            solution = self._step(solution, columns[broken], part[broken], rounding)
        return None

    def fix(self, columns: Ints, x: Floats) -> None:
        """Hold columns at the whole numbers next to a solution."""
        values = np.clip(np.rint(x[columns]), self.lower[columns], self.upper[columns])
        self.set(columns, values, values)

    def set(self, columns: Ints, lower: Floats, upper: Floats) -> None:
        """Hold columns between other bounds."""
        self.lower[columns], self.upper[columns] = lower, upper
        self.solver.set_bounds(columns, lower, upper)

    def solve(self, *, sure: bool = False) -> Floats | None:
        """Return the solution of the rest when there is one that is no worse than the most.

        Parameters
        ----------
        sure : bool
            There is one, that of the plan in hand. From where it stood the simplex method was seen to miss it, or to be
            long about it, and to find it from nothing.
        """
        solved = self.solver.solve_on(max(self.left(), 0.05), steps=_STEPS_SURE if sure else _STEPS_EACH)
        if sure and solved.status is not SolveStatus.OPTIMAL:
            return self.solve_from_nothing()
        return self._used(solved)

    def solve_from_nothing(self) -> Floats | None:
        """Return the solution of the rest as :meth:`solve` does, but by interior point."""
        self.solver.forget()
        self.solver.relax(True)
        return self._used(self.solver.solve(max(self.left(), 0.05)))

    def _used(self, solved: Solved) -> Floats | None:
        self.solves += 1
        self.steps += solved.steps
        good = solved.status is SolveStatus.OPTIMAL and solved.value <= self.most
        return solved.solution if good else None

    def _step(self, solution: Floats, columns: Ints, part: Floats, rounding: Rounding) -> Floats | None:
        """Round some columns and return the solution of the rest, or nothing when there is none either way."""
        up = self._up(solution[columns], part, columns, rounding)
        order = np.argsort(np.where(up, -part, part - 1), kind="stable")
        columns, up = columns[order], up[order]
        count = max(int((np.where(up, part, 1 - part)[order] >= _DECIDED).sum()), 1)
        if rounding is Rounding.NEAREST:
            count = max(count, columns.size // 4)
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
        if rounding is Rounding.TO_HAND:
            self.fix(chosen, self.hand)
        else:
            self._round(chosen, solution, ~up[:1])
        return self.solve()

    def _up(self, values: Floats, part: Floats, columns: Ints, rounding: Rounding) -> Flags:
        if rounding is Rounding.TO_HAND:
            return np.asarray(self.hand[columns] > values)
        return np.asarray(part >= (0.5 if rounding is Rounding.NEAREST else 0.0))

    def _round(self, columns: Ints, solution: Floats, up: Flags) -> None:
        floor = np.floor(solution[columns] + FEASIBILITY)
        lower = np.where(up, floor + 1, self.lower[columns])
        self.set(columns, lower, np.where(up, self.upper[columns], floor))


def _parts(values: Floats) -> Floats:
    """Return what is above the whole number below, 0 where that is a trifle or all but one."""
    part = values - np.floor(values + FEASIBILITY)
    return np.where((part > FEASIBILITY) & (part < 1 - FEASIBILITY), part, 0.0)
