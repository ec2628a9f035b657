"""Mixed runs: groups, and people alone who move by the rules of dispersed people over the same network.

The dispersed people's day comes first, as a whole; then the journey's day runs as in every journey, with nobody alone
who sets out for the border. See :mod:`posada.engine.hand_over` for what passes between the two.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from posada.engine.dispersal.simulate import STATE_BYTES, prepare_dispersal, run_one_day
from posada.engine.dispersal.state import Books as DispersalBooks
from posada.engine.dispersal.state import Given, People, Scratch, bytes_per_member, given_of, new_people, new_scratch
from posada.engine.dispersal.world import DispersalWorld
from posada.engine.hand_over import Axes, Desk, hand_over, take_back
from posada.engine.luck import Luck
from posada.engine.state import Books, Chunk, Clock, chosen_rows, rows_of
from posada.engine.world import ROLE, Floats, Ints, World
from posada.model.errors import InvalidValueError
from posada.model.scenario import Scenario
from posada.model.start import StartingState

Table = TypeVar("Table", Floats, Ints)

_MOVING = (ROLE["travelling"], ROLE["permitted"])


@dataclass(frozen=True, slots=True, eq=False)
class Mixing:
    """What all members of a mixed run have in common, beside the journey's world."""

    world: DispersalWorld
    given: Given
    axes: Axes
    days: int
    before: int
    """Days from the first one of the scenario to the first one of the run."""

    def chunk_members(self, most: int) -> int:
        """Return how many members a chunk has, so that their state stays small."""
        return max(min(most, STATE_BYTES // max(bytes_per_member(self.world), 1)), 1)


@dataclass(frozen=True, slots=True, eq=False)
class Crowd:
    """The dispersed people of a chunk, and what a thread needs to move them."""

    people: People
    scratch: Scratch
    desk: Desk


def mix(scenario: Scenario, world: World, place_ids: tuple[str, ...], start: StartingState | None) -> Mixing | None:
    """Make what all members of a mixed run have in common; ``None`` where the scenario is no such one.

    Parameters
    ----------
    scenario : Scenario
        As it was given: to dispersed people the order of the places means something.
    world : World
        The journey's.
    place_ids : tuple of str
        Places on the axis of the journey.

    Raises
    ------
    InvalidValueError
        When people set out for themselves, and the run does not begin on the first day.
    """
    if not scenario.is_mixed:
        return None
    settings = scenario.settings
    first: dt.date = settings.start if start is None else start.date
    if first != settings.start and scenario.displaces:
        raise InvalidValueError(
            f"the run would begin on {first}, and people who set out because of conflict can only be followed from the "
            f"first day ({settings.start}). Run from the start, or take their tables and registrations out."
        )
    prepared = prepare_dispersal(scenario)
    role = world.rules.role
    initial = int(world.rules.initial[0])
    statuses = [s for s in range(role.size) if role[s] in _MOVING and s != initial] + [initial]
    of_status = _for_each_status(prepared.world, len(statuses))
    position = {place: index for index, place in enumerate(place_ids)}
    axes = Axes(
        place=np.array([position[row.id] for row in scenario.places], np.int64),
        status=np.array(statuses, np.int64),
        status_key=world.rules.status_key[statuses],
        classes=prepared.world.classes.count,
    )
    return Mixing(of_status, given_of(of_status), axes, len(prepared.dates), (first - settings.start).days)


def _for_each_status(world: DispersalWorld, count: int) -> DispersalWorld:
    """Return the world with its classes once for each of ``count`` statuses; who sets out is of the last one.

    What is left over by rounding of shares goes to the last class of all, which is one of that status.
    """
    calendar = world.calendar
    return replace(
        world,
        calendar=calendar._replace(
            chance=np.tile(calendar.chance, (1, count, 1)), score=np.tile(calendar.score, (1, count, 1))
        ),
        start=world.start._replace(people=_of_the_last(world.start.people, count)),
        place=world.place._replace(share=_of_the_last(world.place.share, count)),
        classes=replace(world.classes, power=np.tile(world.classes.power, count)),
    )


def _of_the_last(table: Table, count: int) -> Table:
    """Return a table by place and class, ``(P, C)``, with zeros for all statuses before the last."""
    own = table.shape[1]
    padded: Table = np.zeros((table.shape[0], own * count), table.dtype)
    padded[:, -own:] = table
    return padded


def new_crowd(mixing: Mixing, members: int) -> Crowd:
    """Return the state of a chunk before anybody is dispersed."""
    return _crowd_of(mixing, new_people(mixing.world, members))


def _crowd_of(mixing: Mixing, people: People) -> Crowd:
    """Return people with work space of their own."""
    places, classes = mixing.axes.place.size, mixing.world.classes.count
    return Crowd(
        people=people,
        scratch=new_scratch(mixing.world, 1),
        desk=Desk(
            by_class=np.zeros((classes, places), np.int32),
            here=np.zeros(places, np.int64),
            going=np.zeros(places, np.int64),
            seen=np.zeros(places, np.int64),
            taken=np.zeros(places, np.int64),
            offset=np.zeros(places),
            sequence=np.zeros(1, np.uint64),
        ),
    )


def emptied_crowd(crowd: Crowd | None, mixing: Mixing | None, members: int) -> Crowd | None:
    """Return the first ``members`` rows of the state of a chunk, emptied; ``None`` when nobody is dispersed."""
    if crowd is None or mixing is None:
        return None
    people = rows_of(crowd.people, 0, members)
    for array in people:
        array[:] = 0
    people.residents[:] = mixing.world.start.residents
    crowd.scratch.begun[:] = -1
    return replace(crowd, people=people)


def some_of_crowd(crowd: Crowd | None, mixing: Mixing | None, rows: slice | Ints) -> Crowd | None:
    """Return some members with work space of their own, views for a slice; ``None`` when nobody is dispersed."""
    if crowd is None or mixing is None:
        return None
    return _crowd_of(mixing, chosen_rows(crowd.people, rows))


class Morning:
    """The day of dispersed people, for a chunk of a mixed run, day after day."""

    def __init__(self, mixing: Mixing, crowd: Crowd, chunk: Chunk, luck: Luck, own: Books) -> None:
        self._mixing, self._crowd, self._chunk, self._luck, self._own = mixing, crowd, chunk, luck, own
        members, classes = crowd.people.here.shape[0], mixing.world.classes.count
        self._books = DispersalBooks(
            people=np.empty((members, mixing.days, 0), np.int32),
            under_way=np.empty((members, mixing.days), np.int32),
            entered=np.empty((members, mixing.days), np.int32),
            imbalance=np.zeros(members, np.int64),
            kept=np.empty(0, np.int64),
            arrived=np.zeros((members, classes, mixing.axes.place.size), np.int32),
        )

    def run(self, clock: Clock) -> None:
        """Hand people over, move them for a day, and take them back."""
        mixing, people, desk = self._mixing, self._crowd.people, self._crowd.desk
        alone, ends, tally = self._chunk.alone, self._chunk.ends, self._chunk.tally
        day = clock.day + mixing.before
        hand_over(clock, day, mixing.axes, mixing.given, people, alone, desk, self._own)
        scratch, moved = self._crowd.scratch, self._books
        run_one_day(day, mixing.given, people, scratch, moved, seed=clock.seed, first_member=clock.first)
        take_back(
            clock,
            day,
            mixing.axes,
            mixing.given,
            people,
            moved,
            alone,
            ends,
            self._luck,
            tally,
            desk,
            self._own,
        )
