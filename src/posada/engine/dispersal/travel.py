"""The second pass of a day: people move along their routes, arrive, and go on while the day lasts."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from posada.engine.compiling import inner_kernel
from posada.engine.dispersal.crowd import Crowd, Way, put_to_bed, remember, set_on_link
from posada.engine.dispersal.decide import chance_to_leave
from posada.engine.dispersal.state import UNDER_WAY, Given, Member, Now, Scratch
from posada.engine.dispersal.stream import begin, binomial_of
from posada.engine.dispersal.weigh import (
    FEW,
    choose,
    renew_openness,
    room_left,
    room_until_full,
    table_of,
    turns_away,
)
from posada.engine.draws import DECISION

_MOST_SHIFTS, _ODD = 64, 0x5E3779B1
_SHIFT_SHARE = 0.02
"""Where a camp is about to fill, people arrive in as many shifts as keep one below this share of its capacity."""

_FEW_IN_SHIFT = 100
"""Up to so many people of a shift, it is drawn who of them is first; of more it is less than a hundredth of a camp."""

_ALL, _STRAIGHT, _OTHERS = range(3)
"""Which rides: those that end in a camp that fills today, where people stay, and the others."""


class Shift(NamedTuple):
    """A shift among those of today, and the number by which rides take their turns in other orders every day."""

    number: int
    of: int
    luck: int


@inner_kernel
def turn_back(now: Now, given: Given, people: Member) -> None:
    """Let people on a link that closes today go back at its end."""
    for i in range(given.day[now.day].turn_from, given.day[now.day].turn_to):
        about = given.ride[given.turn[i]]
        for c in range(people.today.ride.shape[0]):
            count = int(people.today.ride[c, given.turn[i]])
            if count == 0:
                continue
            crowd = Crowd(people.today.ride_memory[c, given.turn[i], : about.classes], float(count))
            set_on_link(c, Way(about.turned, about.turned_memory), count, crowd, given, people.today)
            people.today.ride[c, given.turn[i]] = 0
            crowd.memory[:] = 0.0


@inner_kernel
def travel(now: Now, given: Given, people: Member, scratch: Scratch) -> None:
    """Move everybody who is under way, in shifts on days on which a camp may fill.

    Where it is about few people, it is a matter of luck in each of them whether those who come straight to such a camp
    are there before or after those who pass another place first. Who comes in which shift is another every day.
    """
    count, few = _count_shifts(now, given, people, scratch)
    luck = 0
    if scratch.filling[0] != 0:
        begin(scratch.sequence[0], now.seed, now.member, DECISION.dispersed_travel, now.day, 0)
        luck = int(np.int64(scratch.sequence[0, 0] >> np.uint64(32)))
    for number in range(count):
        shift = Shift(number, count, luck)
        straight_last = few and (luck >> (number % 32)) % 2 == 1
        _ride(now, _OTHERS if straight_last else _ALL, shift, given, people, scratch)
        _land(now, given, people, scratch)
        if straight_last:
            _ride(now, _STRAIGHT, shift, given, people, scratch)
    if few:
        _land(now, given, people, scratch)


@inner_kernel
def _count_shifts(now: Now, given: Given, people: Member, scratch: Scratch) -> tuple[int, bool]:
    """Return in how many shifts people arrive: several where a camp may fill today, whose bits are noted.

    And say whether one may fill and few people come in each of them.

    With shifts people of all sides should find room in it alike. A camp that is full already turns people away all day,
    whoever comes first.
    """
    filling = False
    scratch.filling[0] = 0
    for p in range(given.place.size):
        scratch.coming[p] = 0.0
        filling = filling or _may_fill(now, p, float(people.sums[UNDER_WAY]), given, people, scratch)
    if not filling:
        return 1, False
    going_on = 0  # any of them may come to any place today, over several others
    for c in range(people.today.ride.shape[0]):
        for ride in range(given.ride.size):
            count = int(people.today.ride[c, ride])
            arc = given.ride[ride].next
            if count == 0 or arc >= 0:
                continue
            p = given.stop[given.landing[-1 - arc].stop].place
            scratch.coming[p] += count
            if -1 - arc < scratch.landing.shape[1]:
                going_on += count
                _expect_onward(now, c, p, count, given, scratch)
    most, largest = 1.0, 0.0
    for p in range(given.place.size):
        if _may_fill(now, p, scratch.coming[p] + going_on, given, people, scratch):
            most = max(most, scratch.coming[p] / (_SHIFT_SHARE * given.place_day[now.day, p].capacity))
            largest = max(largest, scratch.coming[p])
            scratch.filling[0] |= given.place[p].bit
        scratch.coming[p] = 0.0
    count = int(min(most, float(_MOST_SHIFTS)))
    return count, scratch.filling[0] != 0 and largest <= float(_FEW_IN_SHIFT * count)


@inner_kernel
def _may_fill(now: Now, p: int, coming: float, given: Given, people: Member, scratch: Scratch) -> bool:
    capacity = given.place_day[now.day, p].capacity
    if capacity < 1.0 or people.here[p] + coming <= given.rules.capacity_buffer * capacity:
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
def _ride(now: Now, which: int, shift: Shift, given: Given, people: Member, scratch: Scratch) -> None:
    """Move people by one day along the link that they are on: those who may come to a camp that fills in shifts."""
    for c in range(people.today.ride.shape[0]):
        _ride_of_class(now, c, which, shift, given, people, scratch)


@inner_kernel
def _ride_of_class(now: Now, c: int, which: int, shift: Shift, given: Given, people: Member, scratch: Scratch) -> None:
    for ride in range(given.ride.size):
        count = int(people.today.ride[c, ride])
        if count == 0:
            continue
        about = given.ride[ride]
        if which != _ALL and (about.straight & scratch.filling[0] != 0) != (which == _STRAIGHT):
            continue
        crowd = Crowd(people.today.ride_memory[c, ride, : about.classes], float(count))
        is_last = shift.number == shift.of - 1 or about.reach & scratch.filling[0] == 0
        if shift.number > 0 or not is_last:
            turn = (((about.turn ^ shift.luck) * _ODD) >> 24) % shift.of
            count = (count * (shift.number + 1) + turn) // shift.of - (count * shift.number + turn) // shift.of
        walking = 0
        if about.walk_chance > 0.0:
            start = given.step[about.step].start
            _begin_sequence(now, start, given, scratch)
            walking = binomial_of(scratch.sequence[start], count, about.walk_chance)
            _advance(now, c, Way(about.walk_next, about.walk_memory), walking, crowd, given, people, scratch)
        _advance(now, c, Way(about.next, about.next_memory), count - walking, crowd, given, people, scratch)
        if is_last:
            people.today.ride[c, ride] = 0
            crowd.memory[:] = 0.0


@inner_kernel
def _advance(
    now: Now, c: int, way: Way, count: int, crowd: Crowd, given: Given, people: Member, scratch: Scratch
) -> None:
    """Let people be further on their link tonight, or reach its end."""
    if count == 0:
        return
    if way.to >= 0:
        set_on_link(c, way, count, crowd, given, people.tomorrow)
        return
    t = -1 - way.to
    about = given.landing[t]
    p = given.stop[about.stop].place
    if t < scratch.landing.shape[1]:
        scratch.landing[c, t] += count
        remember(crowd, count, way.memory, given, scratch.landing_memory[c, t])
        if about.stop < given.place.size:
            _expect(now, p, count, given, people, scratch)
        return
    people.sums[UNDER_WAY] -= count
    people.here[p] += count
    renew_openness(now, p, given, people, scratch)
    people.tomorrow.stay[c, about.stop] += count
    classes = crowd.memory.size
    if classes > 0:
        each = np.float32(count / crowd.people)
        for b in range(classes):
            cell = given.memory[about.bed_memory, given.memory[way.memory, b]]
            people.tomorrow.stay_memory[c, about.stop, cell] += each * crowd.memory[b]


@inner_kernel
def _expect(now: Now, p: int, count: int, given: Given, people: Member, scratch: Scratch) -> None:
    """Count people in the place that they reach later today, so that others meet it as full as it will be."""
    if given.place_day[now.day, p].capacity >= 1.0:
        scratch.coming[p] += count
        renew_openness(now, p, given, people, scratch)


@inner_kernel
def _land(now: Now, given: Given, people: Member, scratch: Scratch) -> None:
    """Let people who have moved less than a day's way arrive, and go on, in the order of the way moved."""
    for c in range(people.today.ride.shape[0]):
        _land_of_class(now, c, given, people, scratch)


