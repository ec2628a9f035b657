"""The scenarios that come with Posada."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from posada.model.errors import UnknownNameError


def home_of_bundled() -> Path:
    """Return the folder that holds a folder for each bundled scenario."""
    return Path(str(resources.files("posada"))) / "scenarios"


def bundled_scenarios() -> tuple[str, ...]:
    """Return the names of the scenarios that come with Posada, sorted."""
    home = home_of_bundled()
    if not home.is_dir():
        return ()
    return tuple(sorted(entry.name for entry in home.iterdir() if (entry / "scenario.toml").is_file()))


def bundled_path(name: str) -> Path:
    """Return the folder of a bundled scenario.

    Raises
    ------
    UnknownNameError
        When none has this name; the nearest one is named.
    """
    if name not in bundled_scenarios():
        raise UnknownNameError("scenario", name, bundled_scenarios())
    return home_of_bundled() / name
