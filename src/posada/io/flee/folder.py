"""A folder of the Flee simulator as a scenario."""

from __future__ import annotations

import datetime as dt
from difflib import get_close_matches
from os import PathLike
from pathlib import Path

from posada.io.bundled import bundled_flee_settings
from posada.io.flee.conditions import read_agents, read_demographics, read_food_insecurity, read_high_water
from posada.io.flee.counts import read_counts
from posada.io.flee.events import CONFLICTS, read_closures, read_conflicts, read_location_changes
from posada.io.flee.geography import LOCATIONS, ROUTES, read_locations, read_major_routes, read_routes
from posada.io.flee.reading import LAST_DAY, Reading, near_file, read_rows, slug
from posada.io.flee.settings import FleeSettings, positions_of, read_settings
from posada.model.checks import in_order
from posada.model.errors import InputFileError, ScenarioError, nearest_hint
from posada.model.findings import Finding, Severity
from posada.model.scenario import Scenario
from posada.model.tables import Settings

PERIOD = "input_csv/sim_period.csv"
SETTINGS_FILE = "simsetting.yml"
OLD_PERIOD = "input_csv/conflict_period.csv"
KNOWN_INPUTS = (
    "locations.csv",
    "routes.csv",
    "closures.csv",
    "conflicts.csv",
    "sim_period.csv",
    "registration_corrections.csv",
    "major_routes.csv",
    "flood_level.csv",
    "region_attributes_IPC.csv",
    "agents.csv",
    "location_changes.csv",
)


def is_flee_folder(folder: Path) -> bool:
    """Tell whether a folder is one of the Flee simulator."""
    return (folder / LOCATIONS).is_file()


def read_flee(folder: str | PathLike[str], settings: str | PathLike[str] | None = None) -> Scenario:
    """Read a folder of the Flee simulator.

    Findings that prevent nothing are in :attr:`Scenario.remarks`, and among those of :meth:`Scenario.check`.

    Parameters
    ----------
    folder : path
        It holds ``input_csv`` and ``source_data``.
    settings : path or None
        A file of settings, or the name of bundled ones; ``simsetting.yml`` in the folder when not given, and the
        defaults of Flee without one.

    Raises
    ------
    ScenarioError
        With every fault found, each with its file, line and cure.
    InputFileError
        When the folder is none of Flee, or the settings do not exist.
    """
    home = Path(folder)
    if not is_flee_folder(home):
        hint = f" Name the folder above it: '{home.parent}'." if (home / "locations.csv").is_file() else ""
        raise InputFileError(f"'{home}' is no folder of Flee: it has no {LOCATIONS}.{hint}")
    file = _settings_file(home, settings)
    reading = Reading(home)
    rules = _read_all(reading, file)
    if any(finding.severity is Severity.ERROR for finding in reading.findings):
        raise ScenarioError(in_order(reading.findings))
    return _scenario(reading, rules, file.name if file else SETTINGS_FILE)


def _settings_file(home: Path, settings: str | PathLike[str] | None) -> Path | None:
    if settings is None:
        return home / SETTINGS_FILE if (home / SETTINGS_FILE).is_file() else None
    file, bundled = Path(settings), bundled_flee_settings()
    if file.is_file():
        return file
    if str(settings) in bundled:
        return bundled[str(settings)]
    near = nearest_hint(file.name, bundled) if file.name == str(settings) else near_file(file.parent, file.name)
    raise InputFileError(f"there are no settings '{file}'. {near}")


