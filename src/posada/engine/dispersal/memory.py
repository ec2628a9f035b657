"""The memory of recent travel as classes: people of one class decide alike, but for a stated chance.

Who avoids short stints remembers r = (r before + way of the day) / 2, in days' ways, and goes on from a town when r
and the way moved today together are less than one day's way. Where r leads to the same decisions, it need not be
told apart. So r is laid on a fine grid, and for every stop, ride and landing two numbers are worked out from what
follows one day after the other: the chance that two people in neighbouring cells, who meet the same luck, will ever
decide differently, and how many people are in each cell. Neighbouring cells become one class where telling them apart
is worth less than :data:`CLASS_COST`; see :mod:`posada.engine.dispersal.grouping`. So there are many classes where
much depends on them and people come by, and one in a camp that hardly anybody leaves.

The way of a day is added to the memory on arrival, so that landings are told apart by the sum of both and not by each.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from posada.engine.dispersal.grouping import Groups, grouped
from posada.engine.dispersal.nodes import Nodes
from posada.engine.world import Flags, Floats, Ints

MOST_CELLS = 64
"""Most classes of one stop, ride or landing."""

_GRIDS = ((2_048, 256, 4), (16_384, 256, 1))
"""Up to so many landings: cells of the fine grid, over two days' ways, and into how many parts one is divided where the
way of a day is added. What people remember comes in few sizes, so that a place that few come to is wrong by a quarter
where one of them falls on the other side of a day's way."""

_COARSE_GRID = (64, 1)

_DAYS = 8
"""Days over which decisions are followed: then nobody remembers today, who stays."""

_DAYS_OF_PEOPLE = 16
"""Days over which people are followed from where they set out."""

Maps = NDArray[np.uint8]


class Memory(NamedTuple):
    """Which class follows which. Fields hold rows of ``map``, if they do not say otherwise."""

    cells: int  # B, the most classes of one stop, ride or landing; 0 where nothing is remembered
    row_classes: Ints  # (R,) number of classes of a row of stops
    ride_classes: Ints  # (J,)
    landing_classes: Ints  # (T,)
    map: Maps  # (W, B)
    night: Ints  # (R,) a night in a row of stops
    home: Ints  # (U,) a night after which people no longer follow a route
    enter: Ints  # (2, X) setting out on a step of a stop, by whether for the first time
    ride_next: Ints  # (J,)
    ride_walk: Ints  # (J,)
    ride_turned: Ints  # (J,)
    landing_home: Ints  # (T,) staying where one has arrived, without a route
    landing_bed: Ints  # (T,) and with it
    landing_urged: Ints  # (T,) not a row: classes below this go on from a town in any case
    arc_next: Ints  # (Y,)
    arc_walked: Ints  # (Y,)


class Habits(NamedTuple):
    """What people are taken to do on any day: enough to say what matters, and not what they will do."""

    chance: Floats  # (P,) to leave
    chance_as_town: Floats  # (P,) the same on days on which it is a town
    share: Floats  # (X,) who take a step of a stop, among those who leave
    sets_out: Floats  # (P,) share of those who enter
    is_town: Flags  # (P,) or may become one
    max_move_km: float
    max_walk_km: float
    starts_on_foot: bool


def without_memory(nodes: Nodes, rows: int) -> Memory:
    """Return what is to be known of people who remember nothing."""
    rides, landings, arcs = (
        np.zeros(size, np.int64) for size in (nodes.ride_step.size, nodes.landing_stop.size, nodes.arc.size)
    )
    return Memory(
        cells=0,
        row_classes=np.zeros(rows, np.int64),
        ride_classes=rides,
        landing_classes=landings,
        map=np.zeros((1, 0), np.uint8),
        night=np.zeros(rows, np.int64),
        home=np.zeros(nodes.stop_place.size, np.int64),
        enter=np.zeros((2, nodes.step.size), np.int64),
        ride_next=rides,
        ride_walk=rides,
        ride_turned=rides,
        landing_home=landings,
        landing_bed=landings,
        landing_urged=landings,
        arc_next=arcs,
        arc_walked=arcs,
    )


def classes_of_memory(nodes: Nodes, habits: Habits, cells: int) -> Memory:
    """Return the classes of people who avoid short stints, at most ``cells`` in one place or on one ride."""
    fine = Fine(nodes, habits)
    groups = [grouped(*parts, cells) for parts in zip(fine.differences(), fine.people(), strict=True)]
    return _maps(fine, groups)


