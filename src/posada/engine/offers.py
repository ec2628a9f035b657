"""What towns offer to carry people onward today: listed vehicles, and offers that no report lists."""

from __future__ import annotations

import numpy as np

from posada.engine.compiling import inner_kernel
from posada.engine.draws import DECISION, uniform
from posada.engine.luck import Luck
from posada.engine.people import At
from posada.engine.rate_index import R, by_stance
from posada.engine.state import Rates
from posada.engine.world import Fleet, Network

AMBULANCE = 2
"""Use of a vehicle that counts only for those who need it, never for moving a group."""


@inner_kernel
def stands(v: int, place: int, day: int, fleet: Fleet) -> bool:
    """Say whether an offer of seats for anybody stands this morning; one withdrawn today still does."""
    in_time = fleet.first[v] <= day <= min(fleet.last[v], fleet.withdrawn[v])
    return bool(in_time and fleet.place[v] == place and fleet.use[v] != AMBULANCE)


@inner_kernel
def honoured(v: int, at: At, fleet: Fleet, luck: Luck) -> bool:
    """Draw whether an offer is kept today; one that was withdrawn is not."""
    u = uniform(at.seed, at.member, DECISION.honoured, at.day, fleet.key[v])
    return bool(at.day < fleet.withdrawn[v] and u < luck.honoured[at.m, v])


@inner_kernel
def carries_km(v: int, at: At, fleet: Fleet, net: Network, rates: Rates) -> float:
    """Return how far an offer carries people: its range, its limit place, or as far as such offers do."""
    km = fleet.range_km[v]
    if fleet.limit[v] >= 0:
        to_limit = net.road_km[net.epoch[at.day], fleet.place[v], fleet.limit[v]]
        if not np.isfinite(to_limit):
            return 0.0  # the way there is closed
        return float(to_limit if np.isnan(km) else min(km, to_limit))
    return float(rates.rate[at.m, R.offer_range_km] if np.isnan(km) else km)


@inner_kernel
def trips(km: float, at: At, rates: Rates) -> int:
    """Return how often a vehicle can carry people ``km`` far and come back within its hours; at least once."""
    km_per_day = rates.rate[at.m, R.vehicle_hours_per_day] * rates.rate[at.m, R.vehicle_km_per_hour]
    return max(1, int(km_per_day / max(2.0 * km, 1.0)))


@inner_kernel
def unlisted_seats(at: At, place: int, people: int, net: Network, rates: Rates) -> int:
    """Return the seats that a town offers without any report of its vehicles, 0 on most days."""
    m = at.m
    chance = rates.rate[m, R.offer_probability_per_day]
    chance *= by_stance(rates.rate, m, net.stance[at.day, place], R.transport_welcome)
    if uniform(at.seed, at.member, DECISION.offer, at.day, net.key[place]) >= chance:
        return 0
    return int(rates.rate[m, R.offer_seats_share] * people)


@inner_kernel
def unlisted_honoured(at: At, place: int, net: Network, rates: Rates) -> bool:
    """Draw whether an offer without a report is kept today."""
    u = uniform(at.seed, at.member, DECISION.honoured, at.day, net.key[place], 1)
    return bool(u < rates.rate[at.m, R.offer_honoured_share])


@inner_kernel
def offered_reach(at: At, place: int, people: int, needed: int, fleet: Fleet, net: Network, rates: Rates) -> float:
    """Return how far the vehicles on offer carry at least ``needed`` of ``people`` from here, in km, or 0."""
    if not fleet.listed[at.day, place]:
        seats = unlisted_seats(at, place, people, net, rates)
        km = rates.rate[at.m, R.offer_range_km]
        return float(km) if seats * trips(km, at, rates) >= needed and seats > 0 else 0.0
    best = 0.0
    for v in range(fleet.place.size):
        if not stands(v, place, at.day, fleet):
            continue
        km = carries_km(v, at, fleet, net, rates)
        seats = 0
        for w in range(fleet.place.size):
            if stands(w, place, at.day, fleet) and carries_km(w, at, fleet, net, rates) >= km:
                seats += fleet.seats[w] * trips(km, at, rates)
        if seats >= needed and km > best:
            best = km
    return best
