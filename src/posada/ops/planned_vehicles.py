"""Vehicles that a plan decides on, as the forecast has them: they make the trips of the plan, and stand idle else.

A forecast from which one plans shows who comes if those vehicles carry nobody: else their seats would count twice.
"""

from __future__ import annotations

import dataclasses
import math

from posada.model.offers import Vehicle
from posada.model.plan import PlanOptions, Trip
from posada.model.scenario import Scenario
from posada.plan.offers import usable_fleets


def with_planned_trips(scenario: Scenario, known: Scenario, trips: tuple[Trip, ...], options: PlanOptions) -> Scenario:
    """Return a scenario in which the vehicles of a plan make these trips only; other offers are as they were.

    The offers themselves stay listed without a vehicle: a town that has offered some is not supposed to offer others.
    """
    planned = {fleet.id for fleet in usable_fleets(known, options)[0]}
    rows: list[Vehicle] = []
    for vehicle in scenario.vehicles:
        if vehicle.id not in planned:
            rows.append(vehicle)
            continue
        rows.append(dataclasses.replace(vehicle, count=0))
        rows += _of_trips(vehicle, [trip for trip in trips if trip.vehicle_id == vehicle.id], options)
    return scenario.replace(vehicles=tuple(rows))


def _of_trips(vehicle: Vehicle, trips: list[Trip], options: PlanOptions) -> list[Vehicle]:
    """Return the vehicles that make the trips: as many as a day's hours ask for, and never more than there are."""
    rows = []
    left = {trip.date: vehicle.count for trip in trips}
    for trip in sorted(trips, key=lambda row: (row.date, -row.trips, row.to_place)):
        each = max(1.0, options.driver_hours // max(trip.hours_each, 1e-9))
        count = min(left[trip.date], math.ceil(trip.trips / each - 1e-9))
        left[trip.date] -= count
        if count:
            name = f"{vehicle.id}_{trip.date:%Y%m%d}_{trip.to_place}"
            rows.append(
                dataclasses.replace(
                    vehicle, id=name, count=count, limit_place=trip.to_place, open_from=trip.date, open_to=trip.date
                )
            )
    return rows
