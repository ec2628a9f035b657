"""The first pass of a day: who leaves the place of the night, and which way."""

from __future__ import annotations

import numpy as np

from posada.engine.compiling import inner_kernel
from posada.engine.dispersal.cells import bit_of, lowest, without_lowest
from posada.engine.dispersal.state import UNDER_WAY, Given, Now, People, Scratch
from posada.engine.dispersal.stream import begin, binomial_of
from posada.engine.dispersal.weigh import FEW, next_choice, openness, renew_openness, table_of, turns_away
from posada.engine.draws import DECISION

_EMPTY = np.uint64(0)


@inner_kernel
def chance_to_leave(now: Now, c: int, p: int, given: Given, people: People) -> float:
    """Return the chance that somebody leaves a place today."""
    chance = given.choice[now.day, c, p].chance
    if given.rules.chance_population_power != 0.0:
        known = max(people.residents[now.m, p], given.place_day[now.day, p].capacity_unscaled)
        chance *= (known / given.rules.chance_population_base) ** given.rules.chance_population_power
    return float(chance)


@inner_kernel
def leave_places(now: Now, given: Given, people: People, scratch: Scratch) -> None:
    """Let people leave: those who follow a route go on, the others by chance and by what attracts them."""
    places, stops = given.place.size, given.stop.size
    for p in range(places):
        scratch.coming[p] = 0.0
        scratch.openness[p] = openness(given, now.day, p, float(people.here[now.m, p]))
    for k in range(places):
        p = given.place[k].order
        if people.here[now.m, p] == 0:
            continue
        begin(scratch.sequence[p], now.seed, now.member, DECISION.dispersed_leave, now.day, given.place[p].key)
        for c in range(given.place_class.shape[1]):
            for row in range(p, stops + p + 1, stops):
                if row < people.stay.shape[3] and people.stay_mask[now.m, now.side, c, row] != _EMPTY:
                    _leave(now, c, p, row, given, people, scratch)
        renew_openness(now, p, given, people, scratch)
    for c in range(given.place_class.shape[1]):
        for stop in range(places, stops):
            if people.stay_mask[now.m, now.side, c, stop] != _EMPTY:
                _follow(now, c, stop, given, people, scratch)


@inner_kernel
def _leave(now: Now, c: int, p: int, row: int, given: Given, people: People, scratch: Scratch) -> None:
    m = now.m
    sets_out = row >= given.stop.size
    night = given.stop[p].night_first_memory if sets_out else given.stop[p].night_memory
    mask = people.stay_mask[m, now.side, c, row]
    people.stay_mask[m, now.side, c, row] = _EMPTY
    chance = 0.0 if given.day[now.day].frozen else chance_to_leave(now, c, p, given, people)
    low = given.range[now.epoch, p].first
    options = given.range[now.epoch, p].last - low
    chance = chance if options > 0 else 0.0
    table, first = table_of(now, c, p, given, people, scratch)
    while mask != _EMPTY:
        cell = lowest(mask)
        mask = without_lowest(mask)
        count = int(people.stay[m, now.side, c, row, cell])
        people.stay[m, now.side, c, row, cell] = 0
        left = binomial_of(scratch.sequence[p], count, chance)
        alone, gone, k = left <= FEW, 0, -1
        while left > 0:
            k, taking = next_choice(scratch.sequence[p], left, alone, k, options, table, c, first, scratch)
            left -= taking
            option = given.option[low + k]
            if taking == 0 or option.step < 0 or turns_away(now, option.end, given, scratch):
                continue
            gone += taking
            way = given.stop_step[given.stop[p].step_from + option.step]
            ride = given.step[way.step].enter_first if sets_out else given.step[way.step].enter
            memory = given.memory[way.enter_first_memory if sets_out else way.enter_memory, cell]
            set_on_link(m, now.side, c, ride, memory, taking, people)
        people.here[m, p] -= gone
        people.sums[m, UNDER_WAY] += gone
        if count > gone:
            put_to_bed(m, 1 - now.side, c, row, given.memory[night, cell], count - gone, people)


@inner_kernel
def set_on_link(m: int, side: int, c: int, ride: int, cell: int, count: int, people: People) -> None:
    """Add people to those on a link."""
    people.ride[m, side, c, ride, cell] += count
    people.ride_mask[m, side, c, ride] |= bit_of(cell)


@inner_kernel
def put_to_bed(m: int, side: int, c: int, row: int, cell: int, count: int, people: People) -> None:
    """Add people to those who stay in a place."""
    people.stay[m, side, c, row, cell] += count
    people.stay_mask[m, side, c, row] |= bit_of(cell)


@inner_kernel
def _follow(now: Now, c: int, stop: int, given: Given, people: People, scratch: Scratch) -> None:
    """Let people who slept on their way go on; they give the route up when it is closed or leads to a full camp."""
    m = now.m
    p = given.stop[stop].place
    k = given.next_step[now.epoch, stop]
    frozen = given.day[now.day].frozen
    goes = not frozen and k >= 0 and not turns_away(now, given.stop[stop].end, given, scratch)
    mask = people.stay_mask[m, now.side, c, stop]
    people.stay_mask[m, now.side, c, stop] = _EMPTY
    while mask != _EMPTY:
        cell = lowest(mask)
        mask = without_lowest(mask)
        count = int(people.stay[m, now.side, c, stop, cell])
        people.stay[m, now.side, c, stop, cell] = 0
        if goes:
            way = given.stop_step[given.stop[stop].step_from + k]
            set_on_link(m, now.side, c, given.step[way.step].enter, given.memory[way.enter_memory, cell], count, people)
            people.here[m, p] -= count
            people.sums[m, UNDER_WAY] += count
        else:
            night = given.stop[stop].night_memory if frozen else given.stop[stop].home_memory
            put_to_bed(m, 1 - now.side, c, stop if frozen else p, given.memory[night, cell], count, people)
    renew_openness(now, p, given, people, scratch)
