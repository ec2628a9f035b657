"""Handing people over between the tables of a journey and those of dispersed people, in the morning and back.

Axes as in :mod:`posada.engine.state` and :mod:`posada.engine.dispersal.state`, whose classes C are here K blocks, one
for each status in which people move, of equally many need classes; the initial status has the last block.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from posada.engine.compiling import inner_kernel, kernel
from posada.engine.dispersal.sleepers import add_sleepers, place_of_row
from posada.engine.dispersal.spawn import enter_class
from posada.engine.dispersal.state import ENTERED, Counts, Given, Member, Now, People, people_of
from posada.engine.dispersal.state import Books as DispersalBooks
from posada.engine.dispersal.stream import State, begin, binomial_of
from posada.engine.draws import DECISION, mixed, uniform
from posada.engine.luck import Luck
from posada.engine.people import share_out, taken_by_now
from posada.engine.state import Alone, Books, Clock, Ends, Tally
from posada.engine.world import Floats, Ints


class Axes(NamedTuple):
    """How the tables of the two meet."""

    place: Ints  # (P,) number in the journey of each place of the dispersed
    status: Ints  # (K,) status of each block, the initial one last
    status_key: Ints  # (K,)
    classes: int  # of a block


class Desk(NamedTuple):
    """Work space of one thread."""

    by_class: Counts  # (C, P) who sleeps where
    here: Ints  # (P,) people of one status
    going: Ints  # (P,) those of them who are no longer among the dispersed
    seen: Ints  # (P,)
    taken: Ints  # (P,)
    offset: Floats  # (P,) of the sample of those who go
    sequence: State


@kernel
def hand_over(
    clock: Clock, day: int, axes: Axes, given: Given, people: People, alone: Alone, desk: Desk, books: Books
) -> None:
    """Give the dispersed people's table whoever is alone in a place this morning, as they changed since yesterday.

    Who joined enters there as somebody who sets out; who went is a systematic sample over stops, memory and classes.
    ``day`` counts from the first day of the scenario.
    """
    for m in range(alone.at.shape[0]):
        now, own = Now(m, clock.first + m, clock.seed, day, 0, 0), people_of(people, m, day)
        desk.by_class[:] = 0
        add_sleepers(own.today.stay, 1, given, desk.by_class)
        fault, known = False, 0
        for k in range(axes.status.size):
            fault = _find_who_goes(now, k, axes, given, alone, desk) or fault
            _take_out(k, axes, given, own, desk)
            known += _let_in(now, k, axes, given, own, alone, desk)
        if (fault or known != own.sums[ENTERED]) and books.imbalance[m] == 0:
            books.imbalance[m] = clock.day + 1


@inner_kernel
def _find_who_goes(now: Now, k: int, axes: Axes, given: Given, alone: Alone, desk: Desk) -> bool:
    """Count in each place who of a status slept there and is no longer of it; say whether the books contradict."""
    fault = False
    for p in range(axes.place.size):
        here = 0
        for c in range(k * axes.classes, (k + 1) * axes.classes):
            here += desk.by_class[c, p]
        s, place = axes.status[k], axes.place[p]
        desk.here[p] = here
        desk.going[p] = here - (alone.at[now.m, s, place] - alone.joined[now.m, s, place])
        desk.seen[p] = 0
        desk.taken[p] = 0
        fault = fault or desk.going[p] < 0
        if desk.going[p] > 0:
            entity = mixed(given.place[p].key, axes.status_key[k])
            desk.offset[p] = uniform(now.seed, now.member, DECISION.hand_over, now.day, entity, 1)
    return fault


@inner_kernel
def _take_out(k: int, axes: Axes, given: Given, people: Member, desk: Desk) -> None:
    for c in range(k * axes.classes, (k + 1) * axes.classes):
        for row in range(people.today.stay.shape[1]):
            p, count = place_of_row(row, given), people.today.stay[c, row]
            if count == 0 or desk.going[p] == 0:
                continue
            here, wanted = desk.here[p], desk.going[p]
            desk.seen[p] += count
            taken = taken_by_now(desk.seen[p], here, wanted / here, desk.offset[p], wanted)
            left = count - (taken - desk.taken[p])
            people.today.stay[c, row] = left
            for b in range(given.row[row].classes):
                people.today.stay_memory[c, row, b] *= np.float32(left / count)
            desk.taken[p] = taken
    for p in range(axes.place.size):
        people.here[p] -= desk.taken[p]
        people.sums[ENTERED] -= desk.taken[p]


@inner_kernel
def _let_in(now: Now, k: int, axes: Axes, given: Given, people: Member, alone: Alone, desk: Desk) -> int:
    """Let those in who joined since yesterday, their classes drawn; return how many of the status there are in all."""
    m, s = now.m, axes.status[k]
    known = int(alone.dispersed[m, s])
    own, drawn = k * axes.classes, (axes.status.size - 1) * axes.classes
    for p in range(axes.place.size):
        known += alone.at[m, s, axes.place[p]]
        left = int(alone.joined[m, s, axes.place[p]])
        alone.joined[m, s, axes.place[p]] = 0
        if left == 0:
            continue
        entity = mixed(given.place[p].key, axes.status_key[k])
        begin(desk.sequence, now.seed, now.member, DECISION.hand_over, now.day, entity)
        share_left = 1.0
        for c in range(axes.classes - 1):
            share = given.place_class[p, drawn + c].share
            chance = min(share / share_left, 1.0) if share_left > 0.0 else 1.0
            of_class = binomial_of(desk.sequence, left, chance)
            share_left -= share
            left -= of_class
            enter_class(now, p, own + c, of_class, given, people)
        enter_class(now, p, own + axes.classes - 1, left, given, people)
    return known


@kernel
def take_back(
    clock: Clock,
    day: int,
    axes: Axes,
    given: Given,
    people: People,
    dispersed: DispersalBooks,
    alone: Alone,
    ends: Ends,
    luck: Luck,
    tally: Tally,
    desk: Desk,
    books: Books,
) -> None:
    """Count every dispersed person where they sleep, and let the journey know: who is where, who came, who is new.

    New are those who set out for themselves; they have the initial status and the need classes of the first group.
    """
    initial = axes.status[axes.status.size - 1]
    for m in range(alone.at.shape[0]):
        own = people_of(people, m, day)
        desk.by_class[:] = 0
        add_sleepers(own.tomorrow.stay, 1, given, desk.by_class)
        new, fault = int(own.sums[ENTERED]), dispersed.imbalance[m] != 0
        for k in range(axes.status.size):
            new -= _count_known(m, k, axes, alone)
        for k in range(axes.status.size):
            known = _count_known(m, k, axes, alone)
            known += new if k == axes.status.size - 1 else 0
            fault = _tell_where(m, k, axes, own, dispersed, alone, tally, desk) != known or fault
        if new > 0:
            ends.entered[m] += new
            ends.entries[m, initial] += new
            u = uniform(clock.seed, clock.first + m, DECISION.hand_over, clock.day, 0)
            share_out(new, luck.class_share[m, 0], u, alone.classes[m], initial)
        if (fault or new < 0) and books.imbalance[m] == 0:
            books.imbalance[m] = clock.day + 1


@inner_kernel
def _count_known(m: int, k: int, axes: Axes, alone: Alone) -> int:
    """Return how many people alone the journey knows in a status."""
    s = axes.status[k]
    known = int(alone.dispersed[m, s])
    for p in range(axes.place.size):
        known += alone.at[m, s, p]
    return known


@inner_kernel
def _tell_where(
    m: int,
    k: int,
    axes: Axes,
    people: Member,
    dispersed: DispersalBooks,
    alone: Alone,
    tally: Tally,
    desk: Desk,
) -> int:
    """Write down where the dispersed of a status sleep, and who came today; return how many there are."""
    s = axes.status[k]
    counted, under_way = 0, 0
    alone.at[m, s, :] = 0
    for c in range(k * axes.classes, (k + 1) * axes.classes):
        for p in range(axes.place.size):
            place = axes.place[p]
            counted += desk.by_class[c, p]
            alone.at[m, s, place] += desk.by_class[c, p]
            tally.came[m, place] += dispersed.arrived[m, c, p]
            tally.came_alone[m, s, place] += dispersed.arrived[m, c, p]
        for ride in range(people.tomorrow.ride.shape[1]):
            under_way += people.tomorrow.ride[c, ride]
    alone.under_way[m, s] += under_way - alone.dispersed[m, s]
    alone.dispersed[m, s] = under_way
    return counted + under_way
