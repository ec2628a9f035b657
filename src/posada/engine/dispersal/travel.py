"""The second pass of a day: people move along their routes, arrive, and go on while the day lasts."""

from __future__ import annotations

import numpy as np

from posada.engine.compiling import inner_kernel
from posada.engine.dispersal.cells import bit_of, lowest, without_lowest
from posada.engine.dispersal.decide import chance_to_leave, put_to_bed, set_on_link
from posada.engine.dispersal.state import UNDER_WAY, Given, Now, People, Scratch
from posada.engine.dispersal.stream import begin, binomial_of
from posada.engine.dispersal.weigh import (
    FEW,
    next_choice,
    renew_openness,
    room_left,
    room_until_full,
    table_of,
    turns_away,
)
from posada.engine.draws import DECISION

_EMPTY = np.uint64(0)
_MOST_SHIFTS = 64
_SHIFT_SHARE = 0.02
"""Where a camp is about to fill, people arrive in as many shifts as keep one below this share of its capacity."""


@inner_kernel
def turn_back(now: Now, given: Given, people: People) -> None:
    """Let people on a link that closes today go back at its end."""
    for i in range(given.day[now.day].turn_from, given.day[now.day].turn_to):
        ride = given.turn[i]
        for c in range(people.ride.shape[2]):
            mask = people.ride_mask[now.m, now.side, c, ride]
            people.ride_mask[now.m, now.side, c, ride] = _EMPTY
            while mask != _EMPTY:
                cell = lowest(mask)
                mask = without_lowest(mask)
                count = people.ride[now.m, now.side, c, ride, cell]
                people.ride[now.m, now.side, c, ride, cell] = 0
                memory = given.memory[given.ride[ride].turned_memory, cell]
                set_on_link(now.m, now.side, c, given.ride[ride].turned, memory, int(count), people)


@inner_kernel
def travel(now: Now, given: Given, people: People, scratch: Scratch) -> None:
    """Move everybody who is under way, in shifts on days on which a camp may fill."""
    shifts = _count_shifts(now, given, people, scratch)
    for shift in range(shifts):
        for c in range(people.ride.shape[2]):
            _ride(now, c, shift, shifts, given, people, scratch)
            _land(now, c, given, people, scratch)


@inner_kernel
def _count_shifts(now: Now, given: Given, people: People, scratch: Scratch) -> int:
    """Return in how many shifts people arrive: several where a camp fills today from several sides.

    Then people of all sides should find room in it alike. A camp that is full already turns people away all day,
    whoever comes first.
    """
    filling = False
    for p in range(given.place.size):
        scratch.coming[p] = 0.0
        filling = filling or _may_fill(now, p, float(people.sums[now.m, UNDER_WAY]), given, people, scratch)
    if not filling:
        return 1
    going_on = 0  # any of them may come to any place today, over several others
    for c in range(people.ride.shape[2]):
        for ride in range(given.ride.size):
            mask = people.ride_mask[now.m, now.side, c, ride]
            arc = given.ride[ride].next
            if mask == _EMPTY or arc >= 0:
                continue
            count = 0
            while mask != _EMPTY:
                count += people.ride[now.m, now.side, c, ride, lowest(mask)]
                mask = without_lowest(mask)
            p = given.stop[given.landing[-1 - arc].stop].place
            scratch.coming[p] += count
            if -1 - arc < scratch.landing.shape[1]:
                going_on += count
                _expect_onward(now, c, p, count, given, scratch)
    most = 1.0
    for p in range(given.place.size):
        if _may_fill(now, p, scratch.coming[p] + going_on, given, people, scratch):
            most = max(most, scratch.coming[p] / (_SHIFT_SHARE * given.place_day[now.day, p].capacity))
        scratch.coming[p] = 0.0
    return int(min(most, float(_MOST_SHIFTS)))


@inner_kernel
def _may_fill(now: Now, p: int, coming: float, given: Given, people: People, scratch: Scratch) -> bool:
    capacity = given.place_day[now.day, p].capacity
    if capacity < 1.0 or people.here[now.m, p] + coming <= given.rules.capacity_buffer * capacity:
        return False
    return not turns_away(now, p, given, scratch)


@inner_kernel
def _expect_onward(now: Now, c: int, p: int, count: int, given: Given, scratch: Scratch) -> None:
    """Add to who is expected in each place those who may go on to it from another today."""
    low, high = given.range[now.epoch, p].first, given.range[now.epoch, p].last
    begin = given.range[now.epoch, 0].first
    before = 0.0
    for o in range(low, high):
        chance = scratch.weight[now.block_day, c, o - begin].cumulative
        scratch.coming[given.option[o].end] += count * (chance - before)
        before = chance


