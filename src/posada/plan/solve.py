"""The solve: one priority after another, whole decisions for the near days only, always with a usable plan in hand.

For each priority in turn the relaxed whole gives a bound that no plan of the same earlier priorities beats. When its
solution is whole in the near days, or the plan in hand is already that good, that is the answer; else HiGHS looks for
whole decisions from the plan in hand on, for its share of the time. Then the priority is held at what was reached, and
the next one is made small. An open site does no harm before cost counts, so until then all are open.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from posada.model.plan import Priority, SolveStatus, Stage
from posada.plan.highs import FEASIBILITY, LARGE, Solver, violation
from posada.plan.large import LargeProgram
from posada.plan.objectives import Model, Objective
from posada.plan.rounding import count_all_families
from posada.plan.rule import rule_solution
from posada.plan.trimming import leave_out_waste, regroup_families

Floats = NDArray[np.float64]

KEPT_SHARE = 1e-6
"""By how much a later priority may worsen an earlier one, as a share: what the arithmetic needs."""

TOLERATED = 1e-4
"""By how many people or vehicles a row may be missed in a solution that is used."""


_COSTLY = (Priority.COST, Priority.UNFAIR)
"""Priorities to which it matters which sites are open."""


_LEAST_SEARCH = 1.5
"""The search for whole numbers is begun when there is time for so many solves of the relaxed whole.

