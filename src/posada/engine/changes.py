"""People who change status: whom a transition meets, how they leave one status, and where they wait for the next."""

from __future__ import annotations

from typing import NamedTuple

from posada.engine.compiling import inner_kernel
from posada.engine.draws import Words
from posada.engine.people import Line, taken_by_now
from posada.engine.state import Alone, Counts, Ends, Parts
from posada.engine.world import NEEDS, Flags, Ints

TRAVELLING, PERMITTED, WAITING, HELD, FINAL = range(5)
"""Positions in STATUS_ROLES."""


class Aside(NamedTuple):
    """People of one member who changed status today, until the day's transitions have been taken."""

    alone: Counts  # (L, P)
    classes: Counts  # (L, C) of the people alone
    parts: Counts  # (N, L, C)
    touched: Flags  # (L,) whether anybody changed to the status


class Met(NamedTuple):
    """Whom transitions of one status and one set of places meet: scratch of one member."""

    line: Line  # people alone
    place: Ints  # (P,) places in which people alone arrived today
    here: Ints  # (L,) people who are in a place, by status
    live: Ints  # (N,) parts of groups that are in a place
    part: Ints  # (N,) those that are in the places of the transitions
    queue: Counts  # (N + 1, C) who waits, row 0 for the people alone
    key: Ints  # (T,) names of the draws of the chances that are open today
    words: Words  # (4, T) first blocks of these draws


@inner_kernel
def pass_on(
    m: int, n: int, origin: int, goal: int, c: int, people: int, role: int, parts: Parts, ends: Ends, aside: Aside
) -> None:
    """Let people of a class in a part change status: final, in the part, or alone where the part is."""
    parts.people[m, n, origin, c] -= people
    if role == FINAL:
        ends.people[m, goal, c] += people
    elif role in (TRAVELLING, PERMITTED):
        aside.parts[n, goal, c] += people
    else:
        aside.alone[goal, parts.place[m, n]] += people
        aside.classes[goal, c] += people


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
def count_here(m: int, slots: int, alone: Alone, parts: Parts, met: Met) -> None:
    """Count who is in a place, in each status: what opens to nobody in the morning need not be looked at."""
    for s in range(met.here.size):
        people = -alone.under_way[m, s]
        for c in range(NEEDS):
            people += alone.classes[m, s, c]
        for k in range(slots):
            people += count_suiting(m, met.live[k], s, -1, parts)
        met.here[s] = people


@inner_kernel
def settle(m: int, live: int, met: Met, parts: Parts, alone: Alone, aside: Aside) -> None:
    """Let the people who were put aside be in their new status, where they are."""
    for s in range(aside.touched.size):
        if not aside.touched[s]:
            continue
        aside.touched[s] = False
        _add(aside.alone[s], alone.at[m, s])
        if alone.joined.shape[2] > 0:
            _add(aside.alone[s], alone.joined[m, s])
        aside.alone[s, :] = 0
        for c in range(NEEDS):
            alone.classes[m, s, c] += aside.classes[s, c]
            aside.classes[s, c] = 0
        for k in range(live):
            n = met.live[k]
            for c in range(NEEDS):
                parts.people[m, n, s, c] += aside.parts[n, s, c]
                aside.parts[n, s, c] = 0


@inner_kernel
def _add(people: Counts, target: Counts) -> None:
    for p in range(target.size):
        target[p] += people[p]
