"""Chances of the procedure: hazards and shares on arrival, met by rows of transitions with one status and places.

A row is met by several members together, because their draws are then made without a branch, at a tenth of the price.
"""

from __future__ import annotations

from posada.engine.changes import (
    ALONE,
    FINAL,
    GROUP,
    SHARE,
    Aside,
    Chances,
    Drawn,
    Met,
    count_suiting,
    expected_of_class,
    pass_on,
    take_classes,
)
from posada.engine.compiling import inner_kernel
from posada.engine.draws import DECISION, rounded, three_uniforms
from posada.engine.people import Line, add_taken, line_up, step_out, take_from, taken_by_now
from posada.engine.state import Alone, Clock, Counts, Ends, Parts, Plans, Rates, Tally
from posada.engine.together import ask, draw_together
from posada.engine.world import NEEDS, Bodies, Ints, Rules


@inner_kernel
def meet_chances(
    clock: Clock,
    first: int,
    count: int,
    begin: int,
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
    drawn: Drawn,
) -> None:
    """Draw how many people take each transition of a row, and from which towns, parts and classes they are.

    Of ``count`` members from ``first`` of the chunk on. The row are those of ``drawn.chances`` from ``begin`` on.
    """
    chances = drawn.chances
    t, anybody = chances.number[begin], 0
    for b in range(count):
        drawn.in_towns[b], drawn.in_parts[b], drawn.towns[b], met.slots[b] = 0, 0, 0, 0
        if met.here[b, rules.origin[t]] > 0:
            _line_up_row(first + b, b, t, rules, bodies, parts, alone, plans, tally, met, drawn)
            anybody += drawn.in_towns[b] + drawn.in_parts[b]
    if anybody == 0:
        return
    for k in range(begin, chances.row_end[begin]):
        _draw(clock, first, count, k, chances, rules, rates, alone, drawn)
    origin, share = rules.origin[t], rules.kind[t] == SHARE
    for b in range(count):
        if drawn.towns[b] == 0 and met.slots[b] == 0:
            continue
        m, line = first + b, Line(met.seen[b], met.taken[b])
        places = rules.places[rules.first_place[t] : rules.first_place[t + 1]]
        if share:
            places = met.place[b, : drawn.towns[b]]
        for k in range(begin, chances.row_end[begin]):
            if drawn.taking[k, b] > 0:
                _take(m, b, k, chances.number[k], places, line, rules, parts, alone, ends, met, aside, drawn)
        if share:
            _step_back(alone.at[m, origin], places, line)
        else:
            step_out(alone.at[m, origin], places, line)


@inner_kernel
def _line_up_row(
    m: int,
    b: int,
    t: int,
    rules: Rules,
    bodies: Bodies,
    parts: Parts,
    alone: Alone,
    plans: Plans,
    tally: Tally,
    met: Met,
    drawn: Drawn,
) -> None:
    """Line up the people alone whom a row of transitions meets in one member, and list and count those in parts."""
    origin, share = rules.origin[t], rules.kind[t] == SHARE
    line = Line(met.seen[b], met.taken[b])
    if share:
        drawn.in_towns[b], drawn.towns[b] = _line_up_arrived(m, b, t, rules, bodies, alone, tally, met)
    else:
        places = rules.places[rules.first_place[t] : rules.first_place[t + 1]]
        drawn.in_towns[b], drawn.towns[b] = line_up(alone.at[m, origin], places, line), places.size
    people, slots = 0, 0
    for k in range(met.lives[b]):
        n = met.live[b, k]
        if rules.here[t, parts.place[m, n]] and (plans.arrived[m, n] or not share):
            met.part[b, slots] = n
            slots += 1
            people += count_suiting(m, n, origin, rules.who[t], parts)
    drawn.in_parts[b], met.slots[b] = people, slots


