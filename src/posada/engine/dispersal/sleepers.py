"""Who sleeps in which place, and who of them came today: for runs in which more happens to people than moving."""

from __future__ import annotations

from posada.engine.compiling import inner_kernel
from posada.engine.dispersal.state import Books, Counts, Given, Member, Now


@inner_kernel
def place_of_row(row: int, given: Given) -> int:
    """Return the place of a row of stops."""
    return int(given.stop[row].place) if row < given.stop.size else row - int(given.stop.size)


@inner_kernel
def add_sleepers(stay: Counts, sign: int, given: Given, counts: Counts) -> None:
    """Add ``sign`` times the people of rows of stops, ``(C, R)``, to ``counts``, by class and place, ``(C, P)``."""
    for c in range(stay.shape[0]):
        for row in range(stay.shape[1]):
            counts[c, place_of_row(row, given)] += sign * stay[c, row]


@inner_kernel
def note_stayers(now: Now, given: Given, people: Member, books: Books) -> None:
    """Take note of who stays, before anybody arrives."""
    if books.arrived.shape[1] > 0:
        books.arrived[now.m] = 0
        add_sleepers(people.tomorrow.stay, -1, given, books.arrived[now.m])


@inner_kernel
def note_arrivals(now: Now, given: Given, people: Member, books: Books) -> None:
    """Take note of who sleeps where without having stayed there."""
    if books.arrived.shape[1] > 0:
        add_sleepers(people.tomorrow.stay, 1, given, books.arrived[now.m])
