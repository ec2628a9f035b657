"""Where the time of the engine of dispersed people goes, and the least that its draws and bytes must cost.

Steps of the day are timed by the processor's own counter of cycles between calls of the engine's kernels, inside
one compiled function, which costs nothing beside them. Draws are counted exactly and without touching a kernel: a
sequence of draws is a counter, so that its state after a step tells how often it was asked.

``python -m bench.dispersal_parts FOLDER SETTINGS MEMBERS`` prints one line of JSON.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba.core import cgutils
from numba.extending import intrinsic

from posada.engine.compiling import inner_kernel, kernel
from posada.engine.dispersal.decide import leave_places
from posada.engine.dispersal.simulate import BLOCK_DAYS, prepare_dispersal, run_prepared
from posada.engine.dispersal.spawn import spawn, start_people
from posada.engine.dispersal.state import (
    Given,
    Member,
    Now,
    People,
    Scratch,
    bytes_per_member,
    given_of,
    new_people,
    new_scratch,
    people_of,
)
from posada.engine.dispersal.stream import State, begin, binomial_of, following
from posada.engine.dispersal.travel import travel, turn_back
from posada.engine.dispersal.weigh import weigh_days
from posada.engine.draws import DECISION, two_words
from posada.engine.world import Ints
from posada.io.folder import read_scenario

SPAWN, TURN, LEAVE, TRAVEL, COUNTING = range(5)  # cycles
UNIFORMS_SPAWN, UNIFORMS_LEAVE, UNIFORMS_TRAVEL, BEGUN, ROWS_HELD, RIDES_HELD = range(5, 11)
_TALLIES = 11
_INVERSE = np.uint64(pow(0x9E3779B97F4A7C15, -1, 2**64))
_REPEATS = 1_000_000


def _counter_of_cycles(_context: Any) -> Any:
    """Return the counter of cycles of the processor."""

    def write(_context: Any, builder: Any, _signature: Any, _arguments: Any) -> Any:
        kind = ir.FunctionType(ir.IntType(64), [])
        get: Any = cgutils.get_or_insert_function
        return builder.call(get(builder.module, kind, "llvm.readcyclecounter"), [])

    return numba.types.int64(), write


_make: Any = intrinsic
_cycles: Callable[[], int] = _make(_counter_of_cycles)


@inner_kernel
def _drawn(state: State, now: Now, decision: int, entity: int) -> int:
    """Return how many numbers were taken from a sequence since its beginning."""
    return int((state[0] - two_words(now.seed, now.member, decision, now.day, entity)) * _INVERSE)


@inner_kernel
def _count_rows(people: Member, tally: Ints) -> None:
    for c in range(people.today.stay.shape[0]):
        for row in range(people.today.stay.shape[1]):
            tally[ROWS_HELD] += people.today.stay[c, row] > 0


@inner_kernel
def _count_rides(people: Member, tally: Ints) -> None:
    for c in range(people.today.ride.shape[0]):
        for ride in range(people.today.ride.shape[1]):
            tally[RIDES_HELD] += people.today.ride[c, ride] > 0


@kernel
def _run_days(
    first: int, days: int, first_member: int, given: Given, people: People, scratch: Scratch, here: Ints, tally: Ints
) -> None:
    """Run a block of days as the engine does, but for its books, and tally what the steps take."""
    state = scratch.sequence[0]
    for m in range(people.here.shape[0]):
        for block_day in range(days):
            day = first + block_day
            now = Now(m, first_member + m, 1, day, block_day, given.day[day].epoch)
            own = people_of(people, m, day)
            if day == 0:
                start_people(now, given, own, state)
            t0 = _cycles()
            spawn(now, given, own, state)
            t1 = _cycles()
            if given.rules.spawn == 0 and given.day[day].new_people > 0:
                tally[UNIFORMS_SPAWN] += _drawn(state, now, DECISION.spawn, 0)
                tally[BEGUN] += 1
            t2 = _cycles()
            turn_back(now, given, own)
            t3 = _cycles()
            _count_rows(own, tally)
            for p in range(here.size):
                here[p] = own.here[p]
            t4 = _cycles()
            leave_places(now, given, own, scratch)
            t5 = _cycles()
            for p in range(here.size):
                if here[p] > 0:
                    drawn = _drawn(scratch.sequence[p], now, DECISION.dispersed_leave, given.place[p].key)
                    tally[UNIFORMS_LEAVE] += drawn
                    tally[BEGUN] += 1
            _count_rides(own, tally)
            t6 = _cycles()
            travel(now, given, own, scratch)
            t7 = _cycles()
            for p in range(here.size):
                if scratch.begun[p] == now.member * 65_536 + day:
                    drawn = _drawn(scratch.sequence[p], now, DECISION.dispersed_travel, given.place[p].key)
                    tally[UNIFORMS_TRAVEL] += drawn
                    tally[BEGUN] += 1
            t8 = _cycles()
            tally[SPAWN] += t1 - t0
            tally[TURN] += t3 - t2
            tally[LEAVE] += t5 - t4
            tally[TRAVEL] += t7 - t6
            tally[COUNTING] += t2 - t1 + t4 - t3 + t6 - t5 + t8 - t7


@kernel
def _draw_uniforms(state: State, count: int) -> float:
    total = 0.0
    for _ in range(count):
        total += following(state)
    return total


@kernel
def _begin_many(state: State, count: int) -> float:
    total = 0.0
    for day in range(count):
        begin(state, 1, 2, 3, day, 5)
        total += float(state[0])
    return total


@kernel
def _draw_binomials(state: State, count: int, people: int, chance: float) -> int:
    total = 0
    for _ in range(count):
        total += binomial_of(state, people, chance)
    return total


@dataclass(frozen=True)
class Parts:
    """CPU seconds of one process by what they were spent on, and counts per member and day."""

    members: int
    days: int
    person_days: float  # of one member
    state_bytes: int  # of one member
    count_bytes: int  # looked at on each day
    import_s: float
    read_s: float
    world_s: float
    run_s: float  # all members in one thread
    weights_s: float
    spawn_s: float
    turn_s: float
    leave_s: float
    travel_s: float
    uniforms: float  # per member and day, all steps
    uniforms_leave: float
    uniforms_travel: float
    sequences: float
    rows_held: float
    rides_held: float
    uniform_ns: float
    begin_ns: float
    few_ns: float
    inversion_ns: float
    rejection_ns: float
    normal_ns: float
    copy_gb_per_s: float


def _cost_ns(function: Callable[..., float], *arguments: float) -> float:
    """Return the CPU nanoseconds of one of many draws: the least of five tries."""
    state = np.array([1], np.uint64)
    function(state, 10, *arguments)
    best = np.inf
    for _ in range(5):
        begun = time.process_time()
        function(state, _REPEATS, *arguments)
        best = min(best, time.process_time() - begun)
    return best / _REPEATS * 1e9


def _copy_gb_per_s() -> float:
    """Return how fast bytes are copied inside a block of the size of a few members' state."""
    source, target = np.ones(2**20, np.uint8), np.zeros(2**20, np.uint8)
    best = np.inf
    for _ in range(200):
        begun = time.perf_counter()
        np.copyto(target, source)
        best = min(best, time.perf_counter() - begun)
    return 2 * source.size / best / 1e9


