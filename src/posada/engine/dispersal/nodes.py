"""Where people can be: stops for the night, days of a ride, and the places that they pass within a day.

A *stop* is a place together with the rest of the route that people there still follow; the first stops are the
places without such a rest. A *step* is a link together with the rest of the route after it. A *ride* is a step
with a distance done on it by people who set out from there for the first time or not, and go on or go back. A
*landing* is a stop reached within a day, by what can still be reached on that day: whoever has moved less than a
day's way goes on, and two distances moved from which every way on arrives, or does not, at the same landings are one
landing. All that people can do from each is a fixed graph, made here once: what remains for a run is to draw how
many take each arc.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import NamedTuple

import numpy as np

from posada.engine.dispersal.links import Link, Openings
from posada.engine.dispersal.options import Option
from posada.engine.draws import entity_key
from posada.engine.world import Floats, Ints
from posada.model.displacement import Movement

Stop = tuple[int, tuple[int, ...]]
Step = tuple[int, tuple[int, ...]]

EXACT_LANDINGS = 60_000
"""More landings than this are put on a grid of kilometres."""

GRID_SHARE = 1 / 64
"""Width of that grid, in days' ways."""


class Nodes(NamedTuple):
    """The graph. Arcs to a ride are its number; arcs to a landing are -1 - its number."""

    stop_place: Ints  # (U,)
    stop_end: Ints  # (U,) where the rest of the route leads, -1 without one
    step_from: Ints  # (U + 1,) the steps out of a stop are step_from[u] to step_from[u + 1]
    step: Ints  # (X,) steps by stop, as numbers of steps
    enter_ride: Ints  # (2, Q) ride at distance zero, by whether they set out for the first time
    step_link: Ints  # (Q,)
    step_end: Ints  # (Q,) place where the whole route of the step leads
    step_start: Ints  # (Q,)
    step_km: Floats  # (Q,)
    ride_km: Floats  # (Q,) way of a day on the step
    step_walk: Floats  # (Q,) chance that the day is walked
    ride_step: Ints  # (J,)
    ride_next: Ints  # (J,) arc
    ride_moved: Floats  # (J,) kilometres moved by who is still on the way after the day
    ride_left: Floats  # (J,) kilometres moved by who arrives on the day
    walk_next: Ints  # (J,) arc when the day is walked
    walk_chance: Floats  # (J,)
    ride_turn: Ints  # (J,) a number made from its names, by which people of a ride come in one shift or another
    turned: Ints  # (J,) the same ride of people who go back, -1 where the link never closes
    landing_stop: Ints  # (T,)
    landing_goes_on: Ints  # (T,) 1 when people have moved less than a day's way; these come first, in their order
    arc_from: Ints  # (T,) the arcs of landing t are arc_from[t] + k for step k of its stop
    arc: Ints  # (Y,)
    arc_step: Ints  # (Y,) step of an arc
    arc_walked: Ints  # (Y,)
    next_step: Ints  # (E, U) which step of a stop follows its rest of the route in an epoch, -1 when none is open