@inner_kernel
def _line_up_arrived(
    m: int, b: int, t: int, rules: Rules, bodies: Bodies, alone: Alone, tally: Tally, met: Met
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
            met.place[b, count] = p
            count += 1
            met.seen[b, count] = seen
    return int(seen), count


@inner_kernel
def _step_back(people: Counts, places: Ints, line: Line) -> None:
    """Let those who are left of a line of arrived people be where they came to."""
    for i in range(places.size):
        people[places[i]] += line.seen[i + 1] - line.seen[i]


@inner_kernel
def _draw(
    clock: Clock,
    first: int,
    count: int,
    k: int,
    chances: Chances,
    rules: Rules,
    rates: Rates,
    alone: Alone,
    drawn: Drawn,
) -> None:
    """Draw how many take a transition in each member, and how many of them are alone."""
    t, key, member = chances.number[k], chances.key[k], clock.first + first
    suiting, meeting, draws = drawn.suiting[k], drawn.meeting[k], drawn.draws
    for b in range(count):
        suiting[b] = drawn.in_towns[b] if rules.scope[t] != GROUP else 0
        if rules.who[t] >= 0 and suiting[b] > 0:
            expected = expected_of_class(first + b, rules.origin[t], rules.who[t], suiting[b], alone.classes)
            u = three_uniforms(clock.seed, member + b, DECISION.rounding, clock.day, key)[0]
            suiting[b] = rounded(expected, u)
        meeting[b] = suiting[b] + (drawn.in_parts[b] if rules.scope[t] != ALONE else 0)
        ask(b, meeting[b], min(rates.move[first + b, t], 1.0), draws)
    draw_together(clock.seed, member, count, DECISION.hazard, clock.day, key, draws)
    for b in range(count):
        taking = draws.taking[b]
        drawn.taking[k, b] = taking
        if taking == 0:
            continue
        u, v = draws.one[b], draws.other[b]
        from_towns = taken_by_now(suiting[b], meeting[b], taking / meeting[b], u, taking)
        drawn.from_towns[k, b], drawn.offset[0, k, b], drawn.offset[1, k, b] = from_towns, u, v
        drawn.in_towns[b] -= from_towns
        drawn.in_parts[b] -= taking - from_towns


@inner_kernel
def _take(
    m: int,
    b: int,
    k: int,
    t: int,
    places: Ints,
    line: Line,
    rules: Rules,
    parts: Parts,
    alone: Alone,
    ends: Ends,
    met: Met,
    aside: Aside,
    drawn: Drawn,
) -> None:
    """Find out from which towns, parts and classes those are who take a transition, and let them take it."""
    origin, goal, who, role = rules.origin[t], rules.goal[t], rules.who[t], rules.role[rules.goal[t]]
    taking, from_towns, meeting = drawn.taking[k, b], drawn.from_towns[k, b], drawn.meeting[k, b]
    u, v, step = drawn.offset[0, k, b], drawn.offset[1, k, b], taking / meeting
    ends.entries[m, goal] += taking
    if role != FINAL:
        aside.touched[b, goal] = True
    if from_towns > 0:
        if who >= 0:  # a town gives of its people in proportion: it is not known which classes they are
            in_towns = line.seen[places.size]
            take_from(places.size, in_towns, from_towns / in_towns, v, from_towns, line)
        else:
            take_from(places.size, meeting, step, u, taking, line)
        if role != FINAL:
            add_taken(aside.alone[b, goal], places, line)
        target = ends.people[m, goal] if role == FINAL else aside.classes[b, goal]
        take_classes(m, origin, who, from_towns, v, alone.classes, target)
    seen, taken = drawn.suiting[k, b], from_towns
    for part in range(met.slots[b]):
        if taken == taking:
            break
        n = met.part[b, part]
        for c in range(NEEDS):
            seen += parts.people[m, n, origin, c] if who < 0 or who == c else 0
            going = taken_by_now(seen, meeting, step, u, taking) - taken
            taken += going
            pass_on(m, b, n, origin, goal, c, going, role, parts, ends, aside)
