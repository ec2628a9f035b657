"""All plans of a tiny corridor, one after another: adults only, one night in each town, whole people.

Written without anything of the planner: people are either with the group or ahead of it in some town. Those of the
group who find no place may be taken to one elsewhere for the night; they are with the group again in the morning.
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


NIGHT_KM = 60.0


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

    def around(*stops: int) -> float:
        """Return the hours of a way over some towns."""
        return sum(km * abs(b - a) for a, b in itertools.pairwise(stops)) / 60.0

    def nights_elsewhere(here: int, most: int) -> Iterator[tuple[tuple[int, int, int], ...]]:
        """Yield all ways to take people elsewhere for a night: triples of bus, town and riders."""
        ways = [
            (number, town)
            for number, bus in enumerate(buses)
            for town in range(towns)
            if town != here and places[town] and km * abs(town - here) <= min(NIGHT_KM, bus.reach_km)
            if km * abs(bus.town - here) <= bus.reach_km and around(bus.town, here, town, bus.town) <= hours
        ]
        for riders in itertools.product(range(most + 1), repeat=len(ways)):
            if sum(riders) <= most:
                yield tuple((*way, count) for way, count in zip(ways, riders, strict=True) if count)

    def night_hours(here: int, taken: tuple[tuple[int, int, int], ...]) -> tuple[float, ...]:
        """Return the hours of each bus for a night, which are those of the evening and of the morning after."""
        used = [0.0] * len(buses)
        for number, town, count in taken:
            bus = buses[number]
            used[number] += math.ceil(count / bus.seats) * around(bus.town, here, town, bus.town)
        return tuple(used)

    def fits(
        chosen: tuple[tuple[int, int, int], ...],
        sources: tuple[tuple[int, int], ...],
        spent: tuple[float, ...] = (0.0,) * len(buses),
    ) -> bool:
        used = {bus.town: hours_spent for bus, hours_spent in zip(buses, spent, strict=True)}
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
    def best(day: int, group: int, ahead: tuple[int, ...], spent: tuple[float, ...]) -> tuple[float, float]:
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
                # It would help nobody to take those elsewhere who have a place.
                excess = max(0, stay - places[here]) if people > places[here] else 0
                for taken in nights_elsewhere(here, excess):
                    away = night_hours(here, taken)
                    if not fits(late, (*sources, (here, there)), tuple(map(sum, zip(spent, away, strict=True)))):
                        continue
                    asleep = list(beyond)
                    for _, town, count in taken:
                        asleep[town] += count
                    nights = max(0, stay - sum(count for *_, count in taken) - places[here])
                    nights += sum(max(0, n - places[t]) for t, n in enumerate(asleep))
                    more = best(day + 1, stay, tuple(beyond), away)
                    least = min(least, (nights + more[0], foot + more[1]))
        return least

    return best(0, people, (0,) * towns, (0.0,) * len(buses))