def measure(folder: str, settings: str, members: int) -> Parts:
    """Run a folder in this process, part by part."""
    import_s = time.process_time()
    scenario = read_scenario(folder, settings=settings)
    read_s = time.process_time() - import_s
    begun = time.process_time()
    prepared = prepare_dispersal(scenario)
    world_s = time.process_time() - begun
    run_prepared(prepared, members=1, seed=1)
    begun = time.process_time()
    run = run_prepared(prepared, members=members, seed=1, workers=1)
    run_s = time.process_time() - begun

    world, days = prepared.world, len(prepared.dates)
    given, people, scratch = given_of(world), new_people(world, members), new_scratch(world, BLOCK_DAYS)
    here, tally = np.zeros(world.place.key.size, np.int64), np.zeros(_TALLIES, np.int64)
    spent = {"weights": 0.0, "days": 0.0}
    _run_days(0, 0, 0, given, people, scratch, here, tally)  # compiles
    for first in range(0, days, BLOCK_DAYS):
        block = min(BLOCK_DAYS, days - first)
        begun = time.process_time()
        weigh_days(first, block, given, scratch)
        middle = time.process_time()
        _run_days(first, block, 0, given, people, scratch, here, tally)
        spent["weights"] += middle - begun
        spent["days"] += time.process_time() - middle
    second_per_cycle = spent["days"] / max(int(tally[: COUNTING + 1].sum()), 1)
    seconds = {name: float(tally[part]) * second_per_cycle for name, part in _STEPS.items()}
    each = {name: float(tally[part]) / members / days for name, part in _COUNTS.items()}
    chunk = max(min(32, 32 * 2**20 // max(bytes_per_member(world), 1)), 1)
    return Parts(
        members=members, days=days, person_days=float(run.entered.sum(dtype=np.int64) / members),
        state_bytes=bytes_per_member(world),
        count_bytes=(people.stay.nbytes + people.ride.nbytes) // members // 2 + scratch.landing.nbytes,
        import_s=import_s, read_s=read_s, world_s=world_s, run_s=run_s,
        weights_s=spent["weights"] * max(members / chunk, 1.0),
        **seconds, **each, uniforms=float(tally[UNIFORMS_SPAWN : UNIFORMS_TRAVEL + 1].sum()) / members / days,
        uniform_ns=_cost_ns(_draw_uniforms), begin_ns=_cost_ns(_begin_many), few_ns=_cost_ns(_draw_binomials, 6, 0.3),
        inversion_ns=_cost_ns(_draw_binomials, 40, 0.1), rejection_ns=_cost_ns(_draw_binomials, 1000, 0.3),
        normal_ns=_cost_ns(_draw_binomials, 1_000_000, 0.3),
        copy_gb_per_s=_copy_gb_per_s(),
    )  # fmt: skip


_STEPS = {"spawn_s": SPAWN, "turn_s": TURN, "leave_s": LEAVE, "travel_s": TRAVEL}
_COUNTS = {
    "uniforms_leave": UNIFORMS_LEAVE,
    "uniforms_travel": UNIFORMS_TRAVEL,
    "sequences": BEGUN,
    "rows_held": ROWS_HELD,
    "rides_held": RIDES_HELD,
}


if __name__ == "__main__":
    print(json.dumps(asdict(measure(sys.argv[1], sys.argv[2], int(sys.argv[3])))))
