"""The solve of a large program: the bounds of all priorities first, then whole decisions for the sum of all.

How near each priority comes is measured afterwards: its bound is that of the relaxed whole with the earlier priorities
where the plan has them, by the prices of the relaxed whole; that of the last one that was reached is lifted by what the
search over the near days proved.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from posada.model.plan import Priority, SolveStatus, Stage
from posada.plan.highs import FEASIBILITY, Solver
from posada.plan.large import COSTLY, KEPT, LargeProgram, Rung, unit_of
from posada.plan.near_days import NearDays
from posada.plan.objectives import Model, Objective
from posada.plan.rounding import round_trips
from posada.plan.trimming import leave_out_waste
from posada.plan.usable import usable

Floats = NDArray[np.float64]

_LENT = 0.25
"""Part of the tolerated gap that each priority lends to those after it, so that what is whole costs less.

Supplies lend nothing: nothing of them is whole.
"""

_CLIMB, _SEARCH, _ADAPT = 0.6, 0.6, 0.75
"""Part of the time that may go to the relaxed wholes; part of what is left then that may go to the search; and for how
long, as a part of what the relaxed wholes took, time is kept to adapt all else to what the search decides."""

_MEASURED = 0.5
"""Part of the time that is left which may go to the search that lifts the bound of cost."""

_GOOD = 0.1
"""Part of the tolerated gap of the last priority at which the search over a part ends."""


@dataclass
class Climb:
    """A large program on its way from priority to priority.

    Attributes
    ----------
    gap_share : float
        A plan that close to its bounds is good enough.
    until : float
        When the time is over, by :func:`time.perf_counter`.
    """

    model: Model
    gap_share: float
    until: float
    threads: int = 1
    tell: Callable[[str], None] | None = None
    rungs: dict[Priority, list[Rung]] = field(default_factory=dict)
    seconds: dict[Priority, float] = field(default_factory=dict)
    _kept: float = 0.0

    def left(self) -> float:
        """Return the seconds that are left."""
        return max(self.until - perf_counter(), 0.0)

    def solve(self, x: Floats, last: Priority) -> tuple[Floats, tuple[Stage, ...], bool]:
        """Return the better of the plan in hand and what is found, how good it is, and whether it was found."""
        objectives = self.model.objectives[: tuple(Priority).index(last) + 1]
        program = LargeProgram(Solver(self.model.matrix, threads=self.threads), self.model)
        near = NearDays(self.model, program.decisions, threads=self.threads)
        began = perf_counter()
        rung = self._climb(program, objectives)
        self._kept = _ADAPT * (perf_counter() - began)
        better = x if rung is None else self._best(program, near, rung, x)
        if last is Priority.UNFAIR and better is not x:
            better = self._fair(program, better)
        if rung is not None:
            self._measure(program, near, objectives, better)
        return better, tuple(self._stage(objective, better) for objective in objectives), better is not x

    def _best(self, program: LargeProgram, near: NearDays, rung: Rung, x: Floats) -> Floats:
        """Return the best for the sum of all: the relaxed whole made whole, or what the search finds; or that in hand.

        The first is there soon, and stays when the search takes all the time.
        """
        first, cost = self.model.objectives[0], program.sum_of(rung)
        best = x
        for searched in (False, True):
            if searched and self.left() <= self._kept:
                break
            decided = self._search(program, near, rung, _SEARCH) if searched else rung.solution
            plan = usable(self.model, program.adapted(self._whole(program, decided), cost, rung, self.left))
            if plan is None or first.value(plan) > first.value(x):
                continue
            if best is x or cost @ plan <= cost @ best:
                best = plan
        return best

    def _whole(self, program: LargeProgram, x: Floats) -> Floats:
        """Return a solution with decisions that are whole: sites open, trips as far as the hours go."""
        decided = x[program.decisions]
        if (np.abs(decided - np.rint(decided)) <= FEASIBILITY).all():
            return x
        x = x.copy()
        round_trips(self.model, x)
        opened = self.model.held.opened.column
        x[opened] = np.ceil(x[opened] - FEASIBILITY)
        return x

    def _search(self, program: LargeProgram, near: NearDays, rung: Rung, share: float) -> Floats:
        """Search the near days for the sum of a priority, lift its bound, and return the decisions."""
        cost, unit, left = program.sum_of(rung), unit_of(rung), self.left()
        stop = perf_counter() + min(share * left, left - self._kept)
        good = _GOOD * self.gap_share * max(abs(rung.value), 1.0) / unit
        found = near.search(
            cost / unit, rung.prices / unit, rung.solution, good=good, left=lambda: max(stop - perf_counter(), 0.05)
        )
        self.rungs[rung.objective.priority].append(dataclasses.replace(rung, lift=found.lift * unit))
        return found.x

    def _climb(self, program: LargeProgram, objectives: Sequence[Objective]) -> Rung | None:
        """Return the last relaxed whole that was solved in the time."""
        stop = perf_counter() + _CLIMB * self.left()
        if self.left() <= 0:
            return None
        held: dict[Priority, float] = {}
        rung: Rung | None = None
        for objective in objectives:
            if self.tell is not None:
                self.tell(objective.priority.value)
            began = perf_counter()
            program.open_all(objective.priority not in COSTLY)
            least = _least(objective)
            if rung is None or objective.value(rung.solution) > least + FEASIBILITY:
                higher = program.rung(objective, held, lambda: max(stop - perf_counter(), 0.05))
                if higher is None:
                    break
                rung = higher
                self.rungs[objective.priority] = [higher]
                least = higher.value
            lent = 0.0 if objective.priority is Priority.SUPPLIES_SHORT else _LENT * self.gap_share
            held[objective.priority] = least + lent * abs(least) + KEPT
            program.hold(objective, held[objective.priority])
            self.seconds[objective.priority] = perf_counter() - began
        if rung is not None:
            program.open_all(rung.objective.priority not in COSTLY)
        return rung

    def _fair(self, program: LargeProgram, x: Floats) -> Floats:
        """Return a plan without waste, and with the same decisions a smaller largest load that costs little."""
        began = perf_counter()
        x = leave_out_waste(self.model, x)
        *earlier, fair = self.model.objectives
        for objective in earlier:
            value = objective.value(x)
            lent = _LENT * self.gap_share if objective.priority is Priority.COST else KEPT
            program.hold(objective, value + lent * max(1.0, abs(value)))
        fairer = usable(self.model, program.kept(fair, x, self.left))
        self.seconds[Priority.UNFAIR] = self.seconds.get(Priority.UNFAIR, 0.0) + perf_counter() - began
        return x if fairer is None or fair.value(fairer) > fair.value(x) else fairer

    def _measure(self, program: LargeProgram, near: NearDays, objectives: Sequence[Objective], x: Floats) -> None:
        """Solve the relaxed whole anew with the earlier priorities where the plan has them, where bounds are weak."""
        values = {objective.priority: objective.value(x) for objective in objectives}
        program.free()
        held: dict[Priority, float] = {}
        for objective in objectives:
            priority = objective.priority
            known = self.rungs.get(priority)
            if known and self._stage(objective, x).status is not SolveStatus.OPTIMAL and held:
                began = perf_counter()
                program.open_all(priority not in COSTLY)
                rung = program.rung(objective, held, self.left, known[0].basis)
                if rung is not None:
                    known.append(rung)
                    self._kept = 0.0
                    if priority is Priority.COST:
                        self._search(program, near, rung, _MEASURED)
                self.seconds[priority] += perf_counter() - began
            held[priority] = values[priority] + KEPT * max(1.0, abs(values[priority]))
            program.hold(objective, held[priority])

    def _stage(self, objective: Objective, x: Floats) -> Stage:
        values = {row.priority: row.value(x) for row in self.model.objectives}
        value, least = objective.value(x), _least(objective)
        rungs = self.rungs.get(objective.priority, [])
        relaxed = max([rung.bound(values) for rung in rungs], default=least)
        bound = max([rung.bound(values) + rung.lift for rung in rungs], default=least)
        close = value - bound <= self.gap_share * max(abs(value), 1.0)
        status = SolveStatus.OPTIMAL if close else SolveStatus.TIME_LIMIT
        seconds = self.seconds.get(objective.priority, 0.0)
        return Stage(objective.priority, status, value, max(bound, least), max(relaxed, least), seconds)


def _least(objective: Objective) -> float:
    """Return what no solution is below, known without a solve."""
    return objective.constant if (objective.cost >= 0).all() else 0.0
