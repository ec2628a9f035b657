"""A plan as rows for people: over its futures expected, low and high; nothing sensitive is named or located.

Rows about hidden places or sites are added up under one name before anything is counted over futures, so that totals
hold and nobody can tell how many there are.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import repeat

import numpy as np

from posada.model.demand import DEMAND_CLASSES
from posada.model.plan import Difference, Plan, PlanFleet, PlanSite, Trip
from posada.model.plan_tables import (
    ChangeRow,
    DeliveryRow,
    LoadRow,
    LodgingRow,
    OpeningRow,
    ReserveRow,
    TripRow,
    UnusedRow,
)
from posada.model.sensitive import NOT_NAMED, ShownNames
from posada.plan.seating import seat_people
from posada.plan.spread import DIGITS, Floats, by_future, spread
from posada.plan.timetable import TripHours, trip_hours

_NOBODY = 1e-3
"""Fewer people than this over all futures are a trifle of the solver, and have no row."""


def _weights(plan: Plan) -> Floats:
    return np.array(plan.weights, np.float64)


def _town_order(names: ShownNames) -> dict[str, int]:
    """Return where each shown place stands: in the order of the scenario, what is not named last."""
    return {**{place: index for index, place in enumerate(names.towns)}, NOT_NAMED: len(names.towns)}


def opening_rows(plan: Plan, names: ShownNames, standards: Mapping[str, str]) -> tuple[OpeningRow, ...]:
    """Return sites by night; ``standards`` says for each site by what its places were counted."""
    groups: dict[tuple[str, str], list[PlanSite]] = defaultdict(list)
    for site in plan.sites:
        groups[names.shown(site.place_id), names.shown(site.id)].append(site)
    nights = _site_nights(plan, names)
    order = _town_order(names)
    rows = []
    for key in sorted(nights, key=lambda key: (order[key[0]], key[1], key[2])):
        row = _opening_row(plan, names, groups[key[:2]], night=key[2], what=nights[key], standards=standards)
        if row.open_share >= _NOBODY or row.people_expected >= _NOBODY:
            rows.append(row)
    return tuple(rows)


@dataclass
class _SiteNight:
    """What happens in a site, or in all hidden ones of a place, on a night in each future, ``(futures,)``."""

    share: Floats
    inside: Floats
    over: Floats


def _site_nights(plan: Plan, names: ShownNames) -> dict[tuple[str, str, dt.date], _SiteNight]:
    futures = len(plan.weights)
    target = {site.id: site.places_target for site in plan.sites}
    found: dict[tuple[str, str, dt.date], _SiteNight] = {}

    def at(key: tuple[str, str, dt.date]) -> _SiteNight:
        shown = names.shown(key[0]), names.shown(key[1]), key[2]
        return found.setdefault(shown, _SiteNight(*(np.zeros(futures) for _ in range(3))))

    opened = by_future((((r.place_id, r.site_id, r.date), r.scenario, r.share) for r in plan.openings), futures)
    for key, share in opened.items():
        at(key).share = np.maximum(at(key).share, np.minimum(share, 1.0))
    slept = ((((r.place_id, r.site_id, r.date), r.scenario, r.people) for r in plan.lodging if r.site_id), futures)
    for key, people in by_future(*slept).items():
        night = at(key)
        above = np.maximum(people - target[key[1]], 0.0)
        night.inside = night.inside + people
        night.over = night.over + np.where(above < _NOBODY, 0.0, above)
    return found


def _opening_row(
    plan: Plan,
    names: ShownNames,
    sites: list[PlanSite],
    *,
    night: dt.date,
    what: _SiteNight,
    standards: Mapping[str, str],
) -> OpeningRow:
    weights = _weights(plan)
    lodged, crowd = spread(what.inside, weights), spread(what.over, weights)
    first = sites[0]
    return OpeningRow(
        place=names.shown(first.place_id),
        town=names.town(first.place_id),
        site=names.shown(first.id),
        name=names.site(first.id),
        night=night,
        decision="now" if night in plan.near_dates else "later",
        open_share=round(float(what.share @ weights), DIGITS),
        places=sum(site.places_target for site in sites),
        places_low=sum(site.places_low for site in sites),
        state="assumed" if all(site.assumed for site in sites) else "reported",
        probability=min(site.honoured for site in sites),
        people_expected=lodged.expected,
        people_low=lodged.low,
        people_high=lodged.high,
        overcrowded_expected=crowd.expected,
        overcrowded_high=crowd.high,
        standard=NOT_NAMED if first.id in names.hidden else standards[first.id],
    )


def lodging_rows(plan: Plan, names: ShownNames) -> tuple[LodgingRow, ...]:
    """Return people by site, night and need class; those without a place have no site."""
    weights, order = _weights(plan), _town_order(names)
    people = by_future(
        (
            (
                (names.shown(row.place_id), names.shown(row.site_id), row.date, DEMAND_CLASSES.index(row.need_class)),
                row.scenario,
                row.people,
            )
            for row in plan.lodging
        ),
        len(plan.weights),
    )
    towns = _shown_towns(names)
    rows = []
    for key in sorted(people, key=lambda key: (order[key[0]], key[2], key[1] == "", key[1], key[3])):
        place, site, night, need = key
        number = spread(people[key], weights)
        if number.expected >= _NOBODY:
            rows.append(
                LodgingRow(
                    place=place,
                    town=towns[place],
                    site=site or None,
                    night=night,
                    need_class=DEMAND_CLASSES[need],
                    people_expected=number.expected,
                    people_low=number.low,
                    people_high=number.high,
                )
            )
    return tuple(rows)


def _shown_towns(names: ShownNames) -> dict[str, str]:
    return {names.shown(place): names.town(place) for place in names.towns} | {NOT_NAMED: NOT_NAMED}


def trip_rows(plan: Plan, names: ShownNames, kept: Mapping[str, Floats]) -> tuple[TripRow, ...]:
    """Return the trips of each vehicle by day: decided ones singly with who sits in them, later ones as expected.

    ``kept`` says for each offer in which futures it is honoured, ``(futures,)``.
    """
    weights, futures = _weights(plan), len(plan.weights)
    fleets = {fleet.id: fleet for fleet in plan.fleets}
    riders: dict[tuple[str, dt.date, str, str, bool], Floats] = {}
    for ride in plan.rides:
        key = (ride.vehicle_id, ride.date, ride.from_place, ride.to_place, ride.for_night)
        table = riders.setdefault(key, np.zeros((futures, len(DEMAND_CLASSES))))
        table[ride.scenario, DEMAND_CLASSES.index(ride.need_class)] += ride.people
    trips: dict[tuple[str, dt.date, str, str, bool], list[Trip]] = defaultdict(list)
    for trip in plan.trips:
        trips[trip.vehicle_id, trip.date, trip.from_place, trip.to_place, trip.for_night].append(trip)
    rows: list[TripRow] = []
    hours_of = trip_hours(plan)
    numbers: dict[tuple[str, dt.date], int] = defaultdict(int)
    order = _town_order(names)
    for key in sorted(trips, key=lambda key: (order[names.shown(key[2])], key[0], key[1], key[3:])):
        fleet = fleets[key[0]]
        carried = riders.get(key, np.zeros((futures, len(DEMAND_CLASSES))))
        share = float(kept[fleet.id] @ weights)
        for (number, people), hours in zip(
            _singly(plan, trips[key], carried, fleet), hours_of.get(key, repeat(TripHours())), strict=False
        ):
            shown = names.shown(fleet.id), key[1]
            decided = trips[key][0].scenario < 0
            numbers[shown] += 1
            rows.append(
                _trip_row(
                    names,
                    fleet,
                    trips[key],
                    (people, weights, share),
                    trip=numbers[shown] if decided else None,
                    count=number,
                    hours=hours,
                )
            )
    return tuple(rows)


def _singly(plan: Plan, trips: list[Trip], carried: Floats, fleet: PlanFleet) -> Iterator[tuple[float, Floats]]:
    """Yield each decided trip with its people, ``(futures, classes)``; the trips of a later day as one."""
    if trips[0].scenario >= 0:
        count = by_future(((0, trip.scenario, trip.trips) for trip in trips), len(plan.weights))[0]
        yield float(count @ _weights(plan)), carried
        return
    whole = max(round(trips[0].trips), 1)
    seated = np.array([seat_people(people, whole, fleet.seats, plan.options.family_size) for people in carried])
    for trip in range(whole):
        yield 1.0, seated[:, trip]


def _trip_row(
    names: ShownNames,
    fleet: PlanFleet,
    trips: list[Trip],
    riders: tuple[Floats, Floats, float],
    *,
    trip: int | None,
    count: float,
    hours: TripHours,
) -> TripRow:
    people, weights, kept = riders
    total = spread(people.sum(axis=1), weights)
    classes = [round(float(weights @ people[:, need]), DIGITS) + 0.0 for need in range(len(DEMAND_CLASSES))]
    first = trips[0]
    ends = (first.from_place, first.to_place)
    hidden = any(end in names.hidden for end in (*ends, fleet.place_id))
    vehicle = names.shown(fleet.id)
    return TripRow(
        vehicle=vehicle,
        type=NOT_NAMED if vehicle == NOT_NAMED else fleet.type,
        day=first.date,
        decision="later" if trip is None else "now",
        trip=trip,
        trips_expected=round(count, DIGITS),
        from_place=names.shown(ends[0]),
        from_town=names.town(ends[0]),
        to_place=names.shown(ends[1]),
        to_town=names.town(ends[1]),
        seats=round(count * fleet.seats, DIGITS),
        people_expected=total.expected,
        adults=classes[0],
        families=classes[1],
        limited_mobility=classes[2],
        medical=classes[3],
        people_low=total.low,
        people_high=total.high,
        people_if_honoured=round(total.expected / kept, DIGITS) if kept > 0 else 0.0,
        km=None if hidden else round(first.km_each, 1),
        departs="" if hidden else _clock(hours.departs),
        arrives="" if hidden else _clock(hours.arrives),
        returns="" if hidden else _clock(hours.returns),
        for_night=first.for_night,
        stands_in=names.shown(fleet.place_id),
        stands_in_town=names.town(fleet.place_id),
        empty_km=None if hidden else round(first.empty_km_each, 1),
        probability=fleet.honoured,
    )


def _clock(hour: float | None) -> str:
    """Return an hour as a clock shows it, ``17:05``; empty where there is none."""
    if hour is None:
        return ""
    minutes = round(60 * hour) % (24 * 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def load_rows(plan: Plan, names: ShownNames, residents: Mapping[str, int | None]) -> tuple[LoadRow, ...]:
    """Return people by town and night, and who came and left by vehicle that day."""
    weights, futures, order = _weights(plan), len(plan.weights), _town_order(names)
    there = by_future((((names.shown(r.place_id), r.date), r.scenario, r.people) for r in plan.lodging), futures)
    lodged = by_future(
        (((names.shown(r.place_id), r.date), r.scenario, r.people) for r in plan.lodging if r.site_id), futures
    )
    came = by_future((((names.shown(r.to_place), r.date), r.scenario, r.people) for r in plan.rides), futures)
    left = by_future((((names.shown(r.from_place), r.date), r.scenario, r.people) for r in plan.rides), futures)
    towns, nothing = _shown_towns(names), np.zeros(futures)
    rows = []
    for key in sorted(there.keys() | came.keys() | left.keys(), key=lambda key: (order[key[0]], key[1])):
        people = spread(there.get(key, nothing), weights)
        inside = spread(lodged.get(key, nothing), weights)
        without = spread(there.get(key, nothing) - lodged.get(key, nothing), weights)
        by_vehicle = [spread(table.get(key, nothing), weights).expected for table in (came, left)]
        if max(people.expected, *by_vehicle) < _NOBODY:
            continue
        known = residents.get(key[0])
        rows.append(
            LoadRow(
                place=key[0],
                town=towns[key[0]],
                night=key[1],
                people_expected=people.expected,
                people_low=people.low,
                people_high=people.high,
                lodged_expected=inside.expected,
                without_expected=without.expected,
                without_low=without.low,
                without_high=without.high,
                came_by_vehicle=by_vehicle[0],
                left_by_vehicle=by_vehicle[1],
                per_1000_residents=round(1000 * inside.expected / known, DIGITS) if known else None,
            )
        )
    return tuple(rows)


def reserve_rows(plan: Plan, names: ShownNames) -> tuple[ReserveRow, ...]:
    """Return what is held back, added up for places that are not named."""
    fleets = {fleet.id for fleet in plan.fleets}
    held: dict[tuple[str, dt.date, str], float] = defaultdict(float)
    for row in plan.reserves:
        vehicle = names.shown(row.what) if row.what in fleets else ""
        held[names.shown(row.place_id), row.date, vehicle] += row.quantity
    towns = _shown_towns(names)
    return tuple(
        ReserveRow(
            place=place,
            town=towns[place],
            date=date,
            what="vehicles" if vehicle else "places",
            vehicle=vehicle or None,
            quantity=quantity,
        )
        for (place, date, vehicle), quantity in held.items()
    )


def delivery_rows(plan: Plan, names: ShownNames) -> tuple[DeliveryRow, ...]:
    """Return what goes from a stock to a town."""
    return tuple(
        DeliveryRow(
            item=row.item,
            day=row.date,
            from_place=names.shown(row.from_place),
            to_place=names.shown(row.to_place),
            quantity=round(row.quantity, DIGITS),
            unit=row.unit,
        )
        for row in plan.supplies
    )


def unused_rows(plan: Plan, names: ShownNames) -> tuple[UnusedRow, ...]:
    """Return the offers that are not used; hidden ones are left out."""
    return tuple(
        UnusedRow(place=row.place_id, town=names.town(row.place_id), offer=row.id, why=row.why.name.casefold())
        for row in plan.unusable
        if not {row.id, row.place_id} & names.hidden
    )


def change_rows(changes: Iterable[Difference], names: ShownNames) -> tuple[ChangeRow, ...]:
    """Return what is otherwise than in the plan before."""
    return tuple(
        ChangeRow(
            date=row.date,
            what=row.what,
            offer=names.shown(row.id),
            name=names.site(row.id) if row.what == "site" else names.vehicle(row.id),
            before=round(row.before, DIGITS),
            after=round(row.after, DIGITS),
            tell="; ".join(names.town(place) for place in row.tell if place not in names.hidden),
        )
        for row in changes
    )
