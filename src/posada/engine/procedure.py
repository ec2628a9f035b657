"""Eighth step: the administrative procedure and the border, as the scenario's table says.

Queues are served first, then chances are met. Transitions are taken in the order of the table, and each meets
those whom the earlier ones of the day left. Who changes to a status that can be left again is put aside until all
transitions have been taken, so that nobody passes two in one day.

How many people take a transition, in groups and alone, is one exact binomial draw for the member and the day; from
which towns, parts of groups and classes they are is a systematic sample (see
:func:`posada.engine.people.move_class`).
"""

from __future__ import annotations

import numpy as np

from posada.engine.binomials import binomial_of_block
from posada.engine.changes import (
    FINAL,
    HELD,
    WAITING,
    Aside,
    Met,
    count_here,
    count_suiting,
    expected_of_class,
    pass_on,
    settle,
    take_classes,
)
from posada.engine.compiling import array_kernel, array_step_kernel, inner_kernel
from posada.engine.draws import (
    DECISION,
    block,
    fill_blocks,
    mixed,
    place_uniforms,
    rounded,
    three_uniforms,
)
from posada.engine.people import Line, add_taken, line_up, new_line, step_out, take_from, taken_by_now
from posada.engine.state import FREE, Alone, Clock, Counts, Ends, Parts, Plans, Rates, Tally
from posada.engine.world import NEEDS, Bodies, Ints, Network, Rules

_SHARE, _CAPACITY = 1, 2  # positions in TRANSITION_KINDS
_GROUP, _ALONE = 1, 2  # positions in TRANSITION_SCOPES


@array_step_kernel
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
    statuses = alone.at.shape[1]
    aside = Aside(
        np.zeros((statuses, places), np.int32),
        np.zeros((statuses, NEEDS), np.int32),
        np.zeros((slots, statuses, NEEDS), np.int32),
        np.zeros(statuses, np.bool_),
    )
    of_parts = np.empty((2, slots), np.int64)
    met = Met(
        new_line(places),
        np.empty(places, np.int64),
        np.empty(statuses, np.int64),
        of_parts[0],
        of_parts[1],
        np.empty((slots + 1, NEEDS), np.int32),
        np.empty(rules.key.size, np.int64),
        np.empty((4, rules.key.size), np.uint64),
    )
    queues = _list_open(rules, clock.day, True)
    chances = _list_open(rules, clock.day, False)
    for k in range(chances.size):
        met.key[k] = mixed(rules.key[chances[k]], 11)
    for m in range(parts.kind.shape[0]):
        _apply(clock, m, queues, chances, net, rules, bodies, rates, parts, alone, ends, plans, tally, met, aside)


@inner_kernel
def _apply(
    clock: Clock,
    m: int,
    queues: Ints,
    chances: Ints,
    net: Network,
    rules: Rules,
    bodies: Bodies,
    rates: Rates,
    parts: Parts,
    alone: Alone,
    ends: Ends,
    plans: Plans,
    tally: Tally,
    met: Met,
    aside: Aside,
) -> None:
    """Apply the transitions of today to one member."""
    slots = _list_live(m, parts, met.live)
    count_here(m, slots, alone, parts, met)
    for k in range(queues.size):
        if met.here[rules.origin[queues[k]]] > 0:
            _serve_queue(clock, m, queues[k], slots, net, rules, rates, parts, alone, ends, met, aside)
    fill_blocks(clock.seed, clock.first + m, DECISION.hazard, clock.day, met.key[: chances.size], met.words)
    begin = 0
    while begin < chances.size:
        end = _find_end(chances, begin, rules)
        if met.here[rules.origin[chances[begin]]] > 0:
            row = chances[:end]
            _meet_chances(
                clock, m, begin, row, slots, rules, bodies, rates, parts, alone, plans, tally, ends, met, aside
            )
        begin = end
    settle(m, slots, met, parts, alone, aside)


@array_kernel
def _list_open(rules: Rules, day: int, capacity: bool) -> Ints:
    """List the transitions that are open today, queues or chances, status by status.

    In the order of the table within a status; the order of two statuses is all the same, because whoever changes to
    one that can be left is put aside.
    """
    listed = np.empty(rules.kind.size, np.int64)
    count = 0
    for s in range(rules.role.size):
        for t in range(rules.kind.size):
            if rules.origin[t] == s and rules.is_open[t, day] and (rules.kind[t] == _CAPACITY) == capacity:
                listed[count] = t
                count += 1
    return listed[:count]


