"""Ensembles in blocks: the same bytes as at once, and nothing lost when a run is cut off."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from posada.forecast.quantiles import quantiles
from posada.io.folder import read_scenario
from posada.io.member_store import open_store
from posada.model.displacement import Movement
from posada.model.errors import ConservationError, InputFileError, InvalidValueError
from posada.model.member_block import MemberRange, block_of
from posada.ops import blocks
from posada.ops.blocks import (
    BlockRunner,
    Ensemble,
    Filled,
    Threads,
    fill_store,
    load_run,
    place_quantiles,
    run_in_blocks,
)
from posada.ops.simulation import simulate

WORLD = Path(__file__).parent.parent / "flee" / "worlds" / "chance-capacity"
MEMBERS = 21
ALL = MemberRange(0, MEMBERS)


def in_bytes(run) -> dict[str, bytes | tuple[str, ...]]:
    """Return all that a run says, to compare it bit by bit."""
    block = block_of(run)
    return {name: array.tobytes() for name, array in {**block.arrays, **block.shared}.items()} | dict(block.labels)


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    """Eight members a block, so that a few make three of them."""
    monkeypatch.setattr(blocks, "MOST_BLOCK_MEMBERS", 8)


@pytest.fixture(scope="module", params=["groups", "dispersed", "both"])
def scenario(request):
    if request.param == "both":
        return read_scenario("valley").replace(movement=Movement())
    return read_scenario("valley" if request.param == "groups" else WORLD)


@pytest.fixture(scope="module")
def at_once(scenario):
    return simulate(scenario, MEMBERS, 7, as_of="start", workers=1)


@pytest.fixture
def runner(scenario) -> BlockRunner:
    return BlockRunner(Ensemble(scenario, 7))


@pytest.mark.parametrize("workers", [1, 2, 7])
def test_blocks_on_threads_are_the_same_bytes(runner, at_once, workers):
    told = []
    run = run_in_blocks(runner, ALL, Threads(workers), lambda *what: told.append(what))
    assert in_bytes(run) == in_bytes(at_once)
    assert told[-1] == (MEMBERS, MEMBERS)


def test_a_store_gives_the_same_bytes(scenario, at_once, tmp_path):
    kept = [simulate(scenario, MEMBERS, 7, as_of="start", workers=2, store=tmp_path / "store") for _ in range(2)]
    assert [in_bytes(run) == in_bytes(at_once) for run in kept] == [True, True]
    assert kept[0].scenario is scenario


def test_a_run_too_large_for_memory_lies_in_a_file(scenario, at_once, tmp_path, monkeypatch):
    monkeypatch.setattr(blocks, "MOST_IN_MEMORY", 100)
    run = simulate(scenario, MEMBERS, 7, as_of="start", store=tmp_path / "store")
    assert isinstance(run.people.base, np.memmap)
    assert in_bytes(run) == in_bytes(at_once)


def test_more_members_later_run_only_the_new_ones(runner, at_once, tmp_path):
    """Ten first: blocks 0-7 and 8-9. Then 21: 10-15 and 16-20 are new, and none before is touched."""
    store = open_store(tmp_path / "store", runner.ensemble.key())
    assert fill_store(store, runner, MemberRange(0, 10), Threads(1)) == Filled(0, 10)
    first = {path.name: path.stat().st_mtime_ns for path in store.folder.iterdir()}
    told = []
    assert fill_store(store, runner, ALL, Threads(2), lambda *what: told.append(what)) == Filled(10, 11)
    assert told[0] == (10, 21)
    assert {path.name: path.stat().st_mtime_ns for path in store.folder.iterdir()}.items() >= first.items()
    assert in_bytes(load_run(store, runner.ensemble, ALL)) == in_bytes(at_once)
    assert fill_store(store, runner, MemberRange(3, 12), Threads(1)) == Filled(9, 0)


class CutOff:
    """A crew that is stopped by the keyboard when one block is done."""

    def run(self, runner, ranges):
        yield runner.run(ranges[1])
        raise KeyboardInterrupt


def test_a_run_that_was_cut_off_keeps_what_was_done(runner, at_once, tmp_path):
    store = open_store(tmp_path / "store", runner.ensemble.key())
    with pytest.raises(KeyboardInterrupt):
        fill_store(store, runner, ALL, CutOff())
    again = open_store(tmp_path / "store", runner.ensemble.key())
    assert fill_store(again, runner, ALL, Threads(1)) == Filled(8, 13)
    assert in_bytes(load_run(again, runner.ensemble, ALL)) == in_bytes(at_once)


def test_a_damaged_block_is_run_again_and_said(runner, at_once, tmp_path):
    store = open_store(tmp_path / "store", runner.ensemble.key())
    fill_store(store, runner, ALL, Threads(1))
    path = next(store.folder.glob("members-00000008-*.npz"))
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    assert fill_store(store, runner, ALL, Threads(1)) == Filled(13, 8, (MemberRange(8, 16),))
    assert in_bytes(load_run(store, runner.ensemble, ALL)) == in_bytes(at_once)


def test_quantiles_come_from_one_place_at_a_time(runner, at_once, tmp_path):
    store = open_store(tmp_path / "store", runner.ensemble.key())
    fill_store(store, runner, ALL, Threads(1))
    places = at_once.place_ids[:2]
    found = dict(place_quantiles(store, ALL, places))
    assert list(found) == list(places)
    for place, values in found.items():
        assert np.array_equal(values, quantiles(at_once.people[:, :, at_once.place_index(place)].T))


def test_another_seed_or_scenario_is_refused(scenario, tmp_path):
    simulate(scenario, 2, 7, as_of="start", store=tmp_path / "store")
    with pytest.raises(InputFileError, match="seed is 7 there, 8 here"):
        simulate(scenario, 2, 8, as_of="start", store=tmp_path / "store")
    other = scenario.replace(places=(dataclasses.replace(scenario.places[0], population=77), *scenario.places[1:]))
    with pytest.raises(InputFileError, match="scenario_hash"):
        simulate(other, 2, 7, as_of="start", store=tmp_path / "store")


def test_another_as_of_date_is_another_run(tmp_path):
    """The state from which a run sets out is part of what it is, and so are the places and days that are kept."""
    valley, world = read_scenario("valley"), read_scenario(WORLD)
    simulate(valley, 2, as_of="2030-05-04", store=tmp_path / "groups")
    with pytest.raises(InputFileError, match="starts is 2030-05-04"):
        simulate(valley, 2, as_of="start", store=tmp_path / "groups")
    simulate(world, 2, days=5, store=tmp_path / "dispersed")
    with pytest.raises(InputFileError, match="days is 5 there, all here"):
        simulate(world, 2, store=tmp_path / "dispersed")


def test_a_run_as_of_a_date_is_kept_as_it_is(tmp_path):
    valley = read_scenario("valley")
    plain, kept = (simulate(valley, 9, as_of="2030-05-04", store=store) for store in (None, tmp_path / "store"))
    assert in_bytes(kept) == in_bytes(plain)
    assert kept.as_of == dt.date(2030, 5, 4)
    assert kept.start == plain.start


class Failing(BlockRunner):
    """A runner whose second block fails."""

    def run(self, members, threads=1):
        if members.first == 8:
            raise ConservationError("the books of member 9 do not add up")
        return super().run(members, threads)


def test_a_fault_in_a_block_stops_the_run_and_keeps_the_others(runner, tmp_path):
    failing = Failing(runner.ensemble)
    store = open_store(tmp_path / "store", runner.ensemble.key())
    with pytest.raises(ConservationError, match="member 9"):
        fill_store(store, failing, ALL, Threads(1))
    assert store.verify().sound == ((0, 8),)


def test_the_size_of_a_block_follows_from_the_scenario(scenario, monkeypatch):
    """Of the largest blocks that fit, the next lower power of two; one member at least."""
    ensemble = Ensemble(scenario, 7)
    assert ensemble.block_members == 8
    for fitting, size in ((5.5, 4), (4.0, 4), (0.1, 1)):
        monkeypatch.setattr(blocks, "BLOCK_BYTES", int(ensemble.bytes_per_member * fitting))
        assert ensemble.block_members == size


def test_bytes_of_a_member_are_counted_well(scenario, at_once):
    """Within a quarter: a block is not larger than it was meant to be."""
    whole = sum(array.nbytes for array in block_of(at_once).arrays.values())
    assert Ensemble(scenario, 7).bytes_per_member == pytest.approx(whole / MEMBERS, rel=0.25)


@pytest.mark.parametrize(("members", "seed"), [(0, 1), (-1, 1), (1, -1)])
def test_bad_numbers_are_refused_before_a_store_is_made(scenario, tmp_path, members, seed):
    with pytest.raises(InvalidValueError):
        simulate(scenario, members, seed, as_of="start", store=tmp_path / "store")
    assert not (tmp_path / "store").exists()
