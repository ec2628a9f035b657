"""People who change status: whom a transition meets, how they leave one status, and where they wait for the next."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from posada.engine.compiling import array_kernel, inner_kernel
from posada.engine.people import taken_by_now
from posada.engine.state import Alone, Counts, Ends, Parts
from posada.engine.together import TOGETHER, Draws, new_draws
from posada.engine.world import NEEDS, Flags, Floats, Ints

TRAVELLING, PERMITTED, WAITING, HELD, FINAL = range(5)
"""Positions in STATUS_ROLES."""

SHARE, CAPACITY = 1, 2
"""Positions in TRANSITION_KINDS."""

GROUP, ALONE = 1, 2
"""Positions in TRANSITION_SCOPES."""


class Aside(NamedTuple):
    """People who changed status today, until the day's transitions have been taken; of B members made together."""

    alone: Counts  # (B, L, P)
    classes: Counts  # (B, L, C) of the people alone
    parts: Counts  # (B, N, L, C)
    touched: Flags  # (B, L) whether anybody changed to the status


class Met(NamedTuple):
    """Whom transitions of one status and one set of places meet, of B members made together."""

    seen: Counts  # (B, P + 1) people alone, as in :class:`posada.engine.people.Line`
    taken: Counts  # (B, P + 1)
    place: Ints  # (B, P) places in which people alone arrived today
    here: Ints  # (B, L) people who are in a place, by status
    live: Ints  # (B, N) parts of groups that are in a place
    lives: Ints  # (B,) how many
    part: Ints  # (B, N) those that are in the places of the transitions
    slots: Ints  # (B,) how many
    queue: Counts  # (B, N + 1, C) who waits, row 0 for the people alone


class Chances(NamedTuple):
    """Hazards and shares that are open today, K of them, row by row."""

    number: Ints  # (K,) transition
    row_end: Ints  # (K,) where the row ends that begins here
    key: Ints  # (K,) name of its draw


class Drawn(NamedTuple):
    """What is drawn for the K chances that are open today, of B members made together."""

    towns: Ints  # (B,) places in which people alone are met
    in_towns: Ints  # (B,) people alone who are left there
    in_parts: Ints  # (B,) people who are left in parts
    suiting: Ints  # (K, B) people alone whom a transition meets
    meeting: Ints  # (K, B) and those in parts
    taking: Ints  # (K, B) people who take it
    from_towns: Ints  # (K, B) of them, people alone
    offset: Floats  # (2, K, B) of the samples of them
    draws: Draws  # of one transition
    chances: Chances  # what they are


@array_kernel
def new_aside(places: int, statuses: int, slots: int) -> Aside:
    """Return scratch for as many places, statuses, and parts."""
    return Aside(
        np.zeros((TOGETHER, statuses, places), np.int32),
        np.zeros((TOGETHER, statuses, NEEDS), np.int32),
        np.zeros((TOGETHER, slots, statuses, NEEDS), np.int32),
        np.zeros((TOGETHER, statuses), np.bool_),
    )


@array_kernel
def new_met(places: int, statuses: int, slots: int) -> Met:
    """Return scratch for as many places, statuses, and parts."""
    sums = np.zeros((2, TOGETHER, places + 1), np.int32)
    of_parts = np.empty((2, TOGETHER, slots), np.int64)
    numbers = np.empty((2, TOGETHER), np.int64)
    return Met(
        sums[0],
        sums[1],
        np.empty((TOGETHER, places), np.int64),
        np.empty((TOGETHER, statuses), np.int64),
        of_parts[0],
        numbers[0],
        of_parts[1],
        numbers[1],
        np.empty((TOGETHER, slots + 1, NEEDS), np.int32),
    )


@array_kernel
def new_drawn(chances: Chances) -> Drawn:
    """Return scratch for the chances that are open."""
    numbers, counts = np.empty((3, TOGETHER), np.int64), np.empty((4, chances.number.size, TOGETHER), np.int64)
    offset = np.empty((2, chances.number.size, TOGETHER))
    return Drawn(
        numbers[0], numbers[1], numbers[2], counts[0], counts[1], counts[2], counts[3], offset, new_draws(), chances
    )


@inner_kernel
def pass_on(
    m: int,
    b: int,
    n: int,
    origin: int,
    goal: int,
    c: int,
    people: int,
    role: int,
    parts: Parts,
    ends: Ends,
    aside: Aside,
) -> None:
    """Let people of a class in a part change status: final, in the part, or alone where the part is."""
    parts.people[m, n, origin, c] -= people
    if role == FINAL:
        ends.people[m, goal, c] += people
    elif role in (TRAVELLING, PERMITTED):
        aside.parts[b, n, goal, c] += people
    else:
        aside.alone[b, goal, parts.place[m, n]] += people
        aside.classes[b, goal, c] += people


@inner_kernel
def expected_of_class(m: int, s: int, c: int, people: int, classes: Counts) -> float:
    """Return how many of some people alone in a status are of one class, in proportion; all of it, of all of them."""
    everybody = 0
    for other in range(NEEDS):
        everybody += classes[m, s, other]
    return people * classes[m, s, c] / everybody if everybody > 0 else 0.0


@inner_kernel
def take_classes(m: int, s: int, who: int, count: int, u: float, classes: Counts, target: Counts) -> None:
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


@inner_kernel
def count_suiting(m: int, n: int, s: int, who: int, parts: Parts) -> int:
    """Return how many people of a status in a part a transition is open to: of one class, or of all when negative."""
    if who >= 0:
        return int(parts.people[m, n, s, who])
    everybody = 0
    for c in range(NEEDS):
        everybody += parts.people[m, n, s, c]
    return everybody


@inner_kernel
def count_here(m: int, b: int, alone: Alone, parts: Parts, met: Met) -> None:
    """Count who is in a place, in each status: what opens to nobody in the morning need not be looked at."""
    for s in range(met.here.shape[1]):
        people = -alone.under_way[m, s]
        for c in range(NEEDS):
            people += alone.classes[m, s, c]
        for k in range(met.lives[b]):
            people += count_suiting(m, met.live[b, k], s, -1, parts)
        met.here[b, s] = people


@inner_kernel
def settle(m: int, b: int, met: Met, parts: Parts, alone: Alone, aside: Aside) -> None:
    """Let the people who were put aside be in their new status, where they are."""
    for s in range(aside.touched.shape[1]):
        if not aside.touched[b, s]:
            continue
        aside.touched[b, s] = False
        people = aside.alone[b, s]
        _add(people, alone.at[m, s])
        if alone.joined.shape[2] > 0:
            _add(people, alone.joined[m, s])
        people[:] = 0
        for c in range(NEEDS):
            alone.classes[m, s, c] += aside.classes[b, s, c]
            aside.classes[b, s, c] = 0
        for k in range(met.lives[b]):
            n = met.live[b, k]
            for c in range(NEEDS):
                parts.people[m, n, s, c] += aside.parts[b, n, s, c]
                aside.parts[b, n, s, c] = 0


@inner_kernel
def _add(people: Counts, target: Counts) -> None:
    for p in range(target.size):
        target[p] += people[p]