class _Way(NamedTuple):
    """One of the ways out of a state: the state that follows, and its cell for every cell of this one."""

    share: float
    to: int
    cell: Ints


@dataclass(frozen=True)
class Fine:
    """The fine grid. States are the rows of stops, then the rides, then the landings."""

    nodes: Nodes
    habits: Habits

    @property
    def rows(self) -> int:
        """Rows of stops; behind the stops come places with those who have not left them yet."""
        return int(self.nodes.stop_place.size) + (self.habits.chance.size if self.habits.starts_on_foot else 0)

    @cached_property
    def _size(self) -> tuple[int, int]:
        landings = self.nodes.landing_stop.size
        return next(((cells, parts) for most, cells, parts in _GRIDS if landings <= most), _COARSE_GRID)

    @property
    def grid(self) -> int:
        """Return the number of cells of the memory, over two days' ways; fewer where there are very many landings."""
        return self._size[0]

    @property
    def parts_of_cell(self) -> int:
        """Return into how many cells of a landing one of a stop or ride is divided."""
        return self._size[1]

    @property
    def parts(self) -> int:
        """Cells of a landing to one day's way; people in those below decide otherwise in a town."""
        return self.grid // 2 * self.parts_of_cell

    @cached_property
    def _cells(self) -> dict[tuple[int, float], Ints]:
        """What has been worked out: many ways are alike."""
        return {}

    def empty(self) -> tuple[Floats, Floats, Floats]:
        """Return a number for each cell of all rows, rides and landings."""
        rides, landings = self.nodes.ride_step.size, self.nodes.landing_stop.size
        return (
            np.zeros((self.rows, self.grid)),
            np.zeros((rides, self.grid)),
            np.zeros((landings, self.grid * 2 * self.parts_of_cell)),
        )

    def _to_bed(self, row: int, memory: Ints, km: float = 0.0, share: float = 1.0) -> _Way:
        """Return the way to a row of stops after a day of so many kilometres; half a cell goes down."""
        known = (memory.size, km)
        if known not in self._cells:
            exact = (memory + km / self.habits.max_move_km * self.parts) / (2 * self.parts_of_cell)
            self._cells[known] = np.minimum(np.ceil(exact - 0.5), self.grid - 1).astype(np.int64)
        return _Way(share, row, self._cells[known])

    def to_landing(self, t: int, memory: Ints, km: float, share: float) -> _Way:
        """Return the way to a landing.

        Rounded down on the first of a day, so that less than a day's way stays less than one for who remembers nothing;
        to the nearest on the next ones, so that many short ways together are as long as they are.
        """
        exact = km / self.habits.max_move_km * self.parts
        added = int(exact) if memory.size == self.grid else math.ceil(exact - 0.5)
        known = (memory.size, -1.0 - added)
        if known not in self._cells:
            self._cells[known] = np.minimum(memory + added, self.moved.size - 1)
        return _Way(share, self.rows + self.nodes.ride_step.size + t, self._cells[known])

    def _on(self, arc: int, memory: Ints, km: tuple[float, float], share: float) -> _Way:
        """Return the way along an arc: the kilometres of the day where it ends on the link, and those to its end."""
        if arc < 0:
            return self.to_landing(-1 - arc, memory, km[1], share)
        return self._to_bed(self.rows + arc, memory, km[0], share)

    @cached_property
    def remembered(self) -> Ints:
        """Return the memory in the cells of a stop or ride, in parts of a cell."""
        return np.arange(self.grid) * self.parts_of_cell

    @cached_property
    def moved(self) -> Ints:
        """Return memory and way of today together in the cells of a landing, in parts of a cell."""
        return np.arange(self.grid * 2 * self.parts_of_cell)

    def place_of(self, row: int) -> int:
        """Return the place of a row."""
        stops = self.nodes.stop_place.size
        return int(self.nodes.stop_place[row if row < stops else row - stops])

    def night(self, bed: int) -> _Way:
        """Return the way of a night without travel to a row of stops."""
        return self._to_bed(bed, self.remembered)

    def landed(self, bed: int) -> _Way:
        """Return the way of those who stay where they have landed to a row of stops."""
        return self._to_bed(bed, self.moved)

    def enter(self, x: int, first: int) -> _Way:
        """Return the way out of a stop on its step at position ``x``."""
        ride = int(self.nodes.enter_ride[first, self.nodes.step[x]])
        return _Way(float(self.habits.share[x]), self.rows + ride, np.arange(self.grid))

    def turned(self, ride: int) -> _Way:
        """Return the way of those whose link closes."""
        return _Way(0.0, self.rows + max(int(self.nodes.turned[ride]), 0), np.arange(self.grid))

    def ride(self, ride: int, walked: bool) -> _Way:
        """Return the way of a day on a ride, by vehicle or, where some walk, on foot."""
        nodes, walk = self.nodes, float(self.nodes.walk_chance[ride])
        left = float(nodes.ride_left[ride])
        if walked:
            return self._on(int(nodes.walk_next[ride]), self.remembered, (self.habits.max_walk_km, left), walk)
        return self._on(int(nodes.ride_next[ride]), self.remembered, (float(nodes.ride_moved[ride]), left), 1.0 - walk)

    def arc(self, t: int, x: int, walked: bool) -> _Way:
        """Return the way on from a landing along the step at position ``x``."""
        nodes, step = self.nodes, int(self.nodes.step[x])
        y = int(nodes.arc_from[t] + x - nodes.step_from[nodes.landing_stop[t]])
        walk, share, km = float(nodes.step_walk[step]), float(self.habits.share[x]), float(nodes.step_km[step])
        if walked:
            return self._on(int(nodes.arc_walked[y]), self.moved, (self.habits.max_walk_km, km), share * walk)
        return self._on(int(nodes.arc[y]), self.moved, (float(nodes.ride_km[step]), km), share * (1.0 - walk))

    def steps(self, stop: int) -> range:
        """Return the positions of the steps out of a stop."""
        return range(int(self.nodes.step_from[stop]), int(self.nodes.step_from[stop + 1]))

    @cached_property
    def states(self) -> list[_State]:
        """Return what can follow each state, in their order."""
        nodes, habits = self.nodes, self.habits
        stops, places = nodes.stop_place.size, habits.chance.size
        states = []
        for row in range(self.rows):
            first = int(row >= stops)
            ways = [self.enter(x, first) for x in self.steps(row - stops if first else row)]
            leaving = 1.0 if places <= row < stops else float(habits.chance[self.place_of(row)])
            states.append(_State(ways, self.night(row), leaving, 0))
        for ride in range(nodes.ride_step.size):
            ways = [self.ride(ride, walked) for walked in (False, True)]
            states.append(_State([way for way in ways if way.share > 0.0], None, 1.0, 0))
        for t, stop in enumerate(map(int, nodes.landing_stop)):
            if not nodes.landing_goes_on[t]:
                states.append(_State([self.landed(stop)], None, 1.0, 0))
                continue
            ways = [self.arc(t, x, walked) for x in self.steps(stop) for walked in (False, True)]
            ways = [way for way in ways if way.share > 0.0]
            if stop >= places:
                states.append(_State(ways, None, 1.0, 0))
                continue
            urged = self.parts if habits.is_town[stop] else 0
            chance = float((habits.chance_as_town if habits.is_town[stop] else habits.chance)[stop])
            states.append(_State(ways, self.landed(stop), chance, urged))
        return states

    def differences(self) -> tuple[Floats, Floats, Floats]:
        """Return by what chance people in a cell decide otherwise than those in cell zero, summed over the cells."""
        parts = self.empty()
        sums = [row for part in parts for row in part]
        first_landing = self.rows + self.nodes.ride_step.size
        order = [*range(len(sums) - 1, first_landing - 1, -1), *range(self.rows, first_landing), *range(self.rows)]
        for _ in range(_DAYS):
            for state in order:
                sums[state][:] = _sums_of(self.states[state], sums, sums[state].size)
        return parts

    def people(self) -> tuple[Floats, Floats, Floats]:
        """Return how often one who sets out is in each cell."""
        today, total = self.empty(), self.empty()
        first_landing = self.rows + self.nodes.ride_step.size
        first_row = self.nodes.stop_place.size if self.habits.starts_on_foot else 0
        today[0][first_row : first_row + self.habits.chance.size, 0] = self.habits.sets_out
        for _ in range(_DAYS_OF_PEOPLE):
            tomorrow = self.empty()
            now, then = ([row for part in parts for row in part] for parts in (today, tomorrow))
            for number, state in enumerate(self.states):
                if not now[number].any():
                    continue
                going = now[number] * state.chance
                going[: state.urged] = now[number][: state.urged]
                for way in state.ways:
                    same_day = way.to >= first_landing or number < self.rows
                    target = now[way.to] if same_day else then[way.to]
                    target += np.bincount(way.cell, going * way.share, target.size)
                if state.staying is not None:
                    stayed = np.bincount(state.staying.cell, now[number] - going, self.grid)
                    then[state.staying.to] += stayed
            for own, added in zip(total, today, strict=True):
                np.add(own, added, out=own)
            today = tomorrow
        return total


