"""Running an ensemble: members in chunks over threads, results streamed into preallocated arrays."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import partial
from queue import SimpleQueue
from typing import NamedTuple

import numpy as np

from posada.engine.chunks import Progress, check_books, check_numbers, count_chunks, run_chunks
from posada.engine.closed_roads import closed_roads
from posada.engine.compiling import compiled_for
from posada.engine.luck import Luck, LuckMaker
from posada.engine.mixed import Crowd, Mixing, Morning, emptied_crowd, mix, new_crowd
from posada.engine.order import ORDER_OF_DAY, kernel_of_days
from posada.engine.state import Books, Chunk, Clock, emptied_chunk, new_books, new_chunk, rows_of
from posada.engine.world import Floats, World, build_world, order_statuses
from posada.model.errors import InvalidValueError
from posada.model.journeys import Stop
from posada.model.rates import RATES
from posada.model.run import Run
from posada.model.scenario import Scenario
from posada.model.start import StartingState
from posada.model.statements import Signal

State = tuple[Chunk, Crowd | None]
"""What changes from day to day in a chunk: of the journey, and of dispersed people where there are any."""

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
    course = plan_course(scenario, seed, start=start, plan=plan)
    books = new_books(course.world, members, course.days)
    drawn = np.empty((members, len(course.drawn_names)))
    spare: SimpleQueue[State] = SimpleQueue()
    size = min(course.chunk_members, members)
    for _ in range(min(workers, count_chunks(members, size))):
        spare.put(new_members(course, size))
    job = _Job(course, books, drawn, spare, first_member)
    run_chunks(partial(_run_chunk, job), members, size, workers=workers, progress=progress)
    check_books(books.imbalance, course.first, first_member)
    return labelled(course, books, drawn, course.first, start, first_member=first_member)


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """What all members of a journey have in common: the days, the world, and the laws of what is drawn.

    ``given`` is the scenario as it was given, ``ordered`` the same with its rows in the order of the arrays. ``mixing``
    is of a mixed run, see :mod:`posada.engine.mixed`.
    """

    given: Scenario
    ordered: Scenario
    first: dt.date
    days: int
    world: World
    maker: LuckMaker
    seed: int
    drawn_names: tuple[str, ...]
    mixing: Mixing | None = None

    @property
    def chunk_members(self) -> int:
        """Members that a thread takes at a time."""
        return CHUNK_MEMBERS if self.mixing is None else self.mixing.chunk_members(CHUNK_MEMBERS)

    @property
    def status_ids(self) -> tuple[str, ...]:
        """Identifiers on the axis of statuses."""
        return tuple(order_statuses(self.ordered))


def plan_course(
    scenario: Scenario, seed: int, *, start: StartingState | None = None, plan: tuple[Stop, ...] = ()
) -> Course:
    """Make what all members of a journey have in common; arguments as of :func:`simulate_ensemble`.

    Raises
    ------
    InvalidValueError
        When the start is not inside the journey, or people who set out for themselves cannot be followed from it.
    """
    ordered, settings = _in_order(scenario), scenario.settings
    first = start.date if start else settings.start
    if not settings.start <= first <= settings.end:
        raise InvalidValueError(
            f"the run would begin on {first}, outside the journey from {settings.start} to "
            f"{settings.end}; choose an as-of date inside it"
        )
    days = (settings.end - first).days + 1
    world = build_world(ordered, first, days, start=start, plan=plan, closed=closed_roads(ordered, first, days))
    names = (
        *RATES,
        *(row.id for row in ordered.procedure),
        *(f"signal {row.date} on {row.affects}" for row in ordered.signals),
    )
    mixing = mix(scenario, world, tuple(row.id for row in ordered.places), start)
    return Course(scenario, ordered, first, days, world, LuckMaker(ordered, world, seed, start), seed, names, mixing)


def new_members(course: Course, members: int) -> State:
    """Return the empty state of members: of the journey, and of the dispersed people where there are any."""
    mixing = course.mixing
    crowd = None if mixing is None else new_crowd(mixing, members)
    return new_chunk(course.world, members, mixed=mixing is not None), crowd


def labelled(
    course: Course,
    books: Books,
    drawn: Floats,
    first: dt.date,
    start: StartingState | None,
    *,
    first_member: int = 0,
) -> Run:
    """Return the books of a run, which begin on the day ``first``, with the names of their axes."""
    kept = {name: array for name, array in books._asdict().items() if name != "imbalance"}
    return Run(
        scenario=course.given,
        seed=course.seed,
        first_member=first_member,
        start=start,
        dates=tuple(first + dt.timedelta(days=day) for day in range(books.people.shape[1])),
        place_ids=tuple(row.id for row in course.ordered.places),
        status_ids=course.status_ids,
        group_ids=tuple(row.id for row in course.ordered.groups),
        drawn_names=course.drawn_names,
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

    course: Course
    books: Books
    drawn: Floats
    spare: SimpleQueue[State]
    first_member: int


def _run_chunk(job: _Job, begin: int, end: int) -> None:
    """Run the members of the rows ``begin`` to ``end`` of the books, from the first day to the last."""
    luck = job.course.maker.draw(job.first_member + begin, end - begin)
    job.drawn[begin:end] = drawn_numbers(luck)
    whole, crowd = job.spare.get()
    try:
        state = emptied_chunk(whole, end - begin), emptied_crowd(crowd, job.course.mixing, end - begin)
        own = rows_of(job.books, begin, end)
        run_days(job.course, state, luck, own, job.first_member + begin, days=range(job.course.days))
    finally:
        job.spare.put((whole, crowd))  # also after a fault: other chunks wait for it


def drawn_numbers(luck: Luck) -> Floats:
    """Return the uncertain numbers of each member, ``(members, numbers)``, in the order of their names."""
    return np.hstack([luck.rate, luck.move_value, luck.signal])


def run_days(course: Course, state: State, luck: Luck, own: Books, first: int, *, days: range, page: int = 0) -> None:
    """Run a chunk over days, the first of them written on a page of its books and the next behind it."""
    chunk, crowd = state
    whole = course.world, chunk, luck, own
    run = compiled_for(kernel_of_days(ORDER_OF_DAY), (Clock(0, course.seed, first, 0), len(days), *whole))
    if course.mixing is None or crowd is None:
        run(Clock(days.start, course.seed, first, page), len(days), *whole)
        return
    morning = Morning(course.mixing, crowd, chunk, luck, own)
    for day in days:
        clock = Clock(day, course.seed, first, page + day - days.start)
        morning.run(clock)
        run(clock, 1, *whole)
