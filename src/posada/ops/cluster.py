"""Spreading the blocks of an ensemble over a Dask cluster, or over processes of this machine.

Each block is a task of its own that is told the ensemble, which is sent once, and its members. Workers may come,
go and die: Dask gives the tasks of a dead one to others. A block is the same wherever it is made, so the result
has the bytes of a run on one thread; for that a worker must have the versions of this process, which each task
checks.
"""

from __future__ import annotations

import pickle
import warnings
import zlib
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import posada
from posada.model.errors import (
    ClusterError,
    ConservationError,
    InvalidValueError,
    MissingLibraryError,
    PosadaError,
)
from posada.model.member_block import MemberBlock, MemberRange
from posada.ops.blocks import AHEAD, BlockRunner, computed_with

if TYPE_CHECKING:
    from distributed import Client, Future

LOCAL = "local:"
"""``local:4`` as an address: four processes of this machine, started for the run."""

MOST_ATTEMPTS = 3
"""How often a block may fail before the run stops."""


class Cluster:
    """Workers of a Dask cluster.

    Parameters
    ----------
    address : str
        Of the scheduler, such as ``tcp://10.0.0.7:8786``; or ``local:N``.
    patience_s : float
        Seconds to wait for the scheduler, and then for a first worker.

    Raises
    ------
    MissingLibraryError
        When the library is not installed.
    InvalidValueError
        When it is no address.
    """

    def __init__(self, address: str, patience_s: float = 30.0) -> None:
        self.address = address
        self.patience_s = patience_s
        self._processes = _processes(address)
        try:
            import distributed  # noqa: F401  so that the fault is said before anything is computed
        except ImportError:
            raise MissingLibraryError(
                "Running on a cluster needs the library distributed: pip install 'posada[cluster]'."
            ) from None

    def run(self, runner: BlockRunner, ranges: Sequence[MemberRange]) -> Iterator[MemberBlock]:
        """Give the blocks of the ranges as they are done, in any order.

        Raises
        ------
        ClusterError
            When the cluster cannot be reached, or a block failed on it again and again.
        ConservationError, InvalidValueError, PosadaError
            What a block raised that would raise it anywhere.
        """
        if ranges:
            with self._connected() as client:
                yield from run_on(client, runner, ranges)

    @contextmanager
    def _connected(self) -> Iterator[Client]:
        import distributed

        with ExitStack() as opened:
            address = self.address
            if self._processes:
                started = distributed.LocalCluster(
                    n_workers=self._processes,
                    threads_per_worker=1,
                    processes=True,
                    dashboard_address="127.0.0.1:0",  # any free port: others may run here as well
                )
                address = opened.enter_context(started).scheduler_address
            try:
                with warnings.catch_warnings():
                    # What has to agree is checked in each task; the library warns of what does not matter.
                    warnings.simplefilter("ignore", distributed.versions.VersionMismatchWarning)
                    client = opened.enter_context(distributed.Client(address, timeout=self.patience_s))
            except (OSError, TimeoutError):
                raise ClusterError(
                    f"no scheduler answers at '{self.address}'. Start one with 'dask scheduler', and name its address."
                ) from None
            try:
                client.wait_for_workers(1, timeout=self.patience_s)
            except TimeoutError:
                raise ClusterError(
                    f"the cluster at '{self.address}' has no workers. Start some with 'dask worker {self.address}'."
                ) from None
            yield client


def _processes(address: str) -> int:
    """Return how many processes an address asks for; 0 when it is that of a scheduler.

    Raises
    ------
    InvalidValueError
        When it is neither.
    """
    if address.startswith(LOCAL):
        number = address.removeprefix(LOCAL)
        if number.isdecimal() and 1 <= int(number) <= 1024:
            return int(number)
    elif "://" in address:
        return 0
    raise InvalidValueError(
        f"'{address}' is no address of a cluster. Name a scheduler, such as 'tcp://10.0.0.7:8786', or "
        f"'{LOCAL}4' for four processes of this machine."
    )


def run_on(client: Client, runner: BlockRunner, ranges: Sequence[MemberRange]) -> Iterator[MemberBlock]:
    """Give the blocks of the ranges as the workers of a client have them done; see :meth:`Cluster.run`."""
    from distributed import as_completed

    # Made by a task, not scattered: should all workers die that have it, others make it again.
    packed = zlib.compress(pickle.dumps(runner))
    shared = client.submit(_unpack, packed, pure=False)
    waiting = deque(ranges)
    pending: dict[Future[_Outcome], MemberRange] = {}
    failures: Counter[MemberRange] = Counter()
    finished = as_completed()
    try:
        while waiting or pending:
            while waiting and len(pending) < AHEAD * max(sum(client.nthreads().values()), 1):
                members = waiting.popleft()
                future = client.submit(_run_block, shared, members, computed_with(), pure=False)
                pending[future] = members
                finished.add(future)
            future = next(finished)
            members = pending.pop(future)
            try:
                outcome = future.result()
            except Exception as fault:  # noqa: BLE001  whatever it is, it came from somewhere else
                failures[members] += 1
                _stop_if_hopeless(members, failures[members], fault)
                waiting.append(members)
                continue
            finally:
                future.release()
            yield outcome.block_or_raise()
    finally:
        client.cancel([*pending, shared])


def _stop_if_hopeless(members: MemberRange, failed: int, fault: Exception) -> None:
    """Raise when a block is not to be tried again.

    Raises
    ------
    ClusterError
        With what the last attempt said.
    """
    from distributed import KilledWorker

    if isinstance(fault, ModuleNotFoundError):
        raise ClusterError(
            f"a machine of the cluster lacks a library: {fault}. Install posada {posada.__version__} on all of them."
        ) from fault
    if isinstance(fault, KilledWorker):
        raise ClusterError(
            f"members {members} ended every worker that ran them; it may lack memory. Its log says more."
        ) from fault
    if failed >= MOST_ATTEMPTS:
        said = f"{type(fault).__name__}: {fault}"
        raise ClusterError(f"members {members} failed {failed} times on the cluster. The last time: {said}.") from fault


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What a task returns: a block, or why there can be none, in words that survive the way."""

    block: MemberBlock | None
    fault: str = ""
    message: str = ""

    def block_or_raise(self) -> MemberBlock:
        if self.block is not None:
            return self.block
        kinds = {kind.__name__: kind for kind in (ClusterError, ConservationError, InvalidValueError)}
        raise kinds.get(self.fault, PosadaError)(self.message)


def _unpack(packed: bytes) -> BlockRunner:
    runner: BlockRunner = pickle.loads(zlib.decompress(packed))
    return runner


def _run_block(runner: BlockRunner, members: MemberRange, expected: dict[str, str]) -> _Outcome:
    """Run a block in a worker. Errors of ours come back as text: some cannot be pickled, and none is tried again."""
    try:
        _check_versions(expected)
        return _Outcome(runner.run(members))
    except PosadaError as fault:
        return _Outcome(None, type(fault).__name__, str(fault))


def _check_versions(expected: dict[str, str]) -> None:
    from distributed import get_worker

    own = computed_with()
    others = [f"{name} {own.get(name)}, not {value}" for name, value in expected.items() if own.get(name) != value]
    if others:
        raise ClusterError(
            f"the worker at {get_worker().address} has {'; '.join(others)}. "
            "Install the versions of this machine there: with others, results may be others."
        )
