"""The scenarios that come with Posada: its own, and conflicts as folders of the Flee simulator."""

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


def home_of_flee() -> Path:
    """Return the folder that holds a folder of the Flee simulator for each bundled conflict."""
    return Path(str(resources.files("posada"))) / "data" / "flee"


def bundled_flee() -> tuple[str, ...]:
    """Return the names of the conflicts that come with Posada as folders of the Flee simulator, sorted."""
    home = home_of_flee()
    if not home.is_dir():
        return ()
    return tuple(sorted(entry.name for entry in home.iterdir() if (entry / "input_csv").is_dir()))


def bundled_flee_settings() -> dict[str, Path]:
    """Return the files of settings of Flee that come with Posada, by name."""
    return {path.stem: path for path in sorted((home_of_flee() / "settings").glob("*.yml"))}
