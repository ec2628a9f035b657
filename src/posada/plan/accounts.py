"""What a regime costs whom: a solution added up by town and scenario, the same way for both regimes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from posada.model.comparison import MEASURES, Account, Measure, Standing
from posada.plan.objectives import FOOT_WEIGHT, Model
from posada.plan.reading import assign_beds, people_in_towns, people_on_legs, road_person_nights
from posada.plan.variables import Table

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def account_of(model: Model, x: Floats, standing: Standing | None = None) -> Account:
    """Return the account of a solution.

    Parameters
    ----------
    standing : Standing, optional
        Stances whose remote sites add kilometres on foot; without it every site lies in its town.
    """
    towns = np.zeros((len(MEASURES), model.problem.demand.scenarios, len(model.problem.demand.place_ids)))
    parts = {
        Measure.WITHOUT_PLACE: _without(model, x),
        Measure.OVERCROWDED: _over(model, x),
        Measure.ON_FOOT: _foot(model, x, standing),
        Measure.SEATS: _seats(model, x),
        Measure.COST: _cost(model, x),
        Measure.LOAD: people_in_towns(model, x).sum(axis=(1, 3)),
    }
    for measure, values in parts.items():
        towns[MEASURES.index(measure)] = values
    return Account(towns, road_person_nights(model, x))


def _blank(model: Model) -> Floats:
    return np.zeros((model.problem.demand.scenarios, len(model.problem.demand.place_ids)))


def _without(model: Model, x: Floats) -> Floats:
    total, table = _blank(model), model.held.without
    np.add.at(total, (table.at[0], table.at[2]), x[table.column])
    return total


def _over(model: Model, x: Floats) -> Floats:
    total, table = _blank(model), model.held.over
    np.add.at(total, (table.at[0], model.problem.site_place[table.at[2]]), x[table.column])
    return total


def _foot(model: Model, x: Floats, standing: Standing | None) -> Floats:
    total, legs = _blank(model), model.problem.demand.legs
    weight = np.array([FOOT_WEIGHT[need] for need in range(len(FOOT_WEIGHT))])
    np.add.at(total, (legs.scenario, legs.origin), (people_on_legs(model, x) @ weight) * model.problem.leg_km)
    if standing is not None and model.problem.sites:
        nights = assign_beds(model, x).inside @ weight  # (scenarios, days, sites)
        place = model.problem.site_place
        np.add.at(total.T, place, (nights * standing.remote_km[:, place]).sum(axis=1).T)
    return total


def _seats(model: Model, x: Floats) -> Floats:
    total, table = _blank(model), model.held.rides
    np.add.at(total, (table.at[0], model.problem.arcs.origin[table.at[2]]), x[table.column])
    return total


def _cost(model: Model, x: Floats) -> Floats:
    """Add up what sites, places and trips cost; what is decided for all scenarios costs in each of them."""
    problem, held, options = model.problem, model.held, model.problem.options
    total = _blank(model)
    arcs = problem.arcs
    _add(total, problem.near, held.opened, problem.site_place[held.opened.at[2]], options.site_cost_per_night * x)
    table = held.lodged
    np.add.at(total, (table.at[0], problem.site_place[table.at[2]]), options.place_cost_per_night * x[table.column])
    arc = held.trips.at[2]
    trips = x.copy()
    trips[held.trips.column] *= (arcs.km[arc] + arcs.empty_km[arc]) * options.vehicle_cost_per_km
    _add(total, problem.near, held.trips, arcs.home[arc], trips)
    return total


def _add(total: Floats, near: int, table: Table, place: Ints, amounts: Floats) -> None:
    common = table.at[1] < near
    shared = np.bincount(place[common], amounts[table.column[common]], minlength=total.shape[1])
    total += shared
    np.add.at(total, (table.at[0][~common], place[~common]), amounts[table.column[~common]])
