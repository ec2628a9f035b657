"""Eighth step: the administrative procedure and the border, as the scenario's table says.

Queues are served first, then chances are met. Transitions are taken in the order of the table, and each meets
those whom the earlier ones of the day left.
Who changes to a status that can be left again is put aside until all transitions have been taken, so that
nobody passes two in one day.

How many of the people alone take a transition is one exact binomial draw for the member and the day; from which
towns and classes they come is a systematic sample (see :func:`posada.engine.people.move_class`).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from posada.engine.compiling import kernel
from posada.engine.draws import DECISION, binomial, mixed, rounded, uniform
from posada.engine.people import taken_by_now
from posada.engine.state import FREE, Alone, Clock, Counts, Ends, Parts, Plans, Rates, Tally
from posada.engine.world import NEEDS, PARTS_PER_GROUP, Bodies, Flags, Ints, Network, Rules

_SHARE, _CAPACITY = 1, 2  # positions in TRANSITION_KINDS
_GROUP, _ALONE = 1, 2  # positions in TRANSITION_SCOPES
_TRAVELLING, _PERMITTED, _WAITING, _HELD, _FINAL = range(5)  # positions in STATUS_ROLES


class Aside(NamedTuple):
    """People of one member who changed status today, until the day's transitions have been taken."""

    alone: Counts  # (S, P, C)
    parts: Counts  # (N, S, C)
    touched: Flags  # (S,) whether anybody changed to the status
    cells: Counts  # (P, C) scratch: whom a transition meets
    queue: Counts  # (N + 1, C) scratch: who waits, row 0 for the people alone


@kernel
def process(
    clock: Clock,
    net: Network,
    rules: Rules,
    bodies: Bodies,
    rates: Rates,
    parts: Parts,
    alone: Alone,
    ends: Ends,
    plans: Plans,
    tally: Tally,
) -> None:
    """Apply every open transition to the people in groups and to the people alone."""
    places, slots = net.key.size, parts.kind.shape[1]
    statuses, needs = parts.people.shape[2:]
    aside = Aside(
        np.zeros((statuses, places, needs), np.int32),
        np.zeros((slots, statuses, needs), np.int32),
        np.zeros(statuses, np.bool_),
        np.zeros((places, needs), np.int32),
        np.zeros((slots + 1, needs), np.int32),
    )
    for m in range(parts.kind.shape[0]):
        _serve_queues(clock, m, net, rules, rates, parts, alone, ends, aside)
        _meet_alone(clock, m, net, rules, bodies, rates, alone, tally, ends, aside)
        _meet_parts(clock, m, rules, bodies, rates, parts, plans, ends, aside)
        _settle(m, rules.role, parts, alone, aside)


@kernel
def _meet_alone(
    clock: Clock,
    m: int,
    net: Network,
    rules: Rules,
    bodies: Bodies,
    rates: Rates,
    alone: Alone,
    tally: Tally,
    ends: Ends,
    aside: Aside,
) -> None:
    """Draw how many people alone take each transition, and take them from the towns and classes they are in."""
    member = clock.first + m
    for t in range(rules.kind.size):
        value = rates.move[m, t]
        if value <= 0.0 or rules.kind[t] == _CAPACITY or rules.scope[t] == _GROUP or not rules.is_open[t, clock.day]:
            continue
        origin = rules.origin[t]
        by_cell = rules.kind[t] == _SHARE or rules.who[t] >= 0
        begin, end = rules.first_place[t], rules.first_place[t + 1]
        meeting = 0
        if end - begin == net.key.size:
            for p in range(net.key.size):
                meeting += alone.at[m, origin, p]
        else:
            for k in range(begin, end):
                meeting += alone.at[m, origin, rules.places[k]]
        if by_cell and meeting > 0:
            meeting = _list_cells(m, t, rules, bodies.goals, alone, tally.came_alone, aside.cells)
        if meeting == 0:
            continue
        key = mixed(rules.key[t], 11)
        taking = binomial(meeting, min(value, 1.0), clock.seed, member, DECISION.hazard, clock.day, key)
        if taking == 0:
            continue
        u = uniform(clock.seed, member, DECISION.rounding, clock.day, key)
        goal = rules.goal[t]
        final = rules.role[goal] == _FINAL
        ends.entries[m, goal] += taking
        aside.touched[goal] = aside.touched[goal] or not final
        step = taking / meeting
        seen, taken = 0, 0
        for k in range(begin, end):
            p = rules.places[k]
            if alone.at[m, origin, p] == 0:
                continue
            before = seen
            if by_cell:
                for c in range(NEEDS):
                    seen += aside.cells[p, c]
            else:
                seen += alone.at[m, origin, p]
            people = taken_by_now(seen, meeting, step, u, taking) - taken
            if people == 0:
                continue
            taken += people
            own_step = people / (seen - before)
            own_seen, gone = 0, 0
            for c in range(NEEDS):
                own_seen += aside.cells[p, c] if by_cell else alone.people[m, origin, p, c]
                going = taken_by_now(own_seen, seen - before, own_step, 0.5, people) - gone
                gone += going
                alone.people[m, origin, p, c] -= going
                if final:
                    ends.people[m, goal, c] += going
                else:
                    aside.alone[goal, p, c] += going
            alone.at[m, origin, p] -= people
            alone.here[m, p] -= people
            if taken == taking:
                break


