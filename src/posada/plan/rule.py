"""The rule to beat: everybody goes to the nearest open site, first come, first served, and nobody is carried.

It opens every site on every night of its offer, so it is a plan that can always be used, and the one that a solve
begins from.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from posada.plan.lodging import grouped_people
from posada.plan.objectives import Model
from posada.plan.variables import NONE

Floats = NDArray[np.float64]


def rule_solution(model: Model) -> Floats:
    """Return the rule as a solution of the program, ``(columns,)``."""
    problem, held, matrix = model.problem, model.held, model.matrix
    x = matrix.lower.copy()
    x[held.opened.column] = matrix.upper[held.opened.column]
    waiting = problem.options.lodging_uptake_share * grouped_people(problem.demand.people, problem.near)
    nights = (held.lodged.lookup != NONE).any(axis=3)
    for site in range(len(problem.sites)):
        _fill(model, x, waiting, nights[:, :, site], site)
    x[held.without.column] = waiting[held.without.at]
    count_families(model, x)
    set_measures(model, x)
    return x


def _fill(model: Model, x: Floats, waiting: Floats, nights: NDArray[np.bool_], site: int) -> None:
    problem, held = model.problem, model.held
    place = problem.site_place[site]
    opened = held.opened.lookup[:, :, site]
    room = np.where(nights, problem.site_low[site] * np.where(opened == NONE, 0.0, x[opened]), 0.0)
    inside = np.zeros_like(room)
    for group in range(waiting.shape[3]):
        columns = held.lodged.lookup[:, :, site, group]
        taken = np.where(columns != NONE, np.minimum(waiting[:, :, place, group], room), 0.0)
        x[columns[columns != NONE]] = taken[columns != NONE]
        waiting[:, :, place, group] -= taken
        room, inside = room - taken, inside + taken
    over = held.over.lookup[:, :, site]
    crowd = np.maximum(inside - problem.site_target[site], 0.0)
    x[over[over != NONE]] = crowd[over != NONE]


def count_families(model: Model, x: Floats) -> None:
    """Set whole families and those who are split from who is lodged where."""
    held, size = model.held, model.problem.options.family_size
    lodged = x[held.lodged.lookup[(*held.families.at, np.ones(held.families.size, np.int64))]]
    x[held.families.column] = np.floor(lodged / size + 1e-9)
    x[held.split.column] = np.maximum(lodged - size * x[held.families.column], 0.0)


def set_measures(model: Model, x: Floats) -> None:
    """Set the columns that only measure: missing places of the reserve, largest load, supplies short."""
    problem, held = model.problem, model.held
    x[model.missing] = model.matrix.upper[model.missing]
    s, _, i, _ = held.lodged.at
    load = np.zeros((problem.demand.scenarios, len(problem.demand.place_ids)))
    place = problem.site_place[i]
    np.add.at(load, (s, place), x[held.lodged.column] * 1000.0 / problem.residents[place])
    x[model.largest] = load.max(axis=1, initial=0.0)
    for part in model.supplies:
        x[part.short] = part.needed
