"""Fifth step, second half: people who are in no group set out for the border, and are on their way for days."""

from __future__ import annotations

import math

import numpy as np

from posada.engine.compiling import kernel
from posada.engine.draws import DECISION, binomial, uniform
from posada.engine.people import taken_by_now
from posada.engine.rate_index import R
from posada.engine.state import DAYS_AHEAD, Alone, Clock, Rates
from posada.engine.world import Bodies, Floats, Ints, Network, Rules

_NOT_DRAWN, _NO_WAY = -2, -1
_TRAVELLING, _PERMITTED = 0, 1  # roles of a status in which people move


@kernel
def set_out_alone(
    clock: Clock,
    m: int,
    net: Network,
    rules: Rules,
    bodies: Bodies,
    rates: Rates,
    alone: Alone,
    goal_weight: Floats,
    goal_of: Ints,
) -> None:
    """Let people alone, with papers or without, set out for the border.

    How many of all of them go is one binomial draw per status; from which towns they come is a
    systematic sample (see :func:`posada.engine.people.move_class`). Who leaves a town on a day goes one way,
    whatever the status; where to, by the likely people of the groups so far and their destinations, ``goal_weight``,
    ``(B,)``. ``goal_of``, ``(P,)``, is scratch for that.
    """
    member = clock.first + m
    chance = rates.rate[m, R.alone_onward_rate_per_day]
    km_per_day = rates.rate[m, R.alone_km_per_day]
    e = net.epoch[clock.day]
    goal_of[:] = _NOT_DRAWN
    for s in range(rules.role.size):
        if rules.role[s] != _TRAVELLING and rules.role[s] != _PERMITTED:
            continue
        waiting = 0
        for p in range(net.key.size):
            waiting += 0 if net.is_border[p] else alone.at[m, s, p]
        if waiting == 0:
            continue
        key = rules.status_key[s]
        going = binomial(waiting, chance, clock.seed, member, DECISION.set_out_alone, clock.day, key)
        u = uniform(clock.seed, member, DECISION.rounding, clock.day, key)
        step = going / waiting
        seen, sent = 0, 0
        for p in range(net.key.size):
            here = alone.at[m, s, p]
            if here == 0 or net.is_border[p]:
                continue
            seen += here
            leaving = taken_by_now(seen, waiting, step, u, going) - sent
            if leaving == 0:
                continue
            sent += leaving
            if goal_of[p] == _NOT_DRAWN:
                v = uniform(clock.seed, member, DECISION.alone_destination, clock.day, net.key[p])
                goal_of[p] = _draw_goal(v, e, p, bodies.goals, goal_weight, net.road_km)
            goal = goal_of[p]
            if goal == _NO_WAY or bodies.goals[goal] == p:
                continue  # no way leads to any goal, or this is it: they stay, and are counted here
            # A pace of zero would make the days infinite, so they are bounded before they are a whole number.
            days = min(net.road_km[e, p, bodies.goals[goal]] / km_per_day, float(DAYS_AHEAD))
            slot = (clock.day + max(int(math.ceil(days)), 1) - 1) % DAYS_AHEAD
            alone.coming[m, s, slot, goal] += leaving
            alone.at[m, s, p] -= leaving
            alone.here[m, p] -= leaving
            alone.coming_here[m, slot] += leaving
            alone.under_way[m, s] += leaving


@kernel
def _draw_goal(u: float, e: int, p: int, goals: Ints, goal_weight: Floats, road_km: Floats) -> int:
    """Return the index in ``goals`` that people alone make for, among those that can be reached."""
    weight = 0.0
    for b in range(goals.size):
        weight += goal_weight[b] if road_km[e, p, goals[b]] < np.inf else 0.0
    left, last = u * weight, _NO_WAY
    for b in range(goals.size):
        if goal_weight[b] > 0.0 and road_km[e, p, goals[b]] < np.inf:
            last = b
            left -= goal_weight[b]
            if left < 0.0:
                break
    return last
