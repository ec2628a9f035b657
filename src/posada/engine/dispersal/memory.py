"""The memory of recent travel as classes: people of one class decide alike, but for a stated chance.

Who avoids short stints remembers r = (r before + way of the day) / 2, in days' ways, and goes on from a town when r
and the way moved today together are less than one day's way. Where r leads to the same decisions, it need not be
told apart. So r is laid on a fine grid, and for every stop, ride and landing the chance is worked out that two people
in neighbouring cells of it will ever decide differently, from what follows one day after the other, as two people
coupled who meet the same luck. Cells that differ by less than :data:`TOLERANCE` together are one class, and the
middle one of them stands for it. Many cells where much depends on them, one in a camp that hardly anybody leaves.

The way of a day is added to the memory on arrival, so that landings are told apart by the sum of both and not by each.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from posada.engine.dispersal.nodes import Nodes
from posada.engine.world import Flags, Floats, Ints

TOLERANCE = 0.02
"""Chance of another decision that one class may hide."""

_GRID, _COARSE_GRID = 128, 32
"""Cells of the fine grid, over two days' ways."""

_PARTS = 4
"""Into so many parts a cell is divided where the way of a day is added."""

_MOST_NUMBERS = 2**23
_ROUNDS = 16

Maps = NDArray[np.uint8]


class Memory(NamedTuple):
    """Which class follows which. Every field but the first two holds rows of ``map``."""

    cells: int  # B, the most classes of one stop, ride or landing
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
    """What people do on the average of all days: enough to say what matters."""

    chance: Floats  # (P,) to leave
    share: Floats  # (X,) who take a step of a stop, among those who leave
    is_town: Flags  # (P,) on any day
    max_move_km: float
    max_walk_km: float
    starts_on_foot: bool


def without_memory(nodes: Nodes, rows: int) -> Memory:
    """Return the one class of people who remember nothing."""
    zeros = {name: np.zeros(size, np.int64) for name, size in _sizes(nodes, rows).items()}
    return Memory(cells=1, map=np.zeros((1, 1), np.uint8), enter=np.zeros((2, nodes.step.size), np.int64), **zeros)


def classes_of_memory(nodes: Nodes, habits: Habits, cells: int) -> Memory:
    """Return the classes of people who avoid short stints, at most ``cells`` in one place or on one ride."""
    fine = _Fine(nodes, habits)
    fine.weigh()
    return _Classes(fine, cells).maps()


def _sizes(nodes: Nodes, rows: int) -> dict[str, int]:
    rides, landings, arcs = nodes.ride_step.size, nodes.landing_stop.size, nodes.arc.size
    sizes = {"night": rows, "home": nodes.stop_place.size}
    sizes |= dict.fromkeys(("ride_next", "ride_walk", "ride_turned"), rides)
    sizes |= dict.fromkeys(("landing_home", "landing_bed", "landing_urged"), landings)
    return sizes | dict.fromkeys(("arc_next", "arc_walked"), arcs)


