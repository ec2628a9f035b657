"""Where the small worlds, the conflicts and what Flee made of them are kept, and how they are read."""

from __future__ import annotations

import csv
import gzip
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from posada.engine.dispersal.simulate import simulate_dispersal
from posada.io.folder import read_scenario
from posada.model.dispersal_run import DispersalRun
from posada.model.scenario import Scenario

HERE = Path(__file__).parent
WORLDS = HERE / "worlds"
FIGURES = HERE / "figures"


@dataclass(frozen=True)
class Figure:
    """What Flee made of one place, or of one sum over places, on one day."""

    where: str
    day: int
    mean: float
    sd: float
    seeds: int


def names_of(prefix: str) -> list[str]:
    """Return the worlds of a kind that have figures."""
    return sorted(path.stem for path in FIGURES.glob(f"{prefix}-*.csv"))


def figures_of(world: str) -> list[Figure]:
    """Return the stored figures of a small world."""
    with (FIGURES / f"{world}.csv").open(encoding="utf-8", newline="") as file:
        return [
            Figure(row["location"], int(row["day"]), float(row["mean"]), float(row["sd"]), int(row["seeds"]))
            for row in csv.DictReader(file)
        ]


def run_world(world: str, members: int) -> DispersalRun:
    """Run a small world for the days that Flee ran it."""
    about = json.loads((FIGURES / f"{world}.json").read_text(encoding="utf-8"))
    return simulate_dispersal(read_scenario(WORLDS / world), members=members, seed=1, days=about["days"])


def people_of(run: DispersalRun, figure: Figure) -> np.ndarray:
    """Return what the members have where a figure is about, ``(members,)``."""
    sums = {"*people": run.entered, "*under_way": run.under_way}
    if figure.where in sums:
        return sums[figure.where][:, figure.day].astype(float)
    if figure.where == "*debt":
        return np.full(run.members, float(run.debt[figure.day]))
    ids = {place.name: place.id for place in run.scenario.places}
    return run.people[:, figure.day, run.place_index(ids[figure.where])].astype(float)


@dataclass(frozen=True)
class Conflict:
    """Flee's runs of a conflict: camp counts by seed, day and camp."""

    folder: str
    settings: dict[str, Any]
    camps: tuple[str, ...]
    counts: np.ndarray
    people: np.ndarray


def conflict_names() -> list[str]:
    """Return the conflicts and settings for which runs of Flee are kept."""
    return sorted(path.name.removesuffix(".csv.gz") for path in (FIGURES / "conflicts").glob("*.csv.gz"))


def conflict_of(name: str) -> Conflict:
    """Return what Flee made of a conflict under some settings."""
    path = FIGURES / "conflicts" / f"{name}.csv.gz"
    about = json.loads(path.with_name(f"{name}.json").read_text(encoding="utf-8"))
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    camps = tuple(column for column in rows[0] if column[0] != "*" and column not in {"seed", "day"})
    shape = (len(rows) // about["days"], about["days"])
    counts = np.array([[int(row[camp]) for camp in camps] for row in rows], float).reshape(*shape, len(camps))
    people = np.array([int(row["*people"]) for row in rows]).reshape(shape)
    return Conflict(about["folder"], about["settings"], camps, counts, people)


def scenario_of(conflict: Conflict, settings_file: Path) -> Scenario:
    """Read a conflict with the settings under which Flee ran it, written to a file for that."""
    settings_file.write_text(json.dumps(conflict.settings), encoding="utf-8")  # JSON is YAML
    return read_scenario(conflict.folder, settings=settings_file)
