"""Tenth step: the night's books are written, and checked: nobody is lost."""

from __future__ import annotations

from posada.engine.compiling import inner_kernel, step_kernel
from posada.engine.people import total
from posada.engine.state import FREE, Alone, Books, Clock, Ends, Parts, Tally
from posada.engine.world import NEEDS, PARTS_PER_GROUP, Rules


@step_kernel
def account(clock: Clock, rules: Rules, parts: Parts, alone: Alone, ends: Ends, tally: Tally, books: Books) -> None:
    """Write who sleeps where and in which status; note the first day on which the books do not add up.

    ``books.people`` held the people to be lodged; here it becomes the count of the night. On the last day the
    kept totals are counted again, and the people alone both by place and by class, so that nothing drifts unseen.
    Who came today is forgotten here, not in the morning: in a mixed run the first of tomorrow come before it.
    """
    page = clock.page
    last = page == books.people.shape[1] - 1
    for m in range(ends.entered.size):
        books.people[m, page, :] = 0
        known = _count_groups(m, page, parts, books)
        for s in range(rules.role.size):
            here = 0
            for c in range(NEEDS):
                here += ends.people[m, s, c]
            if s < alone.at.shape[1]:
                here += alone.under_way[m, s]
                for p in range(alone.at.shape[2]):
                    books.people[m, page, p] += alone.at[m, s, p]
                    here += alone.at[m, s, p]
                books.under_way[m, page] += alone.under_way[m, s]
            books.current[m, page, s] += here
            books.entries[m, page, s] = ends.entries[m, s]
            known += here
        for p in range(alone.at.shape[2]):
            # Lodging came before the procedure: who was led away or left the journey since needs no place.
            books.without_roof[m, page, p] = min(books.without_roof[m, page, p], books.people[m, page, p])
            books.places_short[m, page, p] = min(books.places_short[m, page, p], books.people[m, page, p])
        books.total[m, page] = ends.entered[m]
        balanced = known == ends.entered[m] and (not last or _totals_hold(m, rules, alone))
        if not balanced and books.imbalance[m] == 0:
            books.imbalance[m] = clock.day + 1
    tally.came[:] = 0
    tally.came_alone[:] = 0


@inner_kernel
def _count_groups(m: int, page: int, parts: Parts, books: Books) -> int:
    """Count the people of every part, in towns and between them, and note the main bodies; return how many."""
    known = 0
    for n in range(parts.kind.shape[1]):
        if parts.kind[m, n] == FREE:
            continue
        people = total(parts.people[m, n])
        known += people
        for s in range(parts.people.shape[2]):
            for c in range(NEEDS):
                books.current[m, page, s] += parts.people[m, n, s, c]
        if parts.heading[m, n] < 0:
            books.people[m, page, parts.place[m, n]] += people
        else:
            books.under_way[m, page] += people
        if n % PARTS_PER_GROUP == 0:
            g = n // PARTS_PER_GROUP
            books.main_people[m, page, g] = people
            if parts.heading[m, n] < 0:
                books.main_place[m, page, g] = parts.place[m, n]
    books.together[m, page] = known
    return known


@inner_kernel
def _totals_hold(m: int, rules: Rules, alone: Alone) -> bool:
    """Say whether the kept totals of people alone equal the sums of what they are totals of."""
    for s in range(alone.at.shape[1]):
        in_places, under_way, by_class = 0, int(alone.dispersed[m, s]), 0
        for p in range(alone.at.shape[2]):
            in_places += alone.at[m, s, p]
        for w in range(rules.moving.size):
            if rules.moving[w] == s:
                under_way += int(alone.coming[m, w].sum())
        for c in range(NEEDS):
            by_class += alone.classes[m, s, c]
        if under_way != alone.under_way[m, s] or in_places + under_way != by_class:
            return False
    return True