def _read_all(reading: Reading, file: Path | None) -> FleeSettings:
    if (reading.folder / OLD_PERIOD).is_file() and not (reading.folder / PERIOD).is_file():
        message = "the folder has 'conflict_period.csv' and no 'sim_period.csv', as before Flee 2."
        cure = "Write sim_period.csv with the rows 'StartDate,YYYY-MM-DD' and 'Length,DAYS'."
        reading.say("flee-old-folder", OLD_PERIOD, message, cure)
        return FleeSettings()
    rules = read_settings(reading, file)
    _say_missing_files(reading, rules)
    _read_period(reading)
    read_locations(reading)
    if (reading.folder / ROUTES).is_file():
        read_routes(reading)
    read_major_routes(reading, used=bool(rules.values.get("fixed_routes", False)))
    read_closures(reading)
    if (reading.folder / CONFLICTS).is_file():
        from_start = [place.name for place in reading.rows["places"] if place.kind == "conflict_zone"]
        read_conflicts(reading, from_start)
    read_location_changes(reading)
    read_food_insecurity(reading)
    read_high_water(reading, used=rules.by_water or bool(rules.values.get("high_water_rules", False)))
    read_demographics(reading)
    read_agents(reading, used=rules.reads_agents)
    read_counts(reading, needed=rules.by_registrations)
    _say_other_files(reading)
    return rules


def _say_missing_files(reading: Reading, rules: FleeSettings) -> None:
    needed = [ROUTES, PERIOD] if rules.by_water else [ROUTES, PERIOD, CONFLICTS]
    for file in needed:
        if not (reading.folder / file).is_file():
            hint = near_file(reading.folder / "input_csv", Path(file).name)
            reading.say("missing-file", file, "the file is absent.", hint)


def _read_period(reading: Reading) -> None:
    """Read the first day and the number of days."""
    if not (reading.folder / PERIOD).is_file():
        return
    text = (reading.folder / PERIOD).read_bytes().decode("utf-8", "replace")
    blank = next((number for number, line in enumerate(text.splitlines(), start=1) if not line.strip()), 0)
    if blank:
        message = "the line is blank, at which Flee stops."
        reading.say("flee-repaired", f"{PERIOD}:{blank}", message, "Posada passes it over.")
    start: dt.date | None = None
    days: int | None = None
    keys = set()
    for row in read_rows(reading, PERIOD) or []:
        key = row.cell(0).casefold()
        if key in ("startdate", "length"):
            keys.add(key)
        if key == "startdate":
            start = reading.date(row, 1, "StartDate")
        elif key == "length":
            days = reading.whole(row, 1, "Length")
            if days is not None and not 1 <= days <= LAST_DAY:
                cure = f"It must be between 1 and {LAST_DAY} (days)."
                reading.say("out-of-bounds", row.where, f"Length is {days}.", cure)
                days = None
    for key, name in (("startdate", "StartDate"), ("length", "Length")):
        if key not in keys:
            reading.say("missing-value", PERIOD, f"'{name}' is missing.", f"Add a row '{name},...'.")
    reading.start = start or reading.start
    reading.days = days or reading.days


def _say_other_files(reading: Reading) -> None:
    """Say which files are not read, and which may be misspelled."""
    for entry in sorted((reading.folder / "input_csv").iterdir()):
        if entry.name in KNOWN_INPUTS or entry.name.startswith("demographics_"):
            continue
        file = f"input_csv/{entry.name}"
        absent = [name for name in KNOWN_INPUTS if not (reading.folder / "input_csv" / name).is_file()]
        near = get_close_matches(entry.name, absent, n=1, cutoff=0.94)
        if near:
            reading.say("unknown-file", file, f"unknown file '{entry.name}'.", f"Did you mean '{near[0]}'?")
        else:
            reading.say("flee-note", file, "the file is not read by Flee.", "Posada leaves it out as well.")


def _scenario(reading: Reading, rules: FleeSettings, settings_file: str) -> Scenario:
    name = reading.folder.resolve().name
    end = reading.start + dt.timedelta(days=reading.days - 1)
    tables = {table: tuple(rows) for table, rows in reading.rows.items()}
    findings: list[Finding] = reading.findings
    try:
        return Scenario(
            settings=Settings(slug(name, "flee"), name, reading.start, end),
            movement=rules.movement(),
            positions=reading.positions | positions_of(rules, settings_file),
            remarks=tuple(findings),
            **tables,
        )
    except ScenarioError as fault:
        raise ScenarioError(in_order((*findings, *fault.findings))) from None
