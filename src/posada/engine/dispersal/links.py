"""Which routes are open on which day, and which close under the feet of the people on them.

A link is a route in one direction. Days with the same open links and the same markers are one epoch: the ways that
people can weigh are worked out once for each.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import numpy as np

from posada.engine.world import Flags, Ints
from posada.model.displacement import Closure
from posada.model.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Link:
    """A route in one direction."""

    start: int
    end: int
    km: float
    km_per_day: float
    walk_probability: float


@dataclass(frozen=True)
class Openings:
    """The epochs: for each, the open links of every place in their order, and whether a place is a marker."""

    links: tuple[Link, ...]
    epoch: Ints  # (D,)
    open_links: list[tuple[tuple[int, ...], ...]]
    markers: list[tuple[bool, ...]]
    closing: dict[int, tuple[int, ...]]
    """By day: links that close on it, whose people go back to where they came from."""


def build_links(scenario: Scenario) -> tuple[Link, ...]:
    """Return the roads of a scenario in both directions, in the order of the table."""
    movement = scenario.movement
    assert movement is not None
    place = {row.id: index for index, row in enumerate(scenario.places)}
    links: list[Link] = []
    for row in scenario.routes:
        if row.mode != "road":
            continue
        pace = row.max_km_per_day if row.max_km_per_day is not None else movement.max_move_km_per_day
        ends = [(place[row.from_place], place[row.to_place])]
        if not row.one_way:
            ends.append((ends[0][1], ends[0][0]))
        links.extend(Link(start, end, row.km, pace, row.walk_probability_per_day) for start, end in ends)
    return tuple(links)


def build_openings(scenario: Scenario, dates: tuple[dt.date, ...], is_marker: Flags) -> Openings:
    """Go through the days, close and reopen, and number the epochs."""
    links = build_links(scenario)
    gates = _Gates(scenario, links)
    eventful = _eventful_days(scenario)
    known: dict[tuple[tuple[tuple[int, ...], ...], tuple[bool, ...]], int] = {}
    epoch = np.zeros(len(dates), np.int64)
    closing: dict[int, tuple[int, ...]] = {}
    for day, date in enumerate(dates):
        same_markers = day > 0 and np.array_equal(is_marker[day], is_marker[day - 1])
        if same_markers and date not in eventful:
            epoch[day] = epoch[day - 1]
            continue
        closed = gates.begin_day(date)
        if closed:
            closing[day] = tuple(sorted(closed))
        state = (tuple(map(tuple, gates.open_links)), tuple(bool(flag) for flag in is_marker[day]))
        epoch[day] = known.setdefault(state, len(known))
    return Openings(links, epoch, [state[0] for state in known], [state[1] for state in known], closing)


def _eventful_days(scenario: Scenario) -> set[dt.date]:
    """Return the days on which anything can open or close, beside the first one."""
    days = {day for row in scenario.closures for day in (row.closes, row.reopens) if day is not None}
    days.update(row.open_from for row in scenario.routes if row.open_from is not None)
    last = (row.open_to for row in scenario.routes if row.open_to is not None and row.open_to < dt.date.max)
    days.update(day + dt.timedelta(days=1) for day in last)
    return days


@dataclass
class _Gates:
    """Open and closed links of every place, each list in the order in which Flee would keep it."""

    scenario: Scenario
    links: tuple[Link, ...]
    open_links: list[list[int]] = field(init=False)
    closed: list[list[int]] = field(init=False)

    def __post_init__(self) -> None:
        self._place = {row.id: index for index, row in enumerate(self.scenario.places)}
        self._country = [row.country for row in self.scenario.places]
        self.open_links = [[] for _ in self._country]
        self.closed = [[] for _ in self._country]
        for index, link in enumerate(self.links):
            self.open_links[link.start].append(index)
        self._routes = [row for row in self.scenario.routes if row.mode == "road"]

    def begin_day(self, date: dt.date) -> set[int]:
        """Do what the closures say for a day; return the links that were closed."""
        closed: set[int] = set()
        for row in self.scenario.closures:
            if row.kind in ("camp", "idp_camp"):
                continue
            if row.closes == date:
                for start, end in self._pairs(row):
                    closed.update(self._move(self.open_links, self.closed, start, end))
            if row.reopens == date:
                for start, end in self._pairs(row):
                    self._move(self.closed, self.open_links, start, end)
        closed.update(self._keep_route_dates(date))
        return closed

    def _pairs(self, row: Closure) -> list[tuple[int, int]]:
        """Return the ordered pairs of places between which a closure acts."""
        pairs = dict.fromkeys((link.start, link.end) for link in self.links)
        if row.kind == "country":
            ends = ((row.first, row.second), (row.second, row.first))
            return [
                pair
                for first, second in ends
                for pair in pairs
                if self._country[pair[0]] == first and self._country[pair[1]] == second
            ]
        first = self._place[row.first]
        if row.kind == "place":
            return [pair for pair in pairs if first in pair]
        assert self.scenario.movement is not None
        if self.scenario.movement.semantics == "flee" or row.second is None:
            return []  # Flee compares names in a way that never holds for a link from a file
        second = self._place[row.second]
        return [pair for pair in pairs if pair in ((first, second), (second, first))]

    def _move(self, source: list[list[int]], target: list[list[int]], start: int, end: int) -> list[int]:
        moving = [index for index in source[start] if self.links[index].end == end]
        source[start] = [index for index in source[start] if self.links[index].end != end]
        target[start].extend(moving)
        return moving

    def _keep_route_dates(self, date: dt.date) -> list[int]:
        """Close and open routes by their own dates in routes.csv; return which were closed."""
        number = 0
        shut = []
        for row in self._routes:
            count = 1 if row.one_way else 2
            usable = (row.open_from is None or row.open_from <= date) and (row.open_to is None or date <= row.open_to)
            for index in range(number, number + count):
                start = self.links[index].start
                if not usable and index in self.open_links[start]:
                    self.open_links[start].remove(index)
                    self.closed[start].append(index)
                    shut.append(index)
                elif row.open_from == date and index in self.closed[start]:
                    self.closed[start].remove(index)
                    self.open_links[start].append(index)
            number += count
        return shut
