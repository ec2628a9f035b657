"""Measuring one case in a process of its own, so that peak memory is that of the case."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from dataclasses import asdict, dataclass

from bench.conflicts import conflict
from bench.registry import CASES
from posada.engine.dispersal.simulate import simulate_dispersal
from posada.engine.simulate import simulate_ensemble
from posada.model.dispersal_run import DispersalRun
from posada.model.run import Run
from posada.model.scenario import Scenario


@dataclass(frozen=True)
class Measured:
    """What a case cost. Times are wall seconds of the engine alone, best of ``repeats``; memory of the process."""

    name: str
    members: int
    days: int
    places: int
    seconds: float
    cpu_seconds: float
    member_days_per_second: float
    peak_mib: float


def measure_here(name: str, workers: int, repeats: int) -> Measured:
    """Run a case in this process, after a run of a few members that compiles and loads what is needed."""
    case = next(case for case in CASES if case.name == name)
    scenario = case.make()
    # A conflict compiles as well when it is small; a whole one would take as long as what is measured.
    simulate(scenario if scenario.movement is None else conflict(places=20, routes=40, days=5, people=1000), 2, 1)
    walls, cpus = [], []
    for _ in range(repeats):
        run = None  # so that the peak is that of one run
        wall, cpu = time.perf_counter(), time.process_time()
        run = simulate(scenario, case.members, workers)
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    assert run is not None
    days, places = len(run.dates), len(run.place_ids)
    peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    best = min(walls)
    return Measured(case.name, case.members, days, places, best, min(cpus), case.members * days / best, peak_mib)


def simulate(scenario: Scenario, members: int, workers: int) -> Run | DispersalRun:
    """Run members by the engine that the scenario asks for."""
    if scenario.movement is not None:
        return simulate_dispersal(scenario, members=members, seed=1, workers=workers)
    return simulate_ensemble(scenario, members=members, seed=1, workers=workers)


def measure_apart(name: str, workers: int, repeats: int) -> Measured:
    """Run a case in a process of its own."""
    command = [sys.executable, "-m", "bench.measure", name, str(workers), str(repeats)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return Measured(**json.loads(done.stdout))


def measure_start(arguments: tuple[str, ...], repeats: int) -> float:
    """Return the median wall seconds of a whole process of the command line."""
    walls = []
    for _ in range(repeats):
        begin = time.perf_counter()
        subprocess.run([sys.executable, "-m", "posada.cli.main", *arguments], capture_output=True, check=True)
        walls.append(time.perf_counter() - begin)
    return sorted(walls)[len(walls) // 2]


if __name__ == "__main__":
    print(json.dumps(asdict(measure_here(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))))
