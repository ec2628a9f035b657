"""What changes from day to day in a chunk of members, and what is kept of it.

Axes as in :mod:`posada.engine.world`, with M members of a chunk, N group parts, H days ahead on which people
under way alone can arrive, B places that they make for, A places in which they arrive, L the first of the statuses:
those that are not final, which alone people on their journey can have. A run is mixed when people
alone move as dispersed people, see :mod:`posada.engine.mixed`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from posada.engine.world import NEEDS, PARTS_PER_GROUP, ROLE, Flags, Floats, Ints, World
from posada.model.rates import RATES

Counts = NDArray[np.int32]
Piece = TypeVar("Piece", bound=tuple[Any, ...])

FREE, MAIN, AHEAD, SPLINTER, BEHIND = range(5)
"""What a part of a group is: an unused slot, the main body, forerunners, a splinter, people behind."""

REST, WALK, RIDE, TRAIN = range(4)
"""How a part moves today."""

DAYS_AHEAD = 30
"""Longest way of people alone, in days; who would need longer arrives after as many."""


class Clock(NamedTuple):
    """When and for whom a kernel runs: the day, the seed, and the number of the first member of the chunk.

    ``page`` is the row on the axis of days of the books that the day is written in.
    """

    day: int
    seed: int
    first: int
    page: int


class Parts(NamedTuple):
    """Parts of groups."""

    kind: Ints  # (M, N)
    place: Ints  # (M, N) where it is, or was last while under way
    heading: Ints  # (M, N) place it is under way to, -1 when in a place
    left_km: Floats  # (M, N) way left to it
    halt: Ints  # (M, N) further mornings on which it has decided to stay
    people: Counts  # (M, N, L, C)


class Alone(NamedTuple):
    """People who are in no group, in places and under way.

    Towns and need classes are followed side by side, not crossed: within a status, the people alone of one class
    are taken to be spread over the towns like all others. What a run says of a town does not depend on it.
    """

    at: Counts  # (M, L, P) in places
    joined: Counts  # (M, L, P) who came to those in places since the morning; no places but in a mixed run
    coming: Counts  # (M, W, H, B) under way, by status, day of arrival modulo H and goal
    dispersed: Ints  # (M, L) under way as dispersed people
    under_way: Ints  # (M, L) over days and goals, and dispersed
    classes: Counts  # (M, L, C) by need class, in places and under way


class Ends(NamedTuple):
    """People whose journey is over, and the running totals."""

    people: Counts  # (M, S, C)
    entered: Ints  # (M,)
    entries: Ints  # (M, S) people who ever entered the status


class Rates(NamedTuple):
    """Today's numbers."""

    rate: Floats  # (M, R) with signals
    move: Floats  # (M, T) values of transitions, with signals
    covered: Floats  # (M, P) covered places that towns open tonight, unless they refuse


class Plans(NamedTuple):
    """What each part does today."""

    mode: Ints  # (M, N)
    target: Ints  # (M, N)
    reach_km: Floats  # (M, N)
    seats_needed: Ints  # (M, N) people counted on to ride
    rested: Flags  # (M, N) whether the part spent the day in its place
    arrived: Flags  # (M, N) whether the part came to its place today
    lifts: Flags  # (M, N) whether drivers give lifts to the part today


class Seats(NamedTuple):
    """Who rides today."""

    riders: Counts  # (M, N, C) people with a seat to the next stop
    carried: Counts  # (M, N, C) people with a seat for a part of the way
    carried_km: Floats  # (M, N) how far that part is


class Tally(NamedTuple):
    """Comings and goings of today."""

    came: Counts  # (M, P) people who arrived
    set_out: Counts  # (M, P) people in groups who set out
    came_alone: Counts  # (M, L, A) people alone who arrived


class Chunk(NamedTuple):
    """Everything that changes in a chunk of members."""

    parts: Parts
    alone: Alone
    ends: Ends
    rates: Rates
    plans: Plans
    seats: Seats
    tally: Tally


OF_ONE_DAY = ("rates", "plans", "seats", "tally")
"""Pieces of a chunk that say nothing of a night: a day makes them anew before it reads them, or leaves them empty."""


class Books(NamedTuple):
    """What is kept of the run, for all members, preallocated; a chunk gets the view of its own rows."""

    people: Counts  # (all, D, P) of the journey who sleep in the place, held ones included
    arrived: Counts  # (all, D, P)
    without_roof: Counts  # (all, D, P) who sleep without a covered place
    places_short: Counts  # (all, D, P) covered places missing if everybody wanted one
    entries: Counts  # (all, D, S) people who ever entered the status by that day
    current: Counts  # (all, D, S) people in the status that night
    together: Counts  # (all, D) people in groups
    main_people: Counts  # (all, D, G) people in the main body of each group
    under_way: Counts  # (all, D) people who sleep between places
    total: Counts  # (all, D) people who ever entered the journey
    main_place: NDArray[np.int16]  # (all, D, G) place of the main body, -1 under way or none
    largest_departure: Counts  # (all, P) most people in groups who set out from the place on one day
    arrival_hour: NDArray[np.float32]  # (all, P) hour at which half of the first main body is there, nan
    imbalance: Ints  # (all,) 1 + first day on which the books do not add up, 0 when they always do