@inner_kernel
def _find_end(chances: Ints, begin: int, rules: Rules) -> int:
    """Return where a row of transitions ends that follow each other, from one status, in the same places."""
    t = chances[begin]
    end = begin + 1
    while end < chances.size:
        other = chances[end]
        same = rules.origin[t] == rules.origin[other] and rules.place_set[t] == rules.place_set[other]
        if not same or (rules.kind[t] == _SHARE) != (rules.kind[other] == _SHARE):
            break
        end += 1
    return end


@inner_kernel
def _list_live(m: int, parts: Parts, live: Ints) -> int:
    count = 0
    for n in range(parts.kind.shape[1]):
        if parts.kind[m, n] != FREE and parts.heading[m, n] < 0:
            live[count] = n
            count += 1
    return count


@inner_kernel
def _meet_chances(
    clock: Clock,
    m: int,
    begin: int,
    chances: Ints,
    live: int,
    rules: Rules,
    bodies: Bodies,
    rates: Rates,
    parts: Parts,
    alone: Alone,
    plans: Plans,
    tally: Tally,
    ends: Ends,
    met: Met,
    aside: Aside,
) -> None:
    """Draw how many people take each transition of a row, and from which towns, parts and classes they are.

    The row are those of ``chances`` from ``begin`` on.
    """
    t = chances[begin]
    origin, share = rules.origin[t], rules.kind[t] == _SHARE
    if share:
        in_towns, count = _line_up_arrived(m, t, rules, bodies, alone, tally, met)
        places = met.place[:count]
    else:
        places = rules.places[rules.first_place[t] : rules.first_place[t + 1]]
        in_towns = line_up(alone.at[m, origin], places, met.line)
    slots = _list_parts(m, t, live, share, rules, parts, plans, met)
    in_parts = 0
    for k in range(slots):
        in_parts += count_suiting(m, met.part[k], origin, -1, parts)
    if in_towns + in_parts == 0:
        return  # nobody stands in the line
    for k in range(begin, chances.size):
        t = chances[k]
        alone_now = in_towns if rules.scope[t] != _GROUP else 0
        slots_now = slots if rules.scope[t] != _ALONE else 0
        from_towns, from_parts = _meet(
            clock, m, k, t, alone_now, places, slots_now, in_parts, rules, rates, parts, alone, ends, met, aside
        )
        in_towns -= from_towns
        in_parts -= from_parts
    if share:
        _step_back(alone.at[m, origin], places, met.line)
    else:
        step_out(alone.at[m, origin], places, met.line)


@inner_kernel
def _line_up_arrived(
    m: int, t: int, rules: Rules, bodies: Bodies, alone: Alone, tally: Tally, met: Met
) -> tuple[int, int]:
    """Line up who came alone today to the places of a transition; return how many, and how many places.

    As :func:`line_up` does; the places are listed in ``met.place``.
    """
    count, seen = 0, 0
    for a in range(bodies.arrivals.size):
        p = bodies.arrivals[a]
        came = min(tally.came_alone[m, rules.origin[t], a], alone.at[m, rules.origin[t], p])
        if came > 0 and rules.here[t, p]:
            seen += came
            alone.at[m, rules.origin[t], p] -= came
            met.place[count] = p
            count += 1
            met.line.seen[count] = seen
    return int(seen), count


@inner_kernel
def _step_back(people: Counts, places: Ints, line: Line) -> None:
    """Let those who are left of a line of arrived people be where they came to."""
    for i in range(places.size):
        people[places[i]] += line.seen[i + 1] - line.seen[i]


@inner_kernel
def _list_parts(m: int, t: int, live: int, share: bool, rules: Rules, parts: Parts, plans: Plans, met: Met) -> int:
    """List the parts in the places of a transition; of a share, those that came today."""
    count = 0
    for k in range(live):
        n = met.live[k]
        if rules.here[t, parts.place[m, n]] and (plans.arrived[m, n] or not share):
            met.part[count] = n
            count += 1
    return count


