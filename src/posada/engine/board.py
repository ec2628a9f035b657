"""Fourth step: vehicles come or do not, people board by need, and a broken promise can split a group."""

from __future__ import annotations

import numpy as np

from posada.engine.compiling import inner_kernel, step_kernel
from posada.engine.decide import find_aim, set_out_on_foot
from posada.engine.draws import DECISION
from posada.engine.luck import Luck
from posada.engine.offers import carries_km, honoured, stands, trips, unlisted_honoured, unlisted_seats
from posada.engine.people import At, about_part, chance_of, free_part, how_many, move_row, of_class, total
from posada.engine.rate_index import R
from posada.engine.state import REST, RIDE, SPLINTER, WALK, Clock, Parts, Plans, Rates, Seats
from posada.engine.world import NEEDS, Bodies, Fleet, Network

OTHER_ADULTS, WOMEN, CHILDREN, OLDER, LIMITED, MEDICAL = range(6)
"""Positions of the need classes, see :data:`posada.model.journeys.NEED_CLASSES`."""

# Who boards first, by the use of the vehicle: anybody; with accessible seats; ambulance; a mixed, unlisted offer.
_ORDER = np.array(
    [
        [CHILDREN, OLDER, WOMEN, OTHER_ADULTS, -1, -1],
        [LIMITED, MEDICAL, CHILDREN, OLDER, WOMEN, OTHER_ADULTS],
        [MEDICAL, LIMITED, -1, -1, -1, -1],
        [MEDICAL, LIMITED, CHILDREN, OLDER, WOMEN, OTHER_ADULTS],
    ]
)
_MIXED = 3

_TOPIC = 100  # one for the decision and the boarding that follows from it


@step_kernel
def board(
    clock: Clock,
    net: Network,
    fleet: Fleet,
    bodies: Bodies,
    luck: Luck,
    rates: Rates,
    parts: Parts,
    plans: Plans,
    seats: Seats,
) -> None:
    """Draw which offers are honoured; where seats are missing go on foot, perhaps apart; then fill the seats."""
    for m in range(parts.kind.shape[0]):
        on_the_road = False
        for n in range(parts.kind.shape[1]):
            if plans.mode[m, n] == RIDE:
                at = about_part(clock, m, n, bodies.key, _TOPIC)
                if _promised_seats(at, net, fleet, luck, rates, parts, plans) < plans.seats_needed[m, n]:
                    _go_without(at, net, bodies, luck, rates, parts, plans)
            on_the_road = on_the_road or waits_for_seats(m, n, parts, plans)
        if not on_the_road:
            continue
        for v in range(fleet.place.size):
            if fleet.first[v] <= clock.day <= fleet.last[v]:
                _fill(v, about_part(clock, m, 0, bodies.key, _TOPIC), net, fleet, luck, rates, parts, plans, seats)
        for n in range(parts.kind.shape[1]):
            if waits_for_seats(m, n, parts, plans) and not fleet.listed[clock.day, parts.place[m, n]]:
                _fill_unlisted(about_part(clock, m, n, bodies.key, _TOPIC), net, rates, parts, plans, seats)


@inner_kernel
def waits_for_seats(m: int, n: int, parts: Parts, plans: Plans) -> bool:
    """Say whether a part sets out by road from a place today."""
    by_road = plans.mode[m, n] == WALK or plans.mode[m, n] == RIDE
    return bool(by_road and parts.heading[m, n] < 0 and plans.target[m, n] >= 0)


@inner_kernel
def _promised_seats(at: At, net: Network, fleet: Fleet, luck: Luck, rates: Rates, parts: Parts, plans: Plans) -> int:
    """Return the seats that really come for a part that planned by the vehicles' reach."""
    place, reach = parts.place[at.m, at.n], plans.reach_km[at.m, at.n]
    way_km = net.road_km[net.epoch[at.day], place, plans.target[at.m, at.n]]
    if not fleet.listed[at.day, place]:
        if not unlisted_honoured(at, place, net, rates):
            return 0
        seats = unlisted_seats(at, place, total(parts.people[at.m, at.n]), net, rates)
        return seats * trips(way_km, at, rates)
    coming = 0
    for v in range(fleet.place.size):
        coming_today = stands(v, place, at.day, fleet) and honoured(v, at, fleet, luck)
        if coming_today and carries_km(v, at, fleet, net, rates) >= reach:
            coming += fleet.seats[v] * trips(way_km, at, rates)
    return coming