class _State(NamedTuple):
    """What can follow a state: ways on, a way to stay, the chance to go on, and in which first cells all do."""

    ways: list[_Way]
    staying: _Way | None
    chance: float
    urged: int


def _sums_of(state: _State, sums: list[Floats], size: int) -> Floats:
    onward = np.zeros(size)
    for way in state.ways:
        onward += way.share * sums[way.to][way.cell]
    if state.staying is None:
        return onward
    onward, staying = np.diff(onward), np.diff(sums[state.staying.to][state.staying.cell])
    differs = state.chance * onward + (1.0 - state.chance) * staying
    if state.urged:
        differs[: state.urged - 1] = onward[: state.urged - 1]
        differs[state.urged - 1] = 1.0 - state.chance
    return np.concatenate([[0.0], np.cumsum(differs)])


def _maps(fine: Fine, groups: list[Groups]) -> Memory:
    """Return the table of what follows what."""
    nodes = fine.nodes
    of_cell = [row for group in groups for row in group.of_cell]
    standing = [row for group in groups for row in group.standing]
    cells = max(group.standing.shape[1] for group in groups)
    stops, rides = nodes.stop_place.size, nodes.ride_step.size
    landings, going_on = nodes.landing_stop.size, int(nodes.landing_goes_on.sum())
    rows: list[Ints] = []

    def row_of(state: int, way: _Way) -> int:
        rows.append(np.resize(of_cell[way.to][way.cell[standing[state]]], cells))
        return len(rows) - 1

    def rows_of(pairs: Iterable[tuple[int, _Way]]) -> Ints:
        return np.array([row_of(state, way) for state, way in pairs], np.int64)

    landing = fine.rows + rides
    enter = np.zeros((2, nodes.step.size), np.int64)
    for stop in range(stops):
        for x in fine.steps(stop):
            enter[0, x] = row_of(stop, fine.enter(x, 0))
            if stop + stops < fine.rows:
                enter[1, x] = row_of(stop + stops, fine.enter(x, 1))
    own_steps = [(t, x) for t in range(going_on) for x in fine.steps(int(nodes.landing_stop[t]))]
    bed = [int(stop) for stop in nodes.landing_stop]
    found = {
        "night": rows_of((row, fine.night(row)) for row in range(fine.rows)),
        "home": rows_of((stop, fine.night(fine.place_of(stop))) for stop in range(stops)),
        "enter": enter,
        "ride_next": rows_of((fine.rows + ride, fine.ride(ride, False)) for ride in range(rides)),
        "ride_walk": rows_of((fine.rows + ride, fine.ride(ride, True)) for ride in range(rides)),
        "ride_turned": rows_of((fine.rows + ride, fine.turned(ride)) for ride in range(rides)),
        "landing_home": rows_of((landing + t, fine.landed(fine.place_of(bed[t]))) for t in range(landings)),
        "landing_bed": rows_of((landing + t, fine.landed(bed[t])) for t in range(landings)),
        "arc_next": rows_of((landing + t, fine.arc(t, x, False)) for t, x in own_steps),
        "arc_walked": rows_of((landing + t, fine.arc(t, x, True)) for t, x in own_steps),
    }
    row_classes, ride_classes, landing_classes = (group.used.sum(axis=1).astype(np.int64) for group in groups)
    table, position = np.unique(np.array(rows, np.uint8), axis=0, return_inverse=True)
    position = position.ravel()
    urged = groups[2].standing < fine.parts
    return Memory(
        cells=cells,
        row_classes=row_classes,
        ride_classes=ride_classes,
        landing_classes=landing_classes,
        map=np.ascontiguousarray(table),
        landing_urged=(urged & groups[2].used).sum(axis=1).astype(np.int64),
        **{name: position[numbers] for name, numbers in found.items()},
    )
