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

from posada.engine.chances import meet_chances
from posada.engine.changes import (
    CAPACITY,
    SHARE,
    Aside,
    Chances,
    Met,
    count_here,
    new_aside,
    new_drawn,
    new_met,
    settle,
)
from posada.engine.compiling import array_kernel, array_step_kernel, inner_kernel
from posada.engine.draws import mixed
from posada.engine.queues import serve_queue
from posada.engine.state import FREE, Alone, Clock, Ends, Parts, Plans, Rates, Tally
from posada.engine.together import TOGETHER
from posada.engine.world import Bodies, Ints, Network, Rules


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
    places, slots, statuses = net.key.size, parts.kind.shape[1], alone.at.shape[1]
    queues = _list_open(rules, clock.day, True)
    chances = _list_chances(rules, clock.day)
    aside, met = new_aside(places, statuses, slots), new_met(places, statuses, slots)
    drawn = new_drawn(chances)
    for first in range(0, parts.kind.shape[0], TOGETHER):
        count = min(TOGETHER, parts.kind.shape[0] - first)
        for b in range(count):
            _begin(clock, first + b, b, queues, net, rules, rates, parts, alone, ends, met, aside)
        begin = 0
        while begin < chances.number.size:
            meet_chances(
                clock,
                first,
                count,
                begin,
                rules,
                bodies,
                rates,
                parts,
                alone,
                plans,
                tally,
                ends,
                met,
                aside,
                drawn,
            )
            begin = chances.row_end[begin]
        for b in range(count):
            settle(first + b, b, met, parts, alone, aside)


@inner_kernel
def _begin(
    clock: Clock,
    m: int,
    b: int,
    queues: Ints,
    net: Network,
    rules: Rules,
    rates: Rates,
    parts: Parts,
    alone: Alone,
    ends: Ends,
    met: Met,
    aside: Aside,
) -> None:
    """Count who is where in one member, and serve its queues."""
    _list_live(m, b, parts, met)
    count_here(m, b, alone, parts, met)
    for k in range(queues.size):
        if met.here[b, rules.origin[queues[k]]] > 0:
            serve_queue(clock, m, b, queues[k], net, rules, rates, parts, alone, ends, met, aside)


@array_kernel
def _list_chances(rules: Rules, day: int) -> Chances:
    number = _list_open(rules, day, False)
    numbers = np.empty((2, number.size), np.int64)
    for k in range(number.size):
        numbers[0, k] = _find_end(k, number, rules)
        numbers[1, k] = mixed(rules.key[number[k]], 11)
    return Chances(number, numbers[0], numbers[1])


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
            if rules.origin[t] == s and rules.is_open[t, day] and (rules.kind[t] == CAPACITY) == capacity:
                listed[count] = t
                count += 1
    return listed[:count]


@inner_kernel
def _find_end(begin: int, number: Ints, rules: Rules) -> int:
    """Return where a row of chances ends that follow each other, from one status, in the same places.

    What is open to one class only is a row of its own.
    """
    t = number[begin]
    end = begin + 1
    while end < number.size:
        other = number[end]
        same = rules.origin[t] == rules.origin[other] and rules.place_set[t] == rules.place_set[other]
        same = same and (rules.kind[t] == SHARE) == (rules.kind[other] == SHARE)
        if not same or rules.who[t] >= 0 or rules.who[other] >= 0:
            break
        end += 1
    return end


@inner_kernel
def _list_live(m: int, b: int, parts: Parts, met: Met) -> None:
    count = 0
    for n in range(parts.kind.shape[1]):
        if parts.kind[m, n] != FREE and parts.heading[m, n] < 0:
            met.live[b, count] = n
            count += 1
    met.lives[b] = count
