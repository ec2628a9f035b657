"""Ensembles block by block: what a crash may cost is a block, and what memory must hold is a few of them.

A block is a fixed range of members. Its size follows from the scenario, never from the number of workers, so
that a run that was cut off goes on with any other number of them.
"""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from importlib.metadata import version
from threading import Lock
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

import posada
from posada.engine.chunks import Progress, check_numbers
from posada.engine.compiling import source_digest
from posada.engine.dispersal.simulate import Prepared, prepare_dispersal, run_prepared
from posada.engine.dispersal.world import MEMORY_CELLS
from posada.engine.simulate import simulate_ensemble
from posada.forecast.quantiles import quantiles
from posada.io.member_store import MemberStore
from posada.model.journeys import Stop
from posada.model.member_block import (
    AnyRun,
    EnsembleKey,
    MemberBlock,
    MemberRange,
    block_of,
    join_blocks,
    run_of,
    split_range,
    without,
)
from posada.model.scenario import Scenario
from posada.model.start import StartingState

BLOCK_BYTES = 64 * 2**20
MOST_BLOCK_MEMBERS = 64
"""A block is the largest power of two of members that fits both."""

MOST_IN_MEMORY = 2**30

AHEAD = 2
"""Blocks that are given out for each worker, so that none waits for the next."""


