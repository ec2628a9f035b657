"""Moving counts of people between arrays, so that nobody is lost on the way."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from posada.engine.binomials import binomial, binomial_and_offsets
from posada.engine.compiling import array_kernel, inner_kernel
from posada.engine.draws import mixed, rounded, two_uniforms, uniform
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


@inner_kernel
def about_part(clock: Clock, m: int, n: int, group_key: Ints, topic: int) -> At:
    """Return the names for draws about a part; ``topic``, a number for each step, keeps those of two steps apart."""
    g = n // PARTS_PER_GROUP
    return At(m, n, g, clock.day, clock.seed, clock.first + m, mixed(group_key[g], topic + n % PARTS_PER_GROUP))


@inner_kernel
def chance_of(at: At, decision: int, index: int = 0) -> float:
    """Return the uniform number of a decision about ``at``."""
    return uniform(at.seed, at.member, decision, at.day, at.entity, index)


@inner_kernel
def two_chances_of(at: At, decision: int) -> tuple[float, float]:
    """Return two uniform numbers of a decision about ``at``, for the price of one."""
    return two_uniforms(at.seed, at.member, decision, at.day, at.entity)


@inner_kernel
def how_many(at: At, people: int, chance: float, decision: int, about: int) -> int:
    """Draw how many of ``people`` take a way, exactly binomial; ``about`` separates draws of one decision."""
    return binomial(int(np.int64(people)), chance, at.seed, at.member, decision, at.day, mixed(at.entity, about))


@inner_kernel
def how_many_and_offset(at: At, people: int, chance: float, decision: int, about: int) -> tuple[int, float]:
    """Draw as :func:`how_many`, with an offset for a systematic sample of them."""
    name = mixed(at.entity, about)
    drawn, offset, _other = binomial_and_offsets(
        int(np.int64(people)), chance, at.seed, at.member, decision, at.day, name
    )
    return drawn, offset


@inner_kernel
def total(people: Counts) -> int:
    """Return the number of people in a ``(S, C)`` array."""
    count = 0
    for s in range(people.shape[0]):
        for c in range(NEEDS):
            count += people[s, c]
    return count


@inner_kernel
def of_class(people: Counts, c: int) -> int:
    """Return the number of people of one need class in a ``(S, C)`` array."""
    count = 0
    for s in range(people.shape[0]):
        count += people[s, c]
    return count


@inner_kernel
def move_all(source: Counts, target: Counts) -> int:
    """Move everybody; return how many they were."""
    count = 0
    for s in range(source.shape[0]):
        for c in range(NEEDS):
            count += source[s, c]
            target[s, c] += source[s, c]
            source[s, c] = 0
    return count


@inner_kernel
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


@inner_kernel
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


@inner_kernel
def part_company(source: Counts, m: int, s: int, p: int, count: int, u: float, alone: Alone) -> None:
    """Move ``count`` people of status ``s`` from a part, ``(S, C)``, to those alone in a place, as :func:`move_row`."""
    move_row(source, alone.classes[m], s, count, u)
    join_alone(m, s, p, count, alone)


@inner_kernel
def join_alone(m: int, s: int, p: int, count: int, alone: Alone) -> None:
    """Add people to those alone in a place; a mixed run notes who they are besides those of the morning."""
    alone.at[m, s, p] += count
    if alone.joined.shape[2] > 0:
        alone.joined[m, s, p] += count


@inner_kernel
def taken_by_now(seen: int, all_people: int, step: float, u: float, wanted: int) -> int:
    """Return how many of the first ``seen`` people a systematic sample takes; all ``wanted`` at the end.

    Between two calls the result grows by no more than ``seen`` does, so no cell gives more than it has.
    """
    if seen >= all_people:
        return wanted
    if wanted >= all_people:
        return seen  # not by the formula: a large count plus a ``u`` near one rounds up to one too many
    return min(int(seen * step + u), wanted)


class Line(NamedTuple):
    """People alone of one status in some places, as running sums, for systematic samples; scratch of one member.

    The people of place ``i`` of those are the difference between the entries ``i + 1`` and ``i``; entry 0 is nobody.
    From running sums no place waits for the one before it, and a place with nobody costs less than leaving it out.
    """

    seen: Counts  # (P + 1,) who are left
    taken: Counts  # (P + 1,) who were taken by the last sample


@array_kernel
def new_line(places: int) -> Line:
    """Return scratch for as many places."""
    return Line(np.zeros(places + 1, np.int32), np.zeros(places + 1, np.int32))


@inner_kernel
def line_up(people: Counts, places: Ints, line: Line) -> int:
    """Line up those of ``people``, ``(P,)``, who are in ``places``, in ascending order; return how many they are."""
    seen = np.int32(0)
    if places.size == people.size:  # everywhere: with no list to look up
        for p in range(places.size):
            seen += people[p]
            line.seen[p + 1] = seen
        return int(seen)
    for i in range(places.size):
        seen += people[np.uint64(places[i])]  # never negative, which need not be looked at then
        line.seen[i + 1] = seen
    return int(seen)


@inner_kernel
def take_from(count: int, all_people: int, step: float, u: float, wanted: int, line: Line) -> None:
    """Take a systematic sample, as :func:`taken_by_now` says, out of the first ``count`` places."""
    most, everybody = np.int32(wanted), np.int32(all_people)
    if wanted >= all_people:
        for j in range(1, count + 1):
            line.taken[j] = line.seen[j]
            line.seen[j] = 0
        return
    for j in range(1, count + 1):
        seen = line.seen[j]
        taken = most if seen >= everybody else min(np.int32(seen * step + u), most)
        line.taken[j] = taken
        line.seen[j] = seen - taken


@inner_kernel
def step_out(people: Counts, places: Ints, line: Line) -> None:
    """Leave in ``people``, ``(P,)``, who is left in the line, in which all of them stood."""
    if places.size == people.size:
        for p in range(places.size):
            people[p] = line.seen[p + 1] - line.seen[p]
        return
    for i in range(places.size):
        people[np.uint64(places[i])] = line.seen[i + 1] - line.seen[i]


@inner_kernel
def add_taken(people: Counts, places: Ints, line: Line) -> None:
    """Add to ``people``, ``(P,)``, whom the last sample took."""
    if places.size == people.size:
        for p in range(places.size):
            people[p] += line.taken[p + 1] - line.taken[p]
        return
    for i in range(places.size):
        people[np.uint64(places[i])] += line.taken[i + 1] - line.taken[i]


@inner_kernel
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


@inner_kernel
def share_out(people: int, share: Floats, u: float, target: Counts, status: int) -> None:
    """Add ``people`` to a status by class in proportion to ``share``, ``(C,)``: a systematic sample, as above."""
    given, seen = 0, 0.0
    for c in range(share.size):
        seen += share[c] * people
        everybody = c == share.size - 1 or seen >= people * (1.0 - 1e-12)  # shares add up to one, nearly
        now = people if everybody else min(int(seen + u), people)
        target[status, c] += now - given
        given = now


@inner_kernel
def free_part(kinds: Ints, m: int, group: int) -> int:
    """Return an unused slot of a group, or -1 when all are in use; the first one is the main body's own."""
    for n in range(group * PARTS_PER_GROUP + 1, (group + 1) * PARTS_PER_GROUP):
        if kinds[m, n] == FREE:
            return n
    return -1


@inner_kernel
def at_random_rounding(at: At, value: float, decision: int) -> int:
    """Round a number to a neighbour at random, with its own value as the mean."""
    return rounded(value, chance_of(at, decision, 7))
