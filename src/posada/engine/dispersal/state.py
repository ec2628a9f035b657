"""What changes from day to day in a chunk of members, and what is kept of it.

Axes as in :mod:`posada.engine.dispersal.world`, with M members of the chunk, and R rows of stops: the U stops, and
after them, where the first route is walked, one for each place with the people who have not left it yet.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from posada.engine.dispersal.memory import Maps, Memory
from posada.engine.dispersal.nodes import Nodes
from posada.engine.dispersal.world import DispersalWorld, Rules
from posada.engine.world import Floats, Ints

Counts = NDArray[np.int32]
Masks = NDArray[np.uint64]
Records = NDArray[Any]
"""An array of records; the comment beside it names their fields."""

UNDER_WAY, ENTERED = range(2)
"""Columns of ``People.sums``."""


class Given(NamedTuple):
    """The world, in the form in which kernels take it: one array of records for each axis.

    Numba compiles a function in a time that grows with the number of arrays that it takes.
    """

    day: Records  # (D,) epoch, new_people, turn_from, turn_to, frozen
    turn: Ints  # rides whose link closes, by day
    place: Records  # (P,) key, order, residents, in_camp
    place_class: Records  # (P, C) share, people
    place_day: (
        Records  # (D, P) crawl, crawl_before, is_town, is_camp, capacity, capacity_unscaled, spawn_weight, displaced
    )
    choice: Records  # (D, C, P) chance, score
    memory: Maps  # (W, B) which class of memory follows each; fields *_memory are rows of it
    stop: Records  # (U,) place, end, step_from, night_memory, night_first_memory, home_memory
    next_step: Ints  # (E, U)
    stop_step: Records  # (X,) step, enter_memory, enter_first_memory
    step: Records  # (Q,) start, end, walk, enter, enter_first
    ride: Records  # (J,) step, next, next_memory, walk_next, walk_memory, walk_chance, turned, turned_memory, turn
    landing: Records  # (T,) stop, arc_from, urged, home_memory, bed_memory
    arc: Records  # (Y,) next, next_memory, walked, walked_memory
    range: Records  # (E, P) first, last, limited
    option: Records  # (O,) step, end, nearness, home, of_yesterday
    rules: Rules


class People(NamedTuple):
    """Where people are. The second axis is the side: that of today is read, that of tomorrow is written."""

    stay: Counts  # (M, 2, C, R, B)
    stay_mask: Masks  # (M, 2, C, R) cells that hold people
    ride: Counts  # (M, 2, C, J, B)
    ride_mask: Masks  # (M, 2, C, J)
    here: Ints  # (M, P) people in a place
    residents: Floats  # (M, P) who have not set out
    sums: Ints  # (M, 2) people under way, people who ever entered


class Scratch(NamedTuple):
    """Work space of one thread; empty between days."""

    landing: Counts  # (C, T, B) of the landings from which people go on
    landing_mask: Masks  # (C, T)
    weight: Records  # (days of the block + 1, C, options of an epoch) raw, conditional, cumulative
    sequence: NDArray[np.uint64]  # (P, 1) sequences of draws
    coming: Floats  # (P,) people expected today
    openness: Floats  # (P,) by what the weight of the place is multiplied now
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
    side: int


def _records(**columns: NDArray[Any]) -> Records:
    """Return arrays of one shape as one array of records."""
    first = next(iter(columns.values()))
    table = np.zeros(first.shape, [(name, column.dtype) for name, column in columns.items()])
    for name, column in columns.items():
        table[name] = column
    return table


def _stops(nodes: Nodes, memory: Memory) -> Records:
    stops = nodes.stop_place.size
    night_first = np.zeros(stops, np.int64)
    night_first[: memory.night.size - stops] = memory.night[stops:]
    return _records(
        place=nodes.stop_place,
        end=nodes.stop_end,
        step_from=nodes.step_from[:-1],
        night_memory=memory.night[:stops],
        night_first_memory=night_first,
        home_memory=memory.home,
    )


def _rides(nodes: Nodes, memory: Memory) -> Records:
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
    )


def given_of(world: DispersalWorld) -> Given:
    """Return the part of the world that kernels read."""
    calendar, nodes, ways, days, memory = world.calendar, world.nodes, world.ways, world.days, world.memory
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
        ),
        place_class=_records(share=world.place.share, people=world.start.people),
        place_day=_records(displaced=days.displaced, **{name: getattr(calendar, name) for name in columns}),
        choice=_records(chance=calendar.chance, score=calendar.score),
        memory=memory.map,
        stop=_stops(nodes, memory),
        next_step=nodes.next_step,
        stop_step=_records(step=nodes.step, enter_memory=memory.enter[0], enter_first_memory=memory.enter[1]),
        step=_records(
            start=nodes.step_start,
            end=nodes.step_end,
            walk=nodes.step_walk,
            enter=nodes.enter_ride[0],
            enter_first=nodes.enter_ride[1],
        ),
        ride=_rides(nodes, memory),
        landing=_records(
            stop=nodes.landing_stop,
            arc_from=nodes.arc_from,
            urged=memory.landing_urged,
            home_memory=memory.landing_home,
            bed_memory=memory.landing_bed,
        ),
        arc=_records(
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
        stay=np.zeros((members, 2, classes, rows, cells), np.int32),
        stay_mask=np.zeros((members, 2, classes, rows), np.uint64),
        ride=np.zeros((members, 2, classes, rides, cells), np.int32),
        ride_mask=np.zeros((members, 2, classes, rides), np.uint64),
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
        landing=np.zeros((classes, landings, world.memory.cells), np.int32),
        landing_mask=np.zeros((classes, landings), np.uint64),
        weight=np.zeros((block_days + 1, classes, options), list(_WEIGHTS)),
        sequence=np.zeros((places, 1), np.uint64),
        coming=np.zeros(places),
        openness=np.ones(places),
        begun=np.full(places, -1, np.int64),
    )