@dataclass(frozen=True)
class Ensemble:
    """What is run, whoever runs it; people move dispersed when the scenario says how.

    ``start`` and ``plan`` are of journeys of groups; ``days``, ``places`` and ``memory_cells`` of dispersed
    movement. They are as in the functions of the engine.
    """

    scenario: Scenario
    seed: int
    start: StartingState | None = None
    plan: tuple[Stop, ...] = ()
    days: int | None = None
    places: tuple[str, ...] | None = None
    memory_cells: int = MEMORY_CELLS

    @property
    def is_dispersed(self) -> bool:
        """Whether people move dispersed, not in groups."""
        return self.scenario.is_dispersed

    @property
    def block_members(self) -> int:
        """Members of a block."""
        fitting = max(BLOCK_BYTES // self.bytes_per_member, 1)
        return int(min(2 ** (fitting.bit_length() - 1), MOST_BLOCK_MEMBERS))

    @property
    def bytes_per_member(self) -> int:
        """Size of the results of a member."""
        scenario = self.scenario
        settings = scenario.settings
        first = self.start.date if self.start else settings.start
        days = (settings.end - first).days + 1
        if self.is_dispersed:
            places = len(scenario.places if self.places is None else self.places)
            return 4 * (days if self.days is None else self.days) * (places + 2)
        per_day = 4 * len(scenario.places) + 2 * len(scenario.statuses) + 2 * len(scenario.groups) + 3
        return 4 * max(days, 1) * per_day

    def prepare(self) -> Prepared:
        """Make what all members of an ensemble of dispersed people have in common."""
        return prepare_dispersal(self.scenario, days=self.days, places=self.places, memory_cells=self.memory_cells)

    def run(
        self,
        members: MemberRange,
        workers: int,
        *,
        prepared: Prepared | None = None,
        progress: Progress | None = None,
    ) -> AnyRun:
        """Run some members at once on threads; ``prepared`` as :meth:`prepare` made it before, if it did."""
        count = members.end - members.first
        if self.is_dispersed:
            return run_prepared(
                prepared or self.prepare(),
                members=count,
                seed=self.seed,
                workers=workers,
                first_member=members.first,
                progress=progress,
            )
        return simulate_ensemble(
            self.scenario,
            members=count,
            seed=self.seed,
            start=self.start,
            plan=self.plan,
            workers=workers,
            first_member=members.first,
            progress=progress,
        )

    def key(self) -> EnsembleKey:
        """Return what must be the same for members to be the same."""
        options = {"semantics": "groups", "starts": "first day", "plan": _digest(self.plan) if self.plan else "none"}
        if self.start is not None:
            options["starts"] = f"{self.start.date} {_digest(self.start)}"
        movement = self.scenario.movement
        if movement is not None and self.scenario.is_mixed:
            options["semantics"] = f"groups, {movement.semantics}"
        elif movement is not None:
            kept = "all" if self.places is None else _digest(self.places)
            options = {
                "semantics": movement.semantics,
                "days": str(self.days or "all"),
                "places": kept,
                "memory_cells": str(self.memory_cells),
            }
        made_with = computed_with()
        return EnsembleKey(
            self.scenario.settings.id, self.scenario.hash, self.seed, made_with, options, self.block_members
        )


def computed_with() -> dict[str, str]:
    """Return the versions on which the digits of a result can depend."""
    return {
        "posada": f"{posada.__version__} {source_digest()[:16]}",
        "numba": version("numba"),
        "numpy": version("numpy"),
        "machine": platform.machine(),
    }


def _digest(value: object) -> str:
    return hashlib.sha256(repr(value).encode()).hexdigest()[:16]


class BlockRunner:
    """Runs blocks of an ensemble; what they have in common is made once in each process.

    It travels to other processes as the ensemble alone.
    """

    def __init__(self, ensemble: Ensemble) -> None:
        self.ensemble = ensemble
        self._prepared: Prepared | None = None
        self._lock = Lock()

    def __reduce__(self) -> tuple[type[BlockRunner], tuple[Ensemble]]:
        return type(self), (self.ensemble,)

    def run(self, members: MemberRange, threads: int = 1) -> MemberBlock:
        """Run the members of a block."""
        with self._lock:  # threads of a process share what the first of them makes
            if self._prepared is None and self.ensemble.is_dispersed:
                self._prepared = self.ensemble.prepare()
        return block_of(self.ensemble.run(members, threads, prepared=self._prepared))


class Crew(Protocol):
    """Whoever runs blocks: the threads of this process, or a cluster."""

    def run(self, runner: BlockRunner, ranges: Sequence[MemberRange]) -> Iterator[MemberBlock]:
        """Give the blocks of the ranges as they are done, in any order, and hold few at a time."""


class Threads:
    """Threads of this process. Blocks run side by side; where there are few, each has several threads."""

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def run(self, runner: BlockRunner, ranges: Sequence[MemberRange]) -> Iterator[MemberBlock]:
        """Give the blocks of the ranges as they are done."""
        at_once = max(min(self.workers, len(ranges)), 1)
        threads = max(self.workers // at_once, 1)
        waiting = iter(ranges)
        pool = ThreadPoolExecutor(max_workers=at_once)
        try:
            pending: set[Future[MemberBlock]] = set()
            while True:
                while len(pending) < at_once and (members := next(waiting, None)) is not None:
                    pending.add(pool.submit(runner.run, members, threads))
                if not pending:
                    return
                done, pending = wait(pending, return_when=FIRST_COMPLETED)
                while done:
                    yield done.pop().result()
        finally:
            pool.shutdown(cancel_futures=True)


@dataclass(frozen=True, slots=True)
class Filled:
    """What was done to have all members in a store: how many were there, were run, and were damaged."""

    found: int
    run: int
    damaged: tuple[MemberRange, ...] = ()


def fill_store(
    store: MemberStore, runner: BlockRunner, wanted: MemberRange, crew: Crew, progress: Progress | None = None
) -> Filled:
    """Run the members that a store lacks, and keep each block as soon as it is done.

    Stopped at any moment, it loses the blocks under way; called again, it goes on with what is missing.

    Raises
    ------
    ConservationError
        When the books of a member do not add up: a fault of Posada.
    """
    check_numbers(wanted.end - wanted.first, runner.ensemble.seed, 1, wanted.first)
    held = store.verify()
    missing = without(wanted, held.sound)
    size = runner.ensemble.block_members
    ranges = [part for gap in missing for part in split_range(gap, size)]
    total = wanted.end - wanted.first
    found = done = total - sum(end - first for first, end in missing)
    if progress:
        progress(done, total)
    for block in crew.run(runner, ranges):
        store.write(block)
        done += len(next(iter(block.arrays.values())))
        if progress:
            progress(done, total)
    return Filled(found, done - found, held.damaged)


def run_in_blocks(runner: BlockRunner, wanted: MemberRange, crew: Crew, progress: Progress | None = None) -> AnyRun:
    """Run members and return them as one run; nothing is kept on disk."""
    check_numbers(wanted.end - wanted.first, runner.ensemble.seed, 1, wanted.first)
    ranges = list(split_range(wanted, runner.ensemble.block_members))

    def told() -> Iterator[MemberBlock]:
        done, total = 0, wanted.end - wanted.first
        for block in crew.run(runner, ranges):
            yield block
            done += block.range.end - block.range.first
            if progress:
                progress(done, total)

    return _run_of(runner.ensemble, join_blocks(told(), wanted))


def load_run(store: MemberStore, ensemble: Ensemble, wanted: MemberRange) -> AnyRun:
    """Return members of a store as one run.

    One with more than :data:`MOST_IN_MEMORY` bytes lies in a file, of which the system loads what is looked at.

    Raises
    ------
    InputFileError
        When members are missing.
    """
    size = ensemble.bytes_per_member * (wanted.end - wanted.first)
    empty = store.scratch if size > MOST_IN_MEMORY else np.empty
    return _run_of(ensemble, join_blocks(store.blocks(wanted), wanted, empty))


def _run_of(ensemble: Ensemble, block: MemberBlock) -> AnyRun:
    return run_of(block, ensemble.scenario, ensemble.seed, ensemble.start)


def place_quantiles(
    store: MemberStore, wanted: MemberRange, place_ids: Sequence[str], name: str = "people"
) -> Iterator[tuple[str, NDArray[np.float64]]]:
    """Give the quantiles of the counts of places by day, ``(n_levels, days)``, a few places in memory at a time.

    Parameters
    ----------
    name : str
        The array, such as ``people``.

    Raises
    ------
    UnknownNameError
        When there is no such place or array.
    InputFileError
        When members are missing.
    """
    days = len(store.labels()["dates"])
    at_once = max(BLOCK_BYTES // (4 * days * (wanted.end - wanted.first)), 1)
    for begin in range(0, len(place_ids), at_once):
        some = place_ids[begin : begin + at_once]
        for place_id, counts in zip(some, store.of_places(name, some, wanted), strict=True):
            yield place_id, quantiles(np.ascontiguousarray(counts.T))
