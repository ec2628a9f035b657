"""By whom an ensemble is run, and where its members are kept: threads or a cluster, memory or a store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from posada.engine.chunks import Progress, check_numbers
from posada.io.member_store import open_store
from posada.model.member_block import AnyRun, MemberRange
from posada.ops.blocks import (
    BlockRunner,
    Crew,
    Ensemble,
    Filled,
    Threads,
    fill_store,
    load_run,
    run_in_blocks,
)


def keep_silent(_filled: Filled) -> None:
    """Be told, and say nothing."""


@dataclass(frozen=True, slots=True)
class Means:
    """Who runs the members, and where they are kept.

    Attributes
    ----------
    workers : int
        Threads of this process; not used with a cluster.
    cluster : str or None
        Address of a Dask scheduler, or ``local:N``; ``None`` for threads.
    store : Path or None
        Folder that keeps the members; ``None`` to keep none.
    tell : callable
        Told what was done to fill the store.
    """

    workers: int
    cluster: str | None = None
    store: Path | None = None
    tell: Callable[[Filled], None] = keep_silent


def run_ensemble(ensemble: Ensemble, members: int, means: Means, progress: Progress | None = None) -> AnyRun:
    """Run the first members of an ensemble by these means; the result is the same by any.

    Raises
    ------
    InvalidValueError
        When a number is out of bounds, or the address of the cluster is none.
    MissingLibraryError
        When the library for clusters is not installed.
    ClusterError
        When the cluster cannot be reached, or failed again and again.
    InputFileError
        When the store is of another ensemble.
    OutputExistsError
        When something else stands where the store would be.
    """
    check_numbers(members, ensemble.seed, means.workers, 0)
    if means.cluster is None and means.store is None:
        return ensemble.run(MemberRange(0, members), means.workers, progress=progress)  # shares most between members
    crew = _crew(means)
    runner, wanted = BlockRunner(ensemble), MemberRange(0, members)
    if means.store is None:
        return run_in_blocks(runner, wanted, crew, progress)
    store = open_store(means.store, ensemble.key())
    means.tell(fill_store(store, runner, wanted, crew, progress))
    return load_run(store, ensemble, wanted)


def _crew(means: Means) -> Crew:
    if means.cluster is None:
        return Threads(means.workers)
    from posada.ops.cluster import Cluster  # loads a large library

    return Cluster(means.cluster)
