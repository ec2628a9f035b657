"""Who sets out: people enter the world where there is conflict, or high water, or want."""

from __future__ import annotations

import math

from posada.engine.compiling import inner_kernel
from posada.engine.dispersal.state import ENTERED, Given, Member, Now
from posada.engine.dispersal.stream import State, begin, binomial_of, poisson_of
from posada.engine.draws import DECISION

_FROM_REGISTRATIONS, _CONSTANT, _POISSON, _SHARE = range(4)


@inner_kernel
def start_people(now: Now, given: Given, people: Member, state: State) -> None:
    """Put in place whoever is there before the first day."""
    for p in range(given.place.size):
        begin(state, now.seed, now.member, DECISION.spawn, 0, given.place[p].key + 1)
        _enter(now, p, given.place[p].in_camp, given, people, state)
        for c in range(given.place_class.shape[1]):
            enter_class(now, p, c, given.place_class[p, c].people, given, people)


@inner_kernel
def spawn(now: Now, given: Given, people: Member, state: State) -> None:
    """Let people set out: as many as registrations say, spread over places in conflict; or as conflict says."""
    places = given.place.size
    mode = given.rules.spawn
    if mode == _FROM_REGISTRATIONS:
        _spread_over_places(now, given.day[now.day].new_people, given, people, state)
        return
    for p in range(places):
        measure = given.place_day[now.day, p].displaced
        if not measure > 0.0:
            continue
        begin(state, now.seed, now.member, DECISION.spawn, now.day, given.place[p].key)
        rate = given.rules.displaced_rate
        if mode == _CONSTANT:
            count = int(math.floor(rate * measure))
        elif mode == _POISSON:
            count = poisson_of(state, rate * measure)
        else:
            count = int(math.floor(rate * people.residents[p] * measure))
        _set_out(now, p, count, given, people, state)


@inner_kernel
def _spread_over_places(now: Now, count: int, given: Given, people: Member, state: State) -> None:
    """Draw where each of ``count`` people sets out, in proportion to residents and conflict."""
    if count <= 0:
        return
    begin(state, now.seed, now.member, DECISION.spawn, now.day, 0)
    today = given.place_day[now.day]
    total = 0.0
    for p in range(today.size):
        total += today[p].spawn_weight * people.residents[p]
    exhausted = total <= 0.0  # everybody has set out: by who lived there
    total, last = 0.0, -1
    for p in range(today.size):
        own = today[p].spawn_weight * (given.place[p].residents if exhausted else people.residents[p])
        total += own
        if own > 0.0:
            last = p
    left = count
    for p in range(last):
        own = today[p].spawn_weight * (given.place[p].residents if exhausted else people.residents[p])
        if not own > 0.0:
            continue
        here = binomial_of(state, left, min(own / total, 1.0))
        total -= own
        left -= here
        _set_out(now, p, here, given, people, state)
        if left == 0:
            return
    _set_out(now, last, left, given, people, state)


@inner_kernel
def _set_out(now: Now, p: int, count: int, given: Given, people: Member, state: State) -> None:
    if count <= 0:
        return
    if given.rules.takes_residents:
        people.residents[p] = max(people.residents[p] - count, 0.0)
    _enter(now, p, count, given, people, state)


@inner_kernel
def _enter(now: Now, p: int, count: int, given: Given, people: Member, state: State) -> None:
    """Add people to a place, their classes drawn."""
    left, share_left = count, 1.0
    classes = given.place_class.shape[1]
    for c in range(classes - 1):
        share = given.place_class[p, c].share
        own = binomial_of(state, left, min(share / share_left, 1.0) if share_left > 0.0 else 1.0)
        share_left -= share
        left -= own
        enter_class(now, p, c, own, given, people)
    enter_class(now, p, classes - 1, left, given, people)


@inner_kernel
def enter_class(now: Now, p: int, c: int, count: int, given: Given, people: Member) -> None:
    """Add people of one class to a place, as people who set out there."""
    row = p + given.stop.size if given.rules.starts_on_foot else p
    people.today.stay[c, row] += count
    if people.today.stay_memory.shape[2] > 0:
        people.today.stay_memory[c, row, 0] += count
    people.here[p] += count
    people.sums[ENTERED] += count