@dataclass
class _Fine:
    """The fine grid, and on it by how much the decisions of neighbouring cells differ, summed from cell zero."""

    nodes: Nodes
    habits: Habits
    stay: Floats = field(init=False)  # (R, G)
    ride: Floats = field(init=False)  # (J, G)
    landing: Floats = field(init=False)  # (T, S) memory and way of today together

    def __post_init__(self) -> None:
        nodes = self.nodes
        landings = nodes.landing_stop.size
        self.grid = _GRID if landings * _GRID * _PARTS * 2 <= _MOST_NUMBERS else _COARSE_GRID
        self.parts = self.grid // 2 * _PARTS  # of one day's way
        self.remembered = np.arange(self.grid)
        self.moved = np.arange(self.grid * _PARTS * 2)
        places, stops = self.habits.chance.size, nodes.stop_place.size
        self.rows = stops + (places if self.habits.starts_on_foot else 0)
        self.stay = np.zeros((self.rows, self.grid))
        self.ride = np.zeros((nodes.ride_step.size, self.grid))
        self.landing = np.zeros((landings, self.moved.size))

    def after_night(self, km: float) -> Ints:
        """Return the cell after a day of so many kilometres, for every cell; half a cell goes down."""
        return self._halved(self.remembered * _PARTS, km)

    def after_landing(self, km: float) -> Ints:
        """Return the cell after a day on which people have landed, and gone so many kilometres since."""
        return self._halved(self.moved, km)

    def _halved(self, parts: Ints, km: float) -> Ints:
        exact = (parts + km / self.habits.max_move_km * self.parts) / (2 * _PARTS)
        return np.minimum(np.ceil(exact - 0.5), self.grid - 1).astype(np.int64)

    def landed(self, km: float) -> Ints:
        """Return the cell of a landing for every cell of a ride that arrives after so many kilometres of today."""
        return self._added(self.remembered * _PARTS, km)

    def landed_again(self, km: float) -> Ints:
        """Return the cell of a landing for every cell of the one before it, so many kilometres away."""
        return self._added(self.moved, km)

    def _added(self, parts: Ints, km: float) -> Ints:
        """Add a way, rounded down: who remembers nothing and has moved less than a day's way stays below one."""
        return np.minimum(parts + int(km / self.habits.max_move_km * self.parts), self.moved.size - 1)

    def weigh(self) -> None:
        """Work out the sums, from what follows on the same day and on the days after."""
        nodes, chance = self.nodes, self.habits.chance
        night = self.after_night(0.0)
        steps_of_row = [self.steps_of(row) for row in range(self.rows)]
        for _ in range(_ROUNDS):
            for t in range(nodes.landing_stop.size - 1, -1, -1):
                self.landing[t] = self._of_landing(t)
            self.ride = np.array([self._of_ride(ride) for ride in range(nodes.ride_step.size)]).reshape(self.ride.shape)
            stay = np.zeros_like(self.stay)
            for row, steps in enumerate(steps_of_row):
                follows = self.habits.chance.size <= row < nodes.stop_place.size
                leaving = 1.0 if follows else float(chance[nodes.stop_place[self.stop_of(row)]])
                stay[row] = (1.0 - leaving) * self.stay[row, night]
                for x, ride in steps:
                    stay[row] += leaving * self.habits.share[x] * self.ride[ride]
            self.stay = stay

    def stop_of(self, row: int) -> int:
        """Return the stop of a row: behind the stops come places with those who have not left them yet."""
        return row if row < self.nodes.stop_place.size else row - self.nodes.stop_place.size

    def steps_of(self, row: int) -> list[tuple[int, int]]:
        """Return the steps out of a row, by their position, with the ride on which each begins."""
        stop = self.stop_of(row)
        steps = range(int(self.nodes.step_from[stop]), int(self.nodes.step_from[stop + 1]))
        return [(x, int(self.nodes.enter_ride[int(row != stop), self.nodes.step[x]])) for x in steps]

    def _of_ride(self, ride: int) -> Floats:
        nodes = self.nodes
        rest, walk = float(nodes.ride_left[ride]), float(nodes.walk_chance[ride])
        value = (1.0 - walk) * self._at_ride_end(int(nodes.ride_next[ride]), float(nodes.ride_moved[ride]), rest)
        if walk > 0.0:
            value += walk * self._at_ride_end(int(nodes.walk_next[ride]), self.habits.max_walk_km, rest)
        return value

    def _at_ride_end(self, arc: int, km: float, rest: float) -> Floats:
        return self.ride[arc, self.after_night(km)] if arc >= 0 else self.landing[-1 - arc, self.landed(rest)]

    def _of_landing(self, t: int) -> Floats:
        nodes = self.nodes
        stop = int(nodes.landing_stop[t])
        place = int(nodes.stop_place[stop])
        rest = self.after_landing(0.0)
        if not nodes.landing_goes_on[t]:
            return np.asarray(self.stay[stop, rest])
        onward = np.zeros(self.moved.size)
        for k, x in enumerate(range(int(nodes.step_from[stop]), int(nodes.step_from[stop + 1]))):
            onward += self.habits.share[x] * self._of_arc(int(nodes.arc_from[t]) + k, int(nodes.step[x]))
        if stop >= self.habits.chance.size:
            return onward
        chance = float(self.habits.chance[place])
        staying = np.diff(self.stay[place, rest])
        onward = np.diff(onward)
        differs = chance * onward + (1.0 - chance) * staying
        if self.habits.is_town[place]:
            differs[: self.parts] = onward[: self.parts]
            differs[self.parts - 1] = 1.0 - chance
        return np.concatenate([[0.0], np.cumsum(differs)])

    def _of_arc(self, y: int, step: int) -> Floats:
        nodes = self.nodes
        walk = float(nodes.step_walk[step])
        value = (1.0 - walk) * self._at_arc_end(int(nodes.arc[y]), step, float(nodes.ride_km[step]))
        if walk > 0.0:
            value += walk * self._at_arc_end(int(nodes.arc_walked[y]), step, self.habits.max_walk_km)
        return value

    def _at_arc_end(self, arc: int, step: int, km: float) -> Floats:
        if arc >= 0:
            return self.ride[arc, self.after_landing(km)]
        return self.landing[-1 - arc, self.landed_again(float(self.nodes.step_km[step]))]


