"""Fifth step, second half: people who are in no group set out for the border, and are on their way for days."""

from __future__ import annotations

import math

from posada.engine.compiling import kernel
from posada.engine.draws import DECISION, binomial, uniform
from posada.engine.luck import Luck
from posada.engine.people import add_alone, taken_by_now
from posada.engine.rate_index import R
from posada.engine.state import DAYS_AHEAD, Alone, Clock, Rates
from posada.engine.world import NEEDS, Bodies, Floats, Ints, Network, Rules

_TRAVELLING, _PERMITTED = 0, 1  # roles of a status in which people move


@kernel
def set_out_alone(
    clock: Clock, m: int, net: Network, rules: Rules, bodies: Bodies, luck: Luck, rates: Rates, alone: Alone
) -> None:
    """Let people alone, with papers or without, set out for the border.

    How many of all of them go is one binomial draw per status; from which towns and classes they come is a
    systematic sample (see :func:`posada.engine.people.move_class`). Who leaves a town on a day goes one way.
    """
    member = clock.first + m
    chance = rates.rate[m, R.alone_onward_rate_per_day]
    km_per_day = rates.rate[m, R.alone_km_per_day]
    e = net.epoch[clock.day]
    for s in range(rules.role.size):
        if rules.role[s] != _TRAVELLING and rules.role[s] != _PERMITTED:
            continue
        waiting = 0
        for p in range(net.key.size):
            if not net.is_border[p]:
                waiting += alone.at[m, s, p]
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
            sent += leaving
            if leaving == 0:
                continue
            # One draw for a town and a day, whatever the status: the key names the town alone.
            v = uniform(clock.seed, member, DECISION.alone_destination, clock.day, net.key[p])
            goal = _draw_goal(v, m, bodies.goals, luck.goal_weight, net.road_km[e, p])
            if goal >= 0 and bodies.goals[goal] != p:  # else no way leads to any goal, or this is it: they stay
                days = min(net.road_km[e, p, bodies.goals[goal]] / km_per_day, float(DAYS_AHEAD))
                slot = (clock.day + max(int(math.ceil(days)), 1) - 1) % DAYS_AHEAD
                _send(m, s, p, goal, slot, leaving, here, alone)


@kernel
def _send(m: int, s: int, p: int, goal: int, slot: int, leaving: int, here: int, alone: Alone) -> None:
    """Put ``leaving`` of the people ``here`` on their way, from all classes in proportion."""
    step = leaving / here
    seen, sent = 0, 0
    for c in range(NEEDS):
        seen += alone.people[m, s, p, c]
        people = taken_by_now(seen, here, step, 0.5, leaving) - sent
        if people > 0:
            sent += people
            add_alone(m, s, p, c, -people, alone)
            alone.coming[m, slot, goal, s, c] += people
    alone.coming_here[m, slot] += leaving
    alone.under_way[m, s] += leaving


@kernel
def _draw_goal(u: float, m: int, goals: Ints, goal_weight: Floats, km: Floats) -> int:
    """Return the index in ``goals`` that people alone make for, among those that can be reached, or -1."""
    weight = 0.0
    for b in range(goals.size):
        if math.isfinite(km[goals[b]]):
            weight += goal_weight[m, b]
    left, last = u * weight, -1
    for b in range(goals.size):
        if goal_weight[m, b] > 0.0 and math.isfinite(km[goals[b]]):
            last = b
            left -= goal_weight[m, b]
            if left < 0.0:
                break
    return last
