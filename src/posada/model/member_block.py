"""Members of an ensemble in blocks: a run taken apart into named arrays, and put together again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from posada.model.dispersal_run import DispersalRun
from posada.model.run import Run
from posada.model.scenario import Scenario
from posada.model.start import StartingState

AnyRun = Run | DispersalRun
Arrays = Mapping[str, NDArray[Any]]

BY_PLACE = frozenset({"people", "arrived", "without_roof", "places_short"})
"""Arrays with the axes members, days, places."""

SHARED = frozenset({"registered", "newly_registered", "raw_total", "debt"})
"""Arrays that have no axis of members: the same in every block."""


class MemberRange(NamedTuple):
    """Members that follow each other, from ``first`` up to, and without, ``end``."""

    first: int
    end: int

    def __str__(self) -> str:
        return f"{self.first} to {self.end - 1}" if self.end - self.first > 1 else f"{self.first}"


@dataclass(frozen=True)
class EnsembleKey:
    """What two runs must have in common for their members to be the same, as plain values.

    Attributes
    ----------
    scenario_id, scenario_hash, seed : str, str, int
        Of what, and with which luck.
    made_with : mapping
        Versions of whatever computes: Posada, its engine, the libraries.
    options : mapping
        What else was asked of the engine, such as the as-of date.
    block_members : int
        Members of a whole block.
    """

    scenario_id: str
    scenario_hash: str
    seed: int
    made_with: Mapping[str, str]
    options: Mapping[str, str]
    block_members: int


@dataclass(frozen=True)
class MemberBlock:
    """Some members of an ensemble as named arrays.

    Attributes
    ----------
    first_member : int
        Number of the first of them.
    labels : mapping
        The names along the axes; dates as ``YYYY-MM-DD``.
    arrays : mapping
        Arrays whose first axis is the members.
    shared : mapping
        Arrays that are the same for all members.
    """

    first_member: int
    labels: Mapping[str, tuple[str, ...]]
    arrays: Arrays
    shared: Arrays

    @property
    def range(self) -> MemberRange:
        """Which members they are."""
        return MemberRange(self.first_member, self.first_member + len(next(iter(self.arrays.values()))))

    def part(self, wanted: MemberRange) -> MemberBlock:
        """Return those of the members that are wanted, as views."""
        first, end = max(wanted.first, self.range.first), min(wanted.end, self.range.end)
        rows = slice(first - self.first_member, end - self.first_member)
        return MemberBlock(first, self.labels, {name: array[rows] for name, array in self.arrays.items()}, self.shared)


def block_of(run: AnyRun) -> MemberBlock:
    """Take a run apart. What it was run from is not in the block: scenario, seed and start."""
    labels: dict[str, tuple[str, ...]] = {}
    arrays: dict[str, NDArray[Any]] = {}
    shared: dict[str, NDArray[Any]] = {}
    for field in fields(run):
        value = getattr(run, field.name)
        if isinstance(value, tuple):
            labels[field.name] = tuple(map(str, value))
        elif isinstance(value, np.ndarray):
            (shared if field.name in SHARED else arrays)[field.name] = value
    return MemberBlock(run.first_member, labels, arrays, shared)


def run_of(block: MemberBlock, scenario: Scenario, seed: int, start: StartingState | None) -> AnyRun:
    """Put a run together again."""
    labels: dict[str, Any] = dict(block.labels)
    labels["dates"] = tuple(map(dt.date.fromisoformat, block.labels["dates"]))
    parts: dict[str, Any] = {**labels, **block.arrays, **block.shared}
    if scenario.is_dispersed:
        return DispersalRun(scenario=scenario, seed=seed, first_member=block.first_member, **parts)
    return Run(scenario=scenario, seed=seed, first_member=block.first_member, start=start, **parts)


def join_blocks(
    blocks: Iterable[MemberBlock], wanted: MemberRange, empty: Callable[..., NDArray[Any]] = np.empty
) -> MemberBlock:
    """Return the wanted members as one block; blocks may come in any order, and be dropped as they are used.

    Counts by place lie in memory place by place, so that looking at one place touches nothing else.

    Parameters
    ----------
    empty : callable
        Told shape and type, gives an array to be filled.

    Raises
    ------
    ValueError
        When a member is missing.
    """
    whole: MemberBlock | None = None
    there = np.zeros(wanted.end - wanted.first, np.bool_)
    for block in blocks:
        if whole is None:
            arrays = {name: _empty_like(name, array, there.size, empty) for name, array in block.arrays.items()}
            whole = MemberBlock(wanted.first, block.labels, arrays, block.shared)
        part = block.part(wanted)
        rows = slice(part.range.first - wanted.first, part.range.end - wanted.first)
        for name, array in part.arrays.items():
            whole.arrays[name][rows] = array
        there[rows] = True
    if whole is None or not there.all():
        raise ValueError(f"member {wanted.first + int(np.argmin(there))} is in no block")
    return whole


def _empty_like(name: str, array: NDArray[Any], members: int, empty: Callable[..., NDArray[Any]]) -> NDArray[Any]:
    if name in BY_PLACE:
        _, days, places = array.shape
        return empty((places, members, days), array.dtype).transpose(1, 2, 0)
    return empty((members, *array.shape[1:]), array.dtype)


def split_range(wanted: MemberRange, block_members: int) -> Iterator[MemberRange]:
    """Give the parts of a range that lie in one block each; blocks begin at multiples of their size."""
    first = wanted.first
    while first < wanted.end:
        end = min((first // block_members + 1) * block_members, wanted.end)
        yield MemberRange(first, end)
        first = end


def without(wanted: MemberRange, held: Iterable[MemberRange]) -> list[MemberRange]:
    """Return what is left of a range without those that are held."""
    left = []
    first = wanted.first
    for found in sorted(held):
        if found.first >= wanted.end:
            break
        if found.first > first:
            left.append(MemberRange(first, found.first))
        first = max(first, found.end)
    if first < wanted.end:
        left.append(MemberRange(first, wanted.end))
    return left