@kernel
def _list_cells(m: int, t: int, rules: Rules, goals: Ints, alone: Alone, came: Counts, cells: Counts) -> int:
    """List the people alone whom a transition meets, by place and class: of its class, or come today."""
    origin, who = rules.origin[t], rules.who[t]
    meeting = 0
    cells[:] = 0
    for p in range(cells.shape[0]):
        if not rules.here[t, p] or alone.at[m, origin, p] == 0:
            continue
        for c in range(NEEDS):
            if who < 0 or who == c:
                people = alone.people[m, origin, p, c]
                if rules.kind[t] == _SHARE:
                    today = 0
                    for b in range(goals.size):
                        today += came[m, b, origin, c] if goals[b] == p else 0
                    people = min(people, today)
                cells[p, c] = people
                meeting += people
    return meeting


@kernel
def _meet_parts(
    clock: Clock,
    m: int,
    rules: Rules,
    bodies: Bodies,
    rates: Rates,
    parts: Parts,
    plans: Plans,
    ends: Ends,
    aside: Aside,
) -> None:
    """Draw how many people of each part in a matching place take each transition, and sample their classes."""
    member = clock.first + m
    for n in range(parts.kind.shape[1]):
        if parts.kind[m, n] == FREE or parts.heading[m, n] >= 0:
            continue
        p = parts.place[m, n]
        group = mixed(bodies.key[n // PARTS_PER_GROUP], n % PARTS_PER_GROUP)
        for t in range(rules.kind.size):
            value = rates.move[m, t]
            if rules.kind[t] == _CAPACITY or rules.scope[t] == _ALONE or not rules.is_open[t, clock.day]:
                continue
            if value <= 0.0 or not rules.here[t, p] or (rules.kind[t] == _SHARE and not plans.arrived[m, n]):
                continue
            origin, who = rules.origin[t], rules.who[t]
            meeting = 0
            for c in range(NEEDS):
                meeting += parts.people[m, n, origin, c] if who < 0 or who == c else 0
            if meeting == 0:
                continue
            key = mixed(rules.key[t], group)
            taking = binomial(meeting, min(value, 1.0), clock.seed, member, DECISION.hazard, clock.day, key)
            if taking == 0:
                continue
            u = uniform(clock.seed, member, DECISION.rounding, clock.day, key)
            goal = rules.goal[t]
            role = rules.role[goal]
            ends.entries[m, goal] += taking
            aside.touched[goal] = aside.touched[goal] or role != _FINAL
            step = taking / meeting
            seen, taken = 0, 0
            for c in range(NEEDS):
                seen += parts.people[m, n, origin, c] if who < 0 or who == c else 0
                going = taken_by_now(seen, meeting, step, u, taking) - taken
                taken += going
                parts.people[m, n, origin, c] -= going
                if role == _FINAL:
                    ends.people[m, goal, c] += going
                elif role in (_TRAVELLING, _PERMITTED):
                    aside.parts[n, goal, c] += going
                else:
                    aside.alone[goal, p, c] += going


@kernel
def _serve_queues(
    clock: Clock,
    m: int,
    net: Network,
    rules: Rules,
    rates: Rates,
    parts: Parts,
    alone: Alone,
    ends: Ends,
    aside: Aside,
) -> None:
    """In each place let as many through as its capacity of the day allows, from all who wait in proportion."""
    member = clock.first + m
    for t in range(rules.kind.size):
        value = rates.move[m, t]
        if value <= 0.0 or rules.kind[t] != _CAPACITY or not rules.is_open[t, clock.day]:
            continue
        origin, goal = rules.origin[t], rules.goal[t]
        role = rules.role[goal]
        stays = rules.role[origin] in (_WAITING, _HELD)
        for k in range(rules.first_place[t], rules.first_place[t + 1]):
            p = rules.places[k]
            if stays and alone.at[m, origin, p] == 0:
                continue  # nobody of a group is in such a status
            waiting = _list_queue(m, p, origin, rules.who[t], rules.scope[t], alone, parts, aside.queue)
            if waiting == 0:
                continue
            key = mixed(rules.key[t], net.key[p])
            capacity = rounded(value, uniform(clock.seed, member, DECISION.capacity, clock.day, key))
            u = uniform(clock.seed, member, DECISION.capacity, clock.day, key, 1)
            served = min(waiting, capacity)
            ends.entries[m, goal] += served
            aside.touched[goal] = aside.touched[goal] or role != _FINAL
            step = served / waiting
            seen, through = 0, 0
            for row in range(aside.queue.shape[0]):
                for c in range(NEEDS):
                    seen += aside.queue[row, c]
                    people = taken_by_now(seen, waiting, step, u, served) - through
                    through += people
                    if row == 0:
                        alone.people[m, origin, p, c] -= people
                        alone.at[m, origin, p] -= people
                        alone.here[m, p] -= people
                    else:
                        parts.people[m, row - 1, origin, c] -= people
                    if role == _FINAL:
                        ends.people[m, goal, c] += people
                    elif row > 0 and role in (_TRAVELLING, _PERMITTED):
                        aside.parts[row - 1, goal, c] += people
                    else:
                        aside.alone[goal, p, c] += people


@kernel
def _list_queue(m: int, p: int, origin: int, who: int, scope: int, alone: Alone, parts: Parts, queue: Counts) -> int:
    """List who waits for a transition in a place, row 0 alone, then by part; return how many they are."""
    waiting = 0
    queue[:] = 0
    for row in range(queue.shape[0]):
        n = row - 1
        stands = scope != _GROUP and alone.at[m, origin, p] > 0
        if n >= 0:
            in_town = parts.kind[m, n] != FREE and parts.heading[m, n] < 0 and parts.place[m, n] == p
            stands = in_town and scope != _ALONE
        if stands:
            for c in range(NEEDS):
                if who < 0 or who == c:
                    queue[row, c] = alone.people[m, origin, p, c] if n < 0 else parts.people[m, n, origin, c]
                    waiting += queue[row, c]
    return waiting


@kernel
def _settle(m: int, role: Ints, parts: Parts, alone: Alone, aside: Aside) -> None:
    """Let the people who were put aside be in their new status, where they are."""
    for s in range(role.size):
        if not aside.touched[s]:
            continue
        aside.touched[s] = False
        for p in range(aside.alone.shape[1]):
            came = 0
            for c in range(NEEDS):
                came += aside.alone[s, p, c]
                alone.people[m, s, p, c] += aside.alone[s, p, c]
                aside.alone[s, p, c] = 0
            alone.at[m, s, p] += came
            alone.here[m, p] += came
        for n in range(aside.parts.shape[0]):
            for c in range(NEEDS):
                parts.people[m, n, s, c] += aside.parts[n, s, c]
                aside.parts[n, s, c] = 0
