"""From a solution of the relaxed whole to whole decisions of the near days: round, fix, and let the rest adapt.

Sites are opened that the relaxed solution opens in part. Trips of the plan in hand stay, so that what it reached can be
reached again; those that the relaxed solution makes beyond them are added one by one, the most wanted first, as far as
the vehicles' hours go. Families are rounded along the sites of a town so that their sum stays.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from posada.plan.objectives import Model
from posada.plan.reserve import vehicles_held_back

Floats = NDArray[np.float64]

_NIL = 1e-6


def whole_decisions(model: Model, x: Floats, hand: Floats | None = None) -> Floats:
    """Return whole values for the columns that must be whole, in their order.

    Parameters
    ----------
    x : (columns,)
        A solution of the relaxed whole.
    hand : (columns,), optional
        A plan in hand whose trips are kept, and whose families stay together as they are.
    """
    out = x.copy()
    near = model.held.opened.at[1] < model.problem.near
    columns = model.held.opened.column[near]
    out[columns] = np.ceil(x[columns] - _NIL)
    round_trips(model, out, hand)
    if hand is None:
        _round_families(model, out)
    else:
        for table in (model.held.families, model.held.ride_families):
            out[table.column] = hand[table.column]
    return out[model.matrix.integer]


def round_trips(model: Model, x: Floats, hand: Floats | None = None) -> None:
    """Make trips of the near days whole, as far up as the vehicles' hours go, the most wanted first."""
    problem, trips = model.problem, model.held.trips
    near = trips.at[1] < problem.near
    days, arcs, columns = trips.at[1][near], trips.at[2][near], trips.column[near]
    wanted = x[columns].copy()
    x[columns] = np.floor(wanted + _NIL) if hand is None else np.rint(hand[columns])
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
        # Down: more whole families than there are people of families would fit nowhere.
        x[column] = min(max(0.0, np.floor(total - given + _NIL)), most[i[index]])
        given += x[column]
    rides = held.ride_families
    seats = np.array([fleet.seats for fleet in problem.fleets], np.float64)[problem.arcs.fleet[rides.at[2]]]
    room = (seats // problem.options.family_size) * x[held.trips.lookup[rides.at]]
    x[rides.column] = np.minimum(np.floor(x[rides.column] + _NIL), room)
