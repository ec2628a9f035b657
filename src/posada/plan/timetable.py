"""At what hour decided trips leave and arrive: one after another for each vehicle, each as early as can be.

On each day a vehicle first takes back whoever it took elsewhere for the night, then carries people on, then takes
people elsewhere for the next night. A trip goes to the vehicle that can begin it first and whose driver has the hours
for it. Hours are those of the local clock; people go on at six in the morning at the earliest, and look for a place for
the night at five in the afternoon, when those who walk have arrived: assumptions of this project.

The plan counts hours over all vehicles of an offer. Where no single driver has enough left for a trip, it has no hour.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np

from posada.model.plan import Plan, PlanFleet, Trip
from posada.plan.reserve import held_back

MORNING, AFTERNOON = 6.0, 17.0

TripKey = tuple[str, dt.date, str, str, bool]
"""Offer of vehicles, day, where people get in and out, whether for a night."""


@dataclass(frozen=True, slots=True)
class TripHours:
    """Hours of the day at which people get in and out, and at which they are taken back on the next morning."""

    departs: float | None = None
    arrives: float | None = None
    returns: float | None = None


def trip_hours(plan: Plan) -> dict[TripKey, tuple[TripHours, ...]]:
    """Return the hours of each single trip that is decided, in the order in which they begin."""
    found: dict[TripKey, tuple[TripHours, ...]] = {}
    for fleet in plan.fleets:
        trips = sorted(
            (row for row in plan.trips if row.scenario < 0 and row.vehicle_id == fleet.id),
            key=lambda row: (row.date, row.for_night, row.from_place, row.to_place),
        )
        if trips:
            found.update(_of_fleet(plan, fleet, trips))
    return found


def _of_fleet(plan: Plan, fleet: PlanFleet, trips: list[Trip]) -> dict[TripKey, tuple[TripHours, ...]]:
    options = plan.options
    drivers = _Drivers(fleet.count - held_back(fleet, options), options.driver_hours)
    speed = options.vehicle_km_per_hour
    made: dict[TripKey, tuple[TripHours, ...]] = {}
    back: dict[dt.date, list[Trip]] = defaultdict(list)
    for trip in trips:
        if trip.for_night:
            back[trip.date + dt.timedelta(days=1)].append(trip)
    for day in sorted({trip.date for trip in trips} | back.keys()):
        for trip in back[day]:
            way = trip.empty_km_each / 2 - trip.fetch_km_each
            starts = [drivers.begin(day, trip.hours_each, MORNING) for _ in range(round(trip.trips))]
            made[_key(trip)] = tuple(
                TripHours(hours.departs, hours.arrives, None if start is None else start + way / speed)
                for hours, start in zip(made[_key(trip)], starts, strict=True)
            )
        for trip in (row for row in trips if row.date == day):
            fetch = trip.fetch_km_each / speed
            earliest = AFTERNOON - fetch if trip.for_night else MORNING
            ride = trip.km_each / (2 if trip.for_night else 1) / speed
            starts = [drivers.begin(day, trip.hours_each, earliest) for _ in range(round(trip.trips))]
            made[_key(trip)] = tuple(
                TripHours() if start is None else TripHours(start + fetch, start + fetch + ride) for start in starts
            )
    return made


def _key(trip: Trip) -> TripKey:
    return trip.vehicle_id, trip.date, trip.from_place, trip.to_place, trip.for_night


@dataclass
class _Drivers:
    """The vehicles of an offer, each with a driver: until when they are away on a day, and for how many hours."""

    count: int
    hours: float
    away: dict[dt.date, list[float]] = field(default_factory=dict)
    spent: dict[dt.date, list[float]] = field(default_factory=dict)

    def begin(self, day: dt.date, hours: float, earliest: float) -> float | None:
        """Return the hour at which a trip can begin first, and take a vehicle for it; nothing where none can."""
        days = max(1, int(np.ceil(hours / self.hours - 1e-9)))
        tied = [day + dt.timedelta(days=later) for later in range(days)]
        each = min(hours, self.hours)
        free = [
            vehicle
            for vehicle in range(self.count)
            if all(self._spent(date)[vehicle] + each <= self.hours + 1e-6 for date in tied)
        ]
        if not free:
            return None
        first = min(free, key=lambda vehicle: max(self._away(day)[vehicle], earliest))
        start = max(self._away(day)[first], earliest)
        self._away(day)[first] = start + each
        for date in tied:
            self._spent(date)[first] += each
        return start

    def _away(self, day: dt.date) -> list[float]:
        return self.away.setdefault(day, [0.0] * self.count)

    def _spent(self, day: dt.date) -> list[float]:
        return self.spent.setdefault(day, [0.0] * self.count)
