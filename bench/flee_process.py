"""One run of Flee from its start to its last day, with the time at which each part ended. Runs under Flee's Python.

Set-up and daily loop follow Flee's ``runscripts/run.py`` through Flee's public functions; none of them is changed.
Flee 3.1, as it is on PyPI, lacks some of these functions or takes fewer arguments: what it lacks is left out. The
job is JSON on standard input, the answer one line of JSON on standard output. What Flee prints is discarded.
"""

from __future__ import annotations

import csv
import importlib
import inspect
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

FLEE_GENERATORS = ("random", "numpy.random")
"""The global generators that Flee draws from; it seeds neither itself."""


def flee_module(name: str) -> Any:
    """Return a module of Flee; it has no types."""
    return importlib.import_module(f"flee.{name}")


def accepted(function: Any, **arguments: Any) -> Any:
    """Call a function with those of the named arguments that it takes."""
    known = inspect.signature(function).parameters
    return function(**{name: value for name, value in arguments.items() if name in known})


def read_period(folder: Path) -> tuple[str, int]:
    """Return the first date and the number of days of a folder."""
    with (folder / "sim_period.csv").open(encoding="utf-8") as file:
        rows = {row[0].lower(): row[1] for row in csv.reader(file) if len(row) > 1}
    return rows["startdate"], int(rows["length"])


def set_up(job: dict[str, Any]) -> tuple[Any, Any, Any, int]:
    """Read the folder; return Flee's ecosystem, geography and table of registrations, and the days."""
    settings = flee_module("SimulationSettings").SimulationSettings
    settings.ReadFromYML(job["settings"])
    inputs = Path("input_csv")
    start, days = read_period(inputs)
    settings.ConflictInputFile = str(inputs / "conflicts.csv")
    settings.FloodLevelInputFile = ""
    world = accepted(flee_module("flee").Ecosystem, start_date=start, demographics_test_prefix=str(inputs))
    geography = flee_module("InputGeography").InputGeography()
    geography.ReadLocationsFromCSV(str(inputs / "locations.csv"))
    geography.ReadLinksFromCSV(str(inputs / "routes.csv"))
    geography.ReadClosuresFromCSV(str(inputs / "closures.csv"))
    if not geography.conflicts:  # Flee 3.1 leaves this to the caller
        geography.ReadConflictInputCSV(settings.ConflictInputFile)
    world, by_name = geography.StoreInputGeographyInEcosystem(world)
    table = accepted(
        flee_module("datamanager.handle_refugee_data").RefugeeTable,
        csvformat="generic",
        data_directory="source_data",
        start_date=start,
        data_layout="data_layout.csv",
        population_scaledown_factor=settings.optimisations["PopulationScaleDownFactor"],
        start_empty=settings.spawn_rules.get("EmptyCampsOnDay0", False),
    )
    table.ReadL1Corrections(str(inputs / "registration_corrections.csv"))
    for camp in world.get_camp_names():
        flee_module("spawning").add_initial_refugees(world, table, by_name[camp])
    return world, geography, table, int(job["days"]) or days


def live_a_day(day: int, world: Any, geography: Any, table: Any) -> int:
    """Do one day in the order of ``run.py``, with what it counts; return how many people there are."""
    spawning = flee_module("spawning")
    geography.AddNewConflictZones(world, day)
    spawning.spawn_daily_displaced(world, day, table)
    spawning.refresh_spawn_weights(world)
    world.enact_border_closures(day)
    world.evolve()
    for camp in world.get_camp_names():
        table.get_field(camp, day)
    return int(world.numAgents())


def run(job: dict[str, Any]) -> dict[str, Any]:
    """Do the job: ``flee`` (checkout or None), ``folder``, ``settings`` (file), ``days`` (0: all), ``seed``."""
    marks = [(time.perf_counter(), time.process_time())]
    if job["flee"]:
        sys.path.insert(0, job["flee"])
    flee_module("flee")
    for generator in FLEE_GENERATORS:
        importlib.import_module(generator).seed(job["seed"])
    os.chdir(job["folder"])
    marks.append((time.perf_counter(), time.process_time()))
    world, geography, table, days = set_up(job)
    marks.append((time.perf_counter(), time.process_time()))
    people = [live_a_day(day, world, geography, table) for day in range(days)]
    marks.append((time.perf_counter(), time.process_time()))
    answer: dict[str, Any] = {
        "days": days,
        "people": people[-1],
        "person_days": sum(people),
        "cpu_before_s": marks[0][1],
    }
    for name, before, after in zip(("import", "read", "loop"), marks, marks[1:], strict=False):
        answer |= {f"{name}_wall_s": after[0] - before[0], f"{name}_cpu_s": after[1] - before[1]}
    version = importlib.import_module("flee._version").get_versions()
    return answer | {"version": version["version"], "commit": version["full-revisionid"]}


def main() -> None:
    """Do the job that is given as JSON on standard input."""
    job = json.load(sys.stdin)
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as answers:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        answers.write(json.dumps(run(job)) + "\n")


if __name__ == "__main__":
    main()
