"""Fifth step, second half: people who are in no group set out for the border, and are on their way for days."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from posada.engine.binomials import binomial_and_offsets
from posada.engine.compiling import array_kernel, inner_kernel
from posada.engine.draws import DECISION, block, place_uniforms
from posada.engine.luck import Luck
from posada.engine.people import Line, line_up, take_from
from posada.engine.rate_index import R
from posada.engine.state import DAYS_AHEAD, Alone, Clock, Rates
from posada.engine.world import Bodies, Floats, Network, Rules


class Choices(NamedTuple):
    """What people alone in each place choose their goal by today."""

    upto: Floats  # (P, B) running sums of the likely people of the groups so far, over the goals within reach
    km: Floats  # (P, B) way to the goal; negative where they stay: no goal within reach, or this is it


@array_kernel
def list_choices(clock: Clock, net: Network, bodies: Bodies, luck: Luck) -> Choices:
    """Return what all members have in common of how people alone choose their goal."""
    e = net.epoch[clock.day]
    weight = np.zeros(bodies.goals.size)
    for g in range(bodies.key.size):
        if bodies.enters[g] <= clock.day:
            weight += luck.goal_weight[g]
    upto, km = np.empty((net.key.size, bodies.goals.size)), np.empty((net.key.size, bodies.goals.size))
    for p in range(net.key.size):
        so_far = 0.0
        for b in range(bodies.goals.size):
            km[p, b] = net.road_km[e, p, bodies.goals[b]] if bodies.goals[b] != p else -1.0
            so_far += weight[b] if net.road_km[e, p, bodies.goals[b]] < np.inf else 0.0
            upto[p, b] = so_far
        if so_far == 0.0:
            km[p, :] = -1.0
    return Choices(upto, km)


@inner_kernel
def set_out_alone(
    clock: Clock,
    m: int,
    net: Network,
    rules: Rules,
    bodies: Bodies,
    rates: Rates,
    alone: Alone,
    choices: Choices,
    line: Line,
) -> None:
    """Let people alone, with papers or without, set out for the border.

    How many of all of them go is one binomial draw per status; from which towns they come is a
    systematic sample (see :func:`posada.engine.people.move_class`). Who leaves a town on a day goes one way,
    whatever the status; where to, by ``choices``.
    """
    member = clock.first + m
    chance = rates.rate[m, R.alone_onward_rate_per_day]
    km_per_day = rates.rate[m, R.alone_km_per_day]
    bits = block(clock.seed, member, DECISION.alone_destination, clock.day)
    today = clock.day % DAYS_AHEAD
    for w in range(rules.moving.size):
        s = rules.moving[w]
        waiting = line_up(alone.at[m, s], net.set_out_from, line)
        if waiting == 0:
            continue
        key = rules.status_key[s]
        going, u, _v = binomial_and_offsets(waiting, chance, clock.seed, member, DECISION.set_out_alone, clock.day, key)
        if going == 0:
            continue
        take_from(net.set_out_from.size, waiting, going / waiting, u, going, line)
        under_way = 0
        for j in range(_list_taken(net.set_out_from.size, line)):
            # Never negative, which need not be looked at then.
            i = np.uint64(line.was[j])
            p = np.uint64(net.set_out_from[i])
            v = choices.upto[p, bodies.goals.size - 1] * place_uniforms(bits, net.key[p])[0]
            goal = np.uint64(0)
            for b in range(bodies.goals.size - 1):
                goal += np.uint64(choices.upto[p, b] <= v)
            km = choices.km[p, goal]
            if km < 0.0:
                continue  # they stay, and are counted here
            # A pace of zero would make the days infinite, so they are bounded before they are a whole number.
            days = min(km / km_per_day, float(DAYS_AHEAD))
            slot = today + max(int(math.ceil(days)), 1) - 1
            slot -= DAYS_AHEAD if slot >= DAYS_AHEAD else 0
            leaving = line.taken[i + np.uint64(1)] - line.taken[i]
            alone.coming[m, np.uint64(slot), w, goal] += leaving
            alone.at[m, s, p] -= leaving
            under_way += leaving
        alone.under_way[m, s] += under_way


@inner_kernel
def _list_taken(count: int, line: Line) -> int:
    """List in ``line.was`` the first ``count`` places of which somebody was taken; return how many they are."""
    listed = np.uint64(0)  # never negative, which need not be looked at then
    for i in range(count):
        # Written in any case, and kept if anybody was taken: a branch that cannot be foreseen costs more.
        line.was[listed] = i
        listed += np.uint64(line.taken[i + 1] > line.taken[i])
    return int(listed)
