"""An ensemble that is run day by day, and whose members can be chosen anew in between: the move of a filter.

A simulation runs each chunk of members from the first day to the last. A filter has to stop every night, hold
all members against what was reported, and go on with those that agree. The state of all members is therefore in
memory together, and of the books only tonight's page.
"""

from __future__ import annotations

import datetime as dt
from functools import partial

import numpy as np
from scipy.special import ndtr, ndtri

from posada.engine.chunks import check_books, check_numbers, run_chunks
from posada.engine.draws import DECISION
from posada.engine.luck import Luck, named_uniforms
from posada.engine.mixed import some_of_crowd
from posada.engine.simulate import Course, drawn_numbers, labelled, new_members, plan_course, run_days
from posada.engine.state import FREE, Books, Chunk, chosen_rows, new_books, rows_of
from posada.engine.world import PARTS_PER_GROUP, Floats, Ints
from posada.model.night import Night
from posada.model.rates import RATES
from posada.model.run import Run
from posada.model.scenario import Scenario
from posada.model.start import StartingState

SHRINK = 0.98
"""How much of its distance from the mean a number keeps when members are chosen anew; see :meth:`Cursor.select`."""

_OF_THE_WHOLE_RUN = ("largest_departure", "arrival_hour", "imbalance")  # books without a page for each night
_SCORE_LIMIT = 6.0
_SCORE_GRID = np.linspace(-_SCORE_LIMIT, _SCORE_LIMIT, 2401)


