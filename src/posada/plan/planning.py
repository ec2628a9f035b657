"""Making a plan from its parts in one call."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from time import perf_counter

from posada.model.plan import Plan, PlanStamp
from posada.plan.holding import held_model
from posada.plan.objectives import build_model
from posada.plan.problem import Problem
from posada.plan.reading import read_plan
from posada.plan.solve import solve_model


def make_plan(
    problem: Problem,
    stamp: PlanStamp,
    *,
    keep: Plan | None = None,
    since: dt.date | None = None,
    threads: int = 1,
    tell: Callable[[str], None] | None = None,
) -> Plan:
    """Return the plan of a problem.

    Parameters
    ----------
    keep, since : Plan and date, optional
        A plan whose decisions for days before ``since`` are held.
    threads : int
        Threads of the solver. One gives the same plan on every machine of a kind, unless the time runs out.
    tell : callable, optional
        Told each priority as it begins.
    """
    began = perf_counter()
    model = build_model(problem)
    if keep is not None and since is not None:
        model = held_model(model, keep, since)
    built = perf_counter() - began
    solution = solve_model(
        model,
        time_limit_s=max(problem.options.time_limit_s - built, 1.0),
        gap_share=problem.options.gap_share,
        threads=threads,
        tell=tell,
    )
    return read_plan(model, solution, stamp)
