"""From a solution to a plan: rows that people can read, with what is missing and what would mend it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from posada.model.demand import ADULTS, DEMAND_CLASSES, FAMILIES, LIMITED_MOBILITY, MEDICAL
from posada.model.plan import Lodging, Opening, Plan, PlanStamp, Reserve, Ride, SupplyMove, Trip
from posada.plan.objectives import Model, road_nights
from posada.plan.reserve import vehicles_held_back
from posada.plan.shortages import find_shortages
from posada.plan.solve import Solution
from posada.plan.variables import NONE, taken_for_a_night

Floats = NDArray[np.float64]

_NIL = 1e-6
ALL = -1
"""Scenario of what is decided now and holds in all."""


class Beds(NamedTuple):
    """People by where they sleep: ``inside`` (scenarios, days, sites, classes), ``without`` (…, places, classes)."""

    inside: Floats
    without: Floats


def read_plan(model: Model, solution: Solution, stamp: PlanStamp) -> Plan:
    """Return a solution as a plan."""
    problem, x = model.problem, solution.x
    beds = assign_beds(model, x)
    trips = _trips(model, x)
    return Plan(
        stamp=stamp,
        options=problem.options,
        dates=problem.demand.dates,
        weights=tuple(float(weight) for weight in problem.demand.weights),
        status=solution.status,
        stages=solution.stages,
        openings=_openings(model, x),
        trips=trips,
        rides=_rides(model, x),
        lodging=_lodging(model, beds),
        supplies=_supplies(model, x),
        reserves=_reserves(model, x),
        shortages=find_shortages(model, beds.without, people_on_legs(model, x)),
        unusable=problem.unusable,
        sites=problem.sites,
        fleets=problem.fleets,
        on_road=float(problem.demand.weights @ road_person_nights(model, x)),
        first_plan_seconds=solution.first_plan_seconds,
        seconds=solution.seconds,
    )


def people_in_towns(model: Model, x: Floats, share: float = 1.0) -> Floats:
    """Return people who sleep in each town, ``(scenarios, days, places, classes)``.

    Those of the demand, less gaps, with those who are ahead, of all of whom ``share`` is counted; and with those of
    other towns who are there for the night.
    """
    people = model.problem.demand.people.copy()
    for table, sign in ((model.held.gap, -1.0), (model.held.ahead, 1.0)):
        people[table.at] += sign * x[table.column]
    people *= share
    for cells, column, sign in taken_for_a_night(model.problem, model.held):
        np.add.at(people, cells, sign * x[column])
    return np.maximum(people, 0.0)


def people_on_legs(model: Model, x: Floats) -> Floats:
    """Return people who go each leg themselves, ``(legs, classes)``: demand − those carried − gaps that walk it."""
    walking = model.problem.demand.legs.people.copy()
    for table in (model.held.leg_new, model.held.leg_old):
        walking[table.at] -= x[table.column]
    return np.maximum(walking, 0.0)


def road_person_nights(model: Model, x: Floats) -> Floats:
    """Return person-nights between towns, ``(scenarios,)``."""
    nights = people_on_legs(model, x).sum(axis=1) * road_nights(model.problem)[:, 0]
    demand = model.problem.demand
    return np.bincount(demand.legs.scenario, nights, minlength=demand.scenarios).astype(np.float64)


def assign_beds(model: Model, x: Floats) -> Beds:
    """Give the places of each lodging group to its classes: medical cases and limited mobility first, adults last."""
    problem, held = model.problem, model.held
    waiting = people_in_towns(model, x, problem.options.lodging_uptake_share)
    shape = (*waiting.shape[:2], len(problem.sites), len(DEMAND_CLASSES))
    inside = np.zeros(shape)
    amounts = np.where(held.lodged.lookup == NONE, 0.0, x[held.lodged.lookup])
    near = np.arange(shape[1])[None, :] < problem.near
    for site in range(shape[2]):
        place = problem.site_place[site]
        for group in (1, 0):
            room = amounts[:, :, site, group].copy()
            for need in (FAMILIES,) if group else (MEDICAL, LIMITED_MOBILITY, FAMILIES, ADULTS):
                asked = waiting[:, :, place, need]
                asked = np.where(near, 0.0, asked) if need == FAMILIES and not group else asked
                taken = np.minimum(asked, room)
                inside[:, :, site, need] += taken
                waiting[:, :, place, need] -= taken
                room -= taken
    return Beds(inside, waiting)


def _openings(model: Model, x: Floats) -> tuple[Opening, ...]:
    problem, table = model.problem, model.held.opened
    rows = []
    for s, d, i, share in zip(*table.at, x[table.column], strict=True):
        if share > _NIL:
            site = problem.sites[i]
            scenario = ALL if d < problem.near else int(s)
            rows.append(Opening(scenario, site.id, site.place_id, problem.demand.dates[d], float(share)))
    return tuple(rows)


def _trips(model: Model, x: Floats) -> tuple[Trip, ...]:
    problem, table, arcs = model.problem, model.held.trips, model.problem.arcs
    rows = []
    for s, d, a, number in zip(*table.at, x[table.column], strict=True):
        if number > _NIL:
            fleet = problem.fleets[arcs.fleet[a]]
            ends = (problem.demand.place_ids[arcs.origin[a]], problem.demand.place_ids[arcs.target[a]])
            scenario = ALL if d < problem.near else int(s)
            day = problem.demand.dates[d]
            ways = (float(arcs.hours[a]), float(arcs.km[a]), float(arcs.empty_km[a]), float(arcs.fetch_km[a]))
            rows.append(Trip(scenario, fleet.id, day, *ends, bool(arcs.night[a]), float(number), *ways, fleet.seats))
    return tuple(rows)


def _rides(model: Model, x: Floats) -> tuple[Ride, ...]:
    problem, table, arcs = model.problem, model.held.rides, model.problem.arcs
    rows = []
    for s, d, a, need, number in zip(*table.at, x[table.column], strict=True):
        if number > _NIL:
            ends = (problem.demand.place_ids[arcs.origin[a]], problem.demand.place_ids[arcs.target[a]])
            way = (problem.fleets[arcs.fleet[a]].id, problem.demand.dates[d], *ends, bool(arcs.night[a]))
            rows.append(Ride(int(s), *way, DEMAND_CLASSES[need], float(number)))
    return tuple(rows)


def _lodging(model: Model, beds: Beds) -> tuple[Lodging, ...]:
    problem = model.problem
    rows = []
    for s, d, i, need in zip(*np.nonzero(beds.inside > _NIL), strict=True):
        site, people = problem.sites[i], float(beds.inside[s, d, i, need])
        rows.append(Lodging(int(s), problem.demand.dates[d], site.place_id, site.id, DEMAND_CLASSES[need], people))
    for s, d, p, need in zip(*np.nonzero(beds.without > _NIL), strict=True):
        people = float(beds.without[s, d, p, need])
        place = problem.demand.place_ids[p]
        rows.append(Lodging(int(s), problem.demand.dates[d], place, "", DEMAND_CLASSES[need], people))
    return tuple(rows)


def _supplies(model: Model, x: Floats) -> tuple[SupplyMove, ...]:
    problem = model.problem
    rows = []
    for part in model.supplies:
        for index, columns in zip(part.stocks, part.brought, strict=True):
            stock = problem.supplies[index]
            for column, day, place in zip(columns, part.day, part.place, strict=True):
                if x[column] > _NIL:
                    ends = (stock.place_id, problem.demand.place_ids[place])
                    date = problem.demand.dates[day]
                    rows.append(SupplyMove(stock.item, date, *ends, float(x[column]), stock.unit))
    return tuple(rows)


def _reserves(model: Model, x: Floats) -> tuple[Reserve, ...]:
    problem, held = model.problem, model.held
    rows = []
    opened = np.where(held.opened.lookup[0] == NONE, 0.0, x[held.opened.lookup[0]]) * problem.site_target
    inside = np.where(held.lodged.lookup == NONE, 0.0, x[held.lodged.lookup]).sum(axis=3).max(axis=0)
    free = np.maximum(opened - inside, 0.0)
    for day in range(problem.near):
        for place in np.unique(problem.site_place[free[day] > 0.5]):
            places = float(np.floor(free[day, problem.site_place == place].sum()))
            rows.append(Reserve(problem.demand.dates[day], problem.demand.place_ids[place], "places", places))
        for fleet, kept in zip(problem.fleets, vehicles_held_back(problem), strict=True):
            if kept:
                rows.append(Reserve(problem.demand.dates[day], fleet.place_id, fleet.id, float(kept)))
    return tuple(rows)
