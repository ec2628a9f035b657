"""What changes from day to day in a chunk of members, and what is kept of it.

Axes as in :mod:`posada.engine.dispersal.world`, with M members of the chunk, and R rows of stops: the U stops, and
after them, where the first route is walked, one for each place with the people who have not left it yet.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from posada.engine.compiling import inner_kernel
from posada.engine.dispersal.memory import Maps, Memory
from posada.engine.dispersal.nodes import Nodes
from posada.engine.dispersal.world import DispersalWorld, Rules
from posada.engine.world import Floats, Ints

Counts = NDArray[np.int32]
Shares = NDArray[np.float32]
Records = NDArray[Any]
"""An array of records; the comment beside it names their fields."""

_BITS = 63

UNDER_WAY, ENTERED = range(2)
"""Columns of ``People.sums``."""


class Given(NamedTuple):
    """The world, in the form in which kernels take it: one array of records for each axis.

    Numba compiles a function in a time that grows with the number of arrays that it takes.
    """

    day: Records  # (D,) epoch, new_people, turn_from, turn_to, frozen
    turn: Ints  # rides whose link closes, by day
    place: Records  # (P,) key, order, residents, in_camp, bit
    place_class: Records  # (P, C) share, people
    place_day: (
        Records  # (D, P) crawl, crawl_before, is_town, is_camp, capacity, capacity_unscaled, spawn_weight, displaced
    )
    choice: Records  # (D, C, P) chance, score
    memory: Maps  # (W, B) which class of memory follows each; fields *_memory are rows of it
    stop: Records  # (U,) place, end, step_from, home_memory
    row: Records  # (R,) night_memory, classes
    next_step: Ints  # (E, U)
    stop_step: Records  # (X,) step, enter_memory, enter_first_memory
    step: Records  # (Q,) start, end, walk, enter, enter_first
    ride: Records
    # (J,) step, next, next_memory, walk_next, walk_memory, walk_chance, turned, turned_memory, turn, reach, straight,
    # classes
    landing: Records  # (T,) stop, arc_from, urged, home_memory, bed_memory, classes
    arc: Records  # (Y,) step, next, next_memory, walked, walked_memory
    range: Records  # (E, P) first, last, limited
    option: Records  # (O,) step, end, nearness, home, of_yesterday
    rules: Rules


class People(NamedTuple):
    """Where people are. The second axis is the side: that of today is read, that of tomorrow is written.

    What the people of a row or a ride remember is kept as how many of them are to be expected in each class, fractions
    included: beside their number, which is a whole one.
    """

    stay: Counts  # (M, 2, C, R)
    stay_memory: Shares  # (M, 2, C, R, B)
    ride: Counts  # (M, 2, C, J)
    ride_memory: Shares  # (M, 2, C, J, B)
    here: Ints  # (M, P) people in a place
    residents: Floats  # (M, P) who have not set out
    sums: Ints  # (M, 2) people under way, people who ever entered


class Side(NamedTuple):
    """Where the people of one member are on one day."""

    stay: Counts  # (C, R)
    stay_memory: Shares  # (C, R, B)
    ride: Counts  # (C, J)
    ride_memory: Shares  # (C, J, B)


class Member(NamedTuple):
    """The people of one member, as a view."""

    today: Side  # emptied in the course of the day
    tomorrow: Side  # filled
    here: Ints  # (P,)
    residents: Floats  # (P,)
    sums: Ints  # (2,)


class Scratch(NamedTuple):
    """Work space of one thread; empty between days."""

    landing: Counts  # (C, T) of the landings from which people go on
    landing_memory: Shares  # (C, T, B)
    taking: Ints  # (options of an epoch,) who take each option of a place
    going: Shares  # (B,) who of a landing are to be expected in each class among those who go on
    staying: Shares  # (B,) and among those who stay
    weight: Records  # (days of the block + 1, C, options of an epoch) raw, conditional, cumulative
    sequence: NDArray[np.uint64]  # (P, 1) sequences of draws
    coming: Floats  # (P,) people expected today
    openness: Floats  # (P,) by what the weight of the place is multiplied now
    filling: Ints  # (1,) bits of the camps that may fill today
    changes: Ints  # (1,) how often a place has become more or less open
    weighed: Ints  # (C, P) twice the number of changes before options were weighed, and 1 where that made a difference
    begun: Ints  # (P,) the member and day for which a sequence was begun


class Books(NamedTuple):
    """What is kept, for all members; a chunk gets the view of its own rows."""

    people: Counts  # (all, D, K) in the kept places
    under_way: Counts  # (all, D)
    entered: Counts  # (all, D)
    imbalance: Ints  # (all,) first day on which the books did not add up, from 1; 0 for none
    kept: Ints  # (K,) places
    arrived: Counts  # (all, C, P) who came on the day run last and stay the night; (all, 0, 0) where nobody asks


class Now(NamedTuple):
    """Whom and when a kernel is about."""

    m: int  # row of the chunk
    member: int
    seed: int
    day: int
    block_day: int
    epoch: int


@inner_kernel
def people_of(people: People, m: int, day: int) -> Member:
    """Return the people of a member, row ``m`` of a chunk, on a day."""
    side = day % 2
    return Member(
        Side(people.stay[m, side], people.stay_memory[m, side], people.ride[m, side], people.ride_memory[m, side]),
        Side(
            people.stay[m, 1 - side],
            people.stay_memory[m, 1 - side],
            people.ride[m, 1 - side],
            people.ride_memory[m, 1 - side],
        ),
        people.here[m],
        people.residents[m],
        people.sums[m],
    )


def _records(**columns: NDArray[Any]) -> Records:
    """Return arrays of one shape as one array of records."""
    first = next(iter(columns.values()))
    table = np.zeros(first.shape, [(name, column.dtype) for name, column in columns.items()])
    for name, column in columns.items():
        table[name] = column
    return table


def _stops(nodes: Nodes, memory: Memory) -> Records:
    return _records(
        place=nodes.stop_place,
        end=nodes.stop_end,
        step_from=nodes.step_from[:-1],
        home_memory=memory.home,
    )


def _bits_of_camps(world: DispersalWorld) -> Ints:
    """Return a bit for each place that can be full, ``(P,)``; beyond 63 of them some share one. Zero for the others."""
    can_fill = world.calendar.capacity.max(axis=0) >= 1.0
    return np.where(can_fill, 1 << ((np.cumsum(can_fill) - 1) % _BITS), 0).astype(np.int64)


def _reach_of_rides(nodes: Nodes, bit: Ints) -> Ints:
    """Return the bits of the places that people on each ride can come to on one day, ``(J,)``."""
    reach = np.append(bit[nodes.stop_place[nodes.landing_stop]], 0)  # there may be no landing
    arc_from = np.append(nodes.arc_from, nodes.arc.size)
    for t in range(int(nodes.landing_goes_on.sum()) - 1, -1, -1):  # ways on lead to later ones
        for arcs in (nodes.arc, nodes.arc_walked):
            ends = -1 - arcs[arc_from[t] : arc_from[t + 1]]
            reach[t] |= np.bitwise_or.reduce(reach[ends[ends >= 0]])
    arrive = [np.where(arcs < 0, reach[np.maximum(-1 - arcs, 0)], 0) for arcs in (nodes.ride_next, nodes.walk_next)]
    return np.asarray(arrive[0] | arrive[1], np.int64)


def _straight_to(nodes: Nodes, bit: Ints) -> Ints:
    """Return the bit of the place where people on each ride come at the end of the day and have no way on, ``(J,)``."""
    places = bit.size
    of_landing = np.append(np.where(nodes.landing_stop < places, bit[nodes.stop_place[nodes.landing_stop]], 0), 0)
    return np.where(nodes.ride_next < 0, of_landing[np.maximum(-1 - nodes.ride_next, 0)], 0).astype(np.int64)


def _rides(nodes: Nodes, memory: Memory, bit: Ints) -> Records:
    return _records(
        step=nodes.ride_step,
        next=nodes.ride_next,
        next_memory=memory.ride_next,
        walk_next=nodes.walk_next,
        walk_memory=memory.ride_walk,
        walk_chance=nodes.walk_chance,
        turned=nodes.turned,
        turned_memory=memory.ride_turned,
        turn=nodes.ride_turn,
        reach=_reach_of_rides(nodes, bit),
        straight=_straight_to(nodes, bit),
        classes=memory.ride_classes,
    )


def given_of(world: DispersalWorld) -> Given:
    """Return the part of the world that kernels read."""
    calendar, nodes, ways, days, memory = world.calendar, world.nodes, world.ways, world.days, world.memory
    bit = _bits_of_camps(world)
    columns = ("crawl", "crawl_before", "is_town", "is_camp", "capacity", "capacity_unscaled", "spawn_weight")
    return Given(
        day=_records(
            epoch=days.epoch,
            new_people=days.new_people,
            turn_from=days.turn_from[:-1],
            turn_to=days.turn_from[1:],
            frozen=calendar.frozen,
        ),
        turn=days.turn_ride,
        place=_records(
            key=world.place.key,
            order=world.place.order,
            residents=world.start.residents,
            in_camp=world.start.in_camp,
            bit=bit,
        ),
        place_class=_records(share=world.place.share, people=world.start.people),
        place_day=_records(displaced=days.displaced, **{name: getattr(calendar, name) for name in columns}),
        choice=_records(chance=calendar.chance, score=calendar.score),
        memory=memory.map,
        stop=_stops(nodes, memory),
        row=_records(night_memory=memory.night, classes=memory.row_classes),
        next_step=nodes.next_step,
        stop_step=_records(step=nodes.step, enter_memory=memory.enter[0], enter_first_memory=memory.enter[1]),
        step=_records(
            start=nodes.step_start,
            end=nodes.step_end,
            walk=nodes.step_walk,
            enter=nodes.enter_ride[0],
            enter_first=nodes.enter_ride[1],
        ),
        ride=_rides(nodes, memory, bit),
        landing=_records(
            stop=nodes.landing_stop,
            arc_from=nodes.arc_from,
            urged=memory.landing_urged,
            home_memory=memory.landing_home,
            bed_memory=memory.landing_bed,
            classes=memory.landing_classes,
        ),
        arc=_records(
            step=nodes.arc_step,
            next=nodes.arc,
            next_memory=memory.arc_next,
            walked=nodes.arc_walked,
            walked_memory=memory.arc_walked,
        ),
        range=_records(first=ways.option_from[:, :-1], last=ways.option_from[:, 1:], limited=ways.limited),
        option=_records(
            step=ways.step, end=ways.end, nearness=ways.nearness, home=ways.home, of_yesterday=ways.of_yesterday
        ),
        rules=world.rules,
    )


def new_people(world: DispersalWorld, members: int) -> People:
    """Return the state of a chunk before anybody has entered."""
    places, classes, cells = world.place.key.size, world.classes.count, world.memory.cells
    rows = world.nodes.stop_place.size + (places if world.rules.starts_on_foot else 0)
    rides = world.nodes.ride_step.size
    return People(
        stay=np.zeros((members, 2, classes, rows), np.int32),
        stay_memory=np.zeros((members, 2, classes, rows, cells), np.float32),
        ride=np.zeros((members, 2, classes, rides), np.int32),
        ride_memory=np.zeros((members, 2, classes, rides, cells), np.float32),
        here=np.zeros((members, places), np.int64),
        residents=np.tile(world.start.residents, (members, 1)),
        sums=np.zeros((members, 2), np.int64),
    )


def bytes_per_member(world: DispersalWorld) -> int:
    """Return the size of the state of one member."""
    return sum(array.nbytes for array in new_people(world, 1))


_WEIGHTS = (("raw", np.float64), ("conditional", np.float64), ("cumulative", np.float64))


def new_scratch(world: DispersalWorld, block_days: int) -> Scratch:
    """Return the work space of a thread."""
    classes, landings = world.classes.count, int(world.nodes.landing_goes_on.sum())
    options = int(np.diff(world.ways.option_from[:, [0, -1]]).max(initial=0))
    places = world.place.key.size
    return Scratch(
        landing=np.zeros((classes, landings), np.int32),
        landing_memory=np.zeros((classes, landings, world.memory.cells), np.float32),
        taking=np.zeros(options, np.int64),
        going=np.zeros(world.memory.cells, np.float32),
        staying=np.zeros(world.memory.cells, np.float32),
        weight=np.zeros((block_days + 1, classes, options), list(_WEIGHTS)),
        sequence=np.zeros((places, 1), np.uint64),
        coming=np.zeros(places),
        openness=np.ones(places),
        filling=np.zeros(1, np.int64),
        changes=np.zeros(1, np.int64),
        weighed=np.full((classes, places), -1, np.int64),
        begun=np.full(places, -1, np.int64),
    )
