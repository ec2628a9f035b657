"""An ensemble that is run day by day, and whose members can be chosen anew in between: the move of a filter.

A simulation runs each chunk of members from the first day to the last. A filter has to stop every night, hold
all members against what was reported, and go on with those that agree. The state of all members is therefore in
memory together, and of the books only tonight's page.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posada.engine.ahead import chances_by_those_ahead, put_ahead
from posada.engine.chunks import check_books, check_numbers, even_chunks, run_chunks
from posada.engine.dispersal.state import People
from posada.engine.luck import by_member, luck_of, people_by_class
from posada.engine.mixed import some_of_crowd
from posada.engine.past import Past, look_at, positions
from posada.engine.rows import replace_rows
from posada.engine.scores import CHUNK_MEMBERS, Scores, draw_all
from posada.engine.simulate import Course, drawn_numbers, labelled, new_members, plan_course, run_days
from posada.engine.state import FREE, Books, Chunk, chosen_rows, lasting, new_books, rows_of, with_arrays
from posada.engine.wider import (
    OF_REGIME,
    Ensemble,
    Map,
    Told,
    begin_regimes,
    relocate,
    turn,
    wander,
    wider_numbers,
    wider_uniforms,
)
from posada.engine.world import PARTS_PER_GROUP, Floats, Ints
from posada.model.night import Night
from posada.model.rates import RATES
from posada.model.run import Run
from posada.model.scenario import Scenario
from posada.model.start import StartingState

_OF_REGIME = np.array([list(RATES).index(name) for name in OF_REGIME])
_OF_THE_WHOLE_RUN = ("largest_departure", "arrival_hour", "imbalance")  # books without a page for each night


class Cursor:
    """The members of an ensemble of groups, on a night.

    Parameters
    ----------
    scenario : Scenario
        As it was known on the as-of date. The members begin on its first day, without any report.
    members, seed, workers : int
        As of :func:`posada.engine.simulate.simulate_ensemble`.
    is_wider : bool
        Whether members also move otherwise than the engine knows: see :mod:`posada.engine.wider`.

    Attributes
    ----------
    members, workers : int
    course : Course
        What all members have in common.
    wider : (members, 2)
        Uniforms of the two numbers of the wider model, see :func:`posada.engine.wider.wider_numbers`.
    """

    def __init__(
        self, scenario: Scenario, members: int, seed: int = 0, *, workers: int = 2, is_wider: bool = False
    ) -> None:
        check_numbers(members, seed, workers, 0)
        self.members = members
        self.course: Course = plan_course(scenario, seed)
        self.workers = workers
        self._is_ready = False
        self._is_wider = is_wider
        self._day = -1
        world = self.course.world
        self._state, self._crowd = new_members(self.course, members)
        self._books = new_books(world, members, 1)
        self.wider = wider_uniforms(seed, members, 0)
        self._places = np.array([(row.lat, row.lon) for row in self.course.ordered.places]).reshape(-1, 2)
        self._groups = [row.id for row in self.course.ordered.groups]
        self._place = [row.id for row in self.course.ordered.places].index
        self._night: Night | None = None
        self._past = self._eve()

    def get_ready(self) -> None:
        """Load what is compiled, and make the laws of what is drawn; done before the first day at the latest.

        It is a good part of a second, which the reading of a night from a disk can have beside it.
        """
        if self._is_ready:
            return
        maker = self.course.maker
        self._luck = maker.draw(0, 0)  # of nobody yet: who goes on from another night needs no first one
        self._goal_weight = self._luck.goal_weight.copy()
        self._scores = Scores(maker, maker.scores(0, 0), self.course.seed)
        self._is_ready = True

    @property
    def date(self) -> dt.date:
        """The date of the night; the day before the journey when no day has been run."""
        return self.course.first + dt.timedelta(days=self._day)

    @property
    def days_left(self) -> int:
        """How many days can still be run."""
        return self.course.days - self._day - 1

    def advance(self) -> None:
        """Run all members for one day.

        Raises
        ------
        ConservationError
            When the books of a member do not add up: a fault of Posada.
        """
        self.get_ready()
        most = np.maximum(self._past.together_most, self._books.together[:, 0])
        if self._day < 0:
            self._luck, self._scores.values = draw_all(self.course.maker, self.members, self.workers)
        else:
            self._past = self._today(most)
        self._day += 1
        self._night = None
        for array in self._books:
            array[:] = -1 if array.dtype == np.int16 else 0  # places are -1 when there is none
        self._books.arrival_hour[:] = np.nan
        self._run_all(self._books, 0)
        check_books(self._books.imbalance, self.course.first, 0)
        if self._is_wider:
            self._change_regimes(self._books, 0)

    def _run_all(self, books: Books, page: int) -> None:
        """Run all members for one day, in chunks that keep all threads busy to the end."""
        size = even_chunks(self.members, self._chunk_members, self.workers)
        run_chunks(partial(self._run_page, books, page), self.members, size, workers=self.workers)

    def _run_page(self, books: Books, page: int, begin: int, end: int) -> None:
        """Run a chunk for one day, written on a page of the books."""
        chunk = Chunk._make(rows_of(piece, begin, end) for piece in self._state)
        rows = slice(begin, end)
        state = chunk, some_of_crowd(self._crowd, self.course.mixing, rows)
        luck, own, today = luck_of(self._luck, rows), rows_of(books, begin, end), range(self._day, self._day + 1)
        run_days(self.course, state, luck, own, begin, days=today, page=page)

    @property
    def _chunk_members(self) -> int:
        mixing = self.course.mixing
        return CHUNK_MEMBERS if mixing is None else mixing.chunk_members(CHUNK_MEMBERS)

    def _crowds(self) -> tuple[People, ...]:
        """Return the dispersed people, if there are any."""
        return () if self._crowd is None else (self._crowd.people,)

    def _eve(self) -> Past:
        """Return the night before the first day: who sets out on that day slept where they set out from."""
        eve = self._today(np.zeros(self.members, np.int64))
        bodies = self.course.world.bodies
        at_once = np.flatnonzero(bodies.sets_out == 0)
        eve.lat[:, at_once], eve.lon[:, at_once] = self._places[bodies.origin[at_once]].T
        return eve

    def _today(self, together_most: Ints) -> Past:
        """Return tonight as tomorrow will have to know it."""
        entries, together = (array[:, 0].astype(np.int64) for array in (self._books.entries, self._books.together))
        return Past(*self._positions(), entries, together, together_most)

    def _positions(self) -> tuple[Floats, Floats]:
        """Return where the main bodies are, ``(members, groups)`` each; ``nan`` where there is none."""
        return positions(self._state.parts, self.course.world.net, max(self._day, 0), self._places)

    def night(self) -> Night:
        """Return tonight as reports are held against it; made once, until something changes."""
        if self._night is None:
            where = self._positions()
            self._night = look_at(self.course, self.date, self._state.parts, self._books, past=self._past, where=where)
        return self._night

    @property
    def status_ids(self) -> tuple[str, ...]:
        """Identifiers on the axis of statuses."""
        return self.course.status_ids

    def relocate(self, group: str, place_ids: Sequence[str], nights: int) -> Floats:
        """Try whether the main body of a group went where the engine would not have taken it.

        Parameters
        ----------
        place_ids : sequence of str
            Where it is said to be tonight.
        nights : int
            Nights since it was last said where it is.

        Returns
        -------
        (members,)
            Logarithms of weights: see :mod:`posada.engine.wider`.
        """
        self._night = None
        places = np.array([self._place(place) for place in place_ids], np.int64)
        told = Told(self._groups.index(group), places, nights)
        return relocate(told, self._ensemble(self._books, 0), self._land(), self.course.seed, self._day)

    def put_ahead(self, group: str, place_id: str, people: Ints) -> None:
        """Let ``people``, ``(members,)``, of a group be in a place ahead of it: see :mod:`posada.engine.ahead`."""
        self._night = None
        at, place = self._groups.index(group), self._place(place_id)
        put_ahead(at, place, people, self._ensemble(self._books, 0), self._land())

    def make_for(self, group: str, place_ids: Sequence[str], *, anew: bool) -> None:
        """Let a group make for where people ahead of it were seen until tonight: see :mod:`posada.engine.ahead`.

        With ``anew`` all members draw anew where it makes for; else those do whose regime changes.
        """
        at, seen = self._groups.index(group), np.array([self._place(place) for place in place_ids], np.int64)
        weight = self._goal_weight[at] * chances_by_those_ahead(self._land(), at, seen)
        self._luck.goal_weight[at] = weight * (self._goal_weight[at].sum() / weight.sum())
        if anew:
            self._turn(np.arange(self.members), self._books, 0, groups=(at,))

    def wander(self) -> None:
        """Let main bodies go tonight where the engine would not have taken them, as they do ahead of all reports."""
        self._night = None
        wander(self._ensemble(self._books, 0), self._land(), self.course.seed, self._day)

    def _land(self) -> Map:
        net, bodies = self.course.world.net, self.course.world.bodies
        lat, lon = self._places.T
        return Map(lat, lon, net.way_to[net.epoch[self._day]], net.is_city, bodies)

    def _ensemble(self, books: Books, page: int) -> Ensemble:
        return Ensemble(self._state, books, self._luck, *self._positions(), *wider_numbers(self.wider), page)

    def _change_regimes(self, books: Books, page: int) -> None:
        rows = begin_regimes(self.wider, self.course.seed, self._day)
        self._scores.redraw(self._luck, rows, _OF_REGIME, self._day)
        self._turn(rows, books, page)

    def rate(self, name: str) -> Floats:
        """Return a rate of each member, ``(members,)``, without signals."""
        return self._luck.rate[:, list(RATES).index(name)]

    def destination(self, group: str) -> Ints:
        """Return where a group makes for, as positions on the axis of places, ``(members,)``."""
        return self._luck.destination[:, self._groups.index(group)].copy()

    def select(self, ancestors: Ints, weights: Floats) -> None:
        """Go on with copies of some members, and move what was drawn once for each a little.

        Copies differ from the next day on, because draws are named by the position of a member. What is drawn once
        would stay equal: see :class:`posada.engine.scores.Scores`.

        Parameters
        ----------
        ancestors : (members,) ints
            Which member each position goes on with. The fewer positions change hands, the less is copied.
        weights : (members,)
            Weights of the members before the choice; they add up to one.
        """
        self._night = None
        self._scores.settle(weights)
        drawn: Any = (*by_member(self._luck).values(), self._scores.values, self.wider)
        pieces = (*lasting(self._state).values(), self._books, self._past, *self._crowds(), drawn)
        replace_rows([array for piece in pieces for array in piece], ancestors, workers=self.workers)
        run_chunks(partial(self._scores.move, self._luck), self.members, self._chunk_members, workers=self.workers)
        if self._is_wider:
            self._turn(np.flatnonzero(ancestors != np.arange(self.members)), self._books, 0)

    def _turn(self, rows: Ints, books: Books, page: int, groups: Iterable[int] | None = None) -> None:
        """Draw anew where the groups of some members make for."""
        for group in range(len(self._groups)) if groups is None else groups:
            turn(rows, group, self._ensemble(books, page), self._land(), seed=self.course.seed, day=self._day)

    def state(self) -> dict[str, NDArray[Any]]:
        """Return all that lasts from night to night, by name; the arrays are those in use, not copies of them.

        There is such a state once a day has been run.
        """
        pieces = {**lasting(self._state), "books": self._books, "past": self._past}
        if self._crowd is not None:
            pieces["crowd"] = self._crowd.people
        named = {f"{piece}.{name}": array for piece in pieces for name, array in pieces[piece]._asdict().items()}
        named |= {f"luck.{name}": array for name, array in by_member(self._luck).items()}
        counters = np.array([self._day, self._scores.times])
        drawn = {"scores": self._scores.values, "wider": self.wider, "goals": self._luck.goal_weight}
        return named | drawn | {"counters": counters}

    def restore(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Go on from a night of the same scenario, seed and members, as :meth:`state` gave it, with its arrays."""
        self.get_ready()
        self._state = Chunk._make(with_arrays(piece, state, name) for name, piece in self._state._asdict().items())
        self._books, self._past = with_arrays(self._books, state, "books"), with_arrays(self._past, state, "past")
        self._luck = with_arrays(self._luck, state, "luck")._replace(goal_weight=state["goals"])
        for people in self._crowds():
            for name, array in people._asdict().items():
                array[...] = state[f"crowd.{name}"]
        self._scores.values, self.wider = state["scores"], state["wider"]
        self._day, self._scores.times = (int(number) for number in state["counters"])
        self._night = None

    def add_to_final(self, status: str, people: Ints) -> None:
        """Count people in a final status whose way there the model did not see, as if they had been in it all along.

        Parameters
        ----------
        people : (members,) ints
        """
        self._night = None
        at = self.status_ids.index(status)
        self._state.ends.people[:, at, :] += people_by_class(self._luck, 0, people)
        self._enter(people, at)
        self._past.entries[:, at] += people

    def add_to_group(self, group: str, people: Ints) -> None:
        """Let people join the main body of a group tonight whom the model did not see coming.

        Parameters
        ----------
        people : (members,) ints
            Nobody joins where there is no main body.
        """
        self._night = None
        at, initial = self._groups.index(group), self.course.world.rules.initial[0]
        parts, books, rows = self._state.parts, self._books, np.arange(self.members)
        main = at * PARTS_PER_GROUP
        people = np.where(parts.kind[:, main] != FREE, people, 0)
        parts.people[:, main, initial, :] += people_by_class(self._luck, at, people)
        self._enter(people, initial)
        here = parts.heading[:, main] < 0
        books.people[rows, 0, parts.place[:, main]] += np.where(here, people, 0)
        books.under_way[:, 0] += np.where(here, 0, people)
        books.together[:, 0] += people
        books.main_people[:, 0, at] += people

    def _enter(self, people: Ints, status: int) -> None:
        self._state.ends.entered[:] += people
        self._state.ends.entries[:, status] += people
        self._books.total[:, 0] += people
        for counts in (self._books.entries, self._books.current):
            counts[:, 0, status] += people

    def run_on(self, kept: Ints, start: StartingState) -> Run:
        """Run some members to the last day, and return tonight and what comes as a run.

        Parameters
        ----------
        kept : (fewer members,) ints
            Which go on; one may do so more than once.
        start : StartingState
            What is believed of tonight, to go with the run.

        Raises
        ------
        ConservationError
            When the books of a member do not add up: a fault of Posada.
        """
        books = new_books(self.course.world, kept.size, self.days_left + 1)
        tonight = [
            (getattr(books, name), page)
            for name, page in self._books._asdict().items()
            if name not in _OF_THE_WHOLE_RUN
        ]

        def write_tonight(begin: int, end: int) -> None:  # on threads, as this asks for the memory of all nights
            for pages, page in tonight:
                pages[begin:end, 0] = page[kept[begin:end], 0]

        size = even_chunks(kept.size, CHUNK_MEMBERS, self.workers)
        run_chunks(write_tonight, kept.size, size, workers=self.workers)
        drawn = drawn_numbers(luck_of(self._luck, kept))
        ahead = copy.copy(self)
        ahead.keep(kept)
        ahead.fill(books)
        return labelled(self.course, books, drawn, self.date, start)

    def keep(self, rows: Ints) -> None:
        """Go on with some members only; one may be there more than once."""
        self.members = rows.size
        self._state = Chunk._make(chosen_rows(piece, rows) for piece in self._state)
        self._crowd = some_of_crowd(self._crowd, self.course.mixing, rows)
        self._luck, self.wider = luck_of(self._luck, rows), self.wider[rows]
        self._scores = copy.copy(self._scores)
        self._scores.values = self._scores.values[rows]

    def fill(self, books: Books) -> None:
        """Run all members to the last day, and write the nights behind the first page of the books."""
        for page in range(1, self.days_left + 1):
            self._day += 1
            self._run_all(books, page)
            check_books(books.imbalance, self.course.first, 0)
            if self._is_wider:
                wander(self._ensemble(books, page), self._land(), self.course.seed, self._day)
                self._change_regimes(books, page)