@dataclass
class NodeMaker:
    """Collects stops, steps, rides and landings."""

    movement: Movement
    openings: Openings
    options: list[list[list[Option]]]
    place_ids: tuple[str, ...]
    grid_km: float = 0.0
    stops: dict[Stop, int] = field(default_factory=dict)
    steps: dict[Step, int] = field(default_factory=dict)
    steps_of: list[list[int]] = field(default_factory=list)
    first_link: list[dict[tuple[int, int], int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.links: tuple[Link, ...] = self.openings.links
        self._has: set[tuple[int, int]] = set()
        self._closing = {index for closed in self.openings.closing.values() for index in closed}
        for place in range(len(self.options[0])):
            self._stop((place, ()))
        for epoch, open_links in enumerate(self.openings.open_links):
            first: dict[tuple[int, int], int] = {}
            for place, links in enumerate(open_links):
                for index in links:
                    first.setdefault((place, self.links[index].end), index)
            self.first_link.append(first)
            for place, found in enumerate(self.options[epoch]):
                for option in found:
                    if (place, option.places[0]) in first:
                        self._step(place, (first[place, option.places[0]], option.places[1:]))
        self._close_under_routes()

    def _stop(self, stop: Stop) -> int:
        if stop not in self.stops:
            self.stops[stop] = len(self.stops)
            self.steps_of.append([])
        return self.stops[stop]

    def _step(self, stop: int, step: Step) -> int:
        number = self.steps.setdefault(step, len(self.steps))
        if (stop, number) not in self._has:
            self._has.add((stop, number))
            self.steps_of[stop].append(number)
        return number

    def _close_under_routes(self) -> None:
        """Add every stop on the way of a route, and the steps that can follow there."""
        done = 0
        waiting = list(self.steps)
        while done < len(waiting):
            link, rest = waiting[done]
            done += 1
            ends = [self.links[link].end]
            if link in self._closing:
                ends.append(self.links[link].start)
            for place in ends:
                if not rest:
                    continue
                stop = self._stop((place, rest))
                for first in self.first_link:
                    onward = first.get((place, rest[0]))
                    if onward is not None and (onward, rest[1:]) not in self.steps:
                        waiting.append((onward, rest[1:]))
                    if onward is not None:
                        self._step(stop, (onward, rest[1:]))

    def make(self) -> Nodes:
        """Return the graph as arrays; too many landings are put on a grid."""
        rides = _Rides(self)
        landings = _Landings(self, rides)
        if not landings.explore():
            self.grid_km = GRID_SHARE * self.movement.max_move_km_per_day
            rides = _Rides(self)
            landings = _Landings(self, rides)
            landings.explore(limit=2**31)
        return _as_arrays(self, rides, landings)


RideKey = tuple[int, int, int, float]
"""Step, whether for the first time, whether going back, kilometres done."""


class _Rides:
    """Every distance that can have been done on a step by the evening."""

    def __init__(self, maker: NodeMaker) -> None:
        self.maker = maker
        self.number: dict[RideKey, int] = {}
        self.keys: list[RideKey] = []
        self.starts_on_foot = maker.movement.start_on_foot
        self._steps = list(maker.steps)
        closing = {index for closed in maker.openings.closing.values() for index in closed}
        for (link, _), step in maker.steps.items():
            for first in (0, 1) if self.starts_on_foot else (0,):
                self._add_distances(step, first, 0)
                if link in closing:
                    self._add_distances(step, first, 1)

    def speeds(self, step: int, first: int) -> tuple[float, ...]:
        """Return the ways of a day that people can make on a step: by vehicle, and on foot."""
        link = self.maker.links[self.link_of(step)]
        if first:
            return (self.maker.movement.max_walk_km_per_day,)
        if link.walk_probability > 0.0:
            return (link.km_per_day, self.maker.movement.max_walk_km_per_day)
        return (link.km_per_day,)

    def link_of(self, step: int) -> int:
        """Return the link of a step."""
        return self._steps[step][0]

    def name(self, step: int, first: int, done: float) -> str:
        """Return what identifies a ride, whatever else is in the scenario."""
        ids = self.maker.place_ids
        link, rest = self._steps[step]
        ends = self.maker.links[link]
        return f"{ids[ends.start]} {ids[ends.end]} {' '.join(ids[place] for place in rest)} {first} {done:g}"

    def _add_distances(self, step: int, first: int, back: int) -> None:
        km = self.maker.links[self.link_of(step)].km
        waiting = [0.0]
        while waiting:
            done = waiting.pop()
            key = (step, first, back, done)
            if key in self.number:
                continue
            self.number[key] = len(self.keys)
            self.keys.append(key)
            waiting.extend(done + speed for speed in self.speeds(step, first) if done + speed <= km)


LandingKey = tuple[int, int, float]
"""Stop, whether people go on, kilometres moved today."""


class _Landings:
    """Every stop that can be reached within a day, by what has been moved so far; then merged by what can follow."""

    def __init__(self, maker: NodeMaker, rides: _Rides) -> None:
        self.maker, self.rides = maker, rides
        self.number: dict[LandingKey, int] = {}
        self.order: list[LandingKey] = []
        self.onward: dict[LandingKey, list[LandingKey | None]] = {}
        """Where each step of a landing, at each of its speeds, arrives on the same day, if it does."""
        self._steps = list(maker.steps)
        self._km = [maker.links[link].km for link, _ in self._steps]
        self._stop = [maker.stops[maker.links[link].end, rest] for link, rest in self._steps]
        self._speeds = [rides.speeds(step, 0) for step in range(len(self._steps))]

    def key(self, stop: int, moved: float, goes_on: bool, after: float = -1.0) -> LandingKey:
        """Return the key of an arrival at a stop; on a grid it comes at least one cell after ``after``."""
        if not goes_on:
            return stop, 0, 0.0
        grid = self.maker.grid_km
        if grid > 0.0:
            return stop, int(goes_on), max(round(moved / grid), round(after / grid) + 1, 0) * grid
        return stop, int(goes_on), round(moved, 6)

    def of_ride(self, ride: int, speed: float) -> LandingKey | None:
        """Return where a ride arrives after a day at a speed; ``None`` when it does not."""
        step, _, back, done = self.rides.keys[ride]
        link, rest = self._steps[step]
        km = self.maker.links[link].km
        if not done + speed > km:
            return None
        if back:
            return self.key(self.maker.stops[self.maker.links[link].start, rest], km - done, goes_on=False)
        return self.key(self.maker.stops[self.maker.links[link].end, rest], km - done, km - done < speed)

    def of_step(self, step: int, moved: float, speed: float) -> LandingKey | None:
        """Return where a step begun within a day arrives on it; ``None`` when it does not."""
        km = self._km[step]
        if not speed > km:
            return None
        return self.key(self._stop[step], moved + km, moved + km < speed, moved)

    def explore(self, limit: int = EXACT_LANDINGS) -> bool:
        """Find all landings, in the order of kilometres moved; say whether they are at most ``limit``."""
        heap: list[tuple[float, int, int]] = []
        seen: dict[LandingKey, LandingKey] = {}

        def meet(key: LandingKey | None) -> LandingKey | None:
            if key is None or key in seen:
                return None if key is None else seen[key]
            seen[key] = key
            heappush(heap, (key[2], key[0], key[1]))
            return key

        for ride, (step, first, _, _) in enumerate(self.rides.keys):
            for speed in self.rides.speeds(step, first):
                meet(self.of_ride(ride, speed))
        while heap:
            moved, stop, goes_on = heappop(heap)
            self.order.append((stop, goes_on, moved))
            if len(seen) > limit:
                return False
            if goes_on:
                self.onward[stop, goes_on, moved] = [
                    meet(self.of_step(step, moved, speed))
                    for step in self.maker.steps_of[stop]
                    for speed in self._speeds[step]
                ]
        self._merge()
        return True

    def _merge(self) -> None:
        """Make landings of one stop one when each way on from them arrives at the same landings on the same day.

        From the longest way moved to the shortest, so that what follows has been merged before. Each merged landing is
        kept as the farthest of its own: then every way on leads to a later one in the order.
        """
        self.order.sort(key=lambda key: 1 - key[1])  # stable: who goes on first, in the order of the way moved
        merged: dict[tuple[int, int, tuple[int | None, ...]], int] = {}
        kept: list[LandingKey] = []
        number: dict[LandingKey, int] = {}
        for key in reversed(self.order):
            onward = tuple(None if end is None else number[end] for end in self.onward.get(key, ()))
            future = (key[0], key[1], onward)
            if future not in merged:
                merged[future] = len(kept)
                kept.append(key)
            number[key] = merged[future]
        self.order = kept[::-1]
        self.number = {key: len(kept) - 1 - own for key, own in number.items()}


def _as_arrays(maker: NodeMaker, rides: _Rides, landings: _Landings) -> Nodes:
    stops, steps = list(maker.stops), list(maker.steps)
    links = [maker.links[link] for link, _ in steps]
    step_from = np.cumsum([0, *(len(own) for own in maker.steps_of)])
    enter = np.array(
        [
            [rides.number[step, first if rides.starts_on_foot else 0, 0, 0.0] for step in range(len(steps))]
            for first in (0, 1)
        ],
        np.int64,
    ).reshape(2, len(steps))
    table = _ride_table(rides, landings)
    arcs = _arc_table(maker, rides, landings)
    next_step = np.full((len(maker.first_link), len(stops)), -1, np.int64)
    for epoch, first in enumerate(maker.first_link):
        for number, (place, rest) in enumerate(stops):
            onward = first.get((place, rest[0])) if rest else None
            if onward is not None:
                next_step[epoch, number] = maker.steps_of[number].index(maker.steps[onward, rest[1:]])
    return Nodes(
        stop_place=np.array([place for place, _ in stops], np.int64),
        stop_end=np.array([rest[-1] if rest else -1 for _, rest in stops], np.int64),
        step_from=step_from.astype(np.int64),
        step=np.array([step for own in maker.steps_of for step in own], np.int64),
        enter_ride=enter,
        step_link=np.array([link for link, _ in steps], np.int64),
        step_end=np.array([(link.end, *rest)[-1] for link, (_, rest) in zip(links, steps, strict=True)], np.int64),
        step_start=np.array([link.start for link in links], np.int64),
        step_km=np.array([link.km for link in links]),
        ride_km=np.array([link.km_per_day for link in links]),
        step_walk=np.array([link.walk_probability for link in links]),
        landing_stop=np.array([stop for stop, _, _ in landings.order], np.int64),
        landing_goes_on=np.array([goes_on for _, goes_on, _ in landings.order], np.int64),
        next_step=next_step,
        **table,
        **arcs,
    )


def _ride_table(rides: _Rides, landings: _Landings) -> dict[str, np.ndarray]:
    next_ride, walked, moved, left, chance, turned, turn = [], [], [], [], [], [], []
    for number, (step, first, back, done) in enumerate(rides.keys):
        speeds = rides.speeds(step, first)
        arcs = []
        for speed in speeds:
            arrival = landings.of_ride(number, speed)
            arcs.append(
                rides.number[step, first, back, done + speed] if arrival is None else -1 - landings.number[arrival]
            )
        next_ride.append(arcs[0])
        walked.append(arcs[-1])
        moved.append(speeds[0])
        left.append(rides.maker.links[rides.link_of(step)].km - done)
        chance.append(rides.maker.links[rides.link_of(step)].walk_probability if len(speeds) > 1 else 0.0)
        turn.append(entity_key(rides.name(step, first, done)))
        turned.append(rides.number.get((step, first, 1, done), -1) if not back else -1)
    return {
        "ride_step": np.array([key[0] for key in rides.keys], np.int64),
        "ride_next": np.array(next_ride, np.int64),
        "ride_moved": np.array(moved, np.float64),
        "ride_left": np.array(left, np.float64),
        "walk_next": np.array(walked, np.int64),
        "walk_chance": np.array(chance, np.float64),
        "ride_turn": np.array(turn, np.int64),
        "turned": np.array(turned, np.int64),
    }


def _arc_table(maker: NodeMaker, rides: _Rides, landings: _Landings) -> dict[str, np.ndarray]:
    arc_from: list[int] = []
    arcs: list[int] = []
    steps: list[int] = []
    walked: list[int] = []
    speeds = [rides.speeds(step, 0) for step in range(len(maker.steps))]
    for landing in landings.order:
        arc_from.append(len(arcs))
        arrivals = iter(landings.onward.get(landing, ()))
        for step in maker.steps_of[landing[0]] if landing[1] else ():
            pair = []
            for speed in speeds[step]:
                arrival = next(arrivals)
                pair.append(rides.number[step, 0, 0, speed] if arrival is None else -1 - landings.number[arrival])
            arcs.append(pair[0])
            steps.append(step)
            walked.append(pair[-1])
    return {
        "arc_from": np.array(arc_from, np.int64),
        "arc": np.array(arcs, np.int64),
        "arc_step": np.array(steps, np.int64),
        "arc_walked": np.array(walked, np.int64),
    }