def new_chunk(world: World, members: int, *, mixed: bool = False) -> Chunk:
    """Return the empty state of a chunk; of a mixed run it notes who joins the people alone."""
    parts = members, world.bodies.key.size * PARTS_PER_GROUP
    places = members, world.net.key.size
    statuses, left = world.rules.role.size, int(np.count_nonzero(world.rules.role != ROLE["final"]))
    counts = left, NEEDS
    goals = world.bodies.goals.size
    return Chunk(
        parts=Parts(
            kind=np.full(parts, FREE, np.int64),
            place=np.zeros(parts, np.int64),
            heading=np.full(parts, -1, np.int64),
            left_km=np.zeros(parts),
            halt=np.zeros(parts, np.int64),
            people=np.zeros((*parts, *counts), np.int32),
        ),
        alone=Alone(
            at=np.zeros((members, left, places[1]), np.int32),
            joined=np.zeros((members, left, places[1] if mixed else 0), np.int32),
            coming=np.zeros((members, world.rules.moving.size, DAYS_AHEAD, goals), np.int32),
            dispersed=np.zeros((members, left), np.int64),
            under_way=np.zeros((members, left), np.int64),
            classes=np.zeros((members, *counts), np.int32),
        ),
        ends=Ends(
            people=np.zeros((members, statuses, NEEDS), np.int32),
            entered=np.zeros(members, np.int64),
            entries=np.zeros((members, statuses), np.int64),
        ),
        rates=Rates(
            rate=np.zeros((members, len(RATES))),
            move=np.zeros((members, world.rules.key.size)),
            covered=np.zeros(places),
        ),
        plans=Plans(
            mode=np.full(parts, REST, np.int64),
            target=np.full(parts, -1, np.int64),
            reach_km=np.zeros(parts),
            seats_needed=np.zeros(parts, np.int64),
            rested=np.zeros(parts, np.bool_),
            arrived=np.zeros(parts, np.bool_),
            lifts=np.zeros(parts, np.bool_),
        ),
        seats=Seats(
            riders=np.zeros((*parts, counts[1]), np.int32),
            carried=np.zeros((*parts, counts[1]), np.int32),
            carried_km=np.zeros(parts),
        ),
        tally=Tally(
            came=np.zeros(places, np.int32),
            set_out=np.zeros(places, np.int32),
            came_alone=np.zeros((members, left, world.bodies.arrivals.size), np.int32),
        ),
    )


def emptied_chunk(chunk: Chunk, members: int) -> Chunk:
    """Return the first ``members`` rows of a chunk, emptied: touching known memory is cheaper than asking for more."""
    emptied = Chunk._make(rows_of(piece, 0, members) for piece in chunk)
    for piece in emptied:
        for array in piece:
            array[:] = 0
    emptied.parts.heading[:] = -1
    emptied.plans.target[:] = -1
    return emptied


def lasting(chunk: Chunk) -> dict[str, Any]:
    """Return the pieces of a chunk, by name, that say something of a night."""
    return {name: piece for name, piece in chunk._asdict().items() if name not in OF_ONE_DAY}


def rows_of(piece: Piece, begin: int, end: int) -> Piece:
    """Return a named tuple of arrays with the rows from ``begin`` to ``end`` of each, as views."""
    rows: Piece = type(piece)(*(array[begin:end] for array in piece))
    return rows


def with_arrays(piece: Piece, arrays: Mapping[str, NDArray[Any]], name: str) -> Piece:
    """Return a named tuple with the arrays that are there under ``NAME.FIELD``, and its own for the others."""
    named: Any = piece  # its type does not say that its fields have names
    there = {field: f"{name}.{field}" for field in named._fields if f"{name}.{field}" in arrays}
    whole: Piece = named._replace(**{field: arrays[key] for field, key in there.items()})
    return whole


def chosen_rows(piece: Piece, rows: Ints | slice) -> Piece:
    """Return a named tuple of arrays with some rows of each, in that order: copies, or views of a slice."""
    chosen: Piece = type(piece)(*(array[rows] for array in piece))
    return chosen


def new_books(world: World, members: int, days: int) -> Books:
    """Return the preallocated results of a run."""
    places, statuses, groups = world.net.key.size, world.rules.role.size, world.bodies.key.size

    def counts(*shape: int) -> Counts:
        return np.zeros((members, days, *shape), np.int32)

    return Books(
        people=counts(places),
        arrived=counts(places),
        without_roof=counts(places),
        places_short=counts(places),
        entries=counts(statuses),
        current=counts(statuses),
        together=counts(),
        main_people=counts(groups),
        under_way=counts(),
        total=counts(),
        main_place=np.full((members, days, groups), -1, np.int16),
        largest_departure=np.zeros((members, places), np.int32),
        arrival_hour=np.full((members, places), np.nan, np.float32),
        imbalance=np.zeros(members, np.int64),
    )
