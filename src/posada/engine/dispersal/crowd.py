"""People who move together, and what they remember: whole numbers of people, and who is to be expected in each class.

Of people who are alike but for what they remember, as many take a way as one draw says, by the mean chance of their
classes. Among those who take it a class is then as frequent as before, times its own chance. So one draw serves for all
classes, and means are those that a draw for each class would give.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from posada.engine.compiling import inner_kernel
from posada.engine.dispersal.state import Given, Member, Shares, Side


class Crowd(NamedTuple):
    """People of whom some move."""

    memory: Shares  # (classes,) who are to be expected in each class; none where nothing is remembered
    people: float  # the sum of it


class Way(NamedTuple):
    """Where people go: to a row of stops, a ride or a landing, and the row of ``Given.map`` by which classes follow."""

    to: int
    memory: int


@inner_kernel
def remember(crowd: Crowd, count: int, row: int, given: Given, target: Shares) -> None:
    """Add to the classes of where people come those of ``count`` of a crowd."""
    classes = crowd.memory.size
    if classes == 1:
        target[given.memory[row, 0]] += np.float32(count)
    elif classes > 1:
        each = np.float32(count / crowd.people)
        for b in range(classes):
            target[given.memory[row, b]] += each * crowd.memory[b]


@inner_kernel
def set_on_link(c: int, way: Way, count: int, crowd: Crowd, given: Given, side: Side) -> None:
    """Add people to those on a link."""
    side.ride[c, way.to] += count
    remember(crowd, count, way.memory, given, side.ride_memory[c, way.to])


@inner_kernel
def put_to_bed(c: int, way: Way, count: int, crowd: Crowd, given: Given, people: Member) -> None:
    """Add people to those who stay in a place tonight."""
    if count > 0:
        people.tomorrow.stay[c, way.to] += count
        remember(crowd, count, way.memory, given, people.tomorrow.stay_memory[c, way.to])