@inner_kernel
def _begin_sequence(now: Now, p: int, given: Given, scratch: Scratch) -> None:
    """Begin the sequence of draws of a place for the travel of today, if it has not been used yet."""
    token = now.member * 65_536 + now.day
    if scratch.begun[p] != token:
        scratch.begun[p] = token
        begin(scratch.sequence[p], now.seed, now.member, DECISION.dispersed_travel, now.day, given.place[p].key)


@inner_kernel
def _ride(now: Now, c: int, shift: int, shifts: int, given: Given, people: People, scratch: Scratch) -> None:
    """Move the people of a shift by one day along the link that they are on."""
    m, side = now.m, now.side
    last = shift == shifts - 1
    for ride in range(given.ride.size):
        mask = people.ride_mask[m, side, c, ride]
        if mask == _EMPTY:
            continue
        if last:
            people.ride_mask[m, side, c, ride] = _EMPTY
        about = given.ride[ride]
        while mask != _EMPTY:
            cell = lowest(mask)
            mask = without_lowest(mask)
            count = int(people.ride[m, side, c, ride, cell])
            if last:
                people.ride[m, side, c, ride, cell] = 0
            if shifts > 1:
                # Who comes in which shift does not matter: people of one cell are alike.
                turn = (about.turn + cell * 3) % shifts
                count = (count * (shift + 1) + turn) // shifts - (count * shift + turn) // shifts
            walking = 0
            if about.walk_chance > 0.0:
                start = given.step[about.step].start
                _begin_sequence(now, start, given, scratch)
                walking = binomial_of(scratch.sequence[start], count, about.walk_chance)
                memory = given.memory[about.walk_memory, cell]
                _advance(now, c, about.walk_next, memory, walking, given, people, scratch)
            memory = given.memory[about.next_memory, cell]
            _advance(now, c, about.next, memory, count - walking, given, people, scratch)


@inner_kernel
def _advance(now: Now, c: int, arc: int, cell: int, count: int, given: Given, people: People, scratch: Scratch) -> None:
    """Let people be further on their link tonight, or reach its end; ``cell`` is their memory there."""
    if count == 0:
        return
    if arc >= 0:
        set_on_link(now.m, 1 - now.side, c, arc, cell, count, people)
        return
    t = -1 - arc
    if t < scratch.landing.shape[1]:
        scratch.landing[c, t, cell] += count
        scratch.landing_mask[c, t] |= bit_of(cell)
        _expect(now, given.stop[given.landing[t].stop].place, count, given, people, scratch)
        return
    about = given.landing[t]
    p = given.stop[about.stop].place
    people.sums[now.m, UNDER_WAY] -= count
    people.here[now.m, p] += count
    renew_openness(now, p, given, people, scratch)
    put_to_bed(now.m, 1 - now.side, c, about.stop, given.memory[about.bed_memory, cell], count, people)


@inner_kernel
def _expect(now: Now, p: int, count: int, given: Given, people: People, scratch: Scratch) -> None:
    """Count people in the place that they reach later today, so that others meet it as full as it will be."""
    if given.place_day[now.day, p].capacity >= 1.0:
        scratch.coming[p] += count
        renew_openness(now, p, given, people, scratch)


@inner_kernel
def _land(now: Now, c: int, given: Given, people: People, scratch: Scratch) -> None:
    """Let people who have moved less than a day's way arrive, and go on, in the order of the way moved."""
    m = now.m
    frozen = given.day[now.day].frozen
    for t in range(scratch.landing.shape[1]):
        mask = scratch.landing_mask[c, t]
        if mask == _EMPTY:
            continue
        about = given.landing[t]
        p = given.stop[about.stop].place
        arrived = 0
        left = mask
        while left != _EMPTY:
            arrived += scratch.landing[c, t, lowest(left)]
            left = without_lowest(left)
        scratch.landing_mask[c, t] = _EMPTY
        people.sums[m, UNDER_WAY] -= arrived
        people.here[m, p] += arrived
        scratch.coming[p] = max(scratch.coming[p] - arrived, 0.0)
        if frozen:
            _stay(now, c, t, about.stop, about.bed_memory, mask, given, people, scratch)
        else:
            _begin_sequence(now, p, given, scratch)
            if about.stop < given.place.size:
                _go_on(now, c, t, arrived, mask, given, people, scratch)
            elif _has_way(now, about.stop, given, scratch):
                _follow_route(now, c, t, arrived, mask, given, people, scratch)
            else:
                _stay(now, c, t, p, about.home_memory, mask, given, people, scratch)
        renew_openness(now, p, given, people, scratch)


