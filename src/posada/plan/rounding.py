"""From a solution of the relaxed whole to whole decisions of the near days: round, fix, and let the rest adapt.

Sites are opened that the relaxed solution opens in part. Trips are rounded up as far as the vehicles' hours go, those
with the largest part first. Families are rounded along the sites of a town so that their sum stays.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from posada.plan.objectives import Model
from posada.plan.reserve import vehicles_held_back

Floats = NDArray[np.float64]

_NIL = 1e-6


def whole_decisions(model: Model, x: Floats) -> Floats:
    """Return whole values for the columns that must be whole, in their order."""
    out = x.copy()
    near = model.held.opened.at[1] < model.problem.near
    columns = model.held.opened.column[near]
    out[columns] = np.ceil(x[columns] - _NIL)
    round_trips(model, out)
    _round_families(model, out)
    return out[model.matrix.integer]


def round_trips(model: Model, x: Floats) -> None:
    """Make trips of the near days whole, as far up as the vehicles' hours go, those with the largest part first."""
    problem, trips = model.problem, model.held.trips
    near = trips.at[1] < problem.near
    days, arcs, columns = trips.at[1][near], trips.at[2][near], trips.column[near]
    parts = x[columns] - np.floor(x[columns] + _NIL)
    x[columns] = np.floor(x[columns] + _NIL)
    counts = np.array([fleet.count for fleet in problem.fleets], np.float64) - vehicles_held_back(problem)
    drivers = problem.options.driver_hours
    room = np.tile(counts * drivers, (len(problem.demand.dates) + 1, 1))
    hours = np.minimum(problem.arcs.hours, drivers)
    for day, arc, column in zip(days, arcs, columns, strict=True):
        room[day : day + problem.arcs.days[arc], problem.arcs.fleet[arc]] -= hours[arc] * x[column]
    for index in np.argsort(-parts, kind="stable"):
        if parts[index] <= _NIL:
            break
        arc = arcs[index]
        tied = slice(days[index], days[index] + problem.arcs.days[arc])
        if (room[tied, problem.arcs.fleet[arc]] >= hours[arc] - _NIL).all():
            x[columns[index]] += 1.0
            room[tied, problem.arcs.fleet[arc]] -= hours[arc]


def _round_families(model: Model, x: Floats) -> None:
    problem, held = model.problem, model.held
    s, d, i = held.families.at
    place = problem.site_place[i]
    order = np.lexsort((i, place, d, s))
    most = np.floor(problem.site_low / problem.options.family_size)
    town, total, given = None, 0.0, 0.0
    for index in order:
        if (here := (s[index], d[index], place[index])) != town:
            town, total, given = here, 0.0, 0.0
        column = held.families.column[index]
        total += x[column]
        x[column] = min(max(0.0, np.floor(total - given + 0.5)), most[i[index]])
        given += x[column]
    rides = held.ride_families.column
    x[rides] = np.floor(x[rides] + _NIL)