class _Classes:
    """The classes of every state, and the cell that stands for each."""

    def __init__(self, fine: _Fine, cells: int) -> None:
        self.fine = fine
        self.stay, self.stay_cell = _grouped(fine.stay, cells)
        self.ride, self.ride_cell = _grouped(fine.ride, cells)
        self.landing, self.landing_cell = _grouped(fine.landing, cells)
        self.cells = max(own.shape[1] for own in (self.stay_cell, self.ride_cell, self.landing_cell))
        self._rows: list[NDArray[np.int64]] = []

    def maps(self) -> Memory:
        """Return the table of what follows what."""
        fine, nodes = self.fine, self.fine.nodes
        night, rest = fine.after_night(0.0), fine.after_landing(0.0)
        stops, landings = range(nodes.stop_place.size), range(nodes.landing_stop.size)
        homes = nodes.stop_place[nodes.landing_stop]
        index = {
            "night": [self._add(self.stay[row, night[self.stay_cell[row]]]) for row in range(fine.rows)],
            "home": [self._add(self.stay[nodes.stop_place[u], night[self.stay_cell[u]]]) for u in stops],
            "landing_home": [self._add(self.stay[homes[t], rest[self.landing_cell[t]]]) for t in landings],
            "landing_bed": [
                self._add(self.stay[nodes.landing_stop[t], rest[self.landing_cell[t]]]) for t in landings
            ],
            **self._of_rides(),
            **self._of_arcs(),
        }
        enter = np.zeros((2, nodes.step.size), np.int64)
        for row in range(fine.rows):
            for x, ride in fine.steps_of(row):
                enter[int(row >= nodes.stop_place.size), x] = self._add(self.ride[ride, self.stay_cell[row]])
        urged = (self.landing_cell < fine.parts) & (np.diff(self.landing_cell, axis=1, prepend=-1) > 0)
        table = np.zeros((len(self._rows), self.cells), np.uint8)
        for number, row_of_classes in enumerate(self._rows):
            table[number, : row_of_classes.size] = row_of_classes
        table, position = np.unique(table, axis=0, return_inverse=True)
        position = position.ravel()
        return Memory(
            cells=self.cells,
            map=np.ascontiguousarray(table),
            enter=position[enter],
            landing_urged=urged.sum(axis=1).astype(np.int64),
            **{name: position[np.array(rows, np.int64)] for name, rows in index.items()},
        )

    def _add(self, classes: NDArray[np.int64]) -> int:
        self._rows.append(classes)
        return len(self._rows) - 1

    def _of_rides(self) -> dict[str, list[int]]:
        fine, nodes = self.fine, self.fine.nodes
        index: dict[str, list[int]] = {"ride_next": [], "ride_walk": [], "ride_turned": []}
        for ride, cells in enumerate(self.ride_cell):
            rest, walked = float(nodes.ride_left[ride]), fine.habits.max_walk_km
            for name, arc, km in (
                ("ride_next", int(nodes.ride_next[ride]), float(nodes.ride_moved[ride])),
                ("ride_walk", int(nodes.walk_next[ride]), walked),
            ):
                on = self.ride[arc, fine.after_night(km)[cells]] if arc >= 0 else None
                index[name].append(self._add(self.landing[-1 - arc, fine.landed(rest)[cells]] if on is None else on))
            index["ride_turned"].append(self._add(self.ride[max(int(nodes.turned[ride]), 0), cells]))
        return index

    def _of_arcs(self) -> dict[str, list[int]]:
        fine, nodes = self.fine, self.fine.nodes
        index: dict[str, list[int]] = {"arc_next": [], "arc_walked": []}
        for t in range(int(nodes.landing_goes_on.sum())):
            stop, cells = int(nodes.landing_stop[t]), self.landing_cell[t]
            for k, x in enumerate(range(int(nodes.step_from[stop]), int(nodes.step_from[stop + 1]))):
                step, y = int(nodes.step[x]), int(nodes.arc_from[t]) + k
                again = fine.landed_again(float(nodes.step_km[step]))[cells]
                for name, arc, km in (
                    ("arc_next", int(nodes.arc[y]), float(nodes.ride_km[step])),
                    ("arc_walked", int(nodes.arc_walked[y]), fine.habits.max_walk_km),
                ):
                    on = self.ride[arc, fine.after_landing(km)[cells]] if arc >= 0 else self.landing[-1 - arc, again]
                    index[name].append(self._add(on))
        return index


def _grouped(sums: Floats, cells: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the class of every fine cell, and the cell that stands for each class (the last one again beyond it)."""
    count, size = sums.shape
    rising = np.maximum.accumulate(sums - sums[:, :1], axis=1)
    width = np.maximum(TOLERANCE, rising[:, -1:] / cells * (1.0 + 1e-9))
    steps = np.floor(rising / width)
    classes = np.cumsum(np.diff(steps, axis=1, prepend=0.0) > 0.0, axis=1)
    most = int(classes.max(initial=0)) + 1
    first, last = np.full((count, most), size), np.zeros((count, most), np.int64)
    at = (np.arange(count)[:, None], classes)
    every = np.broadcast_to(np.arange(size), classes.shape)
    np.minimum.at(first, at, every)
    np.maximum.at(last, at, every)
    middle = np.maximum.accumulate((np.minimum(first, size - 1) * (first < size) + last) // 2, axis=1)
    return classes, middle
