"""Folders of Flee for the benchmark: with more or fewer people, and settings that simulate one in so many."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from posada.io.bundled import bundled_flee, bundled_flee_settings, home_of_flee
from posada.model.errors import UnknownNameError

PLAIN = "plain"
"""The name of settings that are empty: Flee's defaults, without ``avoid_short_stints``."""

_POPULATION = 7
_COUNT = 1


def folder_of(conflict: str) -> Path:
    """Return the folder of a conflict: a path, or the name of a bundled one."""
    path = Path(conflict)
    if (path / "input_csv").is_dir():
        return path
    if conflict not in bundled_flee():
        raise UnknownNameError("conflict", conflict, bundled_flee())
    return home_of_flee() / conflict


def write_settings(name: str, hasten: int, target: Path) -> Path:
    """Write settings of which one in ``hasten`` people is simulated: ``plain``, bundled ones, or a file."""
    if name == PLAIN:
        settings: dict[str, Any] = {}
    else:
        source = bundled_flee_settings().get(name, Path(name))
        settings = yaml.safe_load(source.read_text(encoding="utf-8")) or {}
    settings["optimisations"] = {**(settings.get("optimisations") or {}), "hasten": hasten}
    target.write_text(yaml.safe_dump(settings), encoding="utf-8")
    return target


def copy_scaled(source: Path, target: Path, factor: float) -> Path:
    """Copy a folder with so many times the people: populations, capacities and registered counts.

    Everything else is as it was. Numbers are rounded; who was somebody remains at least one, so that no camp
    becomes one without a limit, and no place in conflict one without residents.
    """
    shutil.copytree(source, target)
    _change(target / "input_csv" / "locations.csv", _POPULATION, factor)
    layout = target / "source_data" / "data_layout.csv"
    names = {cell.strip() for row in _rows(layout) for cell in row[1:]}
    for name in sorted(filter(None, names)):
        _change(target / "source_data" / name, _COUNT, factor)
    return target


def _rows(path: Path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return [row for row in csv.reader(file) if row and not row[0].startswith("#")]


def _change(path: Path, column: int, factor: float) -> None:
    """Multiply the numbers of a column, and leave every row without one as it is."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.reader(file):
            if len(row) > column and row[0][:1] != "#":
                row[column] = _times(row[column], lambda value: value * factor)
            writer.writerow(row)
    path.write_text(out.getvalue(), encoding="utf-8")


def _times(cell: str, change: Callable[[float], float]) -> str:
    try:
        value = float(cell)
    except ValueError:
        return cell
    return str(max(round(change(value)), 1) if value > 0 else round(value))
