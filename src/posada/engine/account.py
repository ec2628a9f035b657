"""Tenth step: the night's books are written, and checked: nobody is lost."""

from __future__ import annotations

from posada.engine.compiling import kernel
from posada.engine.state import FREE, Alone, Books, Clock, Ends, Parts
from posada.engine.world import PARTS_PER_GROUP


@kernel
def account(clock: Clock, parts: Parts, alone: Alone, ends: Ends, books: Books) -> None:
    """Write who sleeps where and in which status; note the first day on which the books do not add up.

    ``books.people`` held the people to be lodged; here it becomes the count of the night.
    """
    day = clock.day
    for m in range(ends.entered.size):
        for p in range(alone.here.shape[1]):
            books.people[m, day, p] = alone.here[m, p]
        present = _count_in_towns(m, day, parts, alone, books)
        under_way = _count_under_way(m, day, parts, alone, books)
        final = 0
        for s in range(ends.entries.shape[1]):
            books.entries[m, day, s] = ends.entries[m, s]
            for c in range(ends.people.shape[2]):
                final += ends.people[m, s, c]
                books.current[m, day, s] += ends.people[m, s, c]
        books.under_way[m, day] = under_way
        books.total[m, day] = ends.entered[m]
        if present + under_way + final != ends.entered[m] and books.imbalance[m] == 0:
            books.imbalance[m] = day + 1


@kernel
def _count_in_towns(m: int, day: int, parts: Parts, alone: Alone, books: Books) -> int:
    """Count everybody who sleeps in a town, cell by cell, and note the main bodies; return how many they are."""
    present = 0
    for n in range(parts.kind.shape[1]):
        if parts.kind[m, n] == FREE:
            continue
        here = 0
        for s in range(parts.people.shape[2]):
            for c in range(parts.people.shape[3]):
                here += parts.people[m, n, s, c]
                books.current[m, day, s] += parts.people[m, n, s, c]
        books.together[m, day] += here
        if n % PARTS_PER_GROUP == 0:
            books.main_people[m, day, n // PARTS_PER_GROUP] = here
        if parts.heading[m, n] < 0:
            present += here
            books.people[m, day, parts.place[m, n]] += here
            if n % PARTS_PER_GROUP == 0:
                books.main_place[m, day, n // PARTS_PER_GROUP] = parts.place[m, n]
    for p in range(alone.here.shape[1]):
        if alone.here[m, p] != 0:
            for s in range(alone.people.shape[2]):
                for c in range(alone.people.shape[3]):
                    present += alone.people[m, p, s, c]
                    books.current[m, day, s] += alone.people[m, p, s, c]
    return present


@kernel
def _count_under_way(m: int, day: int, parts: Parts, alone: Alone, books: Books) -> int:
    """Count people of parts between places, and people alone on their way."""
    under_way = 0
    for n in range(parts.kind.shape[1]):
        if parts.kind[m, n] != FREE and parts.heading[m, n] >= 0:
            for s in range(parts.people.shape[2]):
                for c in range(parts.people.shape[3]):
                    under_way += parts.people[m, n, s, c]
    for slot in range(alone.coming.shape[1]):
        if alone.coming_here[m, slot] == 0:
            continue
        for b in range(alone.coming.shape[2]):
            for s in range(alone.coming.shape[3]):
                for c in range(alone.coming.shape[4]):
                    under_way += alone.coming[m, slot, b, s, c]
                    books.current[m, day, s] += alone.coming[m, slot, b, s, c]
    return under_way
