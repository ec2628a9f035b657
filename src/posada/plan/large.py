"""One priority of a large program: the relaxed whole from where the last one ended, then a dive to whole decisions.

The relaxed whole of the first priority is solved by the simplex method, and by interior point when that takes many
steps. Each later one begins from the solution of the one before, which keeps all rows: primal simplex is then done in
seconds, where it was not from nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from posada.model.plan import Priority, SolveStatus
from posada.plan.diving import Dive, Rounding
from posada.plan.highs import FEASIBILITY, Solved, Solver
from posada.plan.objectives import Model, Objective
from posada.plan.rounding import count_all_families, round_trips, share_out_families

if TYPE_CHECKING:
    import highspy

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_STEPS_FROM_NOTHING = 20_000
_EARLY = (Priority.WITHOUT_PLACE, Priority.MEDICAL_UNMET)
"""Priorities in which families need not be whole yet."""

_FAMILY_SOLVES = 120
_WORTH = 0.2
"""Share of what is tolerated by which decisions have to be better for families to be made whole once more."""

_NIL = 1e-4
KEPT = 1e-6
_STEPS_ON = 60_000
"""Steps of the simplex method after which interior point is tried."""


class Turn(Protocol):
    """One priority on its turn: until when, how good is good enough, and which of two plans is better."""

    @property
    def good(self) -> float:
        """Value at which no better plan is looked for."""

    @property
    def fair(self) -> float:
        """Value at which none is looked for at length."""

    def seconds(self) -> float:
        """Return the seconds that are left."""

    def better(self, x: Floats, other: Floats | None) -> Floats:
        """Return the other solution when there is one, it keeps every row and is no worse; else that in hand."""


@dataclass
class LargeProgram:
    """A large program in a solver, with the bounds that hold now and where the relaxed whole was solved to the end.

    Attributes
    ----------
    lower, upper : (columns,)
    decisions : (decisions,)
        Columns of trips and openings of the near days.
    families : (families,)
        Columns of whole families.
    rows : dict
        For each priority the row that holds it at what was reached.
    bases : dict
        For each priority where its relaxed whole was solved to the end; ``start`` is the last of them.
    """

    solver: Solver
    model: Model
    lower: Floats = field(init=False)
    upper: Floats = field(init=False)
    rows: dict[Priority, int] = field(init=False)
    bases: dict[Priority, highspy.HighsBasis] = field(default_factory=dict)
    start: highspy.HighsBasis | None = None
    decisions: Ints = field(init=False)
    families: Ints = field(init=False)

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

    def cap(self, priority: Priority, most: float) -> None:
        """Hold a priority at a value of its columns."""
        self.solver.bound_row(self.rows[priority], most)

    def relaxed(self, objective: Objective, seconds: float) -> Solved:
        """Return the solution of the relaxed whole: from where it was solved for this priority, or for the last one."""
        self.solver.set_cost(objective.cost)
        known = self.bases.get(objective.priority)
        if known is not None:
            self.solver.set_basis(known)
        steps = _STEPS_ON if self.bases else _STEPS_FROM_NOTHING
        began = perf_counter()
        solved: Solved | None = None
        if known is not None or objective.priority is not Priority.COST:
            solved = self.solver.solve_on(seconds, steps=steps, primal=known is None and bool(self.bases))
        if solved is None or (solved.status is not SolveStatus.OPTIMAL and objective.priority is not Priority.UNFAIR):
            # With the row of the largest load the interior point method was seen to run far past its time.
            self.solver.forget()
            self.solver.relax(True)
            solved = self.solver.solve(max(seconds - (perf_counter() - began), 0.0))
        if solved.status is SolveStatus.OPTIMAL:
            self.bases[objective.priority] = self.start = self.solver.basis()
        return solved

    def guide(self, objectives: Sequence[Objective], lent: float, seconds: Callable[[], float]) -> Floats | None:
        """Return a solution with whole decisions, near the bound of each priority and cheap as far as that goes.

        Each priority is held at its bound and what is lent to the next ones; then the decisions are made whole where
        cost is small. Families are not whole in it.
        """
        for objective in objectives:
            if objective.priority in (Priority.FAMILIES_SPLIT, Priority.UNFAIR):
                continue
            self.open_all(objective.priority is not Priority.COST)
            loose = self.relaxed(objective, seconds())
            if loose.status is not SolveStatus.OPTIMAL or loose.solution is None:
                return None
            if objective.priority is Priority.COST:
                found = self._guided(loose.solution, objectives[0], seconds)
                self._restore()
                return found
            self.cap(objective.priority, loose.value + lent * abs(loose.value + objective.constant) + KEPT)
        return None

    def _guided(self, loose: Floats, first: Objective, seconds: Callable[[], float]) -> Floats | None:
        dive = Dive(self.solver, self.lower.copy(), self.upper.copy(), loose, np.inf, seconds)
        found = self._upwards(dive, loose)
        if found is None:
            # More trips than in the relaxed whole keep every priority where it is, where there are the hours for them.
            self._restore()
            self.free()
            self.solver.set_cost(first.cost)
            self.solver.set_basis(self.bases[first.priority])
            rest = loose if dive.reached is None else dive.reached
            dive = Dive(self.solver, self.lower.copy(), self.upper.copy(), rest, np.inf, seconds)
            found = self._rounded(dive, rest, sure=True)
        return found

    def free(self) -> None:
        """Hold no priority."""
        for row in self.rows.values():
            self.solver.bound_row(row, np.inf)

    def whole(self, objective: Objective, found: Floats, x: Floats, turn: Turn) -> Floats:
        """Return the plan in hand ``x``, or a better one: as soon as one is good enough, else the best of several ways.

        Parameters
        ----------
        found : (columns,)
            The solution of the relaxed whole.
        """
        early = objective.priority in _EARLY  # what these lend to later ones is not taken back
        for number, way in enumerate(self._ways(objective.priority)):
            good = turn.fair if way == self._upwards else turn.good
            if (early or number) and objective.value(x) <= good:
                break
            if turn.seconds() <= 0:
                break
            dive = self._dive(objective, x, turn)
            better = way(dive, found)
            least = objective.value(x) - (_WORTH * (turn.fair - turn.good) if number else 0.0)
            if better is not None and objective.value(better) <= least:
                x = turn.better(x, self._with_families(objective, dive, better))
            self._restore()
        return x

    def kept(self, objective: Objective, x: Floats, turn: Turn) -> Floats:
        """Return the plan in hand, or a better one with the same decisions, for which no relaxed whole is needed."""
        dive = self._dive(objective, x, turn)
        better = (self._adapted if objective.priority in _EARLY else self._kept)(dive, x)
        if better is not None:
            x = turn.better(x, self._with_families(objective, dive, better))
        self._restore()
        return x

    def _ways(self, priority: Priority) -> tuple[Callable[[Dive, Floats], Floats | None], ...]:
        """Return the ways to whole decisions that were seen to lead anywhere: the later, the less is left open."""
        if priority in _EARLY:
            return self._adapted, self._rounded, self._towards_hand, self._upwards
        if priority in (Priority.COST, Priority.UNFAIR):
            return self._kept, self._towards_hand
        return self._kept, self._towards_hand, self._rounded

    def families_together(self, objective: Objective, x: Floats, turn: Turn) -> Floats:
        """Return the plan in hand, or one with the same decisions in which fewer families are split."""
        self.solver.set_cost(objective.cost)
        dive = self._dive(objective, x, turn)
        dive.fix(self.decisions, x)
        found = dive.solve_from_nothing()  # where the last solve ended is far from here
        if found is not None:
            x = turn.better(x, self._with_families(objective, dive, found))
        self._restore()
        return x

    def _dive(self, objective: Objective, x: Floats, turn: Turn) -> Dive:
        most = float(objective.cost @ x)
        return Dive(self.solver, self.lower.copy(), self.upper.copy(), x, most, turn.seconds)

    def _kept(self, dive: Dive, _: Floats) -> Floats | None:
        """Keep what is whole, and solve the rest."""
        dive.fix(self.decisions, dive.hand)
        dive.fix(self.families, dive.hand)
        return dive.solve(sure=True)

    def _adapted(self, dive: Dive, _: Floats) -> Floats | None:
        """Keep what is decided, and solve the rest, families too."""
        dive.fix(self.decisions, dive.hand)
        return dive.solve(sure=True)

    def _rounded(self, dive: Dive, found: Floats, *, sure: bool = False) -> Floats | None:
        """Open sites that are open in part, and make trips whole as far as the hours of the vehicles go."""
        rounded = found.copy()
        round_trips(self.model, rounded)
        columns = self.model.held.opened.column
        rounded[columns] = np.ceil(found[columns] - FEASIBILITY)
        dive.fix(self.decisions, rounded)
        return dive.solve(sure=sure)

    def _towards_hand(self, dive: Dive, found: Floats) -> Floats | None:
        """Go from the relaxed whole towards the plan in hand, no farther than it."""
        columns = self.decisions
        least, most = np.floor(found[columns] + FEASIBILITY), np.ceil(found[columns] - FEASIBILITY)
        dive.set(columns, np.minimum(least, dive.hand[columns]), np.maximum(most, dive.hand[columns]))
        return dive.to_whole(found, columns, Rounding.TO_HAND)

    def _upwards(self, dive: Dive, found: Floats) -> Floats | None:
        """Round up."""
        return dive.to_whole(found, self.decisions, Rounding.UP)

    def _with_families(self, objective: Objective, dive: Dive, found: Floats) -> Floats | None:
        """Make families whole: in vehicles one after another, then at sites all at once, where that is possible."""
        if objective.priority in _EARLY:
            count_all_families(self.model, found)
            return found
        dive.fix(self.decisions, found)
        held = self.model.held
        sites, vehicles = held.families.column, held.ride_families.column
        together = dive.to_whole(found, vehicles, Rounding.NEAREST, _FAMILY_SOLVES)
        if together is None:
            return None
        dive.fix(vehicles, together)
        kept = dive.lower[sites].copy(), dive.upper[sites].copy()
        shared = together.copy()
        share_out_families(self.model, shared)
        dive.fix(sites, shared)
        whole = dive.solve()
        if whole is not None and (objective.priority is not Priority.FAMILIES_SPLIT or objective.value(whole) < _NIL):
            return whole
        dive.set(sites, *kept)
        better = dive.to_whole(together, sites, Rounding.NEAREST, _FAMILY_SOLVES // 2)
        return whole if better is None else better

    def _restore(self) -> None:
        """Set bounds and beginning back to those of the relaxed whole."""
        columns = np.flatnonzero(self.model.matrix.integer)
        self.solver.set_bounds(columns, self.lower[columns], self.upper[columns])
        if self.start is not None:
            self.solver.set_basis(self.start)
