"""Comparing towns alone with a coordinated corridor in one call: demand, both regimes, one offer more, the files."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import posada
from posada.io.folder import read_scenario
from posada.io.results import check_target
from posada.model.comparison import CompareOptions, Effect, ForecastRound, Ranking, Standing
from posada.model.demand import DemandScenarios
from posada.model.errors import InvalidValueError
from posada.model.plan import Plan, PlanStamp, Trip
from posada.model.scenario import Scenario
from posada.ops.comparison_tables import write_comparison
from posada.ops.planned_forecast import PlannedForecast, forecast_rounds, planned_forecast, without_used
from posada.ops.planning import PlanRequest, demand_of, problem_of
from posada.ops.simulation import as_of_date, means_of
from posada.ops.standing import standing_of
from posada.plan.next_offer import Trials
from posada.plan.planning import make_plan
from posada.plan.problem import Problem
from posada.plan.reading import read_plan
from posada.plan.regimes import Regimes, compare_regimes

ROUND_TIME_SHARE = 0.5
"""Part of the time limit that a plan of a later round may take: only its near trips are asked for."""


@dataclass(frozen=True, slots=True)
class CompareRequest:
    """What is asked for: the plan of the coordinated corridor, how far to look beyond it, and where tables go.

    ``workers`` are threads of the forecast; one for each processor when ``None``.
    """

    plan: PlanRequest
    compare: CompareOptions = field(default_factory=CompareOptions)
    workers: int | None = None
    out: Path | None = None


@dataclass(frozen=True, eq=False)
class CompareAnswer:
    """Both regimes of a scenario, the best next offers, refusals, the rounds with the forecast, and the files."""

    request: CompareRequest
    scenario: Scenario
    problem: Problem
    standing: Standing
    stamp: PlanStamp
    regimes: Regimes
    ranking: Ranking
    refusals: tuple[Effect, ...]
    rounds: tuple[ForecastRound, ...]
    files: tuple[Path, ...] = ()


def compare_scenario(
    request: CompareRequest,
    *,
    tell: Callable[[str], None] | None = None,
    made_at: dt.datetime | None = None,
) -> CompareAnswer:
    """Compare what comes of every town for itself with one plan for the corridor.

    Raises
    ------
    PosadaError
        When the input is at fault. Nothing is written then.
    """
    if request.out is not None:
        check_target(request.out)
    asked = request.plan
    scenario = read_scenario(asked.scenario)
    if scenario.is_dispersed:
        raise InvalidValueError("plans are made for journeys of groups; the scenario has dispersed people.")
    say = tell or (lambda _: None)
    say("the forecast")
    forecast = None
    if asked.demand is None:
        forecast = planned_forecast(asked, scenario, means_of(request.workers))
        demand, known = forecast.demand, forecast.known
    else:
        demand, known = demand_of(asked, scenario)
    problem = problem_of(asked, known, demand)
    standing = standing_of(known, demand, request.compare)
    date = as_of_date(known, asked.as_of)
    stamp = PlanStamp(posada.__version__, known.settings.id, known.hash, asked.seed, date, demand.origin)
    regimes = compare_regimes(problem, standing, request.compare, threads=asked.threads, tell=say)
    rounds = _rounds(request, forecast, regimes, stamp, say)
    say("one offer more, one town less")
    trials = Trials(known, problem, request.compare)
    answer = CompareAnswer(
        request, known, problem, standing, stamp, regimes, trials.rank(request.compare, say),
        trials.refusals(request.compare), rounds,
    )  # fmt: skip
    if request.out is None:
        return answer
    return dataclasses.replace(answer, files=tuple(write_comparison(answer, request.out, made_at)))


def _rounds(
    request: CompareRequest,
    forecast: PlannedForecast | None,
    regimes: Regimes,
    stamp: PlanStamp,
    say: Callable[[str], None],
) -> tuple[ForecastRound, ...]:
    """Return the rounds with the forecast; none when the demand comes from a table."""
    if forecast is None:
        return ()
    asked = forecast.request
    options = dataclasses.replace(asked.options, time_limit_s=ROUND_TIME_SHARE * asked.options.time_limit_s)
    again = dataclasses.replace(asked, options=options)

    def plan_again(demand: DemandScenarios, trips: tuple[Trip, ...]) -> Plan:
        say("the plan on the forecast that follows from it")
        problem = without_used(problem_of(again, forecast.known, demand), trips)
        return make_plan(problem, stamp, threads=asked.threads)

    first = read_plan(regimes.model, regimes.coordinated, stamp)
    return forecast_rounds(forecast, first, plan_again, request.compare.rounds)
