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
from posada.plan.climbing import Climb
from posada.plan.highs import FEASIBILITY, LARGE, Solver
from posada.plan.large import COSTLY
from posada.plan.objectives import Model, Objective
from posada.plan.rule import rule_solution
from posada.plan.trimming import leave_out_waste, regroup_families
from posada.plan.usable import usable

Floats = NDArray[np.float64]

KEPT_SHARE = 1e-6
"""By how much a later priority may worsen an earlier one, as a share: what the arithmetic needs."""

_LEAST_SEARCH = 1.5
"""The search for whole numbers is begun when there is time for so many solves of the relaxed whole.

On large programs it was seen to run far past its time when it had less, and with all sites free to open or close.
"""

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
    if model.matrix.lower.size > LARGE:
        climb = Climb(model, gap_share, began + time_limit_s, threads, tell)
        x, stages, improved = climb.solve(x, last)
    else:
        x, stages, improved = _solve_small_model(model, x, _Asked(time_limit_s, gap_share, threads, last, tell), began)
    status = SolveStatus.OPTIMAL
    if any(stage.status is not SolveStatus.OPTIMAL for stage in stages):
        status = SolveStatus.TIME_LIMIT if improved else SolveStatus.RULE
    return Solution(x, status, stages, first, perf_counter() - began)


@dataclass(frozen=True, eq=False)
class _Asked:
    """What :func:`solve_model` was asked for."""

    time_limit_s: float
    gap_share: float
    threads: int
    last: Priority
    tell: Callable[[str], None] | None


def _solve_small_model(model: Model, x: Floats, asked: _Asked, began: float) -> tuple[Floats, tuple[Stage, ...], bool]:
    solver = Solver(model.matrix, threads=asked.threads)
    stages: list[Stage] = []
    improved = False
    for objective in model.objectives:
        if asked.tell is not None:
            asked.tell(objective.priority.value)
        costly = objective.priority in COSTLY
        _open_all(solver, model, not costly)
        left = asked.time_limit_s - (perf_counter() - began)
        part = _Part(objective, asked.gap_share, left * _SHARES[objective.priority], perf_counter())
        stage, better = _solve_small(part, solver, model, _improved(model, objective, x))
        improved |= better is not x and not costly and objective.priority is not Priority.FAMILIES_SPLIT
        x = better
        stages.append(stage)
        if objective.priority is asked.last:
            break
        solver.cap(objective.cost, stage.value - objective.constant + KEPT_SHARE * max(1.0, abs(stage.value)))
    return x, tuple(stages), improved


def _open_all(solver: Solver, model: Model, opened: bool) -> None:
    columns = model.held.opened.column
    upper = model.matrix.upper[columns]
    solver.set_bounds(columns, upper if opened else model.matrix.lower[columns], upper)


@dataclass(frozen=True, eq=False)
class _Part:
    """One priority on its turn: ``share`` seconds, counted from ``began``."""

    objective: Objective
    gap_share: float
    share: float
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


def _improved(model: Model, objective: Objective, x: Floats) -> Floats:
    """Return the plan in hand, made better where that needs no solve."""
    if objective.priority is Priority.FAMILIES_SPLIT:
        return _better(model, objective, x, regroup_families(model, x))
    if objective.priority is Priority.COST:
        return _better(model, objective, x, leave_out_waste(model, x))
    return x


def _better(model: Model, objective: Objective, x: Floats, other: Floats | None) -> Floats:
    """Return the other solution when there is one, it keeps every row and is no worse; else the one in hand."""
    other = usable(model, other)
    return x if other is None or objective.value(other) > objective.value(x) else other


def _is_whole(model: Model, x: Floats) -> bool:
    near = x[model.matrix.integer]
    return bool((np.abs(near - np.rint(near)) <= FEASIBILITY).all())
