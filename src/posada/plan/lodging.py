"""Who sleeps where: every town's people have a place at a site of the town, or none.

::

    Σ_i lodged(i) + without = uptake × (people − z + a)     for every scenario, night, town and class
    Σ_c lodged(i,c) ≤ target(i) × open(i) + over(i)         places by the target of the standard
    over(i) ≤ (low(i) − target(i)) × open(i)                never more than by its low figure
"""

from __future__ import annotations

import numpy as np

from posada.plan.problem import Problem
from posada.plan.program import Program
from posada.plan.variables import NONE, Variables


def lodge_people(program: Program, problem: Problem, held: Variables) -> None:
    """Add the rows that give everybody a place or count them as without."""
    uptake = problem.options.lodging_uptake_share
    rows = held.cell_lookup
    s, d, i, c = held.lodged.at
    entries = [
        (rows[s, d, problem.site_place[i], c], held.lodged.column, 1.0),
        (rows[held.without.at], held.without.column, 1.0),
        (rows[held.gap.at], held.gap.column, uptake),
        (rows[held.ahead.at], held.ahead.column, -uptake),
    ]
    people = uptake * problem.demand.people[held.cells]
    program.add_rows("places", people.size, entries, lower=people, upper=people)


def keep_capacity(program: Program, problem: Problem, held: Variables) -> None:
    """Add the rows that let nobody sleep at a site that is closed or full."""
    nights = (held.lodged.lookup != NONE).any(axis=3)
    rows = np.full(nights.shape, NONE, np.int64)
    rows[nights] = np.arange(np.count_nonzero(nights))
    site = np.nonzero(nights)[2]
    opened = held.opened.lookup[nights]
    each = np.arange(site.size)
    entries = [
        (rows[held.lodged.at[:3]], held.lodged.column, 1.0),
        (each, opened, -problem.site_target[site]),
        (rows[held.over.at], held.over.column, -1.0),
    ]
    program.add_rows("capacity", site.size, entries, upper=0.0)
    site = held.over.at[2]
    each = np.arange(site.size)
    entries = [
        (each, held.over.column, 1.0),
        (each, held.opened.lookup[held.over.at], problem.site_target[site] - problem.site_low[site]),
    ]
    program.add_rows("overcrowding", site.size, entries, upper=0.0)
