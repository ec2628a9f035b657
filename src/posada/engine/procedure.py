"""Eighth step: the administrative procedure and the border, as the scenario's table says.

Queues are served first, then chances are met. Transitions are taken in the order of the table, and each meets
those whom the earlier ones of the day left. Who changes to a status that can be left again is put aside until all
transitions have been taken, so that nobody passes two in one day.

How many of the people alone take a transition is one exact binomial draw for the member and the day; from which
towns, and of which classes, they are is a systematic sample (see :func:`posada.engine.people.move_class`).
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
_ANY, _GROUP, _ALONE = range(3)  # positions in TRANSITION_SCOPES
_TRAVELLING, _PERMITTED, _WAITING, _HELD, _FINAL = range(5)  # positions in STATUS_ROLES


class Aside(NamedTuple):
    """People of one member who changed status today, until the day's transitions have been taken."""

    alone: Counts  # (S, P)
    classes: Counts  # (S, C) of the people alone
    parts: Counts  # (N, S, C)
    touched: Flags  # (S,) whether anybody changed to the status
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
    statuses = rules.role.size
    aside = Aside(
        np.zeros((statuses, places), np.int32),
        np.zeros((statuses, NEEDS), np.int32),
        np.zeros((slots, statuses, NEEDS), np.int32),
        np.zeros(statuses, np.bool_),
        np.zeros((slots + 1, NEEDS), np.int32),
    )
    queues = _list_open(rules, clock.day, True, _ANY)
    for_alone = _list_open(rules, clock.day, False, _GROUP)
    for_groups = _list_open(rules, clock.day, False, _ALONE)
    for m in range(parts.kind.shape[0]):
        _serve_queues(clock, m, queues, net, rules, rates, parts, alone, ends, aside)
        _meet_alone(clock, m, for_alone, rules, rates, alone, tally, ends, aside)
        _meet_parts(clock, m, for_groups, rules, bodies, rates, parts, plans, ends, aside)
        _settle(m, parts, alone, aside)


@kernel
def _list_open(rules: Rules, day: int, capacity: bool, except_scope: int) -> Ints:
    """List the transitions that are open today: queues, or chances that are not only for the scope left out."""
    listed = np.empty(rules.kind.size, np.int64)
    count = 0
    for t in range(rules.kind.size):
        concerned = except_scope == _ANY or rules.scope[t] != except_scope
        if concerned and rules.is_open[t, day] and (rules.kind[t] == _CAPACITY) == capacity:
            listed[count] = t
            count += 1
    return listed[:count]


@kernel
def _meet_alone(
    clock: Clock,
    m: int,
    transitions: Ints,
    rules: Rules,
    rates: Rates,
    alone: Alone,
    tally: Tally,
    ends: Ends,
    aside: Aside,
) -> None:
    """Draw how many people alone take each transition, and from which towns and classes they are."""
    member = clock.first + m
    for k in range(transitions.size):
        t = transitions[k]
        origin, goal, who = rules.origin[t], rules.goal[t], rules.who[t]
        first, last = rules.first_place[t], rules.first_place[t + 1]
        plain = rules.kind[t] != _SHARE
        meeting = _count_meeting(m, origin, first, last, rules.places, plain, alone.at, tally.came_alone)
        if meeting == 0:
            continue
        key = mixed(rules.key[t], 11)
        concerned = meeting
        if who >= 0:
            v = uniform(clock.seed, member, DECISION.rounding, clock.day, key, 1)
            concerned = rounded(_expected_of_class(m, origin, who, meeting, alone.classes), v)
        chance = min(rates.move[m, t], 1.0)
        taking = binomial(concerned, chance, clock.seed, member, DECISION.hazard, clock.day, key)
        if taking == 0:
            continue
        u = uniform(clock.seed, member, DECISION.rounding, clock.day, key)
        final = rules.role[goal] == _FINAL
        ends.entries[m, goal] += taking
        step = taking / meeting
        seen, taken = 0, 0
        for i in range(first, last):
            p = rules.places[i]
            here = alone.at[m, origin, p]
            if here == 0:
                continue
            seen += here if plain else min(here, tally.came_alone[m, origin, p])
            people = taken_by_now(seen, meeting, step, u, taking) - taken
            taken += people
            alone.at[m, origin, p] -= people
            alone.here[m, p] -= people
            if not final:
                aside.alone[goal, p] += people
            if taken == taking:
                break
        if final:
            _take_classes(m, origin, who, taking, u, alone.classes, ends.people[m, goal])
        else:
            aside.touched[goal] = True
            _take_classes(m, origin, who, taking, u, alone.classes, aside.classes[goal])


