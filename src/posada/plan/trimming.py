"""A plan in hand made better without a solve: families put together within the sites of their town, waste left out.

Neither changes who sleeps or rides: places in use at each site and seats in use on each trip stay as they are.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from posada.model.demand import FAMILIES
from posada.plan.objectives import Model
from posada.plan.variables import NONE

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_NIL = 1e-7


def regroup_families(model: Model, x: Floats) -> Floats:
    """Return a solution in which the places in use in a town are given to whole families first, largest site first."""
    problem, held = model.problem, model.held
    size, out = float(problem.options.family_size), x.copy()
    s, d, i = held.families.at
    towns: dict[tuple[int, int, int], list[int]] = {}
    for index, key in enumerate(zip(s, d, problem.site_place[i], strict=True)):
        towns.setdefault(tuple(int(part) for part in key), []).append(index)  # type: ignore[arg-type]
    for rows in towns.values():
        at = np.array(rows)
        columns = held.lodged.lookup[s[at], d[at], i[at]]
        amounts = np.where(columns == NONE, 0.0, out[columns])
        inside, rest = amounts.sum(axis=1), float(amounts[:, 1].sum())
        for row in np.argsort(-inside, kind="stable"):
            whole = min(np.floor((inside[row] + _NIL) / size), np.floor((rest + _NIL) / size))
            amounts[row, 1] = min(size * whole, inside[row])
            rest -= amounts[row, 1]
            out[held.families.column[at[row]]] = whole
        for row in np.argsort(-inside, kind="stable"):  # what makes no whole family
            more = min(max(rest, 0.0), inside[row] - amounts[row, 1])
            amounts[row, 1] += more
            rest -= more
        amounts[:, 0] = inside - amounts[:, 1]
        if (columns[amounts > _NIL] == NONE).any():
            return x
        out[columns[columns != NONE]] = amounts[columns != NONE]
        families = out[held.families.column[at]]
        out[held.split.column[at]] = np.maximum(amounts[:, 1] - size * families, 0.0)
    return out


def leave_out_waste(model: Model, x: Floats) -> Floats:
    """Return a solution in which no site is open and no trip is made that nobody needs."""
    out = x.copy()
    _close_sites(model, out)
    _cancel_trips(model, out)
    return out


def _close_sites(model: Model, x: Floats) -> None:
    problem, held = model.problem, model.held
    nights = (held.lodged.lookup != NONE).any(axis=3)
    inside = np.where(held.lodged.lookup == NONE, 0.0, x[held.lodged.lookup]).sum(axis=3)
    over = np.where(held.over.lookup == NONE, 0.0, x[held.over.lookup])
    spare = problem.site_low - problem.site_target
    with np.errstate(divide="ignore", invalid="ignore"):
        by_target = np.where(problem.site_target > 0, (inside - over) / problem.site_target, 0.0)
        by_crowd = np.where(spare > 0, over / spare, 0.0)
    share = np.maximum(by_target, by_crowd)[nights]
    _lower(model, x, held.opened.lookup[nights], held.opened.column, share)
    x[model.missing] = model.matrix.upper[model.missing]


def _cancel_trips(model: Model, x: Floats) -> None:
    problem, held = model.problem, model.held
    if not held.trips.size:
        return
    size = problem.options.family_size
    seats = np.array([fleet.seats for fleet in problem.fleets], np.float64)[problem.arcs.fleet]
    riders = np.where(held.rides.lookup == NONE, 0.0, x[held.rides.lookup])
    together = np.where(seats >= size, size * (seats // size), seats)
    families = riders[..., FAMILIES].copy()
    near = held.ride_families.at
    families[near] = size * x[held.ride_families.column]
    needed = np.maximum(riders.sum(axis=3) / seats, families / together)
    flags = (held.rides.lookup != NONE).any(axis=3)
    _lower(model, x, held.trips.lookup[flags], held.trips.column, needed[flags])


def _lower(model: Model, x: Floats, columns: Ints, family: Ints, needed: Floats) -> None:
    """Set a family of columns to the most that any scenario needs of them, whole where they must be whole."""
    most = np.zeros(x.size)
    np.maximum.at(most, columns, needed)
    whole = model.matrix.integer[family]
    value = np.where(whole, np.ceil(most[family] - 1e-6), most[family])
    x[family] = np.clip(np.minimum(value, x[family]), model.matrix.lower[family], model.matrix.upper[family])
