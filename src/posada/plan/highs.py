"""HiGHS: a program solved for one objective after another; no number is read of a solve that failed."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from posada.model.plan import SolveStatus
from posada.plan.program import Matrix

if TYPE_CHECKING:
    import highspy

Floats = NDArray[np.float64]

FEASIBILITY = 1e-6
"""How far a row may be missed, in people or vehicles."""


LARGE = 20_000
"""Columns of a program that is solved by interior point, and whose whole numbers are first sought by rounding."""


_DUAL, _PRIMAL = 1, 4
_NO_LIMIT = 2**31 - 1


@dataclass(frozen=True, eq=False)
class Solved:
    """How a solve ended: ``solution`` and ``value`` when the status has a plan, ``bound`` when one is known.

    ``steps`` are those of the simplex method.
    """

    status: SolveStatus
    solution: Floats | None
    value: float
    bound: float
    seconds: float
    steps: int = 0


@contextmanager
def _standard_output_closed() -> Iterator[None]:
    """Let nothing that a library prints reach the user: HiGHS greets from C before it can be told not to."""
    sys.stdout.flush()
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


class Solver:
    """A program in HiGHS, whose objective, bounds and kinds of columns change from solve to solve."""

    def __init__(self, matrix: Matrix, *, threads: int = 1) -> None:
        import highspy

        self._matrix = matrix
        with _standard_output_closed():
            self._highs = highspy.Highs()  # type: ignore[no-untyped-call]
        self._highs.setOptionValue("output_flag", False)
        self._highs.setOptionValue("threads", threads)
        self._highs.setOptionValue("random_seed", 1)
        self._highs.passModel(_as_lp(matrix))
        self._all = np.arange(matrix.lower.size, dtype=np.int32)
        self._whole = False
        self._cost = np.zeros(matrix.lower.size)

    def set_cost(self, cost: Floats) -> None:
        """Make ``cost``, ``(columns,)``, the objective."""
        self._cost = cost.copy()
        self._highs.changeColsCost(self._all.size, self._all, cost)

    def set_bounds(self, columns: NDArray[np.int64], lower: Floats, upper: Floats) -> None:
        """Hold columns between other bounds."""
        self._highs.changeColsBounds(columns.size, columns.astype(np.int32), lower, upper)

    def cap(self, cost: Floats, most: float) -> None:
        """Add the row ``cost·x ≤ most``."""
        used = np.flatnonzero(cost).astype(np.int32)
        self._highs.addRow(-np.inf, most, used.size, used, cost[used])

    def add_row(self, cost: Floats) -> int:
        """Add the row ``cost·x``, free for now, and return its position."""
        self.cap(cost, np.inf)
        return int(self._highs.getNumRow()) - 1

    def bound_row(self, row: int, most: float) -> None:
        """Hold a row at that most."""
        self._highs.changeRowBounds(row, -np.inf, most)

    def relax(self, relaxed: bool, *, interior: bool = True) -> None:
        """Let all columns be fractions, or only those that may."""
        import highspy

        whole = np.flatnonzero(self._matrix.integer).astype(np.int32)
        self._whole = not relaxed and whole.size > 0
        kind = highspy.HighsVarType.kContinuous if relaxed else highspy.HighsVarType.kInteger
        # Interior point is several times faster on the relaxed whole, but never lets the search for whole numbers end.
        self._highs.setOptionValue("solver", "ipm" if relaxed and interior and self._all.size > LARGE else "choose")
        self._highs.changeColsIntegrality(whole.size, whole, np.full(whole.size, int(kind), np.uint8))

    def solve(
        self,
        time_limit_s: float,
        *,
        gap_share: float = 1e-4,
        gap_most: float = 1e-6,
        start: Floats | None = None,
        nodes: int = _NO_LIMIT,
    ) -> Solved:
        """Solve, beginning from a solution when one is given; always within the time and a little, or so many nodes."""
        import highspy

        began = perf_counter()
        highs = self._highs
        highs.setOptionValue("time_limit", highs.getRunTime() + max(time_limit_s, 0.05))
        highs.setOptionValue("mip_rel_gap", gap_share)
        highs.setOptionValue("mip_abs_gap", gap_most)
        highs.setOptionValue("mip_max_nodes", nodes)
        if start is not None:
            guess = highspy.HighsSolution()
            guess.col_value = list(start)
            highs.setSolution(guess)
        highs.run()
        solved = self._read(perf_counter() - began)
        if start is not None and not self._agrees(solved):
            # HiGHS was seen to report the value of a better solution, and to return the start all the same.
            highs.clearSolver()
            highs.run()
            solved = self._read(perf_counter() - began)
        return solved

    def solve_on(self, time_limit_s: float, *, steps: int, primal: bool = False) -> Solved:
        """Solve the relaxed whole by the simplex method from where the last solve ended, in so many steps at most.

        Dual, which is quick when bounds have changed; primal, which is when the objective has, or rows were added that
        the last solution keeps.
        """
        highs = self._highs
        highs.setOptionValue("solver", "simplex")
        highs.setOptionValue("simplex_strategy", _PRIMAL if primal else _DUAL)
        highs.setOptionValue("simplex_iteration_limit", steps)
        solved = self.solve(time_limit_s)
        if solved.status is SolveStatus.FAILED:
            highs.clearSolver()
            solved = self.solve(time_limit_s)
        highs.setOptionValue("simplex_strategy", _DUAL)
        highs.setOptionValue("simplex_iteration_limit", _NO_LIMIT)
        highs.setOptionValue("solver", "choose")
        return solved

    def basis(self) -> highspy.HighsBasis:
        """Return where the last solve ended, to begin from it again."""
        return self._highs.getBasis()

    def set_basis(self, basis: highspy.HighsBasis) -> None:
        """Let the next solve by the simplex method begin from there; no row may have been added since."""
        self._highs.setBasis(basis)

    def forget(self) -> None:
        """Let the next solve begin from nothing."""
        self._highs.clearSolver()

    def _agrees(self, solved: Solved) -> bool:
        """Say whether a solution has the value that was reported with it."""
        if solved.solution is None:
            return True
        value = float(self._cost @ solved.solution)
        return abs(value - solved.value) <= FEASIBILITY * max(1.0, abs(value))

    def prices(self) -> Floats:
        """Return by how much the value rises with the bounds of each row, ``(rows,)``, after a solve to the end."""
        return np.array(self._highs.getSolution().row_dual, np.float64)

    def reduced_costs(self) -> Floats:
        """Return by how much the value rises with each column, ``(columns,)``, after a relaxed solve to the end."""
        return np.array(self._highs.getSolution().col_dual, np.float64)

    def _read(self, seconds: float) -> Solved:
        import highspy

        state = self._highs.getModelStatus()
        info = self._highs.getInfo()
        steps = max(int(info.simplex_iteration_count), 0)
        feasible = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        bound = info.mip_dual_bound if self._whole else (info.objective_function_value if _done(state) else -np.inf)
        if state == highspy.HighsModelStatus.kInfeasible:
            return Solved(SolveStatus.INFEASIBLE, None, np.nan, np.nan, seconds, steps)
        if not feasible:
            status = SolveStatus.NO_SOLUTION if _ran_out(state) else SolveStatus.FAILED
            return Solved(status, None, np.nan, bound, seconds, steps)
        status = SolveStatus.OPTIMAL if _done(state) else SolveStatus.TIME_LIMIT
        solution = np.array(self._highs.getSolution().col_value, np.float64)
        return Solved(status, solution, float(info.objective_function_value), float(bound), seconds, steps)


def _done(state: highspy.HighsModelStatus) -> bool:
    import highspy

    return bool(state == highspy.HighsModelStatus.kOptimal)


def _ran_out(state: highspy.HighsModelStatus) -> bool:
    import highspy

    limits = (highspy.HighsModelStatus.kTimeLimit, highspy.HighsModelStatus.kIterationLimit)
    return state in limits


def _as_lp(matrix: Matrix) -> highspy.HighsLp:
    import highspy

    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = matrix.lower.size, matrix.row_lower.size
    lp.col_cost_ = np.zeros(matrix.lower.size)
    lp.col_lower_, lp.col_upper_ = matrix.lower, matrix.upper
    lp.row_lower_, lp.row_upper_ = matrix.row_lower, matrix.row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = matrix.start.astype(np.int32)
    lp.a_matrix_.index_ = matrix.index.astype(np.int32)
    lp.a_matrix_.value_ = matrix.value
    return lp


def violation(matrix: Matrix, x: Floats) -> float:
    """Return by how much a solution misses the rows and bounds of a program at most."""
    from scipy.sparse import csr_array

    table = csr_array((matrix.value, matrix.index, matrix.start), shape=(matrix.row_lower.size, matrix.lower.size))
    rows = table @ x
    misses = (matrix.lower - x, x - matrix.upper, matrix.row_lower - rows, rows - matrix.row_upper)
    return float(max(miss.max(initial=0.0) for miss in misses))
