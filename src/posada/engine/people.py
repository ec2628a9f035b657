"""Moving counts of people between arrays, so that nobody is lost on the way."""

from __future__ import annotations

from typing import NamedTuple

from posada.engine.compiling import kernel
from posada.engine.draws import binomial, mixed, rounded, uniform
from posada.engine.state import FREE, Alone, Clock, Counts
from posada.engine.world import NEEDS, PARTS_PER_GROUP, Floats, Ints


class At(NamedTuple):
    """Whom a draw is about: row ``m`` of the chunk, part ``n`` of group ``g``, the day, and the draw's names."""

    m: int
    n: int
    g: int
    day: int
    seed: int
    member: int
    entity: int


@kernel
def about_part(clock: Clock, m: int, n: int, group_key: Ints, topic: int) -> At:
    """Return the names for draws about a part; ``topic``, a number for each step, keeps those of two steps apart."""
    g = n // PARTS_PER_GROUP
    return At(m, n, g, clock.day, clock.seed, clock.first + m, mixed(group_key[g], topic + n % PARTS_PER_GROUP))


@kernel
def chance_of(at: At, decision: int, index: int = 0) -> float:
    """Return the uniform number of a decision about ``at``."""
    return uniform(at.seed, at.member, decision, at.day, at.entity, index)


@kernel
def how_many(at: At, people: int, chance: float, decision: int, about: int) -> int:
    """Draw how many of ``people`` take a way, exactly binomial; ``about`` separates draws of one decision."""
    return binomial(people, chance, at.seed, at.member, decision, at.day, mixed(at.entity, about))


@kernel
def total(people: Counts) -> int:
    """Return the number of people in a ``(S, C)`` array."""
    count = 0
    for s in range(people.shape[0]):
        for c in range(NEEDS):
            count += people[s, c]
    return count


@kernel
def of_class(people: Counts, c: int) -> int:
    """Return the number of people of one need class in a ``(S, C)`` array."""
    count = 0
    for s in range(people.shape[0]):
        count += people[s, c]
    return count


@kernel
def move_all(source: Counts, target: Counts) -> int:
    """Move everybody; return how many they were."""
    count = 0
    for s in range(source.shape[0]):
        for c in range(NEEDS):
            count += source[s, c]
            target[s, c] += source[s, c]
            source[s, c] = 0
    return count


@kernel
def move_class(source: Counts, target: Counts, c: int, count: int, u: float) -> None:
    """Move ``count`` people of class ``c``, spread over their statuses in proportion.

    Systematic sampling with one number ``u`` (W. G. Madow, "On the theory of systematic sampling, II", Ann.
    Math. Statist. 20, 1949): each status gives its exact share rounded to a neighbour, and the sum is exact.
    """
    left = of_class(source, c)
    wanted = min(count, left)
    if wanted <= 0:
        return
    step = wanted / left
    seen, given = 0, 0
    for s in range(source.shape[0]):
        seen += source[s, c]
        taken = taken_by_now(seen, left, step, u, wanted) - given
        given += taken
        source[s, c] -= taken
        target[s, c] += taken


@kernel
def move_row(source: Counts, target: Counts, s: int, count: int, u: float) -> None:
    """Move ``count`` people of status ``s``, spread over their classes in proportion, as :func:`move_class`."""
    left = 0
    for c in range(NEEDS):
        left += source[s, c]
    wanted = min(count, left)
    if wanted <= 0:
        return
    step = wanted / left
    seen, given = 0, 0
    for c in range(NEEDS):
        seen += source[s, c]
        taken = taken_by_now(seen, left, step, u, wanted) - given
        given += taken
        source[s, c] -= taken
        target[s, c] += taken


@kernel
def part_company(source: Counts, m: int, s: int, p: int, count: int, u: float, alone: Alone) -> None:
    """Move ``count`` people of status ``s`` from a part, ``(S, C)``, to those alone in a place, as :func:`move_row`."""
    move_row(source, alone.classes[m], s, count, u)
    alone.at[m, s, p] += count
    alone.here[m, p] += count


@kernel
def taken_by_now(seen: int, all_people: int, step: float, u: float, wanted: int) -> int:
    """Return how many of the first ``seen`` people a systematic sample takes; all ``wanted`` at the end.

    Between two calls the result grows by no more than ``seen`` does, so no cell gives more than it has.
    """
    if seen >= all_people:
        return wanted
    if wanted >= all_people:
        return seen  # not by the formula: a large count plus a ``u`` near one rounds up to one too many
    return min(int(seen * step + u), wanted)


@kernel
def spread_over_classes(at: At, people: int, share: Floats, target: Counts, status: int, decision: int) -> None:
    """Add ``people`` to a status, their classes drawn with ``share``, ``(C,)``: an exact multinomial draw."""
    left, share_left = people, 1.0
    for c in range(share.size - 1):
        chance = share[c] / share_left if share_left > 0.0 else 0.0
        drawn = how_many(at, left, min(chance, 1.0), decision, c)
        target[status, c] += drawn
        left -= drawn
        share_left -= share[c]
    target[status, share.size - 1] += left


@kernel
def free_part(kinds: Ints, m: int, group: int) -> int:
    """Return an unused slot of a group, or -1 when all are in use; the first one is the main body's own."""
    for n in range(group * PARTS_PER_GROUP + 1, (group + 1) * PARTS_PER_GROUP):
        if kinds[m, n] == FREE:
            return n
    return -1


@kernel
def at_random_rounding(at: At, value: float, decision: int) -> int:
    """Round a number to a neighbour at random, with its own value as the mean."""
    return rounded(value, chance_of(at, decision, 7))
