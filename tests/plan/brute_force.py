"""All plans of a tiny corridor, one after another: adults only, one night in each town, whole people.

Written without anything of the planner: people are either with the group or ahead of it in some town.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple


class Bus(NamedTuple):
    """Vehicles of a town: how many, seats of each, kilometres to go at most."""

    town: int
    count: int
    seats: int
    reach_km: float


def best_plan(  # noqa: C901  one closure per rule, read from the top
    people: int, places: tuple[int, ...], buses: tuple[Bus, ...], days: int, *, km: float = 30.0, hours: float = 10.0
) -> tuple[float, float]:
    """Return the fewest person-nights without a place, and with those the fewest kilometres on foot."""
    towns = len(places)
    last = min(towns, days) - 1

    def rides(sources: tuple[tuple[int, int], ...]) -> Iterator[tuple[tuple[int, int, int], ...]]:
        """Yield all ways to seat people of (town, people): triples of source, target and riders."""
        options = [
            [(index, target, number) for number in range(count + 1)]
            for index, (town, count) in enumerate(sources)
            for target in range(town + 1, last + 1)
            if any(bus.town == town for bus in buses)
        ]
        for chosen in itertools.product(*options):
            riders = [0] * len(sources)
            for index, _, number in chosen:
                riders[index] += number
            if all(number <= count for number, (_, count) in zip(riders, sources, strict=True)) and fits(
                chosen, sources
            ):
                yield tuple(ride for ride in chosen if ride[2])

    def fits(chosen: tuple[tuple[int, int, int], ...], sources: tuple[tuple[int, int], ...]) -> bool:
        used: dict[int, float] = {}
        asked: dict[tuple[int, int], int] = {}
        for index, target, number in chosen:
            town = sources[index][0]
            asked[town, target] = asked.get((town, target), 0) + number
        for (town, target), number in asked.items():
            bus = next(bus for bus in buses if bus.town == town)
            way = km * (target - town)
            if number and way > bus.reach_km:
                return False
            used[town] = used.get(town, 0.0) + math.ceil(number / bus.seats) * min(2 * way / 60.0, hours)
        counts = {bus.town: bus.count for bus in buses}
        return all(used[town] <= counts[town] * hours + 1e-9 for town in used)

    @cache
    def best(day: int, group: int, ahead: tuple[int, ...]) -> tuple[float, float]:
        if day == days:
            return 0.0, 0.0
        here = min(day, towns - 1)
        walking = 1 <= day <= towns - 1
        # Sources of the day: the group in the morning, those ahead, and the group in the evening.
        sources = [(here - 1, group)] if walking else []
        sources += [(town, count) for town, count in enumerate(ahead) if count]
        least = (math.inf, math.inf)
        for early in rides(tuple(sources)):
            left, waiting = group, list(ahead)
            for index, target, number in early:
                if walking and index == 0:
                    left -= number
                else:
                    waiting[sources[index][0]] -= number
                waiting[target] += number
            foot = km * left if walking else 0.0
            there = left + waiting[here]
            waiting[here] = 0
            for late in rides((*sources, (here, there))):
                # Vehicles of a town have one day for both: only what is the same in the morning may go on.
                if tuple(ride for ride in late if ride[0] < len(sources)) != early:
                    continue
                stay, beyond = there, list(waiting)
                for index, target, number in late:
                    if index == len(sources):
                        stay -= number
                        beyond[target] += number
                nights = max(0, stay - places[here])
                nights += sum(max(0, n - places[t]) for t, n in enumerate(beyond))
                more = best(day + 1, stay, tuple(beyond))
                least = min(least, (nights + more[0], foot + more[1]))
        return least

    return best(0, people, (0,) * towns)
