"""Fifth step, first half: parts of groups walk and ride, and those who cannot keep up stop short."""

from __future__ import annotations

import math

from posada.engine.alone import list_choices, new_leaving, set_out_alone
from posada.engine.board import CHILDREN, LIMITED, MEDICAL, OLDER
from posada.engine.choose import nobody_walks
from posada.engine.compiling import array_step_kernel, inner_kernel
from posada.engine.draws import DECISION, normal_share_below, rounded
from posada.engine.luck import Luck
from posada.engine.people import At, about_part, chance_of, free_part, how_many, move_class, of_class, total
from posada.engine.rate_index import R
from posada.engine.state import (
    BEHIND,
    FREE,
    REST,
    RIDE,
    TRAIN,
    Alone,
    Books,
    Clock,
    Parts,
    Plans,
    Rates,
    Seats,
    Tally,
)
from posada.engine.together import TOGETHER, new_draws
from posada.engine.world import NEEDS, PARTS_PER_GROUP, Bodies, Network, Rules

_TRAIN_KM_PER_HOUR = 45.0  # freight trains of the corridor run at 40 to 50 km/h when they move
_LAST_HOUR = 23.9
_BY_VEHICLE = 2.0  # a stage of more than twice a day's walk was not walked

_TOPIC = 200


@array_step_kernel
def travel(
    clock: Clock,
    net: Network,
    rules: Rules,
    bodies: Bodies,
    luck: Luck,
    rates: Rates,
    parts: Parts,
    alone: Alone,
    plans: Plans,
    seats: Seats,
    tally: Tally,
    books: Books,
) -> None:
    """Move every part that goes to its target, or along its road when no town is within reach."""
    for m in range(parts.kind.shape[0]):
        for n in range(parts.kind.shape[1]):
            if parts.kind[m, n] != FREE:
                at = about_part(clock, m, n, bodies.key, _TOPIC)
                _move(at, net, rates, parts, plans, seats, tally, books)
    if clock.day == 0 or net.set_out_from.size == 0:
        return
    choices, leaving, draws = (
        list_choices(clock, net, bodies, luck),
        new_leaving(rules.moving.size, net.key.size, bodies.goals.size),
        new_draws(),
    )
    for first in range(0, parts.kind.shape[0], TOGETHER):
        count = min(TOGETHER, parts.kind.shape[0] - first)
        set_out_alone(clock, first, count, net, rules, bodies, luck, rates, alone, choices, leaving, draws)


@inner_kernel
def _move(
    at: At, net: Network, rates: Rates, parts: Parts, plans: Plans, seats: Seats, tally: Tally, books: Books
) -> None:
    m, n = at.m, at.n
    if plans.mode[m, n] == REST:
        plans.rested[m, n] = not plans.arrived[m, n]  # those who stopped short today did not rest
    elif parts.heading[m, n] >= 0:
        km = parts.left_km[m, n]
        parts.left_km[m, n] -= plans.reach_km[m, n]
        if parts.left_km[m, n] <= 0.0:
            place = parts.heading[m, n]
            _note_hour(at, place, km / rates.rate[m, R.walk_km_per_hour], rates, books)
            _arrive_at(m, n, place, total(parts.people[m, n]), parts, plans, tally)
    else:
        _set_out(at, net, rates, parts, plans, seats, tally, books)


@inner_kernel
def _arrive_at(m: int, n: int, place: int, people: int, parts: Parts, plans: Plans, tally: Tally) -> None:
    parts.place[m, n] = place
    parts.heading[m, n] = -1
    parts.left_km[m, n] = 0.0
    plans.arrived[m, n] = True
    tally.came[m, place] += people


@inner_kernel
def _set_out(
    at: At, net: Network, rates: Rates, parts: Parts, plans: Plans, seats: Seats, tally: Tally, books: Books
) -> None:
    m, n = at.m, at.n
    e = net.epoch[at.day]
    start, target = parts.place[m, n], plans.target[m, n]
    people = total(parts.people[m, n])
    tally.set_out[m, start] += people
    if plans.mode[m, n] == TRAIN:
        _note_hour(at, target, net.rail_km[e, start, target] / _TRAIN_KM_PER_HOUR, rates, books)
        _arrive_at(m, n, target, people, parts, plans, tally)
        return
    km = net.road_km[e, start, target]
    if km > plans.reach_km[m, n]:
        parts.heading[m, n] = target
        parts.left_km[m, n] = km - plans.reach_km[m, n]
        return
    late = 0
    if not nobody_walks(at, start, target, net, rates):
        late = _leave_the_slow_behind(at, km, net, rates, parts, plans, seats, tally)
    riding = 0
    for c in range(NEEDS):
        riding += seats.riders[m, n, c]
    by_vehicle = riding * 2 > people or km > rates.rate[m, R.walk_km_per_day] * _BY_VEHICLE
    speed = rates.rate[m, R.vehicle_km_per_hour] if by_vehicle else rates.rate[m, R.walk_km_per_hour]
    _note_hour(at, target, km / speed, rates, books)
    _arrive_at(m, n, target, people - late, parts, plans, tally)


