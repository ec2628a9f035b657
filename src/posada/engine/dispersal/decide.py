"""The first pass of a day: who leaves the place of the night, and which way."""

from __future__ import annotations

import numpy as np

from posada.engine.compiling import inner_kernel
from posada.engine.dispersal.crowd import Crowd, Way, put_to_bed, set_on_link
from posada.engine.dispersal.state import UNDER_WAY, Given, Member, Now, Scratch
from posada.engine.dispersal.stream import begin, binomial_of
from posada.engine.dispersal.weigh import choose, openness, renew_openness, table_of, turns_away
from posada.engine.draws import DECISION


@inner_kernel
def chance_to_leave(now: Now, c: int, p: int, given: Given, people: Member) -> float:
    """Return the chance that somebody leaves a place today."""
    chance = given.choice[now.day, c, p].chance
    if given.rules.chance_population_power != 0.0:
        known = max(people.residents[p], given.place_day[now.day, p].capacity_unscaled)
        chance *= (known / given.rules.chance_population_base) ** given.rules.chance_population_power
    return float(chance)


@inner_kernel
def leave_places(now: Now, given: Given, people: Member, scratch: Scratch) -> None:
    """Let people leave: those who follow a route go on, the others by chance and by what attracts them."""
    places, stops = given.place.size, given.stop.size
    scratch.changes[0] += 1
    for p in range(places):
        scratch.coming[p] = 0.0
        scratch.openness[p] = openness(given, now.day, p, float(people.here[p]))
    _let_some_follow(now, given, people, scratch)
    for k in range(places):
        p = given.place[k].order
        if people.here[p] == 0:
            continue
        begin(scratch.sequence[p], now.seed, now.member, DECISION.dispersed_leave, now.day, given.place[p].key)
        for c in range(given.place_class.shape[1]):
            for row in range(p, stops + p + 1, stops):
                if row < given.row.size and people.today.stay[c, row] > 0:
                    _leave(now, c, p, row, given, people, scratch)
        renew_openness(now, p, given, people, scratch)
    for c in range(given.place_class.shape[1]):
        for stop in range(places, stops):
            count = int(people.today.stay[c, stop])
            if count > 0:
                _follow(now, c, stop, count, given, people, scratch)


@inner_kernel
def _let_some_follow(now: Now, given: Given, people: Member, scratch: Scratch) -> None:
    """Let half of those who slept in a nearly full camp on their way go on before anybody chooses.

    They take up room in it until they go. Who is first is a matter of luck: one who chooses comes after half of them.
    """
    for stop in range(given.place.size, given.stop.size):
        p, k = given.stop[stop].place, given.next_step[now.epoch, stop]
        sleeping = 0
        for c in range(given.place_class.shape[1]):
            sleeping += people.today.stay[c, stop]
        if sleeping == 0 or scratch.openness[p] == 1.0 or k < 0:
            continue
        ride = given.step[given.stop_step[given.stop[stop].step_from + k].step].enter
        begin(scratch.sequence[p], now.seed, now.member, DECISION.dispersed_leave, now.day, given.ride[ride].turn)
        for c in range(given.place_class.shape[1]):
            count = binomial_of(scratch.sequence[p], int(people.today.stay[c, stop]), 0.5)
            _follow(now, c, stop, count, given, people, scratch)


@inner_kernel
def _leave(now: Now, c: int, p: int, row: int, given: Given, people: Member, scratch: Scratch) -> None:
    sets_out = row >= given.stop.size
    low = given.range[now.epoch, p].first
    options = given.range[now.epoch, p].last - low
    chance = 0.0 if given.day[now.day].frozen or options == 0 else chance_to_leave(now, c, p, given, people)
    count = int(people.today.stay[c, row])
    crowd = Crowd(people.today.stay_memory[c, row, : given.row[row].classes], float(count))
    left, gone = binomial_of(scratch.sequence[p], count, chance), 0
    if left > 0:
        row_of_table, first = table_of(now, c, p, given, people, scratch)
        taking = scratch.taking[:options]
        choose(scratch.sequence[p], left, scratch.weight[row_of_table, c, first : first + options], taking)
        for k in range(options):
            option = given.option[low + k]
            if taking[k] == 0 or option.step < 0 or turns_away(now, option.end, given, scratch):
                continue
            gone += taking[k]
            way = given.stop_step[given.stop[p].step_from + option.step]
            ride = given.step[way.step].enter_first if sets_out else given.step[way.step].enter
            memory = way.enter_first_memory if sets_out else way.enter_memory
            set_on_link(c, Way(ride, memory), taking[k], crowd, given, people.today)
        people.here[p] -= gone
        people.sums[UNDER_WAY] += gone
    put_to_bed(c, Way(row, given.row[row].night_memory), count - gone, crowd, given, people)
    people.today.stay[c, row] = 0
    crowd.memory[:] = 0.0


@inner_kernel
def _follow(now: Now, c: int, stop: int, count: int, given: Given, people: Member, scratch: Scratch) -> None:
    """Let some who slept on their way go on; they give the route up when it is closed or leads to a full camp."""
    if count == 0:
        return
    p = given.stop[stop].place
    k = given.next_step[now.epoch, stop]
    frozen = given.day[now.day].frozen
    everybody = int(people.today.stay[c, stop])
    crowd = Crowd(people.today.stay_memory[c, stop, : given.row[stop].classes], float(everybody))
    if not frozen and k >= 0 and not turns_away(now, given.stop[stop].end, given, scratch):
        way = given.stop_step[given.stop[stop].step_from + k]
        set_on_link(c, Way(given.step[way.step].enter, way.enter_memory), count, crowd, given, people.today)
        people.here[p] -= count
        people.sums[UNDER_WAY] += count
    else:
        way_to_bed = Way(stop, given.row[stop].night_memory) if frozen else Way(p, given.stop[stop].home_memory)
        put_to_bed(c, way_to_bed, count, crowd, given, people)
    people.today.stay[c, stop] -= count
    if count == everybody:
        crowd.memory[:] = 0.0
    else:
        left = np.float32((everybody - count) / everybody)
        for b in range(crowd.memory.size):
            crowd.memory[b] *= left
    renew_openness(now, p, given, people, scratch)
