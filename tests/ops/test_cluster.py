"""Runs on a cluster: the same bytes as here, though workers die; and every way in which it can fail says so."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest

from posada.io.folder import read_scenario
from posada.model.errors import ClusterError, ConservationError, InvalidValueError, MissingLibraryError
from posada.model.member_block import MemberRange
from posada.ops import blocks
from posada.ops.blocks import BlockRunner, Ensemble, run_in_blocks
from posada.ops.cluster import Cluster, run_on
from posada.ops.simulation import simulate
from tests.ops.test_blocks import WORLD, in_bytes

distributed = pytest.importorskip("distributed")

MEMBERS = MemberRange(0, 21)
ANY_PORT = "127.0.0.1:0"


@pytest.fixture(scope="module")
def cluster():
    """Two processes of this machine, for all tests of the module: they take seconds to begin."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=ANY_PORT, silence_logs=50
    ) as started:
        yield started


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    monkeypatch.setattr(blocks, "MOST_BLOCK_MEMBERS", 8)


@pytest.mark.parametrize("path", ["valley", WORLD], ids=["groups", "dispersed"])
def test_a_cluster_gives_the_same_bytes(cluster, path, tmp_path):
    scenario = read_scenario(path)
    here = [simulate(scenario, MEMBERS.end, 7, as_of="start", workers=workers) for workers in (1, 2)]
    there = simulate(scenario, MEMBERS.end, 7, as_of="start", cluster=cluster.scheduler_address)
    kept = simulate(
        scenario, MEMBERS.end, 7, as_of="start", cluster=cluster.scheduler_address, store=tmp_path / "store"
    )
    assert in_bytes(here[0]) == in_bytes(here[1]) == in_bytes(there) == in_bytes(kept)


class Fragile(BlockRunner):
    """A runner for which something happens in the second block; in the file it is noted how often it began."""

    def __init__(self, ensemble: Ensemble, happens: str, notes: Path) -> None:
        super().__init__(ensemble)
        self.happens, self.notes = happens, notes

    def __reduce__(self):
        return type(self), (self.ensemble, self.happens, self.notes)

    def run(self, members, threads=1):
        if members.first == 8:
            with self.notes.open("a", encoding="utf-8") as file:
                file.write("x")
            begun = self.notes.stat().st_size
            if self.happens == "the worker dies once" and begun == 1:
                os._exit(1)
            if self.happens == "always fails" or (self.happens == "fails twice" and begun <= 2):
                raise RuntimeError("the disk is full")
            if self.happens == "the books are wrong":
                raise ConservationError("the books of member 9 do not add up")
        return super().run(members, threads)


@pytest.fixture
def fragile(tmp_path):
    ensemble = Ensemble(read_scenario(WORLD), 7)
    return lambda happens: Fragile(ensemble, happens, tmp_path / "begun")


class On:
    """The client of a test as a crew."""

    def __init__(self, client) -> None:
        self.client = client

    def run(self, runner, ranges):
        return run_on(self.client, runner, ranges)


@pytest.mark.parametrize("happens", ["the worker dies once", "fails twice"])
def test_a_block_that_failed_is_run_again(cluster, fragile, happens):
    runner = fragile(happens)
    with distributed.Client(cluster) as client:
        run = run_in_blocks(runner, MEMBERS, On(client))
    assert runner.notes.stat().st_size == (2 if "once" in happens else 3)
    assert in_bytes(run) == in_bytes(simulate(runner.ensemble.scenario, MEMBERS.end, 7))


def test_a_block_that_fails_three_times_stops_the_run(cluster, fragile):
    runner = fragile("always fails")
    said = r"members 8 to 15 failed 3 times on the cluster. The last time: RuntimeError: the disk is full"
    with distributed.Client(cluster) as client, pytest.raises(ClusterError, match=said):
        run_in_blocks(runner, MEMBERS, On(client))
    assert runner.notes.stat().st_size == 3


def test_a_fault_of_posada_is_not_tried_again(cluster, fragile):
    runner = fragile("the books are wrong")
    with distributed.Client(cluster) as client, pytest.raises(ConservationError, match="member 9"):
        run_in_blocks(runner, MEMBERS, On(client))
    assert runner.notes.stat().st_size == 1


def test_other_versions_on_a_worker_are_refused(cluster, monkeypatch):
    monkeypatch.setattr("posada.ops.cluster.computed_with", lambda: {"numba": "0.1"})
    with pytest.raises(ClusterError, match=r"the worker at tcp://.* has numba [0-9.]+, not 0\.1"):
        simulate(read_scenario(WORLD), 3, cluster=cluster.scheduler_address)


def test_processes_of_this_machine_are_started_for_a_run(tmp_path):
    scenario = read_scenario(WORLD)
    run = simulate(scenario, 9, 7, cluster="local:1", store=tmp_path / "store")
    assert in_bytes(run) == in_bytes(simulate(scenario, 9, 7))
    # With all members there, nobody is started, and no scheduler has to answer.
    again = simulate(scenario, 9, 7, cluster="tcp://127.0.0.1:9", store=tmp_path / "store")
    assert in_bytes(again) == in_bytes(run)


def test_nobody_answers():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(ClusterError, match=f"no scheduler answers at '{address}'"):
            list(Cluster(address, patience_s=0.5).run(BlockRunner(Ensemble(read_scenario(WORLD), 7)), [MEMBERS]))


def test_a_cluster_without_workers_says_so():
    with distributed.LocalCluster(n_workers=0, processes=False, dashboard_address=ANY_PORT, silence_logs=50) as empty:
        crew = Cluster(empty.scheduler_address, patience_s=0.5)
        with pytest.raises(ClusterError, match="has no workers"):
            list(crew.run(BlockRunner(Ensemble(read_scenario(WORLD), 7)), [MEMBERS]))


@pytest.mark.parametrize(
    "address", ["", "here", "local", "local:", "local:0", "local:-1", "local:two", "10.0.0.7:8786"]
)
def test_a_bad_address_is_refused(address):
    with pytest.raises(InvalidValueError, match="is no address of a cluster"):
        Cluster(address)


def test_threads_and_a_cluster_contradict():
    with pytest.raises(InvalidValueError, match="Name one"):
        simulate(read_scenario(WORLD), 2, workers=2, cluster="local:2")


def test_without_the_library_the_command_to_install_it_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingLibraryError, match=r"pip install 'posada\[cluster\]'"):
        simulate(read_scenario(WORLD), 2, cluster="local:2")
