"""What each priority adds up: a cost for every column and a constant, expected over the scenarios."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posada.model.demand import ADULTS, FAMILIES, LIMITED_MOBILITY, MEDICAL
from posada.model.plan import Priority
from posada.plan.carried import conserve_people
from posada.plan.fairness import bound_load
from posada.plan.families import keep_families_together
from posada.plan.lodging import keep_capacity, lodge_people
from posada.plan.medical import medical_cost
from posada.plan.problem import Problem
from posada.plan.program import Matrix, Program
from posada.plan.reserve import MISSING_COST, hold_places
from posada.plan.supplies import SupplyColumns, bring_supplies
from posada.plan.transport import fill_seats, keep_hours
from posada.plan.variables import Table, Variables, declare

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FOOT_WEIGHT = {ADULTS: 1.0, FAMILIES: 2.0, LIMITED_MOBILITY: 4.0, MEDICAL: 4.0}
"""Weight of a kilometre on foot by need class: a project assumption."""


@dataclass(frozen=True, eq=False)
class Objective:
    """``constant + cost·x``; ``cost`` is ``(columns,)``."""

    priority: Priority
    cost: Floats
    constant: float

    def value(self, x: Floats) -> float:
        """Return what a solution adds up to."""
        return self.constant + float(self.cost @ x)


@dataclass(frozen=True, eq=False)
class Model:
    """A problem as a program: its columns, its matrix and its objectives in the order of priorities."""

    problem: Problem
    held: Variables
    matrix: Matrix
    objectives: tuple[Objective, ...]
    supplies: tuple[SupplyColumns, ...]
    missing: Ints
    largest: Ints
    families: dict[str, int]


def build_model(problem: Problem) -> Model:
    """Return the program of a problem: one call per family of constraints."""
    program = Program()
    held = declare(program, problem)
    conserve_people(program, problem, held)
    lodge_people(program, problem, held)
    keep_capacity(program, problem, held)
    keep_families_together(program, problem, held)
    fill_seats(program, problem, held)
    keep_hours(program, problem, held)
    missing = hold_places(program, problem, held)
    largest = bound_load(program, problem, held)
    supplies = bring_supplies(program, problem, held)
    objectives = _objectives(program, problem, held, missing=missing, largest=largest, supplies=supplies)
    return Model(problem, held, program.finish(), objectives, supplies, missing, largest, program.families())


def _objectives(
    program: Program,
    problem: Problem,
    held: Variables,
    *,
    missing: Ints,
    largest: Ints,
    supplies: tuple[SupplyColumns, ...],
) -> tuple[Objective, ...]:
    weights = problem.demand.weights
    made: dict[Priority, tuple[Floats, float]] = {}

    def blank() -> Floats:
        return np.zeros(program.columns)

    cost = blank()
    cost[held.without.column] = weights[held.without.at[0]]
    made[Priority.WITHOUT_PLACE] = cost, _per_leg(problem, held, cost, road_nights(problem))
    cost = blank()
    made[Priority.MEDICAL_UNMET] = cost, medical_cost(problem, held, cost)
    cost = blank()
    for table in (held.split, held.ride_split):
        cost[table.column] = weights[table.at[0]]
    made[Priority.FAMILIES_SPLIT] = cost, 0.0
    cost = blank()
    cost[held.over.column] = weights[held.over.at[0]]
    made[Priority.OVERCROWDED] = cost, 0.0
    cost = blank()
    made[Priority.ON_FOOT] = cost, _per_leg(problem, held, cost, _foot_km(problem))
    cost = blank()
    for part in supplies:
        cost[part.short] = weights[part.short_at[0]] / problem.supplies[part.stocks[0]].per_person_night
    made[Priority.SUPPLIES_SHORT] = cost, 0.0
    made[Priority.COST] = _money(program, problem, held, missing), 0.0
    cost = blank()
    cost[largest] = weights
    made[Priority.UNFAIR] = cost, 0.0
    return tuple(Objective(priority, *made[priority]) for priority in Priority)


def road_nights(problem: Problem) -> Floats:
    """Return the nights that each leg spends on the road within the horizon, ``(legs, 1)``."""
    legs = problem.demand.legs
    return (np.minimum(legs.arrives, len(problem.demand.dates)) - legs.leaves).astype(np.float64)[:, None]


def _foot_km(problem: Problem) -> Floats:
    weight = np.array([FOOT_WEIGHT[need] for need in range(len(FOOT_WEIGHT))])
    return np.asarray(problem.leg_km[:, None] * weight)


def _per_leg(problem: Problem, held: Variables, cost: Floats, each: Floats) -> float:
    """Count ``each`` for all who go a leg themselves: add what carrying saves to the cost, return the whole."""
    legs, weights = problem.demand.legs, problem.demand.weights
    each = np.broadcast_to(each, legs.people.shape)
    for table in (held.leg_new, held.leg_old):
        leg, need = table.at
        cost[table.column] -= weights[legs.scenario[leg]] * each[leg, need]
    return float((weights[legs.scenario][:, None] * legs.people * each).sum())


def _money(program: Program, problem: Problem, held: Variables, missing: Ints) -> Floats:
    options, weights = problem.options, problem.demand.weights
    cost = np.zeros(program.columns)

    def share(table: Table) -> Floats:
        common = table.at[1] < problem.near
        return np.where(common, 1.0, weights[table.at[0]])

    cost[held.opened.column] = options.site_cost_per_night * share(held.opened)
    cost[held.lodged.column] = options.place_cost_per_night * weights[held.lodged.at[0]]
    arc = held.trips.at[2]
    driven = problem.arcs.km[arc] + problem.arcs.empty_km[arc]
    cost[held.trips.column] = driven * options.vehicle_cost_per_km * share(held.trips)
    cost[missing] = MISSING_COST * weights.mean()
    return cost