@inner_kernel
def _meet(
    clock: Clock,
    m: int,
    number: int,
    t: int,
    in_towns: int,
    places: Ints,
    slots: int,
    in_parts: int,
    rules: Rules,
    rates: Rates,
    parts: Parts,
    alone: Alone,
    ends: Ends,
    met: Met,
    aside: Aside,
) -> tuple[int, int]:
    """Draw how many take a transition, and sample them; return how many were alone, and how many in groups.

    It is the chance of that ``number`` that is open today.
    """
    member = clock.first + m
    origin, goal, who = rules.origin[t], rules.goal[t], rules.who[t]
    key, suiting = met.key[number], in_towns
    if who >= 0:
        for_rounding = three_uniforms(clock.seed, member, DECISION.rounding, clock.day, key)[0]
        suiting = rounded(expected_of_class(m, origin, who, in_towns, alone.classes), for_rounding)
    meeting = suiting
    if who < 0 and slots > 0:
        meeting += in_parts
    else:
        for k in range(slots):
            meeting += count_suiting(m, met.part[k], origin, who, parts)
    chance = min(rates.move[m, t], 1.0)
    first = met.words[0, number], met.words[1, number], met.words[2, number], met.words[3, number]
    taking, u, v = binomial_of_block(meeting, chance, first, clock.seed, member, DECISION.hazard, clock.day, key)
    if taking == 0:
        return 0, 0
    final = rules.role[goal] == FINAL
    ends.entries[m, goal] += taking
    if not final:
        aside.touched[goal] = True
    step = taking / meeting
    from_towns = taken_by_now(suiting, meeting, step, u, taking)
    if from_towns > 0:
        if who >= 0:  # a town gives of its people in proportion: it is not known which classes they are
            take_from(places.size, in_towns, from_towns / in_towns, v, from_towns, met.line)
        else:
            take_from(places.size, meeting, step, u, taking, met.line)
        if not final:
            add_taken(aside.alone[goal], places, met.line)
        target = ends.people[m, goal] if final else aside.classes[goal]
        take_classes(m, origin, who, from_towns, v, alone.classes, target)
    seen, taken, role = suiting, from_towns, rules.role[goal]
    for k in range(slots):
        if taken == taking:
            break
        n = met.part[k]
        for c in range(NEEDS):
            seen += parts.people[m, n, origin, c] if who < 0 or who == c else 0
            going = taken_by_now(seen, meeting, step, u, taking) - taken
            taken += going
            pass_on(m, n, origin, goal, c, going, role, parts, ends, aside)
    return from_towns, taken - from_towns


@inner_kernel
def _serve_queue(
    clock: Clock,
    m: int,
    t: int,
    live: int,
    net: Network,
    rules: Rules,
    rates: Rates,
    parts: Parts,
    alone: Alone,
    ends: Ends,
    met: Met,
    aside: Aside,
) -> None:
    """In each place let as many through as its capacity of the day allows, from all who wait in proportion."""
    origin, goal, who = rules.origin[t], rules.goal[t], rules.who[t]
    # Nobody of a group is in such a status.
    only_alone = rules.role[origin] in (WAITING, HELD) or rules.scope[t] == _ALONE
    slots = 0 if only_alone else live
    bits = block(clock.seed, clock.first + m, DECISION.capacity, clock.day, rules.key[t])
    final = rules.role[goal] == FINAL
    target = ends.people[m, goal] if final else aside.classes[goal]
    together, offset = 0, 0.5
    for i in range(rules.first_place[t], rules.first_place[t + 1]):
        p = rules.places[i]
        if only_alone and alone.at[m, origin, p] == 0:
            continue
        waiting = _list_queue(m, p, origin, who, slots, rules.scope[t], alone, parts, met)
        if waiting == 0:
            continue
        w, u, v = place_uniforms(bits, net.key[p])
        served = min(waiting, rounded(rates.move[m, t], w))
        ends.entries[m, goal] += served
        if not final:
            aside.touched[goal] = True
        step = served / waiting
        seen = met.queue[0, 0]
        through = taken_by_now(seen, waiting, step, u, served)
        if through > 0:
            alone.at[m, origin, p] -= through
            if not final:
                aside.alone[goal, p] += through
            if who >= 0:
                take_classes(m, origin, who, through, v, alone.classes, target)
            else:
                together, offset = together + through, v
        for k in range(slots):
            for c in range(NEEDS):
                seen += met.queue[k + 1, c]
                people = taken_by_now(seen, waiting, step, u, served) - through
                if people > 0:
                    through += people
                    pass_on(m, met.live[k], origin, goal, c, people, rules.role[goal], parts, ends, aside)
    if together > 0:  # of one class the next town's share depends on who is left; of all, one sample is enough
        take_classes(m, origin, who, together, offset, alone.classes, target)


@inner_kernel
def _list_queue(
    m: int, p: int, origin: int, who: int, slots: int, scope: int, alone: Alone, parts: Parts, met: Met
) -> int:
    """List who waits for a transition in a place, row 0 alone, then by part and class; return how many they are."""
    queue = met.queue
    queue[0, 0] = 0
    if scope != _GROUP and alone.at[m, origin, p] > 0:
        queue[0, 0] = alone.at[m, origin, p]
        if who >= 0:
            queue[0, 0] = int(expected_of_class(m, origin, who, queue[0, 0], alone.classes) + 0.5)
    waiting = int(queue[0, 0])
    for k in range(slots):
        n = met.live[k]
        for c in range(NEEDS):
            waits = parts.place[m, n] == p and (who < 0 or who == c)
            queue[k + 1, c] = parts.people[m, n, origin, c] if waits else 0
            waiting += queue[k + 1, c]
    return waiting
