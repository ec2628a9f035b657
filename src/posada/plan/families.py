"""Families stay together, at a site and in a vehicle.

::

    lodged families(i) = size × whole families(i) + split(i)            whole numbers in the near days
    riders of families(v) = size × whole families(v) + split(v)
    whole families(v) ≤ ⌊seats / size⌋ × trips(v)                       none is torn apart between two vehicles
    riders of families(v) ≤ size × ⌊seats / size⌋ × trips(v)            later, when nothing is whole

What cannot be kept together is counted as split, and made small before anything that comes after it.
"""

from __future__ import annotations

import numpy as np

from posada.model.demand import FAMILIES
from posada.plan.problem import Problem
from posada.plan.program import Entry, Program
from posada.plan.variables import Variables


def keep_families_together(program: Program, problem: Problem, held: Variables) -> None:
    """Add the rows of both kinds."""
    size = float(problem.options.family_size)
    each = np.arange(held.families.size)
    lodged = held.lodged.lookup[(*held.families.at, np.ones_like(each))]
    entries: list[Entry] = [(each, lodged, 1.0), (each, held.families.column, -size), (each, held.split.column, -1.0)]
    program.add_rows("families at sites", each.size, entries, lower=0.0, upper=0.0)
    each = np.arange(held.ride_families.size)
    riders = held.rides.lookup[(*held.ride_families.at, np.full(each.size, FAMILIES))]
    entries = [(each, riders, 1.0), (each, held.ride_families.column, -size), (each, held.ride_split.column, -1.0)]
    program.add_rows("families in vehicles", each.size, entries, lower=0.0, upper=0.0)
    fleet = problem.arcs.fleet[held.ride_families.at[2]]
    seats = np.array([fleet.seats for fleet in problem.fleets], np.float64)[fleet]
    entries = [
        (each, held.ride_families.column, 1.0),
        (each, held.trips.lookup[held.ride_families.at], -(seats // size)),
    ]
    program.add_rows("families to a vehicle", each.size, entries, upper=0.0)
    later = (held.rides.at[1] >= problem.near) & (held.rides.at[3] == FAMILIES)
    s, d, arc = (axis[later] for axis in held.rides.at[:3])
    each = np.arange(s.size)
    seats = np.array([fleet.seats for fleet in problem.fleets], np.float64)[problem.arcs.fleet[arc]]
    together = np.where(seats >= size, size * (seats // size), seats)
    entries = [(each, held.rides.column[later], 1.0), (each, held.trips.lookup[s, d, arc], -together)]
    program.add_rows("families to a later vehicle", each.size, entries, upper=0.0)
