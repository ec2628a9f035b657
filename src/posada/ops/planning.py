"""Planning from a scenario in one call: demand from its forecast or a table, its offers, the plan, the files."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

import posada
from posada.forecast.vintage import as_known
from posada.io.demand_table import read_demand
from posada.io.folder import read_scenario
from posada.io.plan_files import read_changes, read_plan_file
from posada.io.results import check_target
from posada.io.stamp import written_at
from posada.model.audience import Audience
from posada.model.demand import DemandScenarios, Legs
from posada.model.errors import InvalidValueError
from posada.model.plan import Difference, Plan, PlanOptions, PlanSite, PlanStamp, Unusable
from posada.model.run import Run
from posada.model.scenario import Scenario
from posada.model.sensitive import pseudonyms
from posada.ops.assumed import assumed_places, assumed_sites
from posada.ops.demand import forecast_demand
from posada.ops.plan_writing import PlanOutput, write_plan_output
from posada.ops.planned_vehicles import with_planned_trips
from posada.ops.simulation import as_of_date, simulate_journey
from posada.plan.offers import usable_fleets, usable_sites, usable_stocks
from posada.plan.planning import make_plan
from posada.plan.problem import Problem, build_problem
from posada.plan.replan import changed_fleets, changed_sites, differences

REPLAN_DAYS = 7
"""Days from a change on that are planned anew."""
REPLAN_SECONDS = 8.0


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """What is asked for: a scenario, its demand (a table, or members of a forecast), and perhaps a plan to change."""

    scenario: str
    members: int = 1000
    scenarios: int = 20
    days: int = 30
    seed: int = 1
    as_of: str | None = None
    demand: str | None = None
    from_plan: str | None = None
    change: str | None = None
    assume_places: bool = True
    out: Path | None = None
    audience: Audience = Audience.PUBLIC
    briefs: bool = True
    threads: int = 1
    options: PlanOptions = field(default_factory=PlanOptions)


@dataclass(frozen=True, slots=True)
class PlanAnswer:
    """A plan, what is otherwise in it than in the one it came from, and the files that were written."""

    request: PlanRequest
    plan: Plan
    scenario: Scenario
    problem: Problem
    changes: tuple[Difference, ...] = ()
    files: tuple[Path, ...] = ()


def plan_scenario(
    request: PlanRequest, *, tell: Callable[[str], None] | None = None, made_at: dt.datetime | None = None
) -> PlanAnswer:
    """Make the plan that is asked for, and write it where it is asked for.

    Parameters
    ----------
    made_at : datetime, optional
        The moment for the stamp; now when not given.

    Raises
    ------
    PosadaError
        When the input is at fault. Nothing is written then.
    """
    if (request.from_plan is None) != (request.change is None):
        raise InvalidValueError("a plan to change (--from) and what has changed (--change) belong together. Give both.")
    if request.threads < 1:
        raise InvalidValueError(f"threads is {request.threads}. It must be more than 0.")
    if request.out is not None:
        check_target(request.out)
    scenario = read_scenario(request.scenario)
    if scenario.is_dispersed:
        raise InvalidValueError("plans are made for journeys of groups; the scenario has dispersed people.")
    demand, known, run = _demand_and_run(request, scenario)
    if request.from_plan is None or request.change is None:
        problem = problem_of(request, known, demand)
        plan = make_plan(problem, _stamp(request, known, demand), threads=request.threads, tell=tell)
        answer = PlanAnswer(request, plan, known, problem)
    else:
        answer = _replan(request, known, demand, from_plan=request.from_plan, change=request.change, tell=tell)
    if request.out is None:
        return answer
    output = PlanOutput(
        answer.plan,
        answer.problem,
        known,
        members=demand.scenarios if run is None else run.members,
        made_at=written_at(made_at),
        run=run,
        changes=None if request.change is None else answer.changes,
    )
    files = write_plan_output(output, request.out, request.audience, briefs=request.briefs)
    return dataclasses.replace(answer, files=tuple(files))


def demand_of(request: PlanRequest, scenario: Scenario) -> tuple[DemandScenarios, Scenario]:
    """Return the demand of a request, and the scenario as it was known when it was made."""
    demand, known, _ = _demand_and_run(request, scenario)
    return demand, known


def _demand_and_run(request: PlanRequest, scenario: Scenario) -> tuple[DemandScenarios, Scenario, Run | None]:
    date = as_of_date(scenario, request.as_of)
    known = scenario if date is None else as_known(scenario, date).scenario
    if request.demand is not None:
        return read_demand(request.demand, scenario), known, None
    idle = with_planned_trips(scenario, known, (), request.options)
    run = simulate_journey(idle, request.members, request.seed, as_of=request.as_of)
    demand = forecast_demand(run, request.scenarios, request.days, request.options, sites=sites_of(request, known)[0])
    return demand, known, dataclasses.replace(run, scenario=known)  # whose vehicles are offered all the same


def sites_of(request: PlanRequest, scenario: Scenario) -> tuple[tuple[PlanSite, ...], tuple[Unusable, ...]]:
    """Return the sites of a scenario, assumed ones among them unless they are to be left out, and what is none."""
    options = dataclasses.replace(request.options, climate=scenario.settings.climate)
    supposed = assumed_places(scenario) if request.assume_places else {}
    sites, closed = usable_sites(scenario, options, supposed)
    more = assumed_sites(scenario, sites) if request.assume_places else ()
    return (*sites, *more), closed


def problem_of(request: PlanRequest, scenario: Scenario, demand: DemandScenarios) -> Problem:
    """Return the problem of a demand with the offers of the scenario.

    Towns that report no place have assumed ones, marked as such in the plan; ``assume_places`` leaves them out.
    """
    options = dataclasses.replace(request.options, climate=scenario.settings.climate)
    sites, closed = sites_of(request, scenario)
    fleets, idle = usable_fleets(scenario, options)
    return build_problem(
        scenario,
        demand,
        options,
        sites,
        fleets,
        unusable=(*closed, *idle),
        supplies=usable_stocks(scenario),
        seed=request.seed,
    )


def _replan(
    request: PlanRequest,
    scenario: Scenario,
    demand: DemandScenarios,
    *,
    from_plan: str,
    change: str,
    tell: Callable[[str], None] | None,
) -> PlanAnswer:
    old = read_plan_file(from_plan, pseudonyms(scenario))
    if old.stamp.scenario_id != scenario.settings.id:
        raise InvalidValueError(
            f"the plan at '{from_plan}' is for '{old.stamp.scenario_id}', and the scenario is '{scenario.settings.id}'."
        )
    changes = read_changes(change, old)
    since = min(row.since for row in changes)
    passed = sum(date < since for date in demand.dates)
    if not 0 <= passed < len(demand.dates) or since < demand.dates[0]:
        raise InvalidValueError(
            f"the change of {since} is outside the days of the plan, {demand.dates[0]} to {demand.dates[-1]}."
        )
    options = dataclasses.replace(
        old.options,
        near_days=passed + old.options.near_days,
        time_limit_s=min(REPLAN_SECONDS, request.options.time_limit_s),
    )
    demand = first_days(demand, min(len(demand.dates), passed + REPLAN_DAYS))
    problem = build_problem(
        scenario,
        demand,
        options,
        changed_sites(old.sites, changes),
        changed_fleets(old.fleets, changes),
        unusable=old.unusable,
        supplies=usable_stocks(scenario),
        seed=request.seed,
    )
    plan = make_plan(
        problem, _stamp(request, scenario, demand), keep=old, since=since, threads=request.threads, tell=tell
    )
    return PlanAnswer(request, plan, scenario, problem, differences(old, plan, since))


def first_days(demand: DemandScenarios, days: int) -> DemandScenarios:
    """Return the first days of a demand."""
    legs = demand.legs
    kept = legs.leaves < days
    return dataclasses.replace(
        demand,
        dates=demand.dates[:days],
        people=np.array(demand.people[:, :days]),
        legs=Legs(*(np.array(getattr(legs, item.name)[kept]) for item in dataclasses.fields(legs))),
    )


def _stamp(request: PlanRequest, scenario: Scenario, demand: DemandScenarios) -> PlanStamp:
    date: dt.date | None = as_of_date(scenario, request.as_of)
    settings = scenario.settings
    return PlanStamp(posada.__version__, settings.id, scenario.hash, request.seed, date, demand.origin)
