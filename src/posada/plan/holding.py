"""Decisions of a plan held in a model: what has happened, or was decided, is no longer free."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
from numpy.typing import NDArray

from posada.model.plan import Plan
from posada.plan.objectives import Model


def decided_values(model: Model, plan: Plan, days: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the columns of openings and trips of the first days, and what the plan decided for each."""
    problem, held = model.problem, model.held
    dates, places, arcs = problem.demand.dates, problem.demand.place_ids, problem.arcs
    opened = {(row.date, row.site_id): row.share for row in plan.openings if row.scenario < 0}
    trips = {
        (row.date, row.vehicle_id, row.from_place, row.to_place, row.for_night): row.trips
        for row in plan.trips
        if row.scenario < 0
    }
    columns: list[int] = []
    values: list[float] = []
    for d, i, column in zip(*held.opened.at[1:], held.opened.column, strict=True):
        if d < days:
            columns.append(int(column))
            values.append(opened.get((dates[d], problem.sites[i].id), 0.0))
    for d, a, column in zip(*held.trips.at[1:], held.trips.column, strict=True):
        if d < days:
            ends = (places[arcs.origin[a]], places[arcs.target[a]], bool(arcs.night[a]))
            columns.append(int(column))
            values.append(trips.get((dates[d], problem.fleets[arcs.fleet[a]].id, *ends), 0.0))
    return np.array(columns, np.int64), np.array(values, np.float64)


def held_model(model: Model, plan: Plan, since: dt.date) -> Model:
    """Return a model in which the decisions of a plan before a day are held."""
    days = sum(date < since for date in model.problem.demand.dates)
    decided, brought = decided_values(model, plan, days), _brought_values(model, plan, days)
    columns, values = (np.concatenate(parts) for parts in zip(decided, brought, strict=True))
    lower, upper = model.matrix.lower.copy(), model.matrix.upper.copy()
    values = np.minimum(values, upper[columns])
    lower[columns], upper[columns] = values, values
    return dataclasses.replace(model, matrix=dataclasses.replace(model.matrix, lower=lower, upper=upper))


def _brought_values(model: Model, plan: Plan, days: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the columns of supplies that are brought on the first days, and what the plan decided for each."""
    problem = model.problem
    moved = {(row.item, row.date, row.from_place, row.to_place): row.quantity for row in plan.supplies}
    columns: list[int] = []
    values: list[float] = []
    for part in model.supplies:
        for index, row in zip(part.stocks, part.brought, strict=True):
            stock = problem.supplies[index]
            for column, day, place in zip(row, part.day, part.place, strict=True):
                if day < days:
                    ends = (stock.place_id, problem.demand.place_ids[place])
                    columns.append(int(column))
                    values.append(moved.get((stock.item, problem.demand.dates[day], *ends), 0.0))
    return np.array(columns, np.int64), np.array(values, np.float64)
