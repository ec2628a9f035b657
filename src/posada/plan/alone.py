"""Every town for itself: each in turn answers what its neighbours send it, until none wants to change.

What a town does reaches only the towns beyond it. So towns take their turns in the order of the way, and where no way
leads back one pass is a fixed point: nothing that comes later changes what a town was given. Towns that people reach
from one another in both directions answer each other in rounds, until none gains or the rounds are used up.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posada.model.comparison import CompareOptions, Standing
from posada.model.errors import ConservationError
from posada.plan.filling import fill_places
from posada.plan.highs import violation
from posada.plan.objectives import Model
from posada.plan.problem import Problem
from posada.plan.rule import rule_solution
from posada.plan.solve import TOLERATED
from posada.plan.town_turn import take_turn, town_objectives
from posada.plan.trimming import leave_out_waste

Floats = NDArray[np.float64]

GAIN = 1e-4
"""A change of less than this, or of this share, is no gain: what the arithmetic of a solve leaves behind."""


@dataclass(frozen=True, eq=False)
class AloneSolution:
    """What comes of every town for itself: ``x`` is ``(columns,)``, and was checked against every row.

    ``settled`` says that no town gains by a change; ``proven`` that every turn was solved to the end.
    """

    x: Floats
    rounds: int
    settled: bool
    proven: bool


def go_alone(model: Model, standing: Standing, options: CompareOptions) -> AloneSolution:
    """Return what comes of every town for itself.

    Raises
    ------
    ConservationError
        When the result does not keep every row; that would be a fault of the program.
    """
    x = fill_places(model, rule_solution(model), standing.places_share)
    rounds, settled, proven = 1, True, True
    for towns in turn_order(model.problem):
        x, used, calm, sure = _settle(model, x, towns, standing, options)
        rounds, settled, proven = max(rounds, used), settled and calm, proven and sure
    x = leave_out_waste(model, x)
    missed = violation(model.matrix, x)
    if missed > TOLERATED:
        raise ConservationError(f"the regime of towns alone misses a row by {missed:g}.")
    return AloneSolution(x, rounds, settled, proven)


def turn_order(problem: Problem) -> list[list[int]]:
    """Return the towns with vehicles in the order of the way; those that reach each other stand together."""
    towns = [int(town) for town in np.unique(problem.arcs.origin)] if problem.arcs.size else []
    beyond = problem.downstream.sum(axis=1)
    days = np.arange(len(problem.demand.dates))
    people = np.einsum("s,sdpc->dp", problem.demand.weights, problem.demand.people)
    middle = (days @ people) / np.maximum(people.sum(axis=0), 1e-9)
    towns.sort(key=lambda town: (-beyond[town], middle[town], problem.demand.place_ids[town]))
    groups: list[list[int]] = []
    for town in towns:
        mutual = [
            group for group in groups if problem.downstream[town, group[0]] and problem.downstream[group[0], town]
        ]
        if mutual:
            mutual[0].append(town)
        else:
            groups.append([town])
    return groups


def _settle(
    model: Model, x: Floats, towns: list[int], standing: Standing, options: CompareOptions
) -> tuple[Floats, int, bool, bool]:
    """Return the solution after towns that reach each other have settled: rounds, whether they did, whether proven."""
    proven = True
    for used in range(1, options.most_turns + 1):
        changed = False
        for town in towns:
            before = _values(model, x, town, standing)
            if _is_content(before, town, standing):
                continue
            turn = take_turn(model, x, town, standing, options.turn_seconds)
            proven &= turn.proven
            after = fill_places(model, turn.x, standing.places_share)
            if gains(before, _values(model, after, town, standing)):
                x, changed = after, True
        if not changed or len(towns) == 1:
            return x, used, True, proven
    return x, options.most_turns, False, proven


def _values(model: Model, x: Floats, town: int, standing: Standing) -> list[float]:
    return [float(cost @ x) for cost in town_objectives(model, town, standing)]


def _is_content(values: list[float], town: int, standing: Standing) -> bool:
    """Say whether a town has nothing to gain by its vehicles: nobody in its way, and no wish to help people on."""
    cares = standing.pushes[:, town].any() or standing.welcomes[:, town].all()
    return not cares and all(value <= GAIN for value in values[:3])


def gains(before: list[float], after: list[float]) -> bool:
    """Say whether a town is better off: the first of its aims that differs is lower."""
    for old, new in zip(before, after, strict=True):
        if abs(new - old) > GAIN * max(1.0, abs(old)):
            return new < old
    return False
