"""What is held back, because offers are withdrawn and more people come than were expected.

::

    Σ_i target(i) × open(i) − Σ lodged + missing ≥ share × people     in each town, in the near days
    vehicles in use ≤ vehicles − ⌊share × vehicles⌋                   of each offer, in the near days

Vehicles in reserve are held without exception; free places where they can be: what is missing of them costs, but takes
no place from anybody. Offers that are promised are missing altogether in scenarios of the weight of their not being
honoured (:func:`posada.plan.problem.build_problem`), so the decisions of the near days have to stand without them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from posada.model.plan import PlanFleet, PlanOptions
from posada.plan.problem import Problem
from posada.plan.program import Program
from posada.plan.variables import NONE, Variables

MISSING_COST = 5.0
"""Cost of a place of the reserve that is missing, for a night; a project assumption."""


def held_back(fleet: PlanFleet, options: PlanOptions) -> int:
    """Return how many vehicles of an offer are held back in the near days."""
    return int(options.reserve_vehicles_share * fleet.count + 1e-9)


def vehicles_held_back(problem: Problem) -> NDArray[np.float64]:
    """Return how many vehicles of each offer are held back in the near days, ``(fleets,)``."""
    return np.array([held_back(fleet, problem.options) for fleet in problem.fleets], np.float64)


def hold_places(program: Program, problem: Problem, held: Variables) -> NDArray[np.int64]:
    """Add the rows, and return the columns of missing places of the reserve."""
    share = problem.options.reserve_places_share
    people = problem.demand.people[:, : problem.near].sum(axis=3)
    site_nights = (held.lodged.lookup != NONE).any(axis=3)[:, : problem.near]
    flags = np.zeros(people.shape, bool)
    s, d, i = np.nonzero(site_nights)
    flags[s, d, problem.site_place[i]] = True
    rows = np.full(flags.shape, NONE, np.int64)
    count = int(np.count_nonzero(flags))
    rows[flags] = np.arange(count)
    wanted = share * people[flags]
    missing = program.add_columns("reserve missing", count, upper=wanted)
    ls, ld, li, _ = held.lodged.at
    near = ld < problem.near
    entries = [
        (rows[s, d, problem.site_place[i]], held.opened.lookup[s, d, i], problem.site_target[i]),
        (rows[ls[near], ld[near], problem.site_place[li[near]]], held.lodged.column[near], -1.0),
        (np.arange(count), missing, 1.0),
    ]
    if held.over.size:
        os_, od, oi = held.over.at
        close = od < problem.near
        entries.append((rows[os_[close], od[close], problem.site_place[oi[close]]], held.over.column[close], 1.0))
    program.add_rows("reserve", count, entries, lower=wanted)
    return missing
