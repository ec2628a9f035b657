"""Whole numbers without a solve: trips as far as the hours of the vehicles go, families as they are lodged and ride."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from posada.model.demand import FAMILIES
from posada.plan.objectives import Model
from posada.plan.reserve import vehicles_held_back
from posada.plan.rule import count_families

Floats = NDArray[np.float64]

_NIL = 1e-6


def round_trips(model: Model, x: Floats) -> None:
    """Make trips of the near days whole, as far up as the vehicles' hours go, the most wanted first."""
    problem, trips = model.problem, model.held.trips
    near = trips.at[1] < problem.near
    days, arcs, columns = trips.at[1][near], trips.at[2][near], trips.column[near]
    wanted = x[columns].copy()
    x[columns] = np.floor(wanted + _NIL)
    counts = np.array([fleet.count for fleet in problem.fleets], np.float64) - vehicles_held_back(problem)
    drivers = problem.options.driver_hours
    room = np.tile(counts * drivers, (len(problem.demand.dates) + int(problem.arcs.days.max(initial=1)), 1))
    hours = np.minimum(problem.arcs.hours, drivers)
    for day, arc, column in zip(days, arcs, columns, strict=True):
        room[day : day + problem.arcs.days[arc], problem.arcs.fleet[arc]] -= hours[arc] * x[column]
    beyond = wanted - x[columns]
    while beyond.size and (index := int(beyond.argmax())) >= 0 and beyond[index] > _NIL:
        arc = arcs[index]
        tied = slice(days[index], days[index] + problem.arcs.days[arc])
        if (room[tied, problem.arcs.fleet[arc]] >= hours[arc] - _NIL).all():
            x[columns[index]] += 1.0
            room[tied, problem.arcs.fleet[arc]] -= hours[arc]
            beyond[index] -= 1.0
        else:
            beyond[index] = 0.0


def count_all_families(model: Model, x: Floats) -> None:
    """Set whole families, and those who are split, from who is lodged where and who rides in what."""
    count_families(model, x)
    problem, rides, size = model.problem, model.held.ride_families, model.problem.options.family_size
    s, d, arc = rides.at
    riders = x[model.held.rides.lookup[s, d, arc, FAMILIES]]
    seats = np.array([fleet.seats for fleet in problem.fleets], np.float64)[problem.arcs.fleet[arc]]
    room = (seats // size) * x[model.held.trips.lookup[rides.at]]
    x[rides.column] = np.minimum(np.floor(riders / size + _NIL), room)
    x[model.held.ride_split.column] = np.maximum(riders - size * x[rides.column], 0.0)


def share_out_families(model: Model, x: Floats) -> None:
    """Make families at sites whole so that the sum over the sites of a town is that of a solution, rounded down.

    More whole families than there are people of families would fit nowhere.
    """
    problem, held = model.problem, model.held
    s, d, i = held.families.at
    order = np.lexsort((i, problem.site_place[i], d, s))
    most = np.floor(problem.site_low / problem.options.family_size)
    town, total, given = None, 0.0, 0.0
    for index in order:
        if (here := (s[index], d[index], problem.site_place[i[index]])) != town:
            town, total, given = here, 0.0, 0.0
        column = held.families.column[index]
        total += x[column]
        x[column] = min(max(0.0, np.floor(total - given + _NIL)), most[i[index]])
        given += x[column]
