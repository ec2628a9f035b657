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
from posada.plan.objectives import Model, Objective
from posada.plan.rounding import whole_decisions
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
    stages: list[Stage] = []
    improved = False
    for objective in model.objectives:
        if tell is not None:
            tell(objective.priority.value)
        _open_all(solver, model, objective.priority not in _COSTLY)
        left = time_limit_s - (perf_counter() - began)
        share = left * _SHARES[objective.priority]
        stage, found = _solve_stage(solver, model, objective, x, seconds=(share, left), gap_share=gap_share)
        improved |= found is not x and objective.priority not in (Priority.FAMILIES_SPLIT, *_COSTLY)
        x = found
        stages.append(stage)
        room = KEPT_SHARE * max(1.0, abs(stage.value))
        if objective.priority is last:
            break
        solver.cap(objective.cost, stage.value - objective.constant + room)
    status = SolveStatus.OPTIMAL
    if any(stage.status is not SolveStatus.OPTIMAL for stage in stages):
        status = SolveStatus.TIME_LIMIT if improved else SolveStatus.RULE
    return Solution(x, status, tuple(stages), first, perf_counter() - began)


def _open_all(solver: Solver, model: Model, opened: bool) -> None:
    columns = model.held.opened.column
    upper = model.matrix.upper[columns]
    solver.set_bounds(columns, upper if opened else model.matrix.lower[columns], upper)


def _solve_stage(
    solver: Solver, model: Model, objective: Objective, x: Floats, *, seconds: tuple[float, float], gap_share: float
) -> tuple[Stage, Floats]:
    began = perf_counter()
    share, left = seconds
    x = _improved(model, objective, x)
    value = objective.value(x)

    def stage(status: SolveStatus, bound: float, relaxed: float) -> Stage:
        return Stage(objective.priority, status, objective.value(x), bound, relaxed, perf_counter() - began)

    least = objective.constant if (objective.cost >= 0).all() else 0.0
    if value <= least + FEASIBILITY:
        return stage(SolveStatus.OPTIMAL, value, value), x
    if share <= 0.05:
        return stage(SolveStatus.TIME_LIMIT, least, least), x
    large = model.matrix.lower.size > LARGE
    if large and objective.priority is Priority.FAMILIES_SPLIT:
        # In the relaxed whole parts of families are whole, and none is split: the bound is 0.
        solver.set_cost(objective.cost)
        solver.relax(True)
        x = _better(model, objective, x, _with_decisions(solver, model, x, share))
        _open_all(solver, model, True)
        together = objective.value(x) <= FEASIBILITY
        return stage(SolveStatus.OPTIMAL if together else SolveStatus.TIME_LIMIT, least, least), x
    solver.set_cost(objective.cost)
    # With the row of the largest load the interior point method was seen to run far past its time.
    solver.relax(True, interior=objective.priority is not Priority.UNFAIR)
    loose = solver.solve(share)
    relaxed = objective.constant + loose.value if loose.status is SolveStatus.OPTIMAL else least
    better = loose.solution
    if better is not None and _is_whole(model, better):
        x = _better(model, objective, x, better)
    elif better is not None and large:
        x = _adapted(solver, model, objective, (better, x), lambda: max(0.6 * (left - (perf_counter() - began)), 0.5))
    close = 0.5 * gap_share * max(abs(objective.value(x)), 1.0)
    if objective.value(x) - relaxed <= close:
        return stage(SolveStatus.OPTIMAL, relaxed, relaxed), x
    time_left = share - (perf_counter() - began)
    if time_left < _LEAST_SEARCH * loose.seconds + 0.1 or (large and objective.priority is not Priority.WITHOUT_PLACE):
        return stage(SolveStatus.TIME_LIMIT, relaxed, relaxed), x
    solver.relax(False)
    whole = solver.solve(time_left, gap_share=0.0, gap_most=0.5 * gap_share * max(abs(relaxed), 1.0), start=x)
    bound = max(relaxed, objective.constant + whole.bound) if np.isfinite(whole.bound) else relaxed
    if whole.solution is not None:
        x = _better(model, objective, x, whole.solution)
    closed = objective.value(x) - bound <= gap_share * max(abs(objective.value(x)), 1.0)
    return stage(SolveStatus.OPTIMAL if closed else SolveStatus.TIME_LIMIT, bound, relaxed), x


def _improved(model: Model, objective: Objective, x: Floats) -> Floats:
    """Return the plan in hand, made better where that needs no solve."""
    if objective.priority is Priority.FAMILIES_SPLIT:
        return _better(model, objective, x, regroup_families(model, x))
    if objective.priority is Priority.COST:
        return _better(model, objective, x, leave_out_waste(model, x))
    return x


def _adapted(
    solver: Solver, model: Model, objective: Objective, solutions: tuple[Floats, Floats], seconds: Callable[[], float]
) -> Floats:
    """Return the plan in hand, or a better one with whole decisions in the near days and the rest solved.

    The relaxed solution is rounded, beyond the trips of the plan in hand; where that leads nowhere, its decisions stay
    and the rest is solved. Once cost counts trips may be fewer, and only that is tried.
    """
    relaxed, x = solutions
    costly = objective.priority in _COSTLY
    rounded = relaxed.copy()
    rounded[model.matrix.integer] = whole_decisions(model, relaxed, None if costly else x)
    for way in (rounded,) if costly else (rounded, x):
        better = _better(model, objective, x, _with_decisions(solver, model, way, seconds()))
        _open_all(solver, model, not costly)
        if better is not x:
            return better
    return x


def _with_decisions(solver: Solver, model: Model, x: Floats, seconds: float) -> Floats | None:
    """Return the best solution with the near decisions and families of ``x``, or nothing when there is none."""
    columns = np.flatnonzero(model.matrix.integer)
    lower, upper = model.matrix.lower[columns], model.matrix.upper[columns]
    fixed = np.clip(x[columns], lower, upper)
    solver.set_bounds(columns, fixed, fixed)
    found = solver.solve(seconds)
    solver.set_bounds(columns, lower, upper)
    return found.solution


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
