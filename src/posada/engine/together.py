"""Draws of one name for several members together, which costs a tenth of drawing for one after the other.

A processor computes with several numbers at once as long as nothing branches. So all members first get what is seen
at once of their draw, and only those of whom more is needed are drawn for alone.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from posada.engine.binomials import at_first_sight, binomial_of_block, offsets
from posada.engine.compiling import array_kernel, inner_kernel, step_kernel
from posada.engine.draws import Words, fill_blocks
from posada.engine.world import Floats, Ints

TOGETHER = 16
"""Members who are drawn for together: enough for the processor, and few enough for its cache."""


class Draws(NamedTuple):
    """Binomial draws of B members: of how many people, with what chance, and what is drawn."""

    people: Floats  # (B,)
    chance: Floats  # (B,)
    words: Words  # (4, B) first blocks of the draws
    taking: Ints  # (B,) how many are drawn
    one: Floats  # (B,) offset for a systematic sample of them, where there are any
    other: Floats  # (B,)


@array_kernel
def new_draws() -> Draws:
    """Return scratch for :data:`TOGETHER` members."""
    numbers = np.zeros((4, TOGETHER))
    words = np.empty((4, TOGETHER), np.uint64)
    return Draws(numbers[0], numbers[1], words, np.empty(TOGETHER, np.int64), numbers[2], numbers[3])


@inner_kernel
def ask(b: int, people: int, chance: float, draws: Draws) -> None:
    """Say how many people of a member take a way with what chance."""
    draws.people[b], draws.chance[b] = people, chance


@step_kernel
def draw_together(seed: int, first: int, count: int, decision: int, day: int, entity: int, draws: Draws) -> None:
    """Draw for ``count`` members from ``first`` on what :func:`posada.engine.binomials.binomial_and_offsets` draws."""
    people, chance, words, taking = draws.people, draws.chance, draws.words, draws.taking
    fill_blocks(seed, first, count, decision, day, entity, words)
    for b in range(count):
        taking[b] = at_first_sight(people[b], chance[b], words[0, b], words[1, b])
    for b in range(count):
        if taking[b] > 0:
            draws.one[b], draws.other[b] = offsets(words[2, b], words[3, b])
        elif taking[b] < 0:
            block = words[0, b], words[1, b], words[2, b], words[3, b]
            taking[b], draws.one[b], draws.other[b] = binomial_of_block(
                int(people[b]), chance[b], block, seed, first + b, decision, day, entity
            )
