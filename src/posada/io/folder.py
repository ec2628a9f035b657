"""A scenario folder in and out: ``scenario.toml`` and one CSV file per table.

:func:`read_scenario` and :func:`write_scenario` are the front doors for every form that a scenario has; they
look at the name to tell a folder, a workbook and a bundled scenario apart.
"""

from __future__ import annotations

import shutil
from functools import partial
from os import PathLike
from pathlib import Path

from posada.io.atomic import write_file, write_folder
from posada.io.bundled import bundled_flee, bundled_path, bundled_scenarios, home_of_flee
from posada.io.csvtext import format_csv, read_csv, read_text
from posada.io.rawtables import add_table
from posada.io.settings import FILE as SETTINGS_FILE
from posada.io.settings import add_settings, format_settings
from posada.model.errors import InputFileError, OutputExistsError, UnknownNameError, nearest, nearest_hint
from posada.model.fields import fields_of, format_cell
from posada.model.findings import Finding
from posada.model.scenario import Scenario, ScenarioBuilder
from posada.model.tables import TABLES, required_tables

WORKBOOK_SUFFIX = ".xlsx"
FILE_SUFFIXES = (".xls", ".xlsm", ".xlsb", ".ods", ".csv", ".toml", ".json", ".zip", ".parquet")
"""Suffixes of files that are neither a scenario folder nor a workbook that can be read."""


def read_scenario(path: str | PathLike[str], *, settings: str | PathLike[str] | None = None) -> Scenario:
    """Read a scenario from a folder, from an Excel workbook, or a bundled one by its name.

    A folder of the Flee simulator is read as well. What exists in the current folder is taken before a bundled
    scenario with the same name.

    Parameters
    ----------
    settings : path or None
        For a folder of Flee: a file of its settings, or the name of bundled ones.

    Raises
    ------
    ScenarioError
        With every fault found, each with its file, line and cure.
    InputFileError
        When there is nothing at ``path``, or it is neither a folder nor a workbook, or settings are given for
        what is no folder of Flee.
    UnknownNameError
        When ``path`` is a bare name that neither exists nor is bundled.
    """
    found = Path(path)
    is_bare = found.name == str(path) and found.suffix.lower() != WORKBOOK_SUFFIX
    if not found.exists() and is_bare and found.name in bundled_flee():
        found = home_of_flee() / found.name
    if found.is_dir() and not (found / SETTINGS_FILE).is_file() and _may_be_flee(found):
        from posada.io.flee.folder import read_flee

        return read_flee(found, settings)
    if settings is not None:
        raise InputFileError(f"'{path}' is no folder of Flee, so it takes no settings of Flee ('{settings}').")
    if found.is_dir():
        _refuse_folder_of_scenarios(found)
        return read_folder(found)
    if found.is_file():
        if found.suffix.lower() != WORKBOOK_SUFFIX:
            raise InputFileError(_not_a_scenario(found))
        from posada.io.workbook import read_workbook

        return read_workbook(found)
    if is_bare and found.name in bundled_scenarios():
        return read_folder(bundled_path(found.name))
    if is_bare:
        known = (*bundled_scenarios(), *bundled_flee(), *_scenarios_in(Path()))
        raise UnknownNameError("scenario", found.name, known)
    near = nearest(found.name, _scenarios_in(found.parent))
    hint = f" Did you mean '{found.parent / near[0]}'?" if near else ""
    raise InputFileError(f"there is no folder or workbook '{path}'.{hint}")


def is_flee(path: str | PathLike[str]) -> bool:
    """Tell whether a path, or the name of a bundled conflict, is read as a folder of the Flee simulator."""
    found = Path(path)
    if not found.exists():
        return found.name == str(path) and found.name in bundled_flee()
    return found.is_dir() and not (found / SETTINGS_FILE).is_file() and _may_be_flee(found)


def _refuse_folder_of_scenarios(folder: Path) -> None:
    """Say it when a folder is no scenario and holds some, as a folder of several conflicts does."""
    known = {SETTINGS_FILE, *_files()}
    inside = _scenarios_in(folder)
    if inside and not any(entry.name in known for entry in folder.iterdir()):
        names = ", ".join(f"'{folder / name}'" for name in inside[:6])
        more = f" and {len(inside) - 6} more" if len(inside) > 6 else ""
        raise InputFileError(f"'{folder}' is no scenario, but holds some. Name one of them: {names}{more}.")


def _may_be_flee(folder: Path) -> bool:
    """Tell whether a folder is one of the Flee simulator, or the inner folder of one."""
    return (folder / "input_csv").is_dir() or (folder / "locations.csv").is_file()


def _not_a_scenario(path: Path) -> str:
    if path.name == SETTINGS_FILE or path.name in _files():
        return f"'{path}' is one file of a scenario. Name the folder that it is in: '{path.parent}'."
    return f"'{path}' is neither a scenario folder nor a workbook. Name a folder, or a file ending in .xlsx."