class Cursor:
    """The members of an ensemble of groups, on a night.

    Parameters
    ----------
    scenario : Scenario
        As it was known on the as-of date. The members begin on its first day, without any report.
    members, seed, workers : int
        As of :func:`posada.engine.simulate.simulate_ensemble`.

    Attributes
    ----------
    members : int
    course : Course
        What all members have in common.
    """

    def __init__(self, scenario: Scenario, members: int, seed: int = 0, *, workers: int = 2) -> None:
        check_numbers(members, seed, workers, 0)
        self.members = members
        self.course: Course = plan_course(scenario, seed)
        self._workers = workers
        self._day = -1
        world, maker = self.course.world, self.course.maker
        self._state, self._crowd = new_members(self.course, members)
        self._books = new_books(world, members, 1)
        self._luck = maker.draw(0, members)
        self._scores = maker.scores(0, members)
        self._tables = np.array([law.quantile(ndtr(_SCORE_GRID)) for law in maker.score_laws()])
        self._places = np.array([(row.lat, row.lon) for row in self.course.ordered.places]).reshape(-1, 2)
        self._chosen = 0
        self._night: Night | None = None
        self._remember()
        self._together_most = np.zeros(members, np.int64)

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
        if self._day >= 0:
            self._remember()
        self._day += 1
        self._night = None
        for array in self._books:
            array[:] = -1 if array.dtype == np.int16 else 0  # places are -1 when there is none
        self._books.arrival_hour[:] = np.nan
        run_chunks(self._run_chunk, self.members, self.course.chunk_members, workers=self._workers)
        check_books(self._books.imbalance, self.course.first, 0)
        np.maximum(self._together_most, self._books.together[:, 0], out=self._together_most)

    def _run_chunk(self, begin: int, end: int) -> None:
        chunk = Chunk._make(rows_of(piece, begin, end) for piece in self._state)
        own = rows_of(self._books, begin, end)
        today = range(self._day, self._day + 1)
        state = chunk, some_of_crowd(self._crowd, self.course.mixing, slice(begin, end))
        run_days(self.course, state, _luck_of(self._luck, slice(begin, end)), own, begin, days=today)

    def _remember(self) -> None:
        """Keep what reports about yesterday are held against."""
        self._lat_before, self._lon_before = self._positions()
        self._entries_before = self._books.entries[:, 0].astype(np.int64)
        self._together_before = self._books.together[:, 0].astype(np.int64)

    def _positions(self) -> tuple[Floats, Floats]:
        """Return where the main bodies are, ``(members, groups)`` each; ``nan`` where there is none."""
        parts, net = self._state.parts, self.course.world.net
        main = slice(0, None, PARTS_PER_GROUP)
        kind, place, heading = parts.kind[:, main], parts.place[:, main], parts.heading[:, main]
        away = heading >= 0
        goal = np.where(away, heading, place)
        km = net.road_km[net.epoch[max(self._day, 0)], place, goal]
        left = np.divide(parts.left_km[:, main], km, out=np.zeros(km.shape), where=away & (km > 0) & np.isfinite(km))
        here, there = self._places[place], self._places[goal]
        point = there + (here - there) * np.clip(left, 0.0, 1.0)[:, :, None]
        point[kind == FREE] = np.nan
        return point[:, :, 0], point[:, :, 1]

    def night(self) -> Night:
        """Return tonight as reports are held against it; made once, until something changes."""
        if self._night is None:
            self._night = self._look()
        return self._night

    def _look(self) -> Night:
        lat, lon = self._positions()
        books, ordered = self._books, self.course.ordered
        people = self._state.parts.people.sum(axis=(2, 3), dtype=np.int64)
        groups = len(ordered.groups)
        return Night(
            date=self.date,
            group_ids=tuple(row.id for row in ordered.groups),
            place_ids=tuple(row.id for row in ordered.places),
            status_ids=self.status_ids,
            lat=lat,
            lon=lon,
            lat_before=self._lat_before,
            lon_before=self._lon_before,
            main_people=people[:, ::PARTS_PER_GROUP],
            group_people=people.reshape(self.members, groups, PARTS_PER_GROUP).sum(axis=2),
            people=books.people[:, 0].astype(np.int64),
            entries=books.entries[:, 0].astype(np.int64),
            entries_before=self._entries_before,
            together=books.together[:, 0].astype(np.int64),
            together_before=self._together_before,
            together_most=self._together_most,
        )

    @property
    def status_ids(self) -> tuple[str, ...]:
        """Identifiers on the axis of statuses."""
        return self.course.status_ids

    def rate(self, name: str) -> Floats:
        """Return a rate of each member, ``(members,)``, without signals."""
        return self._luck.rate[:, list(RATES).index(name)]

    def select(self, ancestors: Ints, weights: Floats) -> None:
        """Go on with copies of some members, and move what was drawn once for each a little.

        Copies differ from the next day on, because draws are named by the position of a member. Numbers that are
        drawn once would stay equal; so their normal scores *z* move to ``m + a (z - m) + e``, with *m* and *V* their
        weighted means and covariance, *a* = :data:`SHRINK` and *e* normal with covariance ``(1 - a²) V``, which
        keeps mean and covariance (J. Liu and M. West, "Combined parameter and state estimation in simulation-based
        filtering", 2001). With fewer members than five for each number, *e* has the variances of *V* only.

        Parameters
        ----------
        ancestors : (members,) ints
            Which member each position goes on with.
        weights : (members,)
            Weights of the members before the choice; they add up to one.
        """
        self._night = None
        self._state = Chunk._make(chosen_rows(piece, ancestors) for piece in self._state)
        self._crowd = some_of_crowd(self._crowd, self.course.mixing, ancestors)
        self._books = chosen_rows(self._books, ancestors)
        self._luck = _luck_of(self._luck, ancestors)
        for name in ("_lat_before", "_lon_before", "_entries_before", "_together_before", "_together_most"):
            setattr(self, name, getattr(self, name)[ancestors])
        self._rejuvenate(ancestors, weights)
        self._chosen += 1

    def _rejuvenate(self, ancestors: Ints, weights: Floats) -> None:
        mean = weights @ self._scores
        apart = self._scores - mean
        numbers = mean.size
        effective = 1.0 / np.sum(weights**2)
        if effective >= 5 * numbers:
            values, vectors = np.linalg.eigh((apart * weights[:, None]).T @ apart)
            spread = vectors * np.sqrt(np.maximum(values, 0.0))
        else:
            spread = np.diag(np.sqrt(weights @ apart**2))
        noise = ndtri(
            named_uniforms(
                self.course.seed, 0, self.members, DECISION.rejuvenate, self.course.maker.score_keys(), day=self._chosen
            )
        )
        moved = mean + SHRINK * apart[ancestors] + np.sqrt(1 - SHRINK**2) * noise @ spread.T
        self._scores = np.clip(moved, -_SCORE_LIMIT, _SCORE_LIMIT)
        self._set_numbers()

    def _set_numbers(self) -> None:
        """Turn the scores into rates, values of transitions and strengths of signals."""
        values = np.empty(self._scores.shape)
        for column, table in enumerate(self._tables):
            values[:, column] = np.interp(self._scores[:, column], _SCORE_GRID, table)
        rates, moves = len(RATES), self._luck.move_value.shape[1]
        self._luck = self._luck._replace(
            rate=np.ascontiguousarray(values[:, :rates]),
            move_value=np.ascontiguousarray(values[:, rates : rates + moves]),
            signal=np.ascontiguousarray(values[:, rates + moves :]),
        )

    def add_to_final(self, status: str, people: Ints) -> None:
        """Count people in a final status whose way there the model did not see, as if they had been in it all along.

        Parameters
        ----------
        people : (members,) ints
        """
        self._night = None
        at = self.status_ids.index(status)
        shares = np.cumsum(self._luck.class_share[:, 0, :], axis=1)
        shares[:, -1] = 1.0
        upto = np.rint(people[:, None] * shares).astype(np.int64)
        self._state.ends.people[:, at, :] += np.diff(upto, axis=1, prepend=0).astype(np.int32)
        self._state.ends.entered[:] += people
        self._state.ends.entries[:, at] += people
        self._books.total[:, 0] += people
        for counts in (self._books.entries, self._books.current):
            counts[:, 0, at] += people
        self._entries_before[:, at] += people

    def run_on(self, members: int, start: StartingState) -> Run:
        """Run members to the last day, and return tonight and what comes as a run.

        Parameters
        ----------
        members : int
            How many go on, evenly spaced among all; these must have equal weights by now.
        start : StartingState
            What is believed of tonight, to go with the run.

        Raises
        ------
        ConservationError
            When the books of a member do not add up: a fault of Posada.
        """
        kept = np.arange(members) * self.members // members
        books = new_books(self.course.world, members, self.days_left + 1)
        for name, page in self._books._asdict().items():
            if name not in _OF_THE_WHOLE_RUN:
                getattr(books, name)[:, 0] = page[kept, 0]
        luck = _luck_of(self._luck, kept)
        run_chunks(
            partial(self._run_on_chunk, kept, luck, books), members, self.course.chunk_members, workers=self._workers
        )
        check_books(books.imbalance, self.course.first, 0)
        return labelled(self.course, books, drawn_numbers(luck), self.date, start)

    def _run_on_chunk(self, kept: Ints, luck: Luck, books: Books, begin: int, end: int) -> None:
        chunk = Chunk._make(chosen_rows(piece, kept[begin:end]) for piece in self._state)
        state = chunk, some_of_crowd(self._crowd, self.course.mixing, kept[begin:end])
        days = range(self._day + 1, self.course.days)
        run_days(
            self.course, state, _luck_of(luck, slice(begin, end)), rows_of(books, begin, end), begin, days=days, page=1
        )


def _luck_of(luck: Luck, rows: Ints | slice) -> Luck:
    """Return the luck of some members; the weights of goals are those of all."""
    return Luck(**{name: array if name == "goal_weight" else array[rows] for name, array in luck._asdict().items()})
