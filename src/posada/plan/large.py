"""A large program: what each priority can be at best, one sum of all that follows from it, and whole decisions for it.

The relaxed whole of each priority is solved with the earlier ones held at their bounds and what is lent to later ones.
Its prices say what one less of an earlier priority would be worth in it. With those prices all priorities are one
sum, whose relaxed solution is that of the last priority. A plan that makes this sum small makes each of its parts as
small as it can be with the others where they are (Everett 1963), and is near the bound of each.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from posada.model.plan import Priority, SolveStatus
from posada.plan.diving import Dive
from posada.plan.highs import FEASIBILITY, Solved, Solver
from posada.plan.objectives import Model, Objective
from posada.plan.rounding import count_all_families, share_out_families

if TYPE_CHECKING:
    import highspy

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_STEPS_FROM_NOTHING = 20_000
_STEPS_ON = 60_000
"""Steps of the simplex method after which interior point is tried."""

_STEPS_DECIDED = 60_000
_FAMILY_SOLVES = 120
KEPT = 1e-6
COSTLY = (Priority.COST, Priority.UNFAIR)
"""Priorities to which it matters which sites are open."""
_NIL = 1e-9


@dataclass(frozen=True, eq=False)
class Rung:
    """The relaxed whole of one priority, with the earlier ones held.

    Attributes
    ----------
    value : float
        Its least value.
    solution : (columns,)
    prices : (rows,)
        Prices of the rows of the model.
    worth : dict
        By how much the value falls with each unit that an earlier priority is let rise.
    held : dict
        Where the earlier priorities were held.
    lift : float
        By how much no plan is below the tangent, by a search over the near days.
    """

    objective: Objective
    value: float
    solution: Floats
    prices: Floats
    worth: Mapping[Priority, float]
    held: Mapping[Priority, float]
    basis: highspy.HighsBasis | None = None
    lift: float = 0.0

    def bound(self, values: Mapping[Priority, float]) -> float:
        """Return what no plan is below whose earlier priorities have these values.

        The least value is convex in where the earlier priorities are held, so its tangent is below it.
        """
        return self.value - sum(worth * (values[earlier] - self.held[earlier]) for earlier, worth in self.worth.items())


def unit_of(rung: Rung) -> float:
    """Return what cost is worth in a sum where that is anything, to count the sum in it; else 1."""
    worth = rung.worth.get(Priority.COST, 0.0)
    return worth if worth > _NIL else 1.0


@dataclass
class LargeProgram:
    """A large program in a solver.

    Attributes
    ----------
    decisions : (decisions,)
        Columns of trips and openings of the near days.
    families : (families,)
        Columns of whole families.
    rows : dict
        For each priority the row that holds it.
    slow : bool
        Whether the simplex method took long from nothing.
    """

    solver: Solver
    model: Model
    lower: Floats = field(init=False)
    upper: Floats = field(init=False)
    rows: dict[Priority, int] = field(init=False)
    decisions: Ints = field(init=False)
    families: Ints = field(init=False)
    slow: bool = False
    _basis: highspy.HighsBasis | None = None

    def __post_init__(self) -> None:
        self.lower, self.upper = self.model.matrix.lower.copy(), self.model.matrix.upper.copy()
        held, near = self.model.held, self.model.problem.near
        self.decisions = np.concatenate([table.column[table.at[1] < near] for table in (held.trips, held.opened)])
        self.families = np.concatenate([held.families.column, held.ride_families.column])
        self.rows = {objective.priority: self.solver.add_row(objective.cost) for objective in self.model.objectives}
        self.solver.relax(True)

    def open_all(self, opened: bool) -> None:
        """Hold every site open, or let sites be closed."""
        columns = self.model.held.opened.column
        self.lower[columns] = (self.model.matrix.upper if opened else self.model.matrix.lower)[columns]
        self.solver.set_bounds(columns, self.lower[columns], self.upper[columns])

    def hold(self, objective: Objective, most: float) -> None:
        """Hold a priority at a value."""
        self.solver.bound_row(self.rows[objective.priority], most - objective.constant)

    def free(self) -> None:
        """Hold no priority."""
        for row in self.rows.values():
            self.solver.bound_row(row, np.inf)

    def rung(
        self,
        objective: Objective,
        held: Mapping[Priority, float],
        left: Callable[[], float],
        start: highspy.HighsBasis | None = None,
    ) -> Rung | None:
        """Return the relaxed whole of a priority with the earlier ones held, or nothing when the time ran out.

        Each later one begins from the solution of the one before, which keeps all rows: primal simplex is then done in
        seconds, where it was not from nothing. Cost is too far from the others for that.
        """
        self.solver.set_cost(objective.cost)
        costly = objective.priority is Priority.COST
        if start is not None:
            self.solver.set_basis(start)
        solved: Solved | None = None
        if costly and not self.slow:
            self.solver.forget()
        if not (costly and self.slow):
            steps = _STEPS_FROM_NOTHING if self._basis is None else _STEPS_ON
            solved = self.solver.solve_on(left(), steps=steps, primal=self._basis is not None and not costly)
        if solved is None or solved.status is not SolveStatus.OPTIMAL:
            self.slow |= self._basis is None
            self.solver.forget()
            self.solver.relax(True)
            solved = self.solver.solve(left())
        if solved.status is not SolveStatus.OPTIMAL or solved.solution is None:
            return None
        self._basis, prices = self.solver.basis(), self.solver.prices()
        worth = {earlier: max(-float(prices[self.rows[earlier]]), 0.0) for earlier in held}
        if Priority.FAMILIES_SPLIT in worth:
            # Parts of families are whole in the relaxed whole, so nothing says there what it is worth to split none: as
            # much as the dearest of the others.
            worth[Priority.FAMILIES_SPLIT] = max(worth.values())
        value = objective.constant + solved.value
        rows = prices[: self.model.matrix.row_lower.size]
        return Rung(objective, value, solved.solution, rows, worth, dict(held), self._basis)

    def sum_of(self, rung: Rung) -> Floats:
        """Return the sum of a priority and all that is worth something in it, ``(columns,)``."""
        cost = rung.objective.cost.copy()
        for objective in self.model.objectives:
            cost += rung.worth.get(objective.priority, 0.0) * objective.cost
        return cost

    def adapted(self, x: Floats, cost: Floats, rung: Rung, left: Callable[[], float]) -> Floats | None:
        """Return the best solution for a sum with the decisions of another, families whole where that is possible."""
        self.free()
        self.solver.set_cost(cost)
        dive = Dive(self.solver, self.lower.copy(), self.upper.copy(), left)
        dive.fix(self.decisions, x)
        if rung.basis is not None:
            self.solver.set_basis(rung.basis)
        found = dive.solve(steps=_STEPS_DECIDED)
        if found is None:
            found = dive.solve_from_nothing()
        whole = None if found is None else self._with_families(dive, found)
        if whole is None and found is not None:
            whole = found
            count_all_families(self.model, whole)
        self._restore()
        return whole

    def kept(self, objective: Objective, x: Floats, left: Callable[[], float]) -> Floats | None:
        """Return the best solution for a priority in which all that is whole stays as it is."""
        self.solver.set_cost(objective.cost)
        dive = Dive(self.solver, self.lower.copy(), self.upper.copy(), left)
        dive.fix(self.decisions, x)
        dive.fix(self.families, x)
        found = dive.solve(steps=_STEPS_DECIDED, primal=True)
        self._restore()
        return found

    def _with_families(self, dive: Dive, found: Floats) -> Floats | None:
        """Make families whole: in vehicles one after another, then at sites all at once, where that is possible."""
        held = self.model.held
        sites, vehicles = held.families.column, held.ride_families.column
        together = dive.to_whole(found, vehicles, _FAMILY_SOLVES)
        if together is None:
            return None
        dive.fix(vehicles, together)
        kept = dive.lower[sites].copy(), dive.upper[sites].copy()
        shared = together.copy()
        share_out_families(self.model, shared)
        dive.fix(sites, shared)
        whole = dive.solve()
        split = next(row for row in self.model.objectives if row.priority is Priority.FAMILIES_SPLIT)
        if whole is not None and split.value(whole) <= split.value(together) + FEASIBILITY:
            return whole
        dive.set(sites, *kept)
        better = dive.to_whole(together, sites, _FAMILY_SOLVES // 2)
        return whole if better is None else better

    def _restore(self) -> None:
        """Set the bounds of whole numbers back."""
        columns = np.flatnonzero(self.model.matrix.integer)
        self.solver.set_bounds(columns, self.lower[columns], self.upper[columns])
