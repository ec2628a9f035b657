"""Eighth step: the administrative procedure and the border, as the scenario's table says.

Transitions are taken in the order of the table, and each meets those whom the earlier ones of the day left.
Who changes status is put aside until all have been taken, so that nobody passes two in one day.
"""

from __future__ import annotations

import numpy as np

from posada.engine.compiling import kernel
from posada.engine.draws import DECISION, binomial, mixed, rounded, uniform
from posada.engine.people import taken_by_now
from posada.engine.state import FREE, Alone, Clock, Counts, Ends, Parts, Plans, Rates, Tally
from posada.engine.world import PARTS_PER_GROUP, Bodies, Ints, Network, Rules

_SHARE, _CAPACITY = 1, 2  # positions in TRANSITION_KINDS
_GROUP, _ALONE = 1, 2  # positions in TRANSITION_SCOPES
_TRAVELLING, _PERMITTED, _FINAL = 0, 1, 4  # positions in STATUS_ROLES


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
    aside = np.zeros((places + slots, statuses, needs), np.int32)
    occupied = np.zeros(places, np.int64)
    meeting = np.zeros((places, needs), np.int32)
    queue = np.zeros((slots + 1, needs), np.int32)
    for m in range(parts.kind.shape[0]):
        count = _list_occupied(m, alone.here, parts.kind, parts.heading, parts.place, occupied)
        if count == 0:
            continue
        for t in range(rules.kind.size):
            if rates.move[m, t] <= 0.0 or not rules.is_open[t, clock.day]:
                continue
            if rules.kind[t] == _CAPACITY:
                for k in range(count):
                    if rules.here[t, occupied[k]]:
                        _serve_queue(clock, m, t, occupied[k], net, rules, rates, parts, alone, aside, queue)
                continue
            if rules.scope[t] != _GROUP:
                _meet_alone(clock, m, t, occupied[:count], rules, bodies, rates, alone, tally, aside, meeting)
            if rules.scope[t] != _ALONE:
                _meet_parts(clock, m, t, rules, bodies, rates, parts, plans, aside)
        _settle(m, occupied[:count], rules, parts, alone, ends, aside)


@kernel
def _list_occupied(m: int, alone_here: Ints, kind: Ints, heading: Ints, place: Ints, occupied: Ints) -> int:
    """List the places where anybody is; return how many there are."""
    count = 0
    for p in range(alone_here.shape[1]):
        if alone_here[m, p] > 0:
            occupied[count] = p
            count += 1
    for n in range(kind.shape[1]):
        if kind[m, n] != FREE and heading[m, n] < 0 and alone_here[m, place[m, n]] == 0:
            known = False
            for k in range(count):
                known = known or occupied[k] == place[m, n]
            if not known:
                occupied[count] = place[m, n]
                count += 1
    return count


@kernel
def _suits(who: int, c: int) -> bool:
    return bool(who < 0 or who == c)


@kernel
def _meet_alone(
    clock: Clock,
    m: int,
    t: int,
    occupied: Ints,
    rules: Rules,
    bodies: Bodies,
    rates: Rates,
    alone: Alone,
    tally: Tally,
    aside: Counts,
    meeting: Counts,
) -> None:
    """Draw how many people alone take a transition, and sample from which towns and classes they are.

    ``meeting``, ``(P, C)``, is scratch: the people whom the transition meets in each occupied place.
    """
    origin, goal = rules.origin[t], rules.goal[t]
    here = rules.here[t]
    if rules.kind[t] == _SHARE:
        everybody = _list_arrivals(
            m, origin, rules.who[t], here, occupied, bodies.goals, alone.people, tally.came_alone, meeting
        )
    else:
        everybody = _list_present(m, origin, rules.who[t], here, occupied, alone.people, meeting)
    if everybody == 0:
        return
    key = mixed(rules.key[t], 11)
    member = clock.first + m
    chance = min(rates.move[m, t], 1.0)
    taking = binomial(everybody, chance, clock.seed, member, DECISION.hazard, clock.day, key)
    if taking == 0:
        return
    u = uniform(clock.seed, member, DECISION.rounding, clock.day, key)
    step = taking / everybody
    seen, taken = 0, 0
    for k in range(occupied.size):
        p = occupied[k]
        for c in range(meeting.shape[1]):
            seen += meeting[k, c]
            people = taken_by_now(seen, everybody, step, u, taking) - taken
            if people > 0:
                taken += people
                alone.people[m, p, origin, c] -= people
                alone.here[m, p] -= people
                aside[p, goal, c] += people


@kernel
def _list_present(m: int, origin: int, who: int, here: Flags, occupied: Ints, people: Counts, meeting: Counts) -> int:
    """List everybody alone in a status, by place and class; return how many they are."""
    everybody = 0
    for k in range(occupied.size):
        for c in range(meeting.shape[1]):
            count = people[m, occupied[k], origin, c] if here[occupied[k]] and _suits(who, c) else 0
            meeting[k, c] = count
            everybody += count
    return everybody


@kernel
def _list_arrivals(
    m: int,
    origin: int,
    who: int,
    here: Flags,
    occupied: Ints,
    goals: Ints,
    people: Counts,
    came: Counts,
    meeting: Counts,
) -> int:
    """List those alone who arrived today and are still in the status, by place and class; return how many."""
    everybody = 0
    for k in range(occupied.size):
        meeting[k] = 0
        if not here[occupied[k]]:
            continue
        for b in range(goals.size):
            if goals[b] == occupied[k]:
                for c in range(meeting.shape[1]):
                    if _suits(who, c):
                        meeting[k, c] = min(people[m, goals[b], origin, c], came[m, b, origin, c])
                        everybody += meeting[k, c]
    return everybody


