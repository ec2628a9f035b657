"""What one offer more would do, anywhere, and what one town's refusal does: by the relaxed whole, first priority only.

A site and a bus are put into every town where anybody is, closed and idle at first. The solve of the relaxed whole
then prices each of them at once: with *r* the reduced costs of its columns, the value is convex in their bounds, so
that opening it saves at most ``Σ −r × bound`` (Rockafellar 1970, §29). Candidates are solved in the order of that
bound, each alone, until no other can be among the best: so the ranking is exact for the relaxed whole, and says so
where the tries are used up before.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posada.model.comparison import RANGE, CompareOptions, Effect, Ranking, weighted_quantiles
from posada.model.errors import InvalidValueError
from posada.model.plan import PlanFleet, PlanSite, SolveStatus
from posada.model.scenario import Scenario
from posada.plan.highs import Solver
from posada.plan.objectives import build_model, road_nights
from posada.plan.problem import Problem, build_problem
from posada.plan.shortfall import Shortfall

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SITE, BUS, REFUSAL = "site", "bus", "refusal"

_FIRST_SECONDS, _SECONDS = 300.0, 60.0
"""For the solve without a candidate, without which there is nothing to say, and for each one after it."""

_NIL = 1e-4


@dataclass(frozen=True, eq=False)
class Candidate:
    """An offer that could be made: its columns of openings or trips, and the bounds that they have when it is."""

    what: str
    place_id: str
    columns: Ints
    most: Floats
    bound: float = np.inf


class Trials:
    """The relaxed whole with candidates in every town, solved anew for one of them at a time.

    Raises
    ------
    InvalidValueError
        When the relaxed whole without a candidate is not solved in time.
    """

    def __init__(self, scenario: Scenario, problem: Problem, options: CompareOptions) -> None:
        self.model = build_model(_with_candidates(scenario, problem, options))
        self._real = len(problem.sites), len(problem.fleets)
        self._objective = self.model.objectives[0]
        self._solver = Solver(self.model.matrix)
        self._solver.relax(True)
        self._solver.set_cost(self._objective.cost)
        self.candidates = self._candidates()
        for candidate in self.candidates:
            self._set(candidate, 0.0 * candidate.most)
        self.base = self._first()
        self._per_scenario = self._by_scenario(self.base)
        if self.candidates:
            duals = self._solver.reduced_costs()
            self.candidates = tuple(self._bounded(candidate, duals) for candidate in self.candidates)
        # From here on little changes from solve to solve: simplex goes on from where it stands, in half the time.
        self._solver.relax(True, interior=False)

    def rank(self, options: CompareOptions, tell: Callable[[str], None] | None = None) -> Ranking:
        """Return the best next offers, most person-nights first; what was not solved in time keeps its bound."""
        waiting = sorted(self.candidates, key=lambda row: (-row.bound, row.place_id, row.what))
        found: list[Effect] = []
        unsolved: list[Candidate] = []
        while waiting and len(found) + len(unsolved) < options.most_tries:
            best = sorted((row.mean for row in found), reverse=True)[: options.shown]
            least = best[-1] if len(best) >= options.shown > 0 else _NIL
            if waiting[0].bound <= max(least, _NIL):
                break
            candidate = waiting.pop(0)
            if tell is not None:
                tell(f"{candidate.what} in {candidate.place_id}")
            self._set(candidate, candidate.most)
            effect = self._effect(candidate, sign=1.0)
            self._set(candidate, 0.0 * candidate.most)
            if effect is None:
                unsolved.append(candidate)
            else:
                found.append(effect)
        found.sort(key=lambda row: (-row.mean, row.place_id, row.what))
        shown = tuple(row for row in found[: options.shown] if row.mean > _NIL)
        bound = max((row.bound for row in (*unsolved, *waiting)), default=0.0)
        return Ranking(shown, len(self.candidates), len(found), bound)

    def refusals(self, options: CompareOptions) -> tuple[Effect, ...]:
        """Return what it costs when a town opens nothing and lets nobody off, of those that lodge most people."""
        model, held, problem = self.model, self.model.held, self.model.problem
        s, _, i, _ = held.lodged.at
        weight = problem.demand.weights[s] * self.base[held.lodged.column]
        lodged = np.bincount(problem.site_place[i], weight, minlength=len(problem.demand.place_ids))
        towns = sorted(np.flatnonzero(lodged > _NIL), key=lambda town: (-lodged[town], problem.demand.place_ids[town]))
        found = []
        for town in towns[: options.shown]:
            mine = (problem.site_place[held.opened.at[2]] == town) & (held.opened.at[2] < self._real[0])
            down = problem.arcs.target[held.trips.at[2]] == town
            down &= problem.arcs.fleet[held.trips.at[2]] < self._real[1]
            columns = np.concatenate([held.opened.column[mine], held.trips.column[down]])
            most = model.matrix.upper[columns]
            refusal = Candidate(REFUSAL, problem.demand.place_ids[town], columns, most)
            self._set(refusal, 0.0 * most)
            effect = self._effect(refusal, sign=-1.0)
            found += [] if effect is None else [effect]
            self._set(refusal, most)
        return tuple(sorted(found, key=lambda row: (-row.mean, row.place_id)))

    def _candidates(self) -> tuple[Candidate, ...]:
        held, problem, upper = self.model.held, self.model.problem, self.model.matrix.upper
        rows = []
        for index in range(self._real[0], len(problem.sites)):
            columns = held.opened.column[held.opened.at[2] == index]
            rows.append(Candidate(SITE, problem.sites[index].place_id, columns, upper[columns]))
        for index in range(self._real[1], len(problem.fleets)):
            columns = held.trips.column[problem.arcs.fleet[held.trips.at[2]] == index]
            rows.append(Candidate(BUS, problem.fleets[index].place_id, columns, upper[columns]))
        return tuple(row for row in rows if row.columns.size)

    def _bounded(self, candidate: Candidate, duals: Floats) -> Candidate:
        """Return a candidate with the most that it can save: see the head of the module; never more than there is.

        A bus is on one way at a time: of its trips of a day in a scenario only the best hours count.
        """
        saved = np.maximum(-duals[candidate.columns], 0.0)
        if candidate.what == SITE:
            bound = float(saved @ candidate.most)
        else:
            held, problem = self.model.held, self.model.problem
            row = np.searchsorted(held.trips.column, candidate.columns)
            s, d, arc = (axis[row] for axis in held.trips.at)
            hours = np.minimum(problem.arcs.hours[arc], problem.options.driver_hours)
            worth = saved * np.minimum(candidate.most, problem.options.driver_hours / np.maximum(hours, 1e-9))
            days = np.zeros((problem.demand.scenarios, len(problem.demand.dates)))
            np.maximum.at(days, (s, d), worth)
            bound = float(days.sum())
        there_is = float(self.model.problem.demand.weights @ self._per_scenario)
        return dataclasses.replace(candidate, bound=min(bound, there_is))

    def _set(self, candidate: Candidate, most: Floats) -> None:
        self._solver.set_bounds(candidate.columns, np.zeros(most.size), most)

    def _first(self) -> Floats:
        solved = self._solver.solve(_FIRST_SECONDS)
        if solved.status is not SolveStatus.OPTIMAL or solved.solution is None:
            raise InvalidValueError(
                f"what one offer more would do cannot be said: {solved.status.value}. Compare fewer scenarios or days."
            )
        return solved.solution

    def _effect(self, candidate: Candidate, *, sign: float) -> Effect | None:
        """Return what a candidate changes, or nothing when its solve did not come to an end."""
        solved = self._solver.solve(_SECONDS)
        if solved.status is not SolveStatus.OPTIMAL or solved.solution is None:
            return None
        change = sign * (self._per_scenario - self._by_scenario(solved.solution))
        weights = self.model.problem.demand.weights
        spread = weighted_quantiles(change, weights, RANGE)
        return Effect(candidate.what, candidate.place_id, float(weights @ change), *spread)

    def _by_scenario(self, x: Floats) -> Floats:
        """Return person-nights without a place, ``(scenarios,)``."""
        held, problem = self.model.held, self.model.problem
        demand = problem.demand
        total = np.bincount(held.without.at[0], x[held.without.column], minlength=demand.scenarios)
        nights = road_nights(problem)[:, 0]
        for table in (held.leg_new, held.leg_old):
            leg = table.at[0]
            saved = x[table.column] * nights[leg]
            total -= np.bincount(demand.legs.scenario[leg], saved, minlength=demand.scenarios)
        walked = demand.legs.people.sum(axis=1) * nights
        return np.asarray(total + np.bincount(demand.legs.scenario, walked, minlength=demand.scenarios), np.float64)


def _with_candidates(scenario: Scenario, problem: Problem, options: CompareOptions) -> Problem:
    demand = problem.demand
    there = [demand.place_ids[town] for town in np.flatnonzero(demand.people.any(axis=(0, 1, 3)))]
    sites = [
        PlanSite(f"{place}-next-site", place, "one more site", options.site_places, options.site_places)
        for place in there
    ]
    fleets = [
        PlanFleet(f"{place}-next-bus", place, "bus", 1, options.bus_seats, options.bus_range_km, None, False)
        for place in there
    ]
    offers = ((*problem.sites, *sites), (*problem.fleets, *fleets))
    # Who lacks places is as it is without a candidate; where they can be taken for a night, as it may be with one.
    spare = build_problem(scenario, demand, problem.options, offers[0], ()).shortfall.spare
    shortfall = Shortfall(problem.shortfall.lacking, spare)
    whole = build_problem(scenario, demand, problem.options, *offers, seed=0, shortfall=shortfall)
    return _with_honoured(whole, problem)


def _with_honoured(whole: Problem, problem: Problem) -> Problem:
    """Return the problem with the same offers honoured as before; candidates always are."""
    kept = []
    for new, old in ((whole.site_kept, problem.site_kept), (whole.fleet_kept, problem.fleet_kept)):
        flags = np.ones_like(new)
        flags[:, : old.shape[1]] = old
        kept.append(flags)
    return dataclasses.replace(whole, site_kept=kept[0], fleet_kept=kept[1])
