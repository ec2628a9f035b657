"""Fifth step, second half: people who are in no group set out for the border, and are on their way for days."""

from __future__ import annotations

import math

from posada.engine.compiling import kernel
from posada.engine.draws import DECISION, binomial, mixed, uniform
from posada.engine.luck import Luck
from posada.engine.people import taken_by_now
from posada.engine.rate_index import R
from posada.engine.state import DAYS_AHEAD, Alone, Clock, Rates
from posada.engine.world import Bodies, Network, Rules

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
    for s in range(rules.role.size):
        if rules.role[s] != _TRAVELLING and rules.role[s] != _PERMITTED:
            continue
        waiting = 0
        for p in range(net.key.size):
            if alone.here[m, p] > 0 and not net.is_border[p]:
                for c in range(alone.people.shape[3]):
                    waiting += alone.people[m, p, s, c]
        if waiting == 0:
            continue
        key = rules.status_key[s]
        going = binomial(waiting, chance, clock.seed, member, DECISION.set_out_alone, clock.day, key)
        u = uniform(clock.seed, member, DECISION.rounding, clock.day, key)
        seen, sent = 0, 0
        step = going / waiting
        for p in range(net.key.size):
            if alone.here[m, p] == 0 or net.is_border[p]:
                continue
            goal = -2
            for c in range(alone.people.shape[3]):
                seen += alone.people[m, p, s, c]
                leaving = taken_by_now(seen, waiting, step, u, going) - sent
                sent += leaving
                if leaving > 0:
                    if goal == -2:
                        goal = _draw_goal(clock, m, p, net, bodies, luck)
                    _send(clock, m, p, s, c, leaving, goal, net, bodies, rates, alone)


@kernel
def _send(
    clock: Clock,
    m: int,
    p: int,
    s: int,
    c: int,
    people: int,
    goal: int,
    net: Network,
    bodies: Bodies,
    rates: Rates,
    alone: Alone,
) -> None:
    """Put people on their way to a goal; without a way to any, they stay where they are."""
    if goal < 0:
        return
    km = net.road_km[net.epoch[clock.day], p, bodies.goals[goal]]
    days = int(math.ceil(km / rates.rate[m, R.alone_km_per_day]))
    slot = (clock.day + min(max(days, 1), DAYS_AHEAD) - 1) % DAYS_AHEAD
    alone.people[m, p, s, c] -= people
    alone.here[m, p] -= people
    alone.coming[m, slot, goal, s, c] += people
    alone.coming_here[m, slot] += people


@kernel
def _draw_goal(clock: Clock, m: int, p: int, net: Network, bodies: Bodies, luck: Luck) -> int:
    """Return the index in ``goals`` that people alone make for, among those that can be reached, or -1."""
    e = net.epoch[clock.day]
    weight = 0.0
    for b in range(bodies.goals.size):
        if math.isfinite(net.road_km[e, p, bodies.goals[b]]):
            weight += luck.goal_weight[m, b]
    if weight <= 0.0:
        return -1
    left = weight * uniform(clock.seed, clock.first + m, DECISION.alone_destination, clock.day, mixed(net.key[p], 3))
    last = -1
    for b in range(bodies.goals.size):
        if luck.goal_weight[m, b] > 0.0 and math.isfinite(net.road_km[e, p, bodies.goals[b]]):
            last = b
            left -= luck.goal_weight[m, b]
            if left < 0.0:
                break
    return last
