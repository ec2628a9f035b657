"""Vehicles: seats, hours, trips a day, days away.

::

    Σ_c riders(v, p→q, d, c) ≤ seats(v) × trips(v, p→q, d)
    Σ over trips that tie a vehicle up on day d of min(hours there and back, hours of a driver)
        ≤ vehicles in use(v) × hours of a driver

A trip of more hours than a driver may drive in a day ties its vehicle up for several. Range, limit place, days of the
offer and who may ride in what are kept by not having the variable; only verified vehicles are in the problem. In the
near days vehicles in use are all but those in reserve.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from posada.plan.problem import Problem
from posada.plan.program import Program
from posada.plan.reserve import vehicles_held_back
from posada.plan.variables import NONE, Variables

Ints = NDArray[np.int64]


def fill_seats(program: Program, problem: Problem, held: Variables) -> None:
    """Add the rows that put nobody on a seat that is not there."""
    flags = (held.rides.lookup != NONE).any(axis=3)
    rows = np.full(flags.shape, NONE, np.int64)
    rows[flags] = np.arange(np.count_nonzero(flags))
    each = np.arange(np.count_nonzero(flags))
    seats = np.array([fleet.seats for fleet in problem.fleets], np.float64)
    fleet = problem.arcs.fleet[np.nonzero(flags)[2]]
    entries = [
        (rows[held.rides.at[:3]], held.rides.column, 1.0),
        (each, held.trips.lookup[flags], -seats[fleet] if each.size else np.zeros(0)),
    ]
    program.add_rows("seats", each.size, entries, upper=0.0)


def keep_hours(program: Program, problem: Problem, held: Variables) -> None:
    """Add the rows that use no vehicle twice and no driver too long."""
    if not held.trips.size:
        return
    drivers = problem.options.driver_hours
    counts = np.array([fleet.count for fleet in problem.fleets], np.float64)
    shape = (problem.demand.scenarios, len(problem.demand.dates), len(problem.fleets))
    marks, columns = _days_tied(problem, held, shape)
    used = np.unique(marks)
    rows = np.searchsorted(used, marks)
    day, fleet = (used // shape[2]) % shape[1], used % shape[2]
    in_use = counts[fleet] - np.where(day < problem.near, vehicles_held_back(problem)[fleet], 0.0)
    arc = held.trips.at[2]
    hours = np.minimum(problem.arcs.hours[arc], drivers)
    by_column = np.zeros(program.columns)
    by_column[held.trips.column] = hours
    entries = [(rows, columns, by_column[columns])]
    program.add_rows("driver hours", used.size, entries, upper=in_use * drivers)


def _days_tied(problem: Problem, held: Variables, shape: tuple[int, int, int]) -> tuple[Ints, Ints]:
    """Return, for every trip and day on which it ties its vehicle up, the mark of the row and the column."""
    marks, columns = [], []
    s, d, arc = held.trips.at
    for later in range(int(problem.arcs.days.max())):
        day = d + later
        tied = (problem.arcs.days[arc] > later) & (day < shape[1])
        common = tied & (d < problem.near)
        own = tied & ~common
        early = common & (day < problem.near)
        marks.append(_mark(np.zeros_like(s[early]), day[early], problem.arcs.fleet[arc[early]], shape))
        columns.append(held.trips.column[early])
        late = common & ~early
        for scenario in range(shape[0]):
            marks.append(_mark(np.full_like(s[late], scenario), day[late], problem.arcs.fleet[arc[late]], shape))
            columns.append(held.trips.column[late])
        marks.append(_mark(s[own], day[own], problem.arcs.fleet[arc[own]], shape))
        columns.append(held.trips.column[own])
    return np.concatenate(marks), np.concatenate(columns)


def _mark(s: Ints, d: Ints, fleet: Ints, shape: tuple[int, int, int]) -> Ints:
    return (s * shape[1] + d) * shape[2] + fleet
