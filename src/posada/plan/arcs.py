"""The ways that vehicles can make: with people to where they get out, and home again; empty where they have to be.

A vehicle stands in the town that offers it, *h*. It takes people in *p* and sets them down in *q*::

    onward      h → q with people, q → h empty                      p is h; there within the hours of a driver
    night       h → p empty, p → q with people, q → h empty         on the evening, and on the next morning
                h → q empty, q → p with people, p → h empty         each of the two within the hours of a driver

*Onward* trips take people of the vehicle's town to a town to which the others come as well. *Night* trips take people
from a town that lacks places to one that has some free, also behind them on the way, and bring them back in the
morning, so nobody is parted from the others. For those the vehicle may be fetched from another town. All keep to
``km(p,q) ≤ range``, and with a limit place to the way from *h* to it; a night trip also to ``km(p,q) ≤ night_km`` and
``km(h,p) ≤ range`` and ``fetch_km``. An offer of which nobody said how far it goes is not fetched from another town.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posada.model.plan import PlanFleet, PlanOptions
from posada.plan.shortfall import Shortfall

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Arcs:
    """Ways that vehicles of an offer can make, by position of towns. All arrays are ``(arcs,)``.

    ``home`` is where the vehicle stands, ``origin`` where people get in, ``target`` where they get out; ``night`` says
    that they are brought back in the morning. ``km`` is the way with people and ``empty_km`` that without them, of the
    whole trip, ``fetch_km`` the first way to where they get in; ``hours`` are those of each day on which it drives.
    ``days`` is for how many days a trip ties a vehicle up; ``trips_a_day`` how many one vehicle makes.
    """

    fleet: Ints
    home: Ints
    origin: Ints
    target: Ints
    night: Flags
    km: Floats
    empty_km: Floats
    fetch_km: Floats
    hours: Floats
    days: Ints
    trips_a_day: Floats

    @property
    def size(self) -> int:
        """Number of arcs."""
        return int(self.fleet.size)


@dataclass(frozen=True, eq=False)
class Roads:
    """The towns of a problem: positions by identifier; what lies how far and beyond what; who lacks places where."""

    position: dict[str, int]
    km: Floats
    downstream: Flags
    shortfall: Shortfall


def find_arcs(fleets: tuple[PlanFleet, ...], roads: Roads, options: PlanOptions) -> Arcs:
    """Return the ways that the vehicles can make."""
    rows: list[tuple[int, int, int, int, bool]] = []
    for index, fleet in enumerate(fleets):
        home = roads.position[fleet.place_id]
        rows += [(index, home, home, target, False) for target in _onward(fleet, home, roads, options)]
        rows += [(index, home, *ends, True) for ends in _for_a_night(fleet, home, roads, options)]
    return _measured(np.array(rows, np.int64).reshape(-1, 5), roads.km, options)


def _measured(rows: Ints, km: Floats, options: PlanOptions) -> Arcs:
    fleet, home, origin, target, night = rows.T.copy()
    loaded, out, back = km[origin, target], km[home, origin], km[target, home]
    # Where no road leads home, as behind a border, it is supposed to be as long as the way there.
    empty = out + np.where(np.isfinite(back), back, out + loaded)
    hours = (loaded + empty) / options.vehicle_km_per_hour
    days = np.maximum(np.ceil(hours / options.driver_hours - 1e-9), 1).astype(np.int64)
    return Arcs(
        fleet=fleet,
        home=home,
        origin=origin,
        target=target,
        night=night > 0,
        km=loaded * (1 + night),
        empty_km=empty * (1 + night),
        fetch_km=out,
        hours=hours,
        days=days + night,
        trips_a_day=np.maximum(1.0, options.driver_hours // np.maximum(hours, 1e-9)),
    )


def _onward(fleet: PlanFleet, home: int, roads: Roads, options: PlanOptions) -> Iterator[int]:
    """Yield the towns to which a fleet can carry people of its own town on the day on which they set out."""
    for target in np.flatnonzero(roads.downstream[home] & np.isfinite(roads.km[home])):
        way = roads.km[home, target]
        in_a_day = way <= options.driver_hours * options.vehicle_km_per_hour
        if in_a_day and _reaches(fleet, way) and _toward_limit(fleet, home, int(target), roads):
            yield int(target)


def _for_a_night(fleet: PlanFleet, home: int, roads: Roads, options: PlanOptions) -> Iterator[tuple[int, int]]:
    """Yield the towns between which a fleet can take people in the evening and back in the morning."""
    km, short = roads.km, roads.shortfall
    fetched = fleet.range_km is not None or fleet.limit_place is not None
    near = options.fetch_km if fleet.range_km is None else min(options.fetch_km, fleet.range_km)
    for origin in np.flatnonzero(short.lacking.any(axis=(0, 1))):
        if origin != home and not (fetched and km[home, origin] <= near):
            continue
        for target in np.flatnonzero(short.spare.any(axis=(0, 1))):
            way = max(km[origin, target], km[target, origin])
            around = km[home, origin] + way + km[target, home]
            if origin == target or way > options.night_km or not _reaches(fleet, way):
                continue
            if around <= options.driver_hours * options.vehicle_km_per_hour and all(
                _toward_limit(fleet, home, int(town), roads) for town in (origin, target)
            ):
                yield int(origin), int(target)


def _reaches(fleet: PlanFleet, way: float) -> bool:
    return bool(np.isfinite(way)) and (fleet.range_km is None or way <= fleet.range_km)


def _toward_limit(fleet: PlanFleet, home: int, town: int, roads: Roads) -> bool:
    """Say whether a town lies on the way to the limit place, or is it."""
    if fleet.limit_place is None or town == home:
        return True
    limit = roads.position.get(fleet.limit_place)
    if limit is None:
        return False
    km = roads.km
    return town == limit or bool(abs(km[home, town] + km[town, limit] - km[home, limit]) < 1e-6)
