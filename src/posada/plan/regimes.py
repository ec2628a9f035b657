"""Both regimes on the same demand and the same offers: every town for itself, and one plan for all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posada.model.comparison import Account, CompareOptions, Standing
from posada.plan.accounts import account_of
from posada.plan.alone import AloneSolution, go_alone
from posada.plan.filling import fill_places
from posada.plan.highs import violation
from posada.plan.objectives import Model, build_model
from posada.plan.problem import Problem
from posada.plan.rule import rule_solution
from posada.plan.solve import Solution, solve_model
from posada.plan.usable import TOLERATED

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Regimes:
    """What comes of a problem in both regimes, and the account of each."""

    model: Model
    alone: AloneSolution
    coordinated: Solution
    alone_account: Account
    coordinated_account: Account


def compare_regimes(
    problem: Problem,
    standing: Standing,
    options: CompareOptions,
    *,
    threads: int = 1,
    tell: Callable[[str], None] | None = None,
) -> Regimes:
    """Return both regimes. The coordinated one is never worse than the other in its first priority.

    What towns do alone can be done by a plan as well, so the plan begins from it, with every site open.
    """
    model = build_model(problem)
    if tell is not None:
        tell("every town for itself")
    alone = go_alone(model, standing, options)
    together = solve_model(
        model,
        time_limit_s=problem.options.time_limit_s,
        gap_share=problem.options.gap_share,
        threads=threads,
        start=best_start(model, alone.x),
        tell=tell,
    )
    return Regimes(model, alone, together, account_of(model, alone.x, standing), account_of(model, together.x))


def best_start(model: Model, alone: Floats) -> Floats:
    """Return the better of what towns do alone, with every place of theirs open, and the rule."""
    rule, opened = rule_solution(model), fill_places(model, alone)
    if violation(model.matrix, opened) > TOLERATED:
        return rule
    first = model.objectives[0]
    return opened if first.value(opened) <= first.value(rule) else rule