@kernel
def _count_meeting(
    m: int, s: int, first: int, last: int, places: Ints, plain: bool, at: Counts, came_alone: Counts
) -> int:
    """Count the people alone whom a transition meets in its places: all in the status, or those who came today."""
    meeting = 0
    if plain and last - first == at.shape[2]:
        for p in range(at.shape[2]):  # everywhere: a sum over neighbours in memory
            meeting += at[m, s, p]
        return meeting
    for i in range(first, last):
        p = places[i]
        meeting += at[m, s, p] if plain else min(at[m, s, p], came_alone[m, s, p])
    return meeting


@kernel
def _expected_of_class(m: int, s: int, c: int, people: int, classes: Counts) -> float:
    """Return how many of some people alone in a status are of one class, in proportion; all of it, of all of them."""
    everybody = 0
    for other in range(NEEDS):
        everybody += classes[m, s, other]
    return people * classes[m, s, c] / everybody if everybody > 0 else 0.0


@kernel
def _take_classes(m: int, s: int, who: int, count: int, u: float, classes: Counts, target: Counts) -> None:
    """Take ``count`` people alone out of a status, of one class or of all in proportion, and add them to ``target``."""
    if who >= 0:
        classes[m, s, who] -= count
        target[who] += count
        return
    everybody = 0
    for c in range(NEEDS):
        everybody += classes[m, s, c]
    step = count / everybody
    seen, taken = 0, 0
    for c in range(NEEDS):
        seen += classes[m, s, c]
        going = taken_by_now(seen, everybody, step, u, count) - taken
        taken += going
        classes[m, s, c] -= going
        target[c] += going


