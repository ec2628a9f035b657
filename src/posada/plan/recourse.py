"""A plan tried on a course of events that it was not made for: what is decided stays, the rest adapts.

The trips of the near days are held as decided, and so are the openings, though a site may open late that nobody
expected to need. Each member of a forecast is then solved alone for the people without a place, which gives the best
that could still be done: it knows the days to come, as no town does. The rule is tried on the same members: every
site is open, everybody goes to the nearest, first come, and nobody is carried.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from posada.model.demand import DemandScenarios, Legs
from posada.model.errors import InvalidValueError
from posada.model.plan import Plan, PlanFleet, PlanSite
from posada.model.scenario import Scenario
from posada.plan.highs import Solver
from posada.plan.holding import decided_values
from posada.plan.objectives import Model, build_model
from posada.plan.problem import build_problem, honoured_draw
from posada.plan.rule import rule_solution

Floats = NDArray[np.float64]
Offer = TypeVar("Offer", PlanSite, PlanFleet)


@dataclass(frozen=True, eq=False)
class Trial:
    """Person-nights without a place in each member tried, ``(members,)``: by the plan, and by the rule."""

    by_plan: Floats
    by_rule: Floats


def try_plan(plan: Plan, scenario: Scenario, demand: DemandScenarios, seed: int) -> Trial:
    """Return how a plan and the rule do in each scenario of another demand on the same days.

    Whether offers are honoured is drawn for each member by name, so that a plan is tried on withdrawals as well.
    """
    by_plan, by_rule = [], []
    for member in range(demand.scenarios):
        one = one_scenario(demand, member)
        problem = build_problem(
            scenario, one, plan.options, _kept(plan.sites, one, seed), _kept(plan.fleets, one, seed)
        )
        model = build_model(problem)
        objective = model.objectives[0]
        by_rule.append(objective.value(rule_solution(model)))
        solver = Solver(model.matrix)
        _hold(solver, model, plan)
        solver.relax(True)
        solver.set_cost(objective.cost)
        solved = solver.solve(60.0)
        if solved.solution is None:
            raise InvalidValueError(f"the plan cannot be tried on '{one.labels[0]}': {solved.status.value}.")
        by_plan.append(objective.constant + solved.value)
    return Trial(np.array(by_plan), np.array(by_rule))


def _hold(solver: Solver, model: Model, plan: Plan) -> None:
    """Hold the trips of the near days, and at least the openings; a site that stands ready can still open late."""
    columns, values = decided_values(model, plan, model.problem.near)
    most = np.where(np.isin(columns, model.held.opened.column), model.matrix.upper[columns], values)
    solver.set_bounds(columns, np.minimum(values, most), most)


def _kept(offers: Sequence[Offer], demand: DemandScenarios, seed: int) -> list[Offer]:
    """Return the offers that are honoured in a member, drawn by name."""
    return [
        dataclasses.replace(offer, honoured=1.0)
        for offer in offers
        if honoured_draw(seed, offer.id, demand.labels[0]) < offer.honoured
    ]


def one_scenario(demand: DemandScenarios, index: int) -> DemandScenarios:
    """Return one scenario of a demand, with all the weight."""
    legs = demand.legs
    kept = legs.scenario == index
    return DemandScenarios(
        dates=demand.dates,
        place_ids=demand.place_ids,
        weights=np.ones(1),
        people=demand.people[index : index + 1].copy(),
        legs=Legs(
            np.zeros(int(kept.sum()), np.int64),
            *(getattr(legs, name)[kept].copy() for name in ("leaves", "origin", "target", "arrives", "people")),
        ),
        labels=(demand.labels[index],),
        origin=demand.origin,
    )
