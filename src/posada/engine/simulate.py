"""Running an ensemble: members in chunks over threads, results streamed into preallocated arrays."""

from __future__ import annotations

import datetime as dt
from functools import partial
from queue import SimpleQueue
from typing import NamedTuple

import numpy as np

from posada.engine.chunks import Progress, check_books, check_numbers, count_chunks, run_chunks
from posada.engine.compiling import resolved
from posada.engine.luck import Luck, LuckMaker
from posada.engine.order import ORDER_OF_DAY
from posada.engine.state import Books, Chunk, Clock, emptied_chunk, new_books, new_chunk, rows_of
from posada.engine.world import Floats, World, build_world, order_statuses
from posada.model.errors import InvalidValueError
from posada.model.journeys import Stop
from posada.model.rates import RATES
from posada.model.run import Run
from posada.model.scenario import Scenario
from posada.model.start import StartingState
from posada.model.statements import Signal

CHUNK_MEMBERS = 128
"""Members that a thread takes at a time: few enough for the cache, enough to make calls cheap."""


def simulate_ensemble(
    scenario: Scenario,
    *,
    members: int = 1000,
    seed: int = 0,
    start: StartingState | None = None,
    plan: tuple[Stop, ...] = (),
    workers: int = 2,
    first_member: int = 0,
    progress: Progress | None = None,
) -> Run:
    """Run members of an ensemble and return what happened in each.

    Member ``k`` is the same whichever other members are run with it, and on however many threads.

    Parameters
    ----------
    members, first_member : int
        How many members, and the number of the first one.
    seed : int
        0 or more; 0 is a seed like any other.
    start : StartingState or None
        Where the groups are on the first night; ``None`` to run from the first day of the scenario.
    plan : tuple of Stop
        A planner's itinerary, which replaces the choice of the groups that it names.
    workers : int
        Threads.

    Raises
    ------
    InvalidValueError
        When a number is out of bounds, or the start is not inside the journey.
    ConservationError
        When the books of a member do not add up: a fault of Posada.
    """
    check_numbers(members, seed, workers, first_member)
    given, scenario = scenario, _in_order(scenario)
    first = start.date if start else scenario.settings.start
    if not scenario.settings.start <= first <= scenario.settings.end:
        raise InvalidValueError(
            f"the run would begin on {first}, outside the journey from {scenario.settings.start} to "
            f"{scenario.settings.end}; choose an as-of date inside it"
        )
    days = (scenario.settings.end - first).days + 1
    world = build_world(scenario, first, days, start=start, plan=plan)
    maker = LuckMaker(scenario, world, seed, start)
    books = new_books(world, members, days)
    numbers = len(RATES) + world.rules.key.size + world.pressures.first.size
    drawn = np.empty((members, numbers))
    spare: SimpleQueue[Chunk] = SimpleQueue()
    for _ in range(min(workers, count_chunks(members, CHUNK_MEMBERS))):
        spare.put(new_chunk(world, min(CHUNK_MEMBERS, members)))
    job = _Job(world, maker, books, drawn, spare, days, first_member, seed)
    run_chunks(partial(_run_chunk, job), members, CHUNK_MEMBERS, workers=workers, progress=progress)
    check_books(books.imbalance, first, first_member)
    names = (
        *RATES,
        *(row.id for row in scenario.procedure),
        *(f"signal {row.date} on {row.affects}" for row in scenario.signals),
    )
    kept = {name: array for name, array in books._asdict().items() if name != "imbalance"}
    return Run(
        scenario=given,
        seed=seed,
        first_member=first_member,
        start=start,
        dates=tuple(first + dt.timedelta(days=day) for day in range(days)),
        place_ids=tuple(row.id for row in scenario.places),
        status_ids=tuple(order_statuses(scenario)),
        group_ids=tuple(row.id for row in scenario.groups),
        drawn_names=names,
        drawn=drawn,
        **kept,
    )


def _by_date_and_name(row: Signal) -> tuple[dt.date, str, str]:
    return row.date, row.affects, row.name


def _in_order(scenario: Scenario) -> Scenario:
    """Return the scenario with its rows by identifier, so that sorting a table changes nothing in a run.

    Of vehicles, those for people who need them most come first. Transitions keep their order: it means something.
    """
    return scenario.replace(
        places=tuple(sorted(scenario.places, key=lambda row: row.id)),
        groups=tuple(sorted(scenario.groups, key=lambda row: row.id)),
        destinations=tuple(sorted(scenario.destinations, key=lambda row: (row.group, row.place))),
        routes=tuple(sorted(scenario.routes, key=lambda row: (row.from_place, row.to_place, row.km))),
        statuses=tuple(sorted(scenario.statuses, key=lambda row: row.id)),
        signals=tuple(sorted(scenario.signals, key=_by_date_and_name)),
        vehicles=tuple(
            sorted(scenario.vehicles, key=lambda row: (row.type != "ambulance", not row.accessible, row.id))
        ),
    )


class _Job(NamedTuple):
    """What the chunks of a run have in common. ``spare`` holds the state arrays that no thread is using."""

    world: World
    maker: LuckMaker
    books: Books
    drawn: Floats
    spare: SimpleQueue[Chunk]
    days: int
    first_member: int
    seed: int


def _run_chunk(job: _Job, begin: int, end: int) -> None:
    """Run the members of the rows ``begin`` to ``end`` of the books, from the first day to the last."""
    first = job.first_member + begin
    luck = job.maker.draw(first, end - begin)
    job.drawn[begin:end] = np.hstack([luck.rate, luck.move_value, luck.signal])
    own = rows_of(job.books, begin, end)
    whole = job.spare.get()
    try:
        _run_days(job, emptied_chunk(whole, end - begin), luck, own, first)
    finally:
        job.spare.put(whole)  # also after a fault: other chunks wait for it


def _run_days(job: _Job, chunk: Chunk, luck: Luck, own: Books, first: int) -> None:
    pieces = {**job.world._asdict(), **chunk._asdict(), "luck": luck, "books": own}
    steps = []
    for step in ORDER_OF_DAY:
        used = [pieces[name] for name in step.uses.split()]
        steps.append((resolved(step.run, (Clock(0, job.seed, first, 0), *used)), used))
    for day in range(job.days):
        clock = Clock(day, job.seed, first, day)
        for run, used in steps:
            run(clock, *used)