@inner_kernel
def _note_hour(at: At, target: int, hours: float, rates: Rates, books: Books) -> None:
    """Keep the hour at which the first main body reaches a place."""
    if at.n % PARTS_PER_GROUP == 0 and math.isnan(books.arrival_hour[at.m, target]):
        hour = rates.rate[at.m, R.departure_hour] + hours
        books.arrival_hour[at.m, target] = min(hour, _LAST_HOUR)


@inner_kernel
def _leave_the_slow_behind(
    at: At, km: float, net: Network, rates: Rates, parts: Parts, plans: Plans, seats: Seats, tally: Tally
) -> int:
    """Let those whose own reach ends before the stop sleep short of it, as a part that catches up.

    A person's reach on foot is log-normal: the group's stage is one that five in six can walk (one standard
    deviation below the median), so a stop at the very end of it leaves one in six behind.
    """
    m, n = at.m, at.n
    slot = free_part(parts.kind, m, at.g)
    if slot < 0:
        return 0
    sigma = max(rates.rate[m, R.walk_km_person_sigma], 1e-6)
    late = 0
    within_km = _stage_on_foot(at, rates, plans)
    for c in range(NEEDS):
        here = of_class(parts.people[m, n], c)
        if here == 0:
            continue
        carried = min(seats.carried[m, n, c], here)
        on_foot = here - min(seats.riders[m, n, c], here) - carried
        if plans.lifts[m, n]:
            u = chance_of(at, DECISION.lift_people, c)
            on_foot -= min(rounded(on_foot * rates.rate[m, R.lift_share], u), on_foot)
        reach = _own_reach(at, c, sigma, rates, plans)
        short = how_many(at, on_foot, _falls_short(km, reach, sigma), DECISION.stop_short, c)
        if carried > 0:
            misses_the_rest = _falls_short(km - seats.carried_km[m, n], reach, sigma)
            short_of_the_rest = how_many(at, carried, misses_the_rest, DECISION.stop_short, 20 + c)
            if short_of_the_rest > 0:
                within_km = max(within_km, seats.carried_km[m, n])
            short += short_of_the_rest
        if short > 0:
            move_class(parts.people[m, n], parts.people[m, slot], c, short, chance_of(at, DECISION.rounding, c))
            late += short
    if late > 0:
        parts.kind[m, slot] = BEHIND
        parts.halt[m, slot] = 0
        plans.mode[m, slot] = REST
        _sleep_short(at, slot, km, within_km, late, net, parts, plans, tally)
    return late


@inner_kernel
def _own_reach(at: At, c: int, sigma: float, rates: Rates, plans: Plans) -> float:
    """Return the median reach on foot of a need class, in km; of a stage with lifts only the walk counts."""
    factor = 1.0
    if c in (CHILDREN, OLDER):
        factor = rates.rate[at.m, R.walk_factor_slower]
    elif c in (LIMITED, MEDICAL):
        factor = rates.rate[at.m, R.walk_factor_limited]
    return float(_stage_on_foot(at, rates, plans) * factor * math.exp(sigma))


@inner_kernel
def _stage_on_foot(at: At, rates: Rates, plans: Plans) -> float:
    by_others = plans.lifts[at.m, at.n] or plans.mode[at.m, at.n] == RIDE
    return float(rates.rate[at.m, R.walk_km_per_day] if by_others else plans.reach_km[at.m, at.n])


@inner_kernel
def _falls_short(km: float, reach_km: float, sigma: float) -> float:
    return normal_share_below(math.log(km / reach_km) / sigma) if km > 0.0 else 0.0


@inner_kernel
def _sleep_short(
    at: At,
    slot: int,
    km: float,
    within_km: float,
    late: int,
    net: Network,
    parts: Parts,
    plans: Plans,
    tally: Tally,
) -> None:
    """Put people who stop short into the last town on the way within reach, or on the road when there is none."""
    m, e = at.m, net.epoch[at.day]
    start, target = parts.place[m, at.n], plans.target[m, at.n]
    best, best_km = -1, 0.0
    for nearest in range(net.key.size):
        p = net.by_road[e, start, nearest]
        before = net.road_km[e, start, p]
        if not before <= within_km:
            break
        nearer = p != target and best_km < before < km
        if nearer and before + net.road_km[e, p, target] <= km * 1.001:
            best, best_km = p, before
    if best >= 0:
        _arrive_at(m, slot, best, late, parts, plans, tally)
    else:
        parts.place[m, slot] = start
        parts.heading[m, slot] = target
        parts.left_km[m, slot] = km - min(km / 2.0, within_km)
