"""Ensembles in chunks: how members are spread over threads, what may be asked for, and whether the books add up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed

import numpy as np

from posada.engine.world import Ints
from posada.model.errors import ConservationError, InvalidValueError

MAX_SEED = 2**63 - 1

Progress = Callable[[int, int], None]
"""Called with members done and members in all."""


def check_numbers(members: int, seed: int, workers: int, first_member: int) -> None:
    """Raise :class:`InvalidValueError` when a number that a run is asked for with is out of bounds."""
    for name, value, low, high in (
        ("members", members, 1, 10_000_000),
        ("seed", seed, 0, MAX_SEED),
        ("workers", workers, 1, 1024),
        ("first_member", first_member, 0, 2**31),
    ):
        if not low <= value <= high:
            raise InvalidValueError(f"{name} is {value}; it must be between {low} and {high}")


def count_chunks(members: int, chunk_members: int) -> int:
    """Return how many chunks the members make."""
    return -(-members // chunk_members)


def even_chunks(members: int, most_members: int, workers: int) -> int:
    """Return how many members a chunk has so that each thread gets as many chunks, of ``most_members`` at most."""
    rounds = count_chunks(count_chunks(members, most_members), workers)
    return count_chunks(members, rounds * workers)


def run_chunks(
    run_chunk: Callable[[int, int], None],
    members: int,
    chunk_members: int,
    *,
    workers: int,
    progress: Progress | None = None,
) -> None:
    """Run all members, a chunk at a time on each thread; ``run_chunk`` takes the first member and the one behind."""
    chunks = [(begin, min(begin + chunk_members, members)) for begin in range(0, members, chunk_members)]
    with ThreadPoolExecutor(max_workers=workers) as pool:
        pending = {pool.submit(run_chunk, begin, end): end - begin for begin, end in chunks}
        done = 0
        for future in as_completed(pending):
            future.result()
            done += pending[future]
            if progress:
                progress(done, members)


def check_books(imbalance: Ints, first: dt.date, first_member: int) -> None:
    """Raise when the books of a member do not add up.

    Parameters
    ----------
    imbalance : (members,) ints
        First day, from 1, on which those of a member do not; 0 for none.

    Raises
    ------
    ConservationError
        It is a fault of Posada.
    """
    broken = np.flatnonzero(imbalance)
    if broken.size:
        member = int(broken[0])
        day = first + dt.timedelta(days=int(imbalance[member]) - 1)
        raise ConservationError(
            f"the books of member {first_member + member} do not add up on {day} ({broken.size} members in all); "
            "this is a fault of Posada: please report it with the scenario and the seed"
        )
