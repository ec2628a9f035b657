"""Which ways people weigh from a place: every simple path over as many routes as they are aware of."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from posada.engine.dispersal.links import Link, Openings
from posada.model.displacement import Movement
from posada.model.errors import InvalidValueError
from posada.model.scenario import Scenario

_KNOWN_ROUTE_FACTOR = 4.0
MOST_OPTIONS = 2_000_000


@dataclass(frozen=True, slots=True)
class Option:
    """A way that people weigh: the places on it after the first, and its length."""

    places: tuple[int, ...]
    km: float

    @property
    def end(self) -> int:
        """Where it leads."""
        return self.places[-1]


def options_of_epoch(scenario: Scenario, openings: Openings, epoch: int) -> list[list[Option]]:
    """Return the options of every place in an epoch.

    Raises
    ------
    InvalidValueError
        When there are too many to be kept.
    """
    movement = scenario.movement
    assert movement is not None
    walker = _Walker(movement, openings, epoch)
    options = []
    count = 0
    for place in range(len(scenario.places)):
        found = list(walker.from_place(place))
        options.append(found)
        count += len(found)
        if count > MOST_OPTIONS:
            raise InvalidValueError(
                f"awareness_steps = {movement.awareness_steps} gives more than {MOST_OPTIONS:,} ways to weigh; "
                "lower it, or set fixed_routes"
            )
    if movement.fixed_routes and movement.awareness_steps != 0:
        return _fixed_routes(scenario, walker, [_best_by_end(movement, found) for found in options])
    return options


class _Walker:
    """Goes through the open links of one epoch."""

    def __init__(self, movement: Movement, openings: Openings, epoch: int) -> None:
        self.movement = movement
        self._most_steps = movement.awareness_steps
        self._freezes = movement.semantics == "flee" and movement.awareness_steps == 0
        if not self._freezes and self._most_steps == 0:
            self._most_steps = 1
        self._links: tuple[Link, ...] = openings.links
        self._open = openings.open_links[epoch]
        self._marker = openings.markers[epoch]

    def from_place(self, place: int) -> Iterator[Option]:
        """Give the options of a place."""
        skipped = self._marker[place] and self.movement.fixed_routes
        if not (self._freezes or skipped):
            yield from self._onward(place, (place,), 0.0, 1)

    def _onward(self, place: int, seen: tuple[int, ...], km: float, step: int) -> Iterator[Option]:
        for index in self._open[place]:
            link = self._links[index]
            if link.end in seen[:-1]:
                continue
            way = (*seen[1:], link.end)
            length = km + link.km
            steps = step
            if self._marker[link.end]:
                steps -= 0 if self.movement.fixed_routes and self.movement.semantics == "flee" else 1
            else:
                yield Option(way, length)
            if self._most_steps > steps:
                yield from self._onward(link.end, (*seen, link.end), length, steps + 1)

    def length(self, place: int, way: tuple[int, ...]) -> float | None:
        """Return the length of a way over the first open link of each step; ``None`` when one is closed."""
        km = 0.0
        for end in way:
            found = next((self._links[index] for index in self._open[place] if self._links[index].end == end), None)
            if found is None:
                return None
            km += found.km
            place = end
        return km


def _distance_weight(movement: Movement, km: float) -> float:
    return math.pow(movement.softening_km + km, -movement.distance_power)


def _best_by_end(movement: Movement, found: list[Option]) -> dict[int, Option]:
    """Keep of several ways to one place the one that weighs most, the first of equal ones."""
    best: dict[int, Option] = {}
    for option in found:
        other = best.get(option.end)
        if other is None or _distance_weight(movement, option.km) > _distance_weight(movement, other.km):
            best[option.end] = option
    return best


def _known_routes(scenario: Scenario) -> list[tuple[int, ...]]:
    place = {row.id: index for index, row in enumerate(scenario.places)}
    ways: dict[str, list[tuple[int, int]]] = {}
    for row in scenario.known_routes:
        ways.setdefault(row.way, []).append((row.step, place[row.place]))
    forward = [tuple(index for _, index in sorted(steps)) for steps in ways.values()]
    return [way for pair in forward for way in (pair, pair[::-1])]


def _fixed_routes(scenario: Scenario, walker: _Walker, best: list[dict[int, Option]]) -> list[list[Option]]:
    """Add the well-known ways to the best ones.

    Flee goes through the places in order, and holds a known way against what the place before its end has for that
    end: today's routes of an earlier place, yesterday's of a later one. So they are added twice, the second time
    against the result of the first.
    """
    movement = scenario.movement
    assert movement is not None
    known = _known_routes(scenario)
    routes = best
    for _ in range(2 if known else 0):
        before = routes
        routes = []
        for place in range(len(best)):
            routes.append(_with_known(walker, place, dict(best[place]), known, [*routes, *before[len(routes) :]]))
    return [list(own.values()) for own in routes]


def _with_known(
    walker: _Walker,
    place: int,
    own: dict[int, Option],
    known: list[tuple[int, ...]],
    of_others: list[dict[int, Option]],
) -> dict[int, Option]:
    """Add the well-known ways that begin here, or where one of the best ways leads, as if a quarter as long.

    A known way to a place that is already within reach is not looked at.
    """
    movement = walker.movement
    hubs: list[tuple[int, tuple[int, ...]]] = [(place, ()), *((end, option.places) for end, option in own.items())]
    within_reach = {place, *own}
    for hub, first in hubs:
        for way in known:
            if way[0] != hub or way[-1] in within_reach:
                continue
            route = (*first, *way[1:])
            length = walker.length(place, route)
            if length is None:
                continue
            # Softening and way count a quarter together; this is the length that gives that.
            km = (movement.softening_km + length) / _KNOWN_ROUTE_FACTOR - movement.softening_km
            before_end = (place, *route)[-2]
            against = of_others[before_end] if movement.semantics == "flee" else own
            other = own.get(way[-1]) if before_end == place else against.get(way[-1])
            if other is None or _distance_weight(movement, km) > _distance_weight(movement, other.km):
                # Flee loses the first step of such a route, so that people look for the second one at once.
                taken = (*route[1:-1], route[-1]) if movement.semantics == "flee" else route
                own[way[-1]] = Option(taken, km)
    return own