@kernel
def _meet_parts(
    clock: Clock,
    m: int,
    t: int,
    rules: Rules,
    bodies: Bodies,
    rates: Rates,
    parts: Parts,
    plans: Plans,
    aside: Counts,
) -> None:
    """Draw how many people of each part in a matching place take a transition, and sample their classes."""
    origin, goal, who = rules.origin[t], rules.goal[t], rules.who[t]
    needs, first_row = parts.people.shape[3], aside.shape[0] - parts.kind.shape[1]
    for n in range(parts.kind.shape[1]):
        if parts.kind[m, n] == FREE or parts.heading[m, n] >= 0 or not rules.here[t, parts.place[m, n]]:
            continue
        if rules.kind[t] == _SHARE and not plans.arrived[m, n]:
            continue
        meeting = 0
        for c in range(needs):
            if _suits(who, c):
                meeting += parts.people[m, n, origin, c]
        if meeting == 0:
            continue
        key = mixed(rules.key[t], mixed(bodies.key[n // PARTS_PER_GROUP], n % PARTS_PER_GROUP))
        chance = min(rates.move[m, t], 1.0)
        member = clock.first + m
        taking = binomial(meeting, chance, clock.seed, member, DECISION.hazard, clock.day, key)
        u = uniform(clock.seed, member, DECISION.rounding, clock.day, key)
        step = taking / meeting
        seen, taken = 0, 0
        for c in range(needs):
            if _suits(who, c):
                seen += parts.people[m, n, origin, c]
                people = taken_by_now(seen, meeting, step, u, taking) - taken
                taken += people
                parts.people[m, n, origin, c] -= people
                aside[first_row + n, goal, c] += people


@kernel
def _serve_queue(
    clock: Clock,
    m: int,
    t: int,
    p: int,
    net: Network,
    rules: Rules,
    rates: Rates,
    parts: Parts,
    alone: Alone,
    aside: Counts,
    queue: Counts,
) -> None:
    """Let as many through as the day's capacity in a place allows, from groups, people alone and classes alike.

    ``queue``, ``(N + 1, C)``, is scratch: who waits, row 0 for the people alone.
    """
    origin, goal = rules.origin[t], rules.goal[t]
    waiting = _list_queue(m, p, origin, rules.who[t], rules.scope[t], alone.people, parts, queue)
    if waiting == 0:
        return
    key = mixed(rules.key[t], net.key[p])
    member = clock.first + m
    capacity = rounded(rates.move[m, t], uniform(clock.seed, member, DECISION.capacity, clock.day, key))
    served = min(waiting, capacity)
    u = uniform(clock.seed, member, DECISION.capacity, clock.day, key, 1)
    step = served / waiting
    seen, through = 0, 0
    for row in range(queue.shape[0]):
        for c in range(queue.shape[1]):
            if queue[row, c] == 0:
                continue
            seen += queue[row, c]
            people = taken_by_now(seen, waiting, step, u, served) - through
            through += people
            if row == 0:
                alone.people[m, p, origin, c] -= people
                alone.here[m, p] -= people
                aside[p, goal, c] += people
            else:
                parts.people[m, row - 1, origin, c] -= people
                aside[aside.shape[0] - queue.shape[0] + row, goal, c] += people


@kernel
def _list_queue(m: int, p: int, origin: int, who: int, scope: int, alone: Counts, parts: Parts, queue: Counts) -> int:
    """List who waits for a transition in a place, by part and class; return how many they are."""
    waiting = 0
    for row in range(queue.shape[0]):
        n = row - 1
        stands = scope != _GROUP
        if n >= 0:
            in_town = parts.kind[m, n] != FREE and parts.heading[m, n] < 0 and parts.place[m, n] == p
            stands = in_town and scope != _ALONE
        for c in range(queue.shape[1]):
            count = 0
            if stands and (who < 0 or who == c):
                count = alone[m, p, origin, c] if n < 0 else parts.people[m, n, origin, c]
            queue[row, c] = count
            waiting += count
    return waiting


@kernel
def _settle(m: int, occupied: Ints, rules: Rules, parts: Parts, alone: Alone, ends: Ends, aside: Counts) -> None:
    """Put those who changed status where the role of the new one says: out, aside, or on with their part."""
    slots = parts.kind.shape[1]
    for k in range(occupied.size + slots):
        n = k - occupied.size
        if n >= 0 and parts.kind[m, n] == FREE:
            continue
        row = occupied[k] if n < 0 else aside.shape[0] - slots + n
        p = row if n < 0 else parts.place[m, n]
        for s in range(aside.shape[1]):
            role = rules.role[s]
            for c in range(aside.shape[2]):
                people = aside[row, s, c]
                if people == 0:
                    continue
                aside[row, s, c] = 0
                ends.entries[m, s] += people
                if role == _FINAL:
                    ends.people[m, s, c] += people
                elif n >= 0 and (role == _TRAVELLING or role == _PERMITTED):
                    parts.people[m, n, s, c] += people
                else:
                    alone.people[m, p, s, c] += people
                    alone.here[m, p] += people
