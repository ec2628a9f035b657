"""Who sleeps where: every town's people have a place at a site of the town, or none.

::

    Σ_i lodged(i) + without = uptake × (people − z + a)     for every scenario, night, town and lodging group
    Σ_g lodged(i,g) ≤ target(i) × open(i) + over(i)         places by the target of the standard
    over(i) ≤ (low(i) − target(i)) × open(i)                never more than by its low figure

Families are a lodging group of their own in the near days, in which they are kept together by whole numbers. Who of
the other classes has which of the places is settled when the plan is read: medical cases and people with limited
mobility first.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from posada.model.demand import FAMILIES
from posada.plan.problem import Problem
from posada.plan.program import Entry, Program
from posada.plan.variables import NONE, Variables, group_of, taken_for_a_night

Floats = NDArray[np.float64]


def lodge_people(program: Program, problem: Problem, held: Variables) -> None:
    """Add the rows that give everybody a place or count them as without."""
    uptake = problem.options.lodging_uptake_share
    rows = held.cell_lookup
    s, d, i, group = held.lodged.at
    entries: list[Entry] = [
        (rows[s, d, problem.site_place[i], group], held.lodged.column, 1.0),
        (rows[held.without.at], held.without.column, 1.0),
    ]
    for table, sign in ((held.gap, uptake), (held.ahead, -uptake)):
        s, d, p, need = table.at
        entries.append((rows[s, d, p, group_of(d, need, problem.near)], table.column, sign))
    entries += [
        (rows[s, d, p, group_of(d, need, problem.near)], column, -sign)
        for (s, d, p, need), column, sign in taken_for_a_night(problem, held)
    ]
    people = uptake * grouped_people(problem.demand.people, problem.near)[held.cells]
    program.add_rows("places", people.size, entries, lower=people, upper=people)


def grouped_people(people: Floats, near: int) -> Floats:
    """Return people by town and class as people by lodging group, ``(scenarios, days, places, 2)``."""
    families = people[..., FAMILIES].copy()
    families[:, near:] = 0.0
    return np.stack([people.sum(axis=3) - families, families], axis=-1)


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
