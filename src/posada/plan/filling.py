"""Lodging for people who are where they are: places by the target first, in every town, then those above it.

Who is carried is given. Each town then has no fewer people without a place than this, and no less overcrowding, since
neither depends on which of its sites takes whom.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from posada.plan.lodging import grouped_people
from posada.plan.objectives import Model
from posada.plan.reading import people_in_towns
from posada.plan.rule import count_families, set_measures
from posada.plan.variables import NONE

Floats = NDArray[np.float64]


def fill_places(model: Model, x: Floats, share: Floats | None = None) -> Floats:
    """Return a solution in which everybody who finds a place of the town has one, and the rides are as they were.

    Parameters
    ----------
    share : (days, places), optional
        Share of its places that a town opens; all when not given.
    """
    problem, held, matrix = model.problem, model.held, model.matrix
    out = x.copy()
    _, d, i = held.opened.at
    part = np.ones(d.size) if share is None else share[d, problem.site_place[i]]
    out[held.opened.column] = matrix.upper[held.opened.column] * part
    out[held.lodged.column] = out[held.over.column] = 0.0
    waiting = grouped_people(people_in_towns(model, out, problem.options.lodging_uptake_share), problem.near)
    for room in (problem.site_target, problem.site_low - problem.site_target):
        for site in range(len(problem.sites)):
            _fill(model, out, waiting, site, float(room[site]))
    for site in range(len(problem.sites)):
        _count_over(model, out, site)
    out[held.without.column] = waiting[held.without.at]
    count_families(model, out)
    set_measures(model, out)
    return out


def _opened(model: Model, x: Floats, site: int) -> Floats:
    lookup = model.held.opened.lookup[:, :, site]
    return np.where(lookup == NONE, 0.0, x[lookup])


def _fill(model: Model, x: Floats, waiting: Floats, site: int, places: float) -> None:
    place, lodged = model.problem.site_place[site], model.held.lodged.lookup[:, :, site]
    room = places * _opened(model, x, site)
    for group in reversed(range(waiting.shape[3])):  # families first, while a site has room for them together
        columns = lodged[:, :, group]
        there = columns != NONE
        taken = np.where(there, np.minimum(waiting[:, :, place, group], room), 0.0)
        x[columns[there]] += taken[there]
        waiting[:, :, place, group] -= taken
        room = room - taken


def _count_over(model: Model, x: Floats, site: int) -> None:
    lodged, over = model.held.lodged.lookup[:, :, site], model.held.over.lookup[:, :, site]
    inside = np.where(lodged == NONE, 0.0, x[lodged]).sum(axis=2)
    crowd = np.maximum(inside - model.problem.site_target[site] * _opened(model, x, site), 0.0)
    x[over[over != NONE]] = crowd[over != NONE]
