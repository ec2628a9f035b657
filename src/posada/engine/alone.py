"""Fifth step, second half: people who are in no group set out for the border, and are on their way for days."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from posada.engine.compiling import array_kernel, inner_kernel
from posada.engine.draws import DECISION, block, place_uniforms
from posada.engine.luck import Luck
from posada.engine.people import Line, line_up, take_from
from posada.engine.rate_index import R
from posada.engine.state import DAYS_AHEAD, Alone, Clock, Counts, Rates
from posada.engine.together import TOGETHER, Draws, ask, draw_together
from posada.engine.world import Bodies, Floats, Ints, Network, Rules

GO_ELSEWHERE = 0.2
"""Chance that people who are ahead of their group or alone make for another destination than it. An assumption."""


class Choices(NamedTuple):
    """What people alone in each place choose their goal by today: the goal of a group in the member, or any other."""

    upto: Floats  # (P, B) running sums of the likely people who go elsewhere, over the goals within reach
    km: Floats  # (P, B) way to the goal; negative where they stay: no goal within reach, or this is it
    follow: Floats  # (G,) likely people of each group so far who go where it goes
    in_reach: Floats  # (P, B) 1 where there is a way to the goal, else 0


class Leaving(NamedTuple):
    """People alone who set out today, of B members made together. Row k is of the k-th status of which anybody does."""

    seen: Counts  # (B, P + 1) those of one status, as in :class:`posada.engine.people.Line`
    taken: Counts  # (B, P + 1)
    statuses: Ints  # (B,) of how many statuses anybody does
    status: Ints  # (B, W) position in ``rules.moving``
    people: Counts  # (B, W, P) how many leave, by position in ``net.set_out_from``
    anybody: Counts  # (B, P) more than nobody where anybody does
    town: Ints  # (P + 1,) of one member, positions of the towns that anybody leaves
    slot: Ints  # (P,) day on which they arrive who leave the town listed, modulo H
    goal: Ints  # (P,) where they go, negative when they stay
    own: Floats  # (B,) of one member, likely people who go where their group goes
    sums: Floats  # (B,) scratch: running sums of all


@array_kernel
def list_choices(clock: Clock, net: Network, bodies: Bodies, luck: Luck) -> Choices:
    """Return what all members have in common of how people alone choose their goal."""
    e = net.epoch[clock.day]
    weight, follow = np.zeros(bodies.goals.size), np.zeros(bodies.key.size)
    for g in range(bodies.key.size):
        if bodies.enters[g] <= clock.day:
            weight += GO_ELSEWHERE * luck.goal_weight[g]
            follow[g] = (1.0 - GO_ELSEWHERE) * luck.goal_weight[g].sum()
    upto, km, in_reach = np.zeros((3, net.key.size, bodies.goals.size))
    for p in range(net.key.size):
        so_far = 0.0
        for b in range(bodies.goals.size):
            km[p, b] = net.road_km[e, p, bodies.goals[b]] if bodies.goals[b] != p else -1.0
            in_reach[p, b] = 1.0 if net.road_km[e, p, bodies.goals[b]] < np.inf else 0.0
            so_far += weight[b] * in_reach[p, b]
            upto[p, b] = so_far
        if so_far == 0.0:
            km[p, :] = -1.0
    return Choices(upto, km, follow, in_reach)


@array_kernel
def new_leaving(statuses: int, places: int, goals: int) -> Leaving:
    """Return scratch for as many statuses in which people set out, places and goals."""
    sums, of_towns = np.zeros((2, TOGETHER, places + 1), np.int32), np.empty((3, places + 1), np.int64)
    return Leaving(
        sums[0],
        sums[1],
        np.empty(TOGETHER, np.int64),
        np.empty((TOGETHER, statuses), np.int64),
        np.empty((TOGETHER, statuses, places), np.int32),
        np.empty((TOGETHER, places), np.int32),
        of_towns[0],
        of_towns[1],
        of_towns[2],
        np.empty(goals),
        np.empty(goals),
    )


@inner_kernel
def set_out_alone(
    clock: Clock,
    first: int,
    count: int,
    net: Network,
    rules: Rules,
    bodies: Bodies,
    luck: Luck,
    rates: Rates,
    alone: Alone,
    choices: Choices,
    leaving: Leaving,
    draws: Draws,
) -> None:
    """Let people alone, with papers or without, set out for the border, in ``count`` members from ``first`` on.

    How many of all of them go is one binomial draw per status; from which towns they come is a
    systematic sample (see :func:`posada.engine.people.move_class`). Who leaves a town on a day goes one way,
    whatever the status: where a group of the member makes for, or elsewhere, by ``choices``.
    """
    for b in range(count):
        leaving.statuses[b] = 0
    for w in range(rules.moving.size):
        _draw_leaving(clock, first, count, w, net, rules, rates, alone, leaving, draws)
    for b in range(count):
        if leaving.statuses[b] == 0:
            continue
        m = first + b
        towns = _list_towns(net.set_out_from.size, leaving.anybody[b], leaving.town)
        _follow_groups(m, bodies, luck, choices, leaving.own)
        _choose_goals(clock, m, towns, net, bodies, rates, choices, leaving)
        for k in range(leaving.statuses[b]):
            w = leaving.status[b, k]
            at, people = alone.at[m, rules.moving[w]], leaving.people[b, k]
            alone.under_way[m, rules.moving[w]] += _set_out(
                towns, net.set_out_from, people, leaving, at, alone.coming[m, w]
            )


@inner_kernel
def _draw_leaving(
    clock: Clock,
    first: int,
    count: int,
    w: int,
    net: Network,
    rules: Rules,
    rates: Rates,
    alone: Alone,
    leaving: Leaving,
    draws: Draws,
) -> None:
    """Draw how many of a status leave each town."""
    s, places, waiting = rules.moving[w], net.set_out_from, 0
    for b in range(count):
        line = Line(leaving.seen[b], leaving.taken[b])
        people = line_up(alone.at[first + b, s], places, line)
        ask(b, people, rates.rate[first + b, R.alone_onward_rate_per_day], draws)
        waiting += people
    if waiting == 0:
        return
    member, key = clock.first + first, rules.status_key[s]
    draw_together(clock.seed, member, count, DECISION.set_out_alone, clock.day, key, draws)
    for b in range(count):
        going = draws.taking[b]
        if going > 0:
            line, k, people = Line(leaving.seen[b], leaving.taken[b]), leaving.statuses[b], leaving.seen[b, places.size]
            take_from(places.size, people, going / people, draws.one[b], going, line)
            _note_leaving(k, places.size, line.taken, leaving.people[b, k], leaving.anybody[b])
            leaving.status[b, k] = w
            leaving.statuses[b] = k + 1


@inner_kernel
def _note_leaving(k: int, places: int, taken: Counts, count: Counts, anybody: Counts) -> None:
    """Note whom the last sample took as row ``k`` of those who leave."""
    for i in range(places):
        count[i] = taken[i + 1] - taken[i]
    if k == 0:
        for i in range(places):
            anybody[i] = count[i]
        return
    for i in range(places):
        anybody[i] |= count[i]


@inner_kernel
def _list_towns(places: int, anybody: Counts, town: Ints) -> int:
    """List in ``town`` the first ``places`` towns that anybody leaves; return how many they are."""
    listed = np.uint64(0)  # never negative, which need not be looked at then
    for i in range(places):
        # Written in any case, and kept if anybody leaves: a branch that cannot be foreseen costs more.
        town[listed] = i
        listed += np.uint64(anybody[i] > 0)
    return int(listed)


@inner_kernel
def _follow_groups(m: int, bodies: Bodies, luck: Luck, choices: Choices, own: Floats) -> None:
    """Work out how many people of a member are likely to go to each goal because their group does."""
    own[:] = 0.0
    for g in range(bodies.key.size):
        for b in range(bodies.goals.size):
            if bodies.goals[b] == luck.destination[m, g]:
                own[b] += choices.follow[g]


@inner_kernel
def _choose_goals(
    clock: Clock, m: int, towns: int, net: Network, bodies: Bodies, rates: Rates, choices: Choices, leaving: Leaving
) -> None:
    """Draw for each of the first towns that are listed where people go from there, and work out when they arrive."""
    bits = block(clock.seed, clock.first + m, DECISION.alone_destination, clock.day)
    km_per_day = rates.rate[m, R.alone_km_per_day]
    today, last = clock.day % DAYS_AHEAD, bodies.goals.size - 1
    for j in range(towns):
        p = np.uint64(net.set_out_from[np.uint64(leaving.town[j])])
        following = 0.0
        for b in range(last + 1):
            following += leaving.own[b] * choices.in_reach[p, b]
            leaving.sums[b] = choices.upto[p, b] + following
        v = leaving.sums[last] * place_uniforms(bits, net.key[p])[0]
        goal = np.uint64(0)
        for b in range(last):
            goal += np.uint64(leaving.sums[b] <= v)
        km = choices.km[p, goal]
        # A pace of zero would make the days infinite, so they are bounded before they are a whole number.
        days = int(math.ceil(min(km / km_per_day, float(DAYS_AHEAD))))
        slot = today + max(days, 1) - 1
        leaving.slot[j] = slot - (DAYS_AHEAD if slot >= DAYS_AHEAD else 0)
        leaving.goal[j] = np.int64(goal) if km >= 0.0 else -1


@inner_kernel
def _set_out(towns: int, places: Ints, count: Counts, leaving: Leaving, at: Counts, coming: Counts) -> int:
    """Let those of one status who leave the towns listed be under way; return how many they are.

    ``count`` says how many leave each town.
    """
    town, slots, goals, people = leaving.town, leaving.slot, leaving.goal, 0
    for j in range(towns):
        if goals[j] < 0:
            continue  # they stay, and are counted here
        i = np.uint64(town[j])
        coming[np.uint64(slots[j]), np.uint64(goals[j])] += count[i]
        at[np.uint64(places[i])] -= count[i]
        people += count[i]
    return people