@inner_kernel
def _land_of_class(now: Now, c: int, given: Given, people: Member, scratch: Scratch) -> None:
    frozen = given.day[now.day].frozen
    for t in range(scratch.landing.shape[1]):
        arrived = int(scratch.landing[c, t])
        if arrived == 0:
            continue
        about = given.landing[t]
        p = given.stop[about.stop].place
        people.sums[UNDER_WAY] -= arrived
        people.here[p] += arrived
        if about.stop < given.place.size:
            scratch.coming[p] = max(scratch.coming[p] - arrived, 0.0)
        crowd = Crowd(scratch.landing_memory[c, t, : about.classes], float(arrived))
        if frozen:
            put_to_bed(c, Way(about.stop, about.bed_memory), arrived, crowd, given, people)
        else:
            _begin_sequence(now, p, given, scratch)
            if about.stop < given.place.size:
                _go_on(now, c, t, arrived, crowd, given, people, scratch)
            else:
                _follow_route(now, c, t, arrived, crowd, given, people, scratch)
        scratch.landing[c, t] = 0
        crowd.memory[:] = 0.0
        renew_openness(now, p, given, people, scratch)


@inner_kernel
def _follow_route(
    now: Now, c: int, t: int, arrived: int, crowd: Crowd, given: Given, people: Member, scratch: Scratch
) -> None:
    """Let people of a landing take the next step of their route; into a camp as many as find it open."""
    about = given.landing[t]
    stop = given.stop[about.stop]
    k = given.next_step[now.epoch, about.stop]
    going = 0
    if k >= 0 and not turns_away(now, stop.end, given, scratch):
        going = arrived
        if given.arc[about.arc_from + k].next < 0 and given.place_day[now.day, stop.end].is_camp:
            going = min(arrived, max(room_until_full(now, stop.end, given, people, scratch), 1))
        _set_off(now, c, about.arc_from + k, going, crowd, given, people, scratch)
    put_to_bed(c, Way(stop.place, about.home_memory), arrived - going, crowd, given, people)


