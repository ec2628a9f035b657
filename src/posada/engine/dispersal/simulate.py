"""Ensembles of dispersed movement: members in chunks over threads, days in blocks, results in place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from queue import SimpleQueue

import numpy as np

from posada.engine.chunks import Progress, check_books, check_numbers, count_chunks, run_chunks
from posada.engine.compiling import inner_kernel, kernel
from posada.engine.dispersal.decide import leave_places
from posada.engine.dispersal.demand import Demand, demand_of
from posada.engine.dispersal.memory import MOST_CELLS
from posada.engine.dispersal.sleepers import note_arrivals, note_stayers, place_of_row
from posada.engine.dispersal.spawn import spawn, start_people
from posada.engine.dispersal.state import (
    ENTERED,
    UNDER_WAY,
    Books,
    Given,
    Member,
    Now,
    People,
    Scratch,
    bytes_per_member,
    given_of,
    new_people,
    new_scratch,
    people_of,
)
from posada.engine.dispersal.travel import travel, turn_back
from posada.engine.dispersal.weigh import weigh_days
from posada.engine.dispersal.world import MEMORY_CELLS, DispersalWorld, build_dispersal_world
from posada.model.dispersal_run import DispersalRun
from posada.model.errors import InvalidValueError, UnknownNameError
from posada.model.scenario import Scenario

BLOCK_DAYS = 32
"""Days whose tables of weights are made at once."""

MOST_MEMBERS = 32
STATE_BYTES = 32 * 2**20
"""Members of a chunk, and bytes of their state: few enough for memory, enough to share the tables of a block."""


@dataclass(frozen=True)
class Prepared:
    """What every member of an ensemble has in common; made once, and run as often as asked."""

    scenario: Scenario
    dates: tuple[dt.date, ...]
    place_ids: tuple[str, ...]
    demand: Demand
    world: DispersalWorld


def simulate_dispersal(
    scenario: Scenario,
    *,
    members: int = 100,
    seed: int = 0,
    workers: int = 2,
    first_member: int = 0,
    days: int | None = None,
    places: Sequence[str] | None = None,
    memory_cells: int = MEMORY_CELLS,
    progress: Progress | None = None,
) -> DispersalRun:
    """Run members of an ensemble of dispersed movement.

    Member ``k`` is the same whichever others are run with it, and on however many threads.

    Parameters
    ----------
    days : int or None
        How many days from the first; all when ``None``.
    places : sequence of str or None
        Places whose people are kept, in this order; all when ``None``.
    memory_cells : int
        Most classes of the memory of recent travel at one stop, ride or landing, where ``avoid_short_stints`` needs
        them.

    Raises
    ------
    InvalidValueError
        When a number is out of bounds, or the scenario cannot be run.
    UnknownNameError
        When a place to keep is not in the scenario.
    ConservationError
        When the books of a member do not add up: a fault of Posada.
    """
    check_numbers(members, seed, workers, first_member)
    prepared = prepare_dispersal(scenario, days=days, places=places, memory_cells=memory_cells)
    return run_prepared(
        prepared, members=members, seed=seed, workers=workers, first_member=first_member, progress=progress
    )


def prepare_dispersal(
    scenario: Scenario,
    *,
    days: int | None = None,
    places: Sequence[str] | None = None,
    memory_cells: int = MEMORY_CELLS,
) -> Prepared:
    """Make what all members have in common, with the parameters of :func:`simulate_dispersal`."""
    settings = scenario.settings
    all_days = (settings.end - settings.start).days + 1
    count = all_days if days is None else days
    for name, value, most in (("days", count, all_days), ("memory_cells", memory_cells, MOST_CELLS)):
        if not 1 <= value <= most:
            raise InvalidValueError(f"{name} is {value}; it must be between 1 and {most}")
    dates = tuple(settings.start + dt.timedelta(days=day) for day in range(count))
    ids = tuple(row.id for row in scenario.places)
    keep = ids if places is None else tuple(places)
    for place in keep:
        if place not in ids:
            raise UnknownNameError("place", place, ids)
    demand = demand_of(scenario, dates)
    world = build_dispersal_world(scenario, dates, demand.new_people, demand.day0, memory_cells)
    return Prepared(scenario, dates, keep, demand, world)


def run_prepared(
    prepared: Prepared,
    *,
    members: int,
    seed: int,
    workers: int = 1,
    first_member: int = 0,
    progress: Progress | None = None,
) -> DispersalRun:
    """Run members of a prepared ensemble, as :func:`simulate_dispersal` does."""
    check_numbers(members, seed, workers, first_member)
    position = {row.id: index for index, row in enumerate(prepared.scenario.places)}
    days, keep, demand = len(prepared.dates), prepared.place_ids, prepared.demand
    books = Books(
        people=np.empty((members, days, len(keep)), np.int32),
        under_way=np.empty((members, days), np.int32),
        entered=np.empty((members, days), np.int32),
        imbalance=np.zeros(members, np.int64),
        kept=np.array([position[place] for place in keep], np.int64),
        arrived=np.empty((members, 0, 0), np.int32),
    )
    size = _chunk_members(prepared.world, members, workers)
    spare: SimpleQueue[tuple[People, Scratch]] = SimpleQueue()
    for _ in range(min(workers, count_chunks(members, size))):
        spare.put((new_people(prepared.world, size), new_scratch(prepared.world, BLOCK_DAYS)))
    job = _Job(prepared.world, given_of(prepared.world), books, spare, seed, first_member)
    run_chunks(partial(_run_chunk, job), members, size, workers=workers, progress=progress)
    check_books(books.imbalance, prepared.dates[0], first_member)
    return DispersalRun(
        scenario=prepared.scenario,
        seed=seed,
        first_member=first_member,
        dates=prepared.dates,
        place_ids=keep,
        camp_ids=demand.camp_ids,
        people=books.people,
        under_way=books.under_way,
        entered=books.entered,
        registered=demand.registered,
        newly_registered=demand.newly_registered,
        raw_total=demand.raw_total,
        debt=demand.debt,
    )


@dataclass(frozen=True)
class _Job:
    """What the chunks of a run have in common."""

    world: DispersalWorld
    given: Given
    books: Books
    spare: SimpleQueue[tuple[People, Scratch]]
    seed: int
    first_member: int


def _chunk_members(world: DispersalWorld, members: int, workers: int) -> int:
    fitting = STATE_BYTES // max(bytes_per_member(world), 1)
    return max(min(MOST_MEMBERS, fitting, -(-members // workers)), 1)


def _run_chunk(job: _Job, begin: int, end: int) -> None:
    people, scratch = job.spare.get()
    try:
        for array in people:
            array[:] = 0
        people.residents[:] = job.world.start.residents
        scratch.begun[:] = -1
        books = job.books
        own = Books(
            books.people[begin:end],
            books.under_way[begin:end],
            books.entered[begin:end],
            books.imbalance[begin:end],
            books.kept,
            books.arrived[begin:end],
        )
        days = job.books.people.shape[1]
        for first in range(0, days, BLOCK_DAYS):
            weigh_days(first, min(BLOCK_DAYS, days - first), job.given, scratch)
            _run_block(
                first,
                min(BLOCK_DAYS, days - first),
                job.seed,
                job.first_member + begin,
                job.given,
                people,
                scratch,
                own,
            )
    finally:
        job.spare.put((people, scratch))


def run_one_day(
    day: int, given: Given, people: People, scratch: Scratch, books: Books, *, seed: int, first_member: int
) -> None:
    """Run one day for every member of a chunk; the day of a run that other things happen in as well."""
    weigh_days(day, 1, given, scratch)
    _run_block(day, 1, seed, first_member, given, people, scratch, books)


@kernel
def _run_block(
    first: int, days: int, seed: int, first_member: int, given: Given, people: People, scratch: Scratch, books: Books
) -> None:
    """Run a block of days for every member of a chunk."""
    state = scratch.sequence[0]
    for m in range(books.people.shape[0]):
        for block_day in range(days):
            day = first + block_day
            now = Now(m, first_member + m, seed, day, block_day, given.day[day].epoch)
            own = people_of(people, m, day)
            if day == 0:
                start_people(now, given, own, state)
            spawn(now, given, own, state)
            turn_back(now, given, own)
            leave_places(now, given, own, scratch)
            note_stayers(now, given, own, books)
            travel(now, given, own, scratch)
            note_arrivals(now, given, own, books)
            _account(now, given, own, scratch, books)


@inner_kernel
def _account(now: Now, given: Given, people: Member, scratch: Scratch, books: Books) -> None:
    """Write the night down, and check it: entered = present + under way, and on the last day count all anew."""
    m, day = now.m, now.day
    present = 0
    for p in range(people.here.size):
        present += people.here[p]
    for k in range(books.kept.size):
        books.people[m, day, k] = people.here[books.kept[k]]
    books.under_way[m, day] = people.sums[UNDER_WAY]
    books.entered[m, day] = people.sums[ENTERED]
    balanced = present + people.sums[UNDER_WAY] == people.sums[ENTERED]
    if day == books.people.shape[1] - 1:
        balanced = balanced and _recount(given, people, scratch)
    if not balanced and books.imbalance[m] == 0:
        books.imbalance[m] = day + 1


@inner_kernel
def _recount(given: Given, people: Member, scratch: Scratch) -> bool:
    """Say whether the people in all stops and rides are those of the kept totals."""
    stay, rides = people.tomorrow.stay, people.tomorrow.ride
    under_way = people.sums[UNDER_WAY]
    here = scratch.begun
    for p in range(here.size):
        here[p] = people.here[p]
    for c in range(stay.shape[0]):
        for row in range(stay.shape[1]):
            here[place_of_row(row, given)] -= stay[c, row]
        for ride in range(rides.shape[1]):
            under_way -= rides[c, ride]
    amiss = int(under_way != 0)
    for p in range(here.size):
        amiss += here[p] != 0
        here[p] = -1
    return amiss == 0
