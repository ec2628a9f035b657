"""Every town for itself: each in turn answers what its neighbours send it, until none wants to change.

What a town does reaches only the towns beyond it, and it sends nobody back to towns that had their turn. So in the
order of the way one pass is a fixed point, as far as nothing that comes later changes what a town can do. It can a
little where people go both ways between towns, and where trips were rounded. So all are asked again, with the rides of
the others held, until nobody gains more than a share of its person-nights by a change, or the rounds are used up; who
still gains then is said.
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
from posada.plan.town_turn import GAIN, take_turn, town_aims
from posada.plan.trimming import leave_out_waste
from posada.plan.usable import TOLERATED

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class AloneSolution:
    """What comes of every town for itself: ``x`` is ``(columns,)``, and was checked against every row.

    ``unsettled`` are the towns that changed in the last round; with none it is a fixed point. ``proven`` says that
    every turn was solved to the end, with trips of the near days whole.
    """

    x: Floats
    rounds: int
    unsettled: tuple[str, ...]
    proven: bool


def go_alone(model: Model, standing: Standing, options: CompareOptions) -> AloneSolution:
    """Return what comes of every town for itself.

    Raises
    ------
    ConservationError
        When the result does not keep every row; that would be a fault of the program.
    """
    x = fill_places(model, rule_solution(model), standing.places_share)
    order, proven, rounds = turn_order(model.problem), True, 0
    changed = list(order)
    while changed and rounds < options.most_turns:
        rounds, changed = rounds + 1, []
        for number, town in enumerate(order):
            if _is_content(model, x, town, standing):
                continue
            # In the first round every gain counts; then a town that gains next to nothing has settled.
            share = GAIN if rounds == 1 else options.settled_share
            turn = take_turn(
                model, x, town, standing, before=order[:number], seconds=options.turn_seconds, gain_share=share
            )
            proven &= turn.proven
            if turn.gains:
                x = fill_places(model, turn.x, standing.places_share)
                changed.append(town)
    x = leave_out_waste(model, x)
    missed = violation(model.matrix, x)
    if missed > TOLERATED:
        raise ConservationError(f"the regime of towns alone misses a row by {missed:g}.")
    return AloneSolution(x, rounds, tuple(model.problem.demand.place_ids[town] for town in changed), proven)


def turn_order(problem: Problem) -> list[int]:
    """Return the towns with vehicles in the order of the way: whoever is reached from another comes after it.

    Where people go both ways between two towns, the one in which they are earlier comes first.
    """
    towns = [int(town) for town in np.unique(problem.arcs.home[~problem.arcs.night])]
    beyond = problem.downstream.sum(axis=1)
    people = np.einsum("s,sdpc->dp", problem.demand.weights, problem.demand.people)
    middle = (np.arange(len(problem.demand.dates)) @ people) / np.maximum(people.sum(axis=0), 1e-9)
    return sorted(towns, key=lambda town: (-beyond[town], middle[town], problem.demand.place_ids[town]))


def _is_content(model: Model, x: Floats, town: int, standing: Standing) -> bool:
    """Say whether a town has nothing to gain by its vehicles: nobody in its way, and no wish to help people on."""
    if standing.pushes[:, town].any() or standing.welcomes[:, town].all():
        return False
    return all(float(aim.cost @ x) <= GAIN for aim in town_aims(model, town, standing)[:3])