On large programs it was seen to run far past its time when it had less, and with all sites free to open or close.
"""

LENT = 0.005
"""Share of its value that each priority lends to those after it in the guide, so that what is whole costs less."""

_GUIDED = 0.6
"""Part of the time that may go to the guide."""

_GUIDED_FROM_S = 60.0
"""Seconds from which a plan is guided; with less the first priorities need them."""

_TOO_SHORT = 0.05
"""Seconds in which no solve is begun."""

_SHARES = dict(zip(Priority, (0.5, 0.4, 0.4, 0.4, 0.4, 0.3, 0.7, 0.9), strict=True))
"""Part of the time that is left which each priority may take; what it does not need goes to the next ones."""


@dataclass(frozen=True, eq=False)
class Solution:
    """A solution of a model: ``x`` is ``(columns,)``, and was checked against every row."""

    x: Floats
    status: SolveStatus
    stages: tuple[Stage, ...]
    first_plan_seconds: float
    seconds: float


def solve_model(
    model: Model,
    *,
    time_limit_s: float,
    gap_share: float = 0.01,
    threads: int = 1,
    start: Floats | None = None,
    last: Priority = Priority.UNFAIR,
    tell: Callable[[str], None] | None = None,
) -> Solution:
    """Return the best plan that was found in the time, never worse than the rule.

    Parameters
    ----------
    time_limit_s : float
        Seconds for all priorities together.
    gap_share : float
        A plan that close to its bound is good enough.
    start : (columns,), optional
        A plan in hand to begin from; that of the rule when not given.
    last : Priority
        Priorities after this one are left as they come.
    tell : callable, optional
        Told each priority as it begins.
    """
    began = perf_counter()
    x = rule_solution(model) if start is None else start
    first = perf_counter() - began
    solver = Solver(model.matrix, threads=threads)
    large = LargeProgram(solver, model) if model.matrix.lower.size > LARGE else None
    if large is not None and last in _COSTLY and time_limit_s >= _GUIDED_FROM_S:
        lent = min(LENT, 0.5 * gap_share)
        x = _guided(large, x, lent, lambda: _GUIDED * time_limit_s - (perf_counter() - began))
    stages: list[Stage] = []
    improved = False
    for objective in model.objectives:
        if tell is not None:
            tell(objective.priority.value)
        costly = objective.priority in _COSTLY
        if large is not None:
            large.open_all(not costly)
        else:
            _open_all(solver, model, not costly)
        left = time_limit_s - (perf_counter() - began)
        part = _Part(objective, gap_share, left * _SHARES[objective.priority], left, perf_counter())
        better = _improved(model, objective, x)
        if large is not None:
            stage, better = _solve_large(part, large, better)
        else:
            stage, better = _solve_small(part, solver, model, better)
        improved |= better is not x and not costly and objective.priority is not Priority.FAMILIES_SPLIT
        x = better
        stages.append(stage)
        if objective.priority is last:
            break
        room = KEPT_SHARE * max(1.0, abs(stage.value))
        most = stage.value - objective.constant + room
        if large is not None:
            large.cap(objective.priority, most)
        else:
            solver.cap(objective.cost, most)
    status = SolveStatus.OPTIMAL
    if any(stage.status is not SolveStatus.OPTIMAL for stage in stages):
        status = SolveStatus.TIME_LIMIT if improved else SolveStatus.RULE
    return Solution(x, status, tuple(stages), first, perf_counter() - began)


def _guided(large: LargeProgram, x: Floats, lent: float, seconds: Callable[[], float]) -> Floats:
    """Return the plan of the guide where it is better than the one in hand in the first priority."""
    model, first = large.model, large.model.objectives[0]
    found = large.guide(model.objectives, lent, seconds)
    large.free()
    if found is None:
        return x
    count_all_families(model, found)
    return _better(model, first, x, found)


def _open_all(solver: Solver, model: Model, opened: bool) -> None:
    columns = model.held.opened.column
    upper = model.matrix.upper[columns]
    solver.set_bounds(columns, upper if opened else model.matrix.lower[columns], upper)


@dataclass(frozen=True, eq=False)
class _Part:
    """One priority on its turn: ``share`` of the seconds that are ``left``, counted from ``began``."""

    objective: Objective
    gap_share: float
    share: float
    left: float
    began: float

    def stage(self, x: Floats, bound: float, relaxed: float | None = None, *, done: bool | None = None) -> Stage:
        value = self.objective.value(x)
        closed = value - bound <= self.gap_share * max(abs(value), 1.0) if done is None else done
        status = SolveStatus.OPTIMAL if closed else SolveStatus.TIME_LIMIT
        relaxed = bound if relaxed is None else relaxed
        return Stage(self.objective.priority, status, value, bound, relaxed, perf_counter() - self.began)

    def seconds(self, most: float) -> float:
        """Return what is left of so many seconds."""
        return max(most - (perf_counter() - self.began), 0.0)

    @property
    def least(self) -> float:
        """What no solution is below, known without a solve."""
        return self.objective.constant if (self.objective.cost >= 0).all() else 0.0

    def is_done(self, x: Floats) -> bool:
        return self.objective.value(x) <= self.least + FEASIBILITY

    def close(self, value: float) -> float:
        """Return how far from its bound a value is good enough."""
        return 0.5 * self.gap_share * max(abs(value), 1.0)

    def is_close(self, x: Floats, bound: float) -> bool:
        value = self.objective.value(x)
        return value - bound <= self.close(value)


def _solve_small(part: _Part, solver: Solver, model: Model, x: Floats) -> tuple[Stage, Floats]:
    objective, share = part.objective, part.share
    if part.is_done(x):
        return part.stage(x, objective.value(x)), x
    if share <= _TOO_SHORT:
        return part.stage(x, part.least, done=False), x
    solver.set_cost(objective.cost)
    solver.relax(True)
    loose = solver.solve(share)
    relaxed = objective.constant + loose.value if loose.status is SolveStatus.OPTIMAL else part.least
    if loose.solution is not None and _is_whole(model, loose.solution):
        x = _better(model, objective, x, loose.solution)
    time_left = part.seconds(share)
    if part.is_close(x, relaxed) or time_left < _LEAST_SEARCH * loose.seconds + 0.1:
        return part.stage(x, relaxed, done=part.is_close(x, relaxed)), x
    solver.relax(False)
    most = 0.5 * part.gap_share * max(abs(relaxed), 1.0)
    whole = solver.solve(time_left, gap_share=0.0, gap_most=most, start=x)
    bound = max(relaxed, objective.constant + whole.bound) if np.isfinite(whole.bound) else relaxed
    x = _better(model, objective, x, whole.solution)
    return part.stage(x, bound, relaxed), x


def _solve_large(part: _Part, program: LargeProgram, x: Floats) -> tuple[Stage, Floats]:
    objective, model = part.objective, program.model
    if part.is_done(x):
        return part.stage(x, objective.value(x)), x
    if part.share <= _TOO_SHORT:
        return part.stage(x, part.least, done=False), x
    turn = _Turn(part, model, part.least, part.least, 0.6 * part.left)
    if objective.priority is Priority.FAMILIES_SPLIT:
        # In the relaxed whole parts of families are whole, and none is split: the bound is 0.
        x = program.families_together(objective, x, turn)
        return part.stage(x, part.least), x
    loose = program.relaxed(objective, part.seconds(part.share))
    if loose.status is not SolveStatus.OPTIMAL or loose.solution is None:
        x = program.kept(objective, x, turn)
        return part.stage(x, part.least), x
    bound = objective.constant + loose.value
    turn = _Turn(part, model, bound + part.close(bound), bound + 2 * part.close(bound), 0.6 * part.left)
    x = program.whole(objective, loose.solution, x, turn)
    return part.stage(x, bound), x


@dataclass(frozen=True, eq=False)
class _Turn:
    """What :class:`posada.plan.large.Turn` asks for."""

    part: _Part
    model: Model
    good: float
    fair: float
    most: float

    def seconds(self) -> float:
        return self.part.seconds(self.most)

    def better(self, x: Floats, other: Floats | None) -> Floats:
        return _better(self.model, self.part.objective, x, other)


def _improved(model: Model, objective: Objective, x: Floats) -> Floats:
    """Return the plan in hand, made better where that needs no solve."""
    if objective.priority is Priority.FAMILIES_SPLIT:
        return _better(model, objective, x, regroup_families(model, x))
    if objective.priority is Priority.COST:
        return _better(model, objective, x, leave_out_waste(model, x))
    return x


def _better(model: Model, objective: Objective, x: Floats, other: Floats | None) -> Floats:
    """Return the other solution when there is one, it keeps every row and is no worse; else the one in hand."""
    if other is None:
        return x
    other = _rounded(model, other)
    kept = violation(model.matrix, other) <= TOLERATED
    return other if kept and objective.value(other) <= objective.value(x) else x


def _is_whole(model: Model, x: Floats) -> bool:
    near = x[model.matrix.integer]
    return bool((np.abs(near - np.rint(near)) <= FEASIBILITY).all())


def _rounded(model: Model, x: Floats) -> Floats:
    """Return a solution with whole numbers that are exactly whole, and nothing below its bound."""
    x = np.clip(x, model.matrix.lower, model.matrix.upper)
    x[model.matrix.integer] = np.rint(x[model.matrix.integer])
    return x
