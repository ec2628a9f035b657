"""The loop of forecast and plan: people who are carried arrive earlier, so the forecast is run anew with the plan.

Vehicles that a plan decides on stand idle in the first forecast: it shows what comes if nobody is carried by them. The
trips that are decided for the near days then become vehicles of the scenario, with their seats, day and last place, and
the same members are run under the same luck. What they need is planned again, with the vehicles that are left; its
trips are added, and so on, until a plan adds none (a fixed point) or the rounds are used up. A trip that was decided
stays decided: towns have been told.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posada.forecast.vintage import as_known
from posada.model.comparison import ForecastRound
from posada.model.demand import DemandScenarios
from posada.model.plan import Plan, Priority, Trip
from posada.model.scenario import Scenario
from posada.ops.demand import choose_members, members_demand
from posada.ops.means import Means
from posada.ops.planned_vehicles import with_planned_trips
from posada.ops.planning import PlanRequest, sites_of
from posada.ops.simulation import as_of_date, simulate_journey
from posada.plan.problem import Problem

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class PlannedForecast:
    """A forecast whose vehicles are the plan's: the members that stand for all, with their weights, in every round."""

    request: PlanRequest
    scenario: Scenario
    known: Scenario
    demand: DemandScenarios
    members: tuple[int, ...]
    means: Means

    def again(self, trips: Iterable[Trip]) -> DemandScenarios:
        """Return the demand of the same members when these trips are made."""
        request, options = self.request, self.request.options
        scenario = with_planned_trips(self.scenario, self.known, tuple(trips), options)
        run = simulate_journey(scenario, request.members, request.seed, as_of=request.as_of, means=self.means)
        days = len(self.demand.dates)
        return members_demand(run, self.members, np.array(self.demand.weights), days, options.family_size)


def planned_forecast(request: PlanRequest, scenario: Scenario, means: Means) -> PlannedForecast:
    """Return the forecast in which nobody is carried by the vehicles that a plan decides on."""
    date = as_of_date(scenario, request.as_of)
    known = scenario if date is None else as_known(scenario, date).scenario
    idle = with_planned_trips(scenario, known, (), request.options)
    run = simulate_journey(idle, request.members, request.seed, as_of=request.as_of, means=means)
    days = min(request.days, len(run.dates))
    sites, _ = sites_of(request, known)
    members, weights = choose_members(run, min(request.scenarios, run.members), days, request.options, sites)
    demand = members_demand(run, members, weights, days, request.options.family_size)
    return PlannedForecast(request, scenario, known, demand, tuple(members), means)


def forecast_rounds(
    forecast: PlannedForecast,
    first: Plan,
    plan_again: Callable[[DemandScenarios, tuple[Trip, ...]], Plan],
    rounds: int,
) -> tuple[ForecastRound, ...]:
    """Return the rounds between forecast and plan; the last one adds no trip where a fixed point was reached.

    Parameters
    ----------
    first : Plan
        That of the first forecast.
    plan_again : callable
        Given a demand and the trips that are decided already, returns a plan without their vehicles.
    """
    demand, plan = forecast.demand, first
    fresh = _near_trips(plan)
    trips = fresh
    told = [_round(0, 0.0, demand, plan, fresh)]
    while fresh and len(told) <= rounds:
        before, demand = demand, forecast.again(trips)
        plan = plan_again(demand, trips)
        fresh = _near_trips(plan)
        trips = (*trips, *fresh)
        told.append(_round(len(told), _moved(before, demand), demand, plan, fresh))
    return tuple(told)


def without_used(problem: Problem, trips: Iterable[Trip]) -> Problem:
    """Return a problem in which offers that have trips on a day make no others on it: no seat counts twice."""
    on = problem.fleet_on.copy()
    position = {fleet.id: index for index, fleet in enumerate(problem.fleets)}
    days = {date: index for index, date in enumerate(problem.demand.dates)}
    for trip in trips:
        first = days[trip.date]
        tied = max(1, math.ceil(trip.hours_each / problem.options.driver_hours - 1e-9))
        on[position[trip.vehicle_id], first : first + tied] = False
    return dataclasses.replace(problem, fleet_on=on)


def _near_trips(plan: Plan) -> tuple[Trip, ...]:
    """Return the trips that are decided and take people on; whoever is away for a night is back in the morning."""
    return tuple(row for row in plan.trips if row.scenario < 0 and not row.for_night)


def _person_nights(demand: DemandScenarios) -> float:
    return float(demand.weights @ demand.people.sum(axis=(1, 2, 3)))


def _moved(before: DemandScenarios, after: DemandScenarios) -> float:
    """Return the sum of all changes of people by town and night as a share of the person-nights before."""
    apart = np.abs(after.people.sum(axis=3) - before.people.sum(axis=3)).sum(axis=(1, 2))
    return float(before.weights @ apart) / max(_person_nights(before), 1e-9)


def _round(number: int, moved: float, demand: DemandScenarios, plan: Plan, fresh: tuple[Trip, ...]) -> ForecastRound:
    without = plan.stage(Priority.WITHOUT_PLACE).value
    return ForecastRound(number, moved, _person_nights(demand), sum(trip.trips for trip in fresh), without)
