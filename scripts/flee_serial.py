"""Run serial Flee for some seeds and count people: the part of ``flee_reference.py`` that imports Flee.

It is run by ``flee_reference.py`` in a process of its own, under a Python that has what Flee needs (numpy, pandas,
pyyaml, beartype), with the job as JSON on standard input. It answers one line of JSON for each seed on standard
output. What Flee itself prints, on either stream, is discarded.

Set-up and daily loop follow Flee's ``runscripts/run.py`` step by step through Flee's public functions. Each seed
has a process of its own, forked after Flee was imported: Flee keeps settings, debt and demographics in modules.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import tempfile
import time
import traceback
from functools import partial
from pathlib import Path
from typing import Any, TextIO

Job = dict[str, Any]
"""``flee``, ``folder``, ``settings`` (file), ``hasten`` (or None), ``days`` (0: as the folder says), ``seeds``."""

FLEE_GENERATORS = ("random", "numpy.random")
"""The global generators that Flee draws from; it seeds neither itself."""


def flee_module(name: str) -> Any:
    """Return a module of the Flee that the job names; it has no types."""
    return importlib.import_module(f"flee.{name}")


def read_settings(path: str, hasten: int | None) -> dict[str, Any]:
    """Read a settings file, with another ``hasten`` if one is given, into Flee; return what was read."""
    yaml: Any = importlib.import_module("yaml")
    settings = yaml.safe_load(Path(path).read_text(encoding="utf-8")) or {}
    if hasten is not None:
        settings["optimisations"] = {**(settings.get("optimisations") or {}), "hasten": hasten}
    with tempfile.NamedTemporaryFile("w", suffix=".yml", encoding="utf-8") as file:
        yaml.safe_dump(settings, file)
        file.flush()
        flee_module("SimulationSettings").SimulationSettings.ReadFromYML(file.name)
    return dict(settings)


class Run:
    """One run: set up as ``run.py`` does, then a day at a time, keeping what is counted."""

    def __init__(self, job: Job) -> None:
        self.counts: list[list[int]] = []
        self.under_way: list[int] = []
        self.people: list[int] = []
        self.debt: list[int] = []
        self.camp_data: list[list[int]] = []
        self.names: list[str] = []
        self.camps: list[str] = []
        self.settings = read_settings(job["settings"], job["hasten"])
        self.days = int(job["days"])

    def set_up(self) -> None:
        """Read the folder (the working directory) in the order of ``run.py``."""
        settings = flee_module("SimulationSettings").SimulationSettings
        start, length = flee_module("datamanager.read_period").read_sim_period("input_csv/sim_period.csv")
        self.days = self.days or length
        settings.ConflictInputFile = "input_csv/conflicts.csv"
        settings.FloodLevelInputFile = "input_csv/flood_level.csv"
        world = flee_module("flee").Ecosystem(start, demographics_test_prefix="input_csv")
        geography = flee_module("InputGeography").InputGeography()
        geography.ReadLocationsFromCSV("input_csv/locations.csv")
        geography.ReadLinksFromCSV("input_csv/routes.csv")
        geography.ReadClosuresFromCSV("input_csv/closures.csv")
        world, by_name = geography.StoreInputGeographyInEcosystem(world)
        if settings.spawn_rules["read_from_agents_csv_file"]:
            geography.ReadAgentsFromCSV(world, "input_csv/agents.csv")
        table = flee_module("datamanager.handle_refugee_data").RefugeeTable(
            csvformat="generic",
            data_directory="source_data",
            start_date=start,
            data_layout="data_layout.csv",
            population_scaledown_factor=settings.optimisations["PopulationScaleDownFactor"],
            start_empty=settings.spawn_rules["EmptyCampsOnDay0"],
        )
        table.ReadL1Corrections("input_csv/registration_corrections.csv")
        self.world, self.geography, self.table = world, geography, table
        self.names = [place.name for place in world.locations]
        self.camps = list(world.get_camp_names())
        for camp in self.camps:
            flee_module("spawning").add_initial_refugees(world, table, by_name[camp])

    def live_a_day(self, day: int) -> None:
        """Do one day in the order of ``run.py`` and count."""
        spawning = flee_module("spawning")
        self.geography.AddNewConflictZones(self.world, day)
        _, _, debt = spawning.spawn_daily_displaced(self.world, day, self.table)
        spawning.refresh_spawn_weights(self.world)
        self.world.enact_border_closures(day)
        self.world.evolve()
        self.camp_data.append([int(self.table.get_field(camp, day)) for camp in self.camps])
        here = [int(place.numAgents) for place in self.world.locations]
        self.counts.append(here)
        self.people.append(int(self.world.numAgents()))
        self.under_way.append(self.people[-1] - sum(here))
        self.debt.append(int(debt))


def crash_of(error: BaseException) -> dict[str, str]:
    """Say what Flee stopped with, and in which of its functions."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if f"{os.sep}flee{os.sep}" in frame.filename]
    where = f"{Path(frames[-1].filename).stem}.{frames[-1].name}" if frames else ""
    return {"exception": type(error).__name__, "message": str(error), "where": where}


def run_one(job: Job, seed: int) -> dict[str, Any]:
    """Run one seed from set-up to the last day or to where Flee stops."""
    for generator in FLEE_GENERATORS:
        importlib.import_module(generator).seed(seed)
    begun, worked = time.perf_counter(), time.process_time()
    crash: dict[str, Any] | None = None
    day = -1
    run: Run | None = None
    try:
        run = Run(job)
        run.set_up()
        for day in range(run.days):
            run.live_a_day(day)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever Flee stops with is what is recorded
        crash = {"day": day, **crash_of(error)}
    spent = {"wall_s": time.perf_counter() - begun, "cpu_s": time.process_time() - worked}
    answer: dict[str, Any] = {"seed": seed, **spent, "crash": crash}
    if run is not None:
        kept = ("names", "camps", "counts", "under_way", "people", "debt", "camp_data", "settings")
        answer |= {name: getattr(run, name) for name in kept}
    return answer


def in_own_process(work: partial[dict[str, Any]]) -> str:
    """Return what ``work`` gives in a forked process, as a line of JSON."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        with os.fdopen(writing, "w", encoding="utf-8") as answer:
            json.dump(work(), answer)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as answer:
        line = answer.read()
    os.waitpid(child, 0)
    return line


def quiet_standard_streams() -> TextIO:
    """Send both standard streams to nowhere and return the former standard output."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    return answers


def main() -> None:
    """Do the job that is given as JSON on standard input."""
    job: Job = json.load(sys.stdin)
    sys.path.insert(0, job["flee"])
    modules = ("flee", "spawning", "InputGeography", "datamanager.handle_refugee_data", "datamanager.read_period")
    for name in modules:
        flee_module(name)
    os.chdir(job["folder"])
    with quiet_standard_streams() as answers:
        for seed in job["seeds"]:
            answers.write(in_own_process(partial(run_one, job, seed)) + "\n")
            answers.flush()


if __name__ == "__main__":
    main()
