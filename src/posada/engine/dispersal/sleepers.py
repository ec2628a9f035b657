"""Who sleeps in which place, and who of them came today: for runs in which more happens to people than moving."""

from __future__ import annotations

import numpy as np

from posada.engine.compiling import inner_kernel
from posada.engine.dispersal.cells import lowest, without_lowest
from posada.engine.dispersal.state import Books, Counts, Given, Now, People

_EMPTY = np.uint64(0)


@inner_kernel
def place_of_row(row: int, given: Given) -> int:
    """Return the place of a row of stops."""
    return int(given.stop[row].place) if row < given.stop.size else row - int(given.stop.size)


@inner_kernel
def add_sleepers(m: int, side: int, sign: int, given: Given, people: People, counts: Counts) -> None:
    """Add ``sign`` times the people who sleep in each place to ``counts``, by class and place, ``(C, P)``."""
    for c in range(people.stay.shape[2]):
        for row in range(people.stay.shape[3]):
            mask = people.stay_mask[m, side, c, row]
            while mask != _EMPTY:
                counts[c, place_of_row(row, given)] += sign * people.stay[m, side, c, row, lowest(mask)]
                mask = without_lowest(mask)


@inner_kernel
def note_stayers(now: Now, given: Given, people: People, books: Books) -> None:
    """Take note of who stays, before anybody arrives."""
    if books.arrived.shape[1] > 0:
        books.arrived[now.m] = 0
        add_sleepers(now.m, 1 - now.side, -1, given, people, books.arrived[now.m])


@inner_kernel
def note_arrivals(now: Now, given: Given, people: People, books: Books) -> None:
    """Take note of who sleeps where without having stayed there."""
    if books.arrived.shape[1] > 0:
        add_sleepers(now.m, 1 - now.side, 1, given, people, books.arrived[now.m])
