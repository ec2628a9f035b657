"""Sixth step: people alone arrive, and long halts begin. Also how parts of groups that meet go on together."""

from __future__ import annotations

from posada.engine.compiling import inner_kernel, step_kernel
from posada.engine.draws import DECISION
from posada.engine.luck import Luck
from posada.engine.people import At, about_part, at_random_rounding, chance_of, move_all, total
from posada.engine.rate_index import R
from posada.engine.state import BEHIND, DAYS_AHEAD, FREE, MAIN, Alone, Clock, Parts, Plans, Rates, Tally
from posada.engine.world import PARTS_PER_GROUP, Bodies, Network, Rules

_TOPIC = 300


@step_kernel
def arrive(
    clock: Clock,
    net: Network,
    rules: Rules,
    bodies: Bodies,
    luck: Luck,
    rates: Rates,
    parts: Parts,
    alone: Alone,
    plans: Plans,
    tally: Tally,
) -> None:
    """Bring in people who were under way alone, and begin long halts."""
    for m in range(parts.kind.shape[0]):
        _bring_in(m, clock.day % DAYS_AHEAD, rules, bodies, alone, tally)
        for n in range(parts.kind.shape[1]):
            if parts.kind[m, n] != FREE and plans.arrived[m, n]:
                _begin_halt(about_part(clock, m, n, bodies.key, _TOPIC), net, bodies, luck, rates, parts)


@inner_kernel
def meet(clock: Clock, m: int, bodies: Bodies, luck: Luck, rates: Rates, parts: Parts) -> None:
    """Let the parts of a member that are in one place tonight go on together.

    This comes after the procedure, which meets each part on the day of its own arrival.
    """
    for n in range(parts.kind.shape[1]):
        if parts.kind[m, n] != FREE:
            _meet(about_part(clock, m, n, bodies.key, _TOPIC), luck, rates, parts)


@inner_kernel
def _bring_in(m: int, slot: int, rules: Rules, bodies: Bodies, alone: Alone, tally: Tally) -> None:
    coming = 0
    for w in range(rules.moving.size):
        for b in range(bodies.goals.size):
            coming += alone.coming[m, w, slot, b]
    if coming == 0:
        return
    for w in range(rules.moving.size):
        s = rules.moving[w]
        for b in range(bodies.goals.size):
            came = alone.coming[m, w, slot, b]
            if came > 0:
                place = bodies.goals[b]
                alone.coming[m, w, slot, b] = 0
                alone.under_way[m, s] -= came
                alone.at[m, s, place] += came
                tally.came_alone[m, s, b] = came
                tally.came[m, place] += came


@inner_kernel
def _begin_halt(at: At, net: Network, bodies: Bodies, luck: Luck, rates: Rates, parts: Parts) -> None:
    m, n = at.m, at.n
    place = parts.place[m, n]
    parts.halt[m, n] = 0
    if place == luck.destination[m, at.g] or parts.kind[m, n] == BEHIND:
        return
    nights = bodies.nights[at.g, place]
    if nights == 0:
        long_halt = chance_of(at, DECISION.long_halt) < rates.rate[m, R.city_halt_probability]
        if bodies.announced[at.g, place] >= 0 or (net.is_city[place] and long_halt):
            nights = at_random_rounding(at, rates.rate[m, R.city_halt_nights], DECISION.long_halt)
    parts.halt[m, n] = max(nights - 1, 0)


@inner_kernel
def _meet(at: At, luck: Luck, rates: Rates, parts: Parts) -> None:
    """Let a part go on with its main body, or a main body with that of another group, when they meet.

    People who were only late rejoin always, other parts by chance; groups by chance when they make for one
    destination, under the name of the larger.
    """
    m, n = at.m, at.n
    own = at.g * PARTS_PER_GROUP
    if n != own:
        if _same_place(m, n, own, parts) and (parts.kind[m, n] == BEHIND or _merges(at, rates)):
            _unite(m, n, own, parts)
        return
    if parts.place[m, n] == luck.destination[m, at.g]:
        return
    for other in range(n + PARTS_PER_GROUP, parts.kind.shape[1], PARTS_PER_GROUP):
        one_goal = luck.destination[m, at.g] == luck.destination[m, other // PARTS_PER_GROUP]
        if one_goal and parts.kind[m, n] == MAIN and _same_place(m, n, other, parts) and _merges(at, rates):
            if total(parts.people[m, n]) >= total(parts.people[m, other]):
                _unite(m, other, n, parts)
            else:
                _unite(m, n, other, parts)


@inner_kernel
def _merges(at: At, rates: Rates) -> bool:
    return bool(chance_of(at, DECISION.merge) < rates.rate[at.m, R.merge_probability_per_day])


@inner_kernel
def _same_place(m: int, n: int, other: int, parts: Parts) -> bool:
    both = parts.kind[m, n] != FREE and parts.kind[m, other] != FREE
    in_town = parts.heading[m, n] < 0 and parts.heading[m, other] < 0
    return bool(both and in_town and parts.place[m, n] == parts.place[m, other])


@inner_kernel
def _unite(m: int, source: int, target: int, parts: Parts) -> None:
    move_all(parts.people[m, source], parts.people[m, target])
    parts.kind[m, source] = FREE
    parts.heading[m, source] = -1
