"""Folders and files that appear whole or not at all, and never in the place of something else."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from posada.model.errors import InvalidValueError, OutputExistsError


def check_file_target(target: Path, *, overwrite: bool = False) -> None:
    """Raise, before anything long is begun, when a file cannot be written there.

    Raises
    ------
    OutputExistsError
        When the target exists and may not be overwritten.
    InvalidValueError
        When nothing can be made there.
    """
    whole = target.resolve()
    if whole.is_dir() or (whole.exists() and not overwrite):
        raise OutputExistsError(f"'{target}' exists. Choose another name, or allow it to be overwritten.")
    home = next(parent for parent in whole.parents if parent.exists())
    if not home.is_dir() or not os.access(home, os.W_OK | os.X_OK):
        why = "you may not write there" if home.is_dir() else "it is a file"
        raise InvalidValueError(f"'{target}' cannot be made in '{home}': {why}. Name another file.")


def write_text(path: Path, text: str) -> None:
    """Write text as UTF-8 with line feeds alone."""
    path.write_text(text, encoding="utf-8", newline="\n")


def write_file(target: Path, write: Callable[[Path], None], *, overwrite: bool = False) -> None:
    """Write a file under another name beside it, and give it its name when it is complete.

    Raises
    ------
    OutputExistsError
        When the target exists and may not be overwritten.
    """
    target = target.resolve()
    if target.is_dir() or (target.exists() and not overwrite):
        raise OutputExistsError(f"'{target.name}' exists. Choose another name, or allow it to be overwritten.")
    target.parent.mkdir(parents=True, exist_ok=True)
    part = _free_name(target)
    try:
        write(part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def write_folder(target: Path, fill: Callable[[Path], None], *, replaces: Callable[[Path], None] | None = None) -> None:
    """Fill a folder under another name beside it, and give it its name when it is complete.

    Parameters
    ----------
    fill : callable
        Writes the files into the folder that it is given.
    replaces : callable or None
        Told the existing folder, moves into the new one what is to be kept of it, once the new one has its
        name; ``None`` when nothing may be replaced.

    Raises
    ------
    OutputExistsError
        When the target exists, is not an empty folder, and may not be replaced; or is the folder one works in.
    """
    target = target.resolve()
    if target.exists() and Path.cwd().is_relative_to(target):
        raise OutputExistsError(f"'{target.name}' is the folder you are in, or above it. Name one inside it.")
    filled = target.exists() and not (target.is_dir() and not any(target.iterdir()))
    if filled and (replaces is None or not target.is_dir()):
        kind = "is a folder that is not empty" if target.is_dir() else "is a file"
        raise OutputExistsError(f"'{target.name}' exists and {kind}. Choose another name; nothing was written.")
    target.parent.mkdir(parents=True, exist_ok=True)
    part = _free_name(target)
    part.mkdir()
    try:
        fill(part)
        if filled and replaces is not None:
            _exchange(part, target, replaces)
        else:
            if target.exists():
                target.rmdir()
            part.rename(target)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _exchange(part: Path, target: Path, keep: Callable[[Path], None]) -> None:
    """Put the new folder in the place of the old one; whatever happens, one of the two is there, whole."""
    old = _free_name(target)
    target.rename(old)
    try:
        part.rename(target)
    except OSError:
        old.rename(target)
        raise
    keep(old)
    shutil.rmtree(old)


def _free_name(target: Path) -> Path:
    """Return a hidden name beside the target that nothing has."""
    for number in itertools.count():
        name = target.with_name(f".{target.name}.{os.getpid()}-{number}.part")
        if not name.exists():
            return name
    raise AssertionError("unreachable: numbers do not end")
