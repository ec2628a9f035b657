"""The runs of the benchmark against Flee, each a whole process; what has been measured once is kept in a file."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.flee_folder import copy_scaled, folder_of, write_settings
from bench.whole import Spent, run_whole

Record = dict[str, Any]
SEED = 1


@dataclass(frozen=True)
class Flee:
    """Whose Flee is run: a checkout, or what the Python has installed; and for how long at most."""

    python: tuple[str, ...]
    checkout: Path | None
    limit_s: float


class Kept:
    """What has been measured, in a file, so that a benchmark that was cut off goes on."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self.rows: dict[str, Record] = json.loads(path.read_text(encoding="utf-8")) if path and path.exists() else {}

    def get(self, key: str, measure: Callable[[], Record]) -> Record:
        """Return what is kept under a key, or measure it now and keep it."""
        if key not in self.rows:
            self.rows[key] = measure()
            print(f"{key}: {_short(self.rows[key])}", flush=True)
            if self._path:
                self._path.write_text(json.dumps(self.rows, indent=1), encoding="utf-8")
        return self.rows[key]


def _short(row: Record) -> str:
    return ", ".join(f"{name} {value:.4g}" for name, value in row.items() if isinstance(value, float | int))


def _checked(spent: Spent, what: str) -> Record:
    """Return the costs of a process that ended well."""
    if spent.code != 0:
        raise SystemExit(f"{what} ended with status {spent.code}: {spent.errors[-2000:]}")
    return {"wall_s": spent.wall_s, "cpu_s": spent.cpu_s, "peak_mib": spent.peak_mib}


def run_flee(flee: Flee, conflict: str, settings: str, hasten: int, factor: float = 1.0) -> Record:
    """Run Flee once on a folder, with one in ``hasten`` people; ``{"over_limit_s": ...}`` when that takes too long."""
    with TemporaryDirectory() as temporary:
        home = Path(temporary)
        folder = (
            folder_of(conflict).resolve() if factor == 1 else copy_scaled(folder_of(conflict), home / "folder", factor)
        )
        job = {
            "flee": str(flee.checkout.resolve()) if flee.checkout else None,
            "folder": str(folder),
            "settings": str(write_settings(settings, hasten, home / "settings.yml")),
            "days": 0,
            "seed": SEED,
        }
        script = str(Path(__file__).with_name("flee_process.py"))
        spent = run_whole([*flee.python, script], limit_s=flee.limit_s, given=json.dumps(job))
    if spent.timed_out:
        return {"over_limit_s": flee.limit_s}
    return {**_checked(spent, "Flee"), **json.loads(spent.output)}


def run_posada(conflict: str, settings: str, members: int, workers: int, *, write: bool = False) -> Record:
    """Run ``posada run`` on a folder, with compiled code in place; with all its tables when ``write`` is set."""
    with TemporaryDirectory() as temporary:
        home = Path(temporary)
        file = write_settings(settings, 1, home / "settings.yml")
        command = [sys.executable, "-m", "posada.cli.main", "run", str(folder_of(conflict)), "--settings", str(file)]
        command += ["--members", str(members), "--workers", str(workers), "--seed", str(SEED)]
        command += ["--out", str(home / "out")] if write else []
        return _checked(run_whole(command, limit_s=3600.0), "posada run")


def best_posada(conflict: str, settings: str, members: int, workers: int, repeats: int) -> Record:
    """Return the least wall and CPU time of some runs."""
    rows = [run_posada(conflict, settings, members, workers) for _ in range(repeats)]
    return {name: min(float(row[name]) for row in rows) for name in rows[0]}


def parts_of(conflict: str, settings: str, members: int, factor: float = 1.0) -> Record:
    """Return what :mod:`bench.dispersal_parts` measures, in a process of its own."""
    with TemporaryDirectory() as temporary:
        home = Path(temporary)
        folder = folder_of(conflict) if factor == 1 else copy_scaled(folder_of(conflict), home / "folder", factor)
        file = write_settings(settings, 1, home / "settings.yml")
        command = [sys.executable, "-m", "bench.dispersal_parts", str(folder), str(file), str(members)]
        spent = run_whole(command, limit_s=3600.0)
        row = _checked(spent, "the parts of Posada")
        return {**row, **json.loads(spent.output)}


def people_of(conflict: str) -> int:
    """Return the most people that a folder has registered on one day."""
    from posada.io.folder import read_scenario
    from posada.model.registrations import registered_series

    return int(registered_series(read_scenario(folder_of(conflict))).camps.sum(axis=1).max())