@inner_kernel
def _has_way(now: Now, stop: int, given: Given, scratch: Scratch) -> bool:
    return given.next_step[now.epoch, stop] >= 0 and not turns_away(now, given.stop[stop].end, given, scratch)


@inner_kernel
def _stay(
    now: Now, c: int, t: int, bed: int, night: int, mask: int, given: Given, people: People, scratch: Scratch
) -> None:
    """Let all people of a landing stay; ``night`` is the row of what they remember then."""
    while mask != _EMPTY:
        cell = lowest(mask)
        mask = without_lowest(mask)
        count = int(scratch.landing[c, t, cell])
        put_to_bed(now.m, 1 - now.side, c, bed, given.memory[night, cell], count, people)
        scratch.landing[c, t, cell] = 0


@inner_kernel
def _follow_route(
    now: Now, c: int, t: int, arrived: int, mask: int, given: Given, people: People, scratch: Scratch
) -> None:
    """Let people of a landing take the next step of their route; into a camp as many as find it open."""
    about = given.landing[t]
    stop = given.stop[about.stop]
    k = given.next_step[now.epoch, about.stop]
    going, before = arrived, 0
    if given.arc[about.arc_from + k].next < 0 and given.place_day[now.day, stop.end].is_camp:
        going = min(arrived, max(room_until_full(now, stop.end, given, people, scratch), 1))
    while mask != _EMPTY:
        cell = lowest(mask)
        mask = without_lowest(mask)
        count = int(scratch.landing[c, t, cell])
        scratch.landing[c, t, cell] = 0
        gone = (before + count) * going // arrived - before * going // arrived
        before += count
        _set_off(now, c, t, k, cell, gone, given, people, scratch)
        if count > gone:
            memory = given.memory[about.home_memory, cell]
            put_to_bed(now.m, 1 - now.side, c, stop.place, memory, count - gone, people)


@inner_kernel
def _go_on(now: Now, c: int, t: int, arrived: int, mask: int, given: Given, people: People, scratch: Scratch) -> None:
    """Let people who arrived early go on by chance, and through a town if they have not travelled far of late."""
    about = given.landing[t]
    p = given.stop[about.stop].place
    low = given.range[now.epoch, p].first
    options = given.range[now.epoch, p].last - low
    chance = chance_to_leave(now, c, p, given, people) if options > 0 else 0.0
    urged = about.urged if options > 0 and given.place_day[now.day, p].is_town else 0
    table, first = table_of(now, c, p, given, people, scratch)
    # With room for twice as many as are likely to come, nobody needs to wait for the others.
    twice = 2 * arrived
    together = room_left(now, p, twice, scratch.weight[table, c, first:], given, people, scratch) == twice
    while mask != _EMPTY:
        cell = lowest(mask)
        mask = without_lowest(mask)
        count = int(scratch.landing[c, t, cell])
        scratch.landing[c, t, cell] = 0
        waiting = count if cell < urged else binomial_of(scratch.sequence[p], count, chance)
        gone, left, k, alone = 0, 0, -1, False
        while waiting + left > 0:
            if left == 0:
                left = waiting
                if not together:
                    left = room_left(now, p, waiting, scratch.weight[table, c, first:], given, people, scratch)
                waiting -= left
                alone, k = left <= FEW, -1
            k, taking = next_choice(scratch.sequence[p], left, alone, k, options, table, c, first, scratch)
            left -= taking
            option = given.option[low + k]
            if taking == 0 or option.step < 0 or turns_away(now, option.end, given, scratch):
                continue
            gone += taking
            _set_off(now, c, t, option.step, cell, taking, given, people, scratch)
            if (alone or left == 0) and scratch.openness[option.end] < 1.0:
                table, first = table_of(now, c, p, given, people, scratch)
        if count > gone:
            put_to_bed(now.m, 1 - now.side, c, p, given.memory[about.home_memory, cell], count - gone, people)


@inner_kernel
def _set_off(
    now: Now, c: int, t: int, k: int, cell: int, count: int, given: Given, people: People, scratch: Scratch
) -> None:
    """Let people take the ``k``-th step out of a landing."""
    stop = given.landing[t].stop
    p = given.stop[stop].place
    step = given.step[given.stop_step[given.stop[stop].step_from + k].step]
    arc = given.arc[given.landing[t].arc_from + k]
    people.here[now.m, p] -= count
    people.sums[now.m, UNDER_WAY] += count
    walking = 0
    if step.walk > 0.0:
        walking = binomial_of(scratch.sequence[p], count, step.walk)
        _advance(now, c, arc.walked, given.memory[arc.walked_memory, cell], walking, given, people, scratch)
    _advance(now, c, arc.next, given.memory[arc.next_memory, cell], count - walking, given, people, scratch)