def _scenarios_in(folder: Path) -> list[str]:
    """Return the names in a folder that look like scenarios."""
    if not folder.is_dir():
        return []
    return sorted(
        entry.name
        for entry in folder.iterdir()
        if entry.suffix.lower() == WORKBOOK_SUFFIX
        or (entry / SETTINGS_FILE).is_file()
        or (entry / "input_csv").is_dir()
    )


def _files() -> dict[str, str]:
    """Return the file name of each table."""
    return {f"{table}.csv": table for table in TABLES}


def is_bystander(name: str) -> bool:
    """Tell whether a file or sheet that is not part of a scenario may stand beside its tables."""
    folded = name.casefold()
    is_page = folded.startswith(("readme", "license", "licence")) and not folded.endswith(".csv")
    return is_page or folded.startswith(".") or folded.endswith(".md")


def read_folder(folder: Path) -> Scenario:
    """Read a scenario folder.

    Raises
    ------
    ScenarioError
        With every fault found.
    """
    builder = ScenarioBuilder()
    known = {SETTINGS_FILE: "", **_files()}
    present = {entry.name for entry in folder.iterdir()}
    unknown = sorted(name for name in present if name not in known and not is_bystander(name))
    absent = [name for name in known if name not in present]
    for name in unknown:
        message = f"unknown {'folder' if (folder / name).is_dir() else 'file'} '{name}'."
        cure = nearest_hint(name, known)
        builder.add_findings([Finding("unknown-file", name, message, cure)])
    moves = False
    if SETTINGS_FILE in present:
        text = read_text(folder / SETTINGS_FILE)
        if isinstance(text, Finding):
            builder.add_findings([text])
        else:
            moves = add_settings(builder, text)
    builder.add_findings(
        Finding("missing-file", name, "the file is absent.", f"Add '{name}' to the folder.")
        for name in (SETTINGS_FILE, *(f"{table}.csv" for table in required_tables(has_movement=moves)))
        if name in absent
    )
    for name, table in _files().items():
        if name in present:
            add_table(builder, table, read_csv(folder / name))
    return builder.build()


def write_scenario(scenario: Scenario, path: str | PathLike[str], overwrite: bool = False) -> None:
    """Write a scenario as a workbook when ``path`` ends in ``.xlsx``, as a folder otherwise.

    Reading it back gives an equal scenario with an equal hash. What is written appears whole or not at all.

    Parameters
    ----------
    overwrite : bool
        Whether a scenario that stands there may be replaced. README files and hidden files beside its tables
        are kept; a folder with anything else in it is never touched.

    Raises
    ------
    OutputExistsError
        When something stands there that may not be replaced.
    InputFileError
        When the name is that of another kind of file.
    """
    target = Path(path)
    check_target(target)
    if target.suffix.lower() == WORKBOOK_SUFFIX:
        from posada.io.workbook import save_workbook

        write_file(target, partial(save_workbook, scenario), overwrite=overwrite)
        return
    replaces = None
    if overwrite:
        _check_replaceable(target)
        replaces = partial(_keep_bystanders, target.resolve())
    write_folder(target, partial(fill_folder, scenario), replaces=replaces)


def check_target(target: Path) -> None:
    """Raise when a name to write to is that of a file which is no scenario.

    Raises
    ------
    InputFileError
        When the name ends in a suffix such as ``.csv``.
    """
    if target.suffix.lower() in FILE_SUFFIXES:
        message = f"a scenario cannot be written to '{target.name}'."
        raise InputFileError(f"{message} Name a folder, or a file ending in {WORKBOOK_SUFFIX}.")


def _check_replaceable(target: Path) -> None:
    if not target.is_dir():
        return
    known = {SETTINGS_FILE, *_files()}
    others = sorted(e.name for e in target.iterdir() if e.name not in known and not is_bystander(e.name))
    if others:
        message = f"'{target}' holds '{others[0]}', which is not part of a scenario, so it is not replaced."
        raise OutputExistsError(f"{message} Choose another name; nothing was written.")


def _keep_bystanders(target: Path, old: Path) -> None:
    for entry in old.iterdir():
        if is_bystander(entry.name):
            shutil.move(entry, target / entry.name)


def fill_folder(scenario: Scenario, folder: Path) -> None:
    """Write the files of a scenario into an empty folder."""
    required = required_tables(has_movement=scenario.movement is not None)
    (folder / SETTINGS_FILE).write_text(
        format_settings(scenario.settings, scenario.movement), encoding="utf-8", newline="\n"
    )
    for file, table in _files().items():
        rows = scenario.table(table)
        if rows or table in required:
            specs = fields_of(TABLES[table])
            cells = ([format_cell(spec, getattr(row, spec.name)) for spec in specs] for row in rows)
            text = format_csv([spec.header for spec in specs], cells)
            (folder / file).write_text(text, encoding="utf-8", newline="\n")