@kernel
def _meet_parts(
    clock: Clock,
    m: int,
    transitions: Ints,
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
        for k in range(transitions.size):
            t = transitions[k]
            if not rules.here[t, p] or (rules.kind[t] == _SHARE and not plans.arrived[m, n]):
                continue
            origin, goal, who = rules.origin[t], rules.goal[t], rules.who[t]
            meeting = _count_suiting(parts.people[m, n, origin], who)
            if meeting == 0:
                continue
            key = mixed(rules.key[t], group)
            chance = min(rates.move[m, t], 1.0)
            taking = binomial(meeting, chance, clock.seed, member, DECISION.hazard, clock.day, key)
            if taking == 0:
                continue
            u = uniform(clock.seed, member, DECISION.rounding, clock.day, key)
            role = rules.role[goal]
            ends.entries[m, goal] += taking
            if role != _FINAL:
                aside.touched[goal] = True
                if role not in (_TRAVELLING, _PERMITTED):
                    aside.alone[goal, p] += taking
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
                    aside.classes[goal, c] += going


@kernel
def _count_suiting(people: Counts, who: int) -> int:
    """Return how many of the people of a status, ``(C,)``, a transition is open to."""
    if who >= 0:
        return int(people[who])
    everybody = 0
    for c in range(NEEDS):
        everybody += people[c]
    return everybody


@kernel
def _serve_queues(
    clock: Clock,
    m: int,
    transitions: Ints,
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
    for k in range(transitions.size):
        t = transitions[k]
        origin, goal, who = rules.origin[t], rules.goal[t], rules.who[t]
        stays = rules.role[origin] in (_WAITING, _HELD)
        for i in range(rules.first_place[t], rules.first_place[t + 1]):
            p = rules.places[i]
            if stays and alone.at[m, origin, p] == 0:
                continue  # nobody of a group is in such a status
            waiting = _list_queue(m, p, origin, who, rules.scope[t], alone, parts, aside.queue)
            if waiting == 0:
                continue
            key = mixed(rules.key[t], net.key[p])
            capacity = rounded(rates.move[m, t], uniform(clock.seed, member, DECISION.capacity, clock.day, key))
            u = uniform(clock.seed, member, DECISION.capacity, clock.day, key, 1)
            served = min(waiting, capacity)
            ends.entries[m, goal] += served
            _let_through(m, p, origin, goal, who, served, waiting, u, rules.role[goal], parts, alone, ends, aside)


@kernel
def _let_through(
    m: int,
    p: int,
    origin: int,
    goal: int,
    who: int,
    served: int,
    waiting: int,
    u: float,
    role: int,
    parts: Parts,
    alone: Alone,
    ends: Ends,
    aside: Aside,
) -> None:
    """Take those who are served out of the queue: row 0 the people alone, then part by part and class by class."""
    aside.touched[goal] = aside.touched[goal] or role != _FINAL
    step = served / waiting
    seen = aside.queue[0, 0]
    through = taken_by_now(seen, waiting, step, u, served)
    if through > 0:
        alone.at[m, origin, p] -= through
        alone.here[m, p] -= through
        if role == _FINAL:
            _take_classes(m, origin, who, through, u, alone.classes, ends.people[m, goal])
        else:
            aside.alone[goal, p] += through
            _take_classes(m, origin, who, through, u, alone.classes, aside.classes[goal])
    for row in range(1, aside.queue.shape[0]):
        for c in range(NEEDS):
            seen += aside.queue[row, c]
            people = taken_by_now(seen, waiting, step, u, served) - through
            if people == 0:
                continue
            through += people
            parts.people[m, row - 1, origin, c] -= people
            if role == _FINAL:
                ends.people[m, goal, c] += people
            elif role in (_TRAVELLING, _PERMITTED):
                aside.parts[row - 1, goal, c] += people
            else:
                aside.alone[goal, p] += people
                aside.classes[goal, c] += people


@kernel
def _list_queue(m: int, p: int, origin: int, who: int, scope: int, alone: Alone, parts: Parts, queue: Counts) -> int:
    """List who waits for a transition in a place, row 0 alone, then by part and class; return how many they are."""
    queue[:] = 0
    waiting = 0
    if scope != _GROUP and alone.at[m, origin, p] > 0:
        waiting = alone.at[m, origin, p]
        if who >= 0:
            waiting = int(_expected_of_class(m, origin, who, waiting, alone.classes) + 0.5)
        queue[0, 0] = waiting
    if scope == _ALONE:
        return waiting
    for n in range(parts.kind.shape[1]):
        if parts.kind[m, n] != FREE and parts.heading[m, n] < 0 and parts.place[m, n] == p:
            for c in range(NEEDS):
                if who < 0 or who == c:
                    queue[n + 1, c] = parts.people[m, n, origin, c]
                    waiting += queue[n + 1, c]
    return waiting


@kernel
def _settle(m: int, parts: Parts, alone: Alone, aside: Aside) -> None:
    """Let the people who were put aside be in their new status, where they are."""
    for s in range(aside.touched.size):
        if not aside.touched[s]:
            continue
        aside.touched[s] = False
        for p in range(aside.alone.shape[1]):
            alone.at[m, s, p] += aside.alone[s, p]
            alone.here[m, p] += aside.alone[s, p]
            aside.alone[s, p] = 0
        for c in range(NEEDS):
            alone.classes[m, s, c] += aside.classes[s, c]
            aside.classes[s, c] = 0
        for n in range(aside.parts.shape[0]):
            for c in range(NEEDS):
                parts.people[m, n, s, c] += aside.parts[n, s, c]
                aside.parts[n, s, c] = 0