@inner_kernel
def _share_going(chance: float, urged: int, crowd: Crowd, scratch: Scratch) -> tuple[float, float, float]:
    """Share the classes of a landing out among those who go on, all of the first ones, and those who stay.

    Returns
    -------
    tuple of float
        The share of those who go on; the sums of ``scratch.going`` and of ``scratch.staying``.
    """
    going, staying = np.float32(0.0), np.float32(0.0)
    for b in range(min(urged, crowd.memory.size)):
        scratch.going[b] = crowd.memory[b]
        scratch.staying[b] = 0.0
        going += crowd.memory[b]
    for b in range(urged, crowd.memory.size):
        scratch.going[b] = crowd.memory[b] * np.float32(chance)
        scratch.staying[b] = crowd.memory[b] - scratch.going[b]
        going += scratch.going[b]
        staying += scratch.staying[b]
    together = float(going) + float(staying)
    return (float(going) / together if together > 0.0 else chance), float(going), float(staying)


@inner_kernel
def _go_on(
    now: Now, c: int, t: int, arrived: int, crowd: Crowd, given: Given, people: Member, scratch: Scratch
) -> None:
    """Let people who arrived early go on by chance, and through a town if they have not travelled far of late."""
    about = given.landing[t]
    p = given.stop[about.stop].place
    low = given.range[now.epoch, p].first
    options = given.range[now.epoch, p].last - low
    chance = chance_to_leave(now, c, p, given, people) if options > 0 else 0.0
    urged = about.urged if options > 0 and given.place_day[now.day, p].is_town else 0
    share, sum_going, sum_staying = _share_going(chance, urged, crowd, scratch)
    wanting = binomial_of(scratch.sequence[p], arrived, share)
    going = Crowd(scratch.going[: about.classes], sum_going)
    staying = Crowd(scratch.staying[: about.classes], sum_staying)
    put_to_bed(c, Way(p, about.home_memory), arrived - wanting, staying, given, people)
    if wanting == 0:
        return
    row, first = table_of(now, c, p, given, people, scratch)
    table, taking = scratch.weight[row, c, first : first + options], scratch.taking[:options]
    # With room for twice as many as are likely to come, nobody needs to wait for the others.
    filling = scratch.filling[0] != 0
    together = not filling or room_left(now, p, 2 * arrived, table, given, people, scratch) == 2 * arrived
    waiting, gone = wanting, 0
    while waiting > 0:
        party = waiting if together else room_left(now, p, waiting, table, given, people, scratch)
        if filling and party <= FEW:
            party = 1  # each finds the camps as full as those before have left them
        waiting -= party
        choose(scratch.sequence[p], party, table, taking)
        for k in range(options):
            option = given.option[low + k]
            if taking[k] == 0 or option.step < 0 or turns_away(now, option.end, given, scratch):
                continue
            gone += taking[k]
            _set_off(now, c, about.arc_from + option.step, taking[k], going, given, people, scratch)
        if waiting > 0:
            row, first = table_of(now, c, p, given, people, scratch)
            table = scratch.weight[row, c, first : first + options]
    put_to_bed(c, Way(p, about.home_memory), wanting - gone, going, given, people)


@inner_kernel
def _set_off(
    now: Now, c: int, y: int, count: int, crowd: Crowd, given: Given, people: Member, scratch: Scratch
) -> None:
    """Let people take an arc out of a landing."""
    arc = given.arc[y]
    step = given.step[arc.step]
    people.here[step.start] -= count
    people.sums[UNDER_WAY] += count
    walking = 0
    if step.walk > 0.0:
        walking = binomial_of(scratch.sequence[step.start], count, step.walk)
        _advance(now, c, Way(arc.walked, arc.walked_memory), walking, crowd, given, people, scratch)
    _advance(now, c, Way(arc.next, arc.next_memory), count - walking, crowd, given, people, scratch)
