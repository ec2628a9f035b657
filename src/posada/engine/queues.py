"""Queues of the procedure: transitions that let a number of people a day through, in each place."""

from __future__ import annotations

from posada.engine.changes import (
    ALONE,
    FINAL,
    GROUP,
    HELD,
    WAITING,
    Aside,
    Met,
    expected_of_class,
    pass_on,
    take_classes,
)
from posada.engine.compiling import inner_kernel
from posada.engine.draws import DECISION, block, place_uniforms, rounded
from posada.engine.people import taken_by_now
from posada.engine.state import Alone, Clock, Ends, Parts, Rates
from posada.engine.world import NEEDS, Network, Rules


@inner_kernel
def serve_queue(
    clock: Clock,
    m: int,
    b: int,
    t: int,
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
    only_alone = rules.role[origin] in (WAITING, HELD) or rules.scope[t] == ALONE
    slots = 0 if only_alone else met.lives[b]
    bits = block(clock.seed, clock.first + m, DECISION.capacity, clock.day, rules.key[t])
    final = rules.role[goal] == FINAL
    target = ends.people[m, goal] if final else aside.classes[b, goal]
    together, offset = 0, 0.5
    for i in range(rules.first_place[t], rules.first_place[t + 1]):
        p = rules.places[i]
        if only_alone and alone.at[m, origin, p] == 0:
            continue
        waiting = _list_queue(m, b, p, origin, who, slots, rules.scope[t], alone, parts, met)
        if waiting == 0:
            continue
        w, u, v = place_uniforms(bits, net.key[p])
        served = min(waiting, rounded(rates.move[m, t], w))
        ends.entries[m, goal] += served
        if not final:
            aside.touched[b, goal] = True
        step = served / waiting
        seen = met.queue[b, 0, 0]
        through = taken_by_now(seen, waiting, step, u, served)
        if through > 0:
            alone.at[m, origin, p] -= through
            if not final:
                aside.alone[b, goal, p] += through
            if who >= 0:
                take_classes(m, origin, who, through, v, alone.classes, target)
            else:
                together, offset = together + through, v
        for k in range(slots):
            for c in range(NEEDS):
                seen += met.queue[b, k + 1, c]
                people = taken_by_now(seen, waiting, step, u, served) - through
                if people > 0:
                    through += people
                    pass_on(m, b, met.live[b, k], origin, goal, c, people, rules.role[goal], parts, ends, aside)
    if together > 0:  # of one class the next town's share depends on who is left; of all, one sample is enough
        take_classes(m, origin, who, together, offset, alone.classes, target)


@inner_kernel
def _list_queue(
    m: int, b: int, p: int, origin: int, who: int, slots: int, scope: int, alone: Alone, parts: Parts, met: Met
) -> int:
    """List who waits for a transition in a place, row 0 alone, then by part and class; return how many they are."""
    queue = met.queue[b]
    queue[0, 0] = 0
    if scope != GROUP and alone.at[m, origin, p] > 0:
        queue[0, 0] = alone.at[m, origin, p]
        if who >= 0:
            queue[0, 0] = int(expected_of_class(m, origin, who, queue[0, 0], alone.classes) + 0.5)
    waiting = int(queue[0, 0])
    for k in range(slots):
        n = met.live[b, k]
        for c in range(NEEDS):
            waits = parts.place[m, n] == p and (who < 0 or who == c)
            queue[k + 1, c] = parts.people[m, n, origin, c] if waits else 0
            waiting += queue[k + 1, c]
    return waiting