@inner_kernel
def _go_without(at: At, net: Network, bodies: Bodies, luck: Luck, rates: Rates, parts: Parts, plans: Plans) -> None:
    """After a broken promise: perhaps leave a splinter in the town, and go on as far as feet carry."""
    rate = rates.rate
    if chance_of(at, DECISION.split) < rate[at.m, R.broken_offer_split_probability]:
        _split_off(at, rate[at.m, R.broken_offer_split_share], parts, plans)
    aim = find_aim(at, bodies, luck, parts)
    set_out_on_foot(at, aim, rate[at.m, R.walk_km_per_day], net, bodies, rates, plans)


@inner_kernel
def _split_off(at: At, share: float, parts: Parts, plans: Plans) -> None:
    """Leave a splinter in the place, which waits there today and decides for itself from tomorrow."""
    m, n = at.m, at.n
    slot = free_part(parts.kind, m, at.g)
    if slot < 0:
        return
    parting = 0
    for s in range(parts.people.shape[2]):
        here = 0
        for c in range(NEEDS):
            here += parts.people[m, n, s, c]
        leaving = how_many(at, here, share, DECISION.split_people, s)
        move_row(parts.people[m, n], parts.people[m, slot], s, leaving, chance_of(at, DECISION.rounding, s))
        parting += leaving
    if parting > 0:
        parts.kind[m, slot] = SPLINTER
        parts.place[m, slot] = parts.place[m, n]
        parts.heading[m, slot] = -1
        parts.halt[m, slot] = 0
        plans.mode[m, slot] = REST
        plans.target[m, slot] = -1


@inner_kernel
def _fill(
    v: int,
    at: At,
    net: Network,
    fleet: Fleet,
    luck: Luck,
    rates: Rates,
    parts: Parts,
    plans: Plans,
    seats: Seats,
) -> None:
    """Fill the seats of one offer with people of the parts that set out from its place; no seat counts twice."""
    m = at.m
    left, km = -1, 0.0
    for n in range(parts.kind.shape[1]):
        if not waits_for_seats(m, n, parts, plans) or parts.place[m, n] != fleet.place[v]:
            continue
        if left < 0:
            if not honoured(v, at, fleet, luck):
                return
            km = carries_km(v, at, fleet, net, rates)
            left = fleet.seats[v] * trips(min(km, _way_km(m, n, at.day, net, parts, plans)), at, rates)
        if left > 0:
            whole = _way_km(m, n, at.day, net, parts, plans) <= km
            left -= _seat(m, n, fleet.use[v], left, km if not whole else -1.0, parts, seats)


@inner_kernel
def _fill_unlisted(at: At, net: Network, rates: Rates, parts: Parts, plans: Plans, seats: Seats) -> None:
    m, n = at.m, at.n
    place = parts.place[m, n]
    offered = unlisted_seats(at, place, total(parts.people[m, n]), net, rates)
    if offered > 0 and unlisted_honoured(at, place, net, rates):
        km = rates.rate[m, R.offer_range_km]
        way_km = _way_km(m, n, at.day, net, parts, plans)
        offered *= trips(min(km, way_km), at, rates)
        _seat(m, n, _MIXED, offered, km if way_km > km else -1.0, parts, seats)


@inner_kernel
def _way_km(m: int, n: int, day: int, net: Network, parts: Parts, plans: Plans) -> float:
    """Return how far it is by road to where a part goes today."""
    return float(net.road_km[net.epoch[day], parts.place[m, n], plans.target[m, n]])


@inner_kernel
def _seat(m: int, n: int, use: int, free_seats: int, short_km: float, parts: Parts, seats: Seats) -> int:
    """Give seats in the order of need; ``short_km`` is how far they carry, negative for all the way.

    Returns
    -------
    int
        Seats taken.
    """
    before = 0
    for c in range(NEEDS):
        before += seats.carried[m, n, c]
    taken = 0
    for k in range(_ORDER.shape[1]):
        c = _ORDER[use, k]
        if c < 0:
            break
        without = of_class(parts.people[m, n], c) - seats.riders[m, n, c] - seats.carried[m, n, c]
        given = max(min(free_seats - taken, without), 0)
        taken += given
        if short_km < 0.0:
            seats.riders[m, n, c] += given
        else:
            seats.carried[m, n, c] += given
    if short_km >= 0.0 and taken > 0:
        ridden = seats.carried_km[m, n] * before + short_km * taken
        seats.carried_km[m, n] = ridden / (before + taken)
    return taken
