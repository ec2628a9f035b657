"""A planner's fixed itinerary: where groups stop, and when, instead of choosing for themselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from os import PathLike
from pathlib import Path

from posada.io.csvtext import read_csv
from posada.io.rawtables import RawTable, body, cells_by_header, ragged, read_header
from posada.model.errors import InputFileError, ScenarioError, nearest_hint
from posada.model.fields import CellError, Field, fields_of, parse_cell
from posada.model.findings import Finding
from posada.model.journeys import Group, Stop
from posada.model.scenario import Scenario
from posada.model.ways import reachable, usable_routes

PLANNER = "planner"
"""Source of a stop that names none: whoever asks for the run."""

_Placed = tuple[str, Stop]
"""Where a stop stands in the file, and the stop."""


def read_itinerary(path: str | PathLike[str], scenario: Scenario) -> tuple[Stop, ...]:
    """Read the stops that a planner fixes for the groups of a scenario.

    A CSV file with the columns of ``itinerary.csv``. Every stop has a date; the dates of a group increase,
    lie within the journey, and leave room for the nights stated. ``group`` may be left out when the scenario
    has one group only, ``source`` always.

    Raises
    ------
    InputFileError
        When there is no such file.
    ScenarioError
        With every fault found.
    """
    file = Path(path)
    if not file.is_file():
        raise InputFileError(f"there is no itinerary '{path}'. Name a CSV file with the columns place and date.")
    raw = read_csv(file)
    stops, findings = _read_stops(raw, scenario)
    if not findings and not stops:
        message = "it has no stops."
        findings = [Finding("missing-value", file.name, message, "Add one row for each stop: place, date.")]
    findings += _unknown_names(stops, scenario)
    if not findings:
        findings += _disorder(stops, scenario)
    if findings:
        raise ScenarioError(findings, f"the itinerary '{file.name}'")
    return tuple(stop for _, stop in stops)


def _fields(scenario: Scenario) -> tuple[Field, ...]:
    """Return the fields of a stop as a planner must fill them."""
    required = {
        "group": len(scenario.groups) != 1,
        "place": True,
        "source": False,
        "date": True,
        "nights": False,
    }
    return tuple(replace(spec, required=required[spec.name]) for spec in fields_of(Stop))


def _read_stops(raw: RawTable, scenario: Scenario) -> tuple[list[_Placed], list[Finding]]:
    specs = _fields(scenario)
    columns = read_header(raw, specs)
    findings = [*raw.findings, *columns.findings]
    stops = []
    for row in body(raw) if columns.number else ():
        fault = ragged(row, columns.width)
        if fault is not None:
            findings.append(fault)
            continue
        values = {}
        for spec in specs:
            if spec.header not in columns.absent:
                try:
                    values[spec.name] = parse_cell(spec, cells_by_header(row, columns).get(spec.header, ""))
                except CellError as wrong:
                    findings.append(Finding(wrong.finding_id, row.where, str(wrong), wrong.cure))
        if len(values) == len(specs):
            values["group"] = values["group"] or scenario.groups[0].id
            values["source"] = values["source"] or (PLANNER,)
            stops.append((row.where, Stop(**values)))
    return stops, findings


def _unknown_names(stops: list[_Placed], scenario: Scenario) -> Iterator[Finding]:
    places = [place.id for place in scenario.places]
    groups = [group.id for group in scenario.groups]
    sources = [source.id for source in scenario.sources] + [PLANNER]
    for where, stop in stops:
        if stop.place not in places:
            message = f"place '{stop.place}' is not in the scenario."
            yield Finding("unknown-place", where, message, nearest_hint(stop.place, places))
        named = [("group", stop.group, groups), *(("source", source, sources) for source in stop.source)]
        for what, name, known in named:
            if name not in known:
                message = f"{what} '{name}' is not in the scenario."
                yield Finding("unknown-reference", where, message, nearest_hint(name, known))


def _disorder(stops: list[_Placed], scenario: Scenario) -> Iterator[Finding]:
    for group in scenario.groups:
        own = [(where, stop) for where, stop in stops if stop.group == group.id]
        yield from _outside(own, group, scenario)
        yield from _out_of_turn(own)
        yield from _unreachable(own, group, scenario)


def _outside(own: list[_Placed], group: Group, scenario: Scenario) -> Iterator[Finding]:
    first, last = max(scenario.settings.start, group.departs), scenario.settings.end
    for where, stop in own:
        if stop.date is not None and not first <= stop.date <= last:
            message = f"'date' is {stop.date.isoformat()}; group '{group.id}' is not on its way then."
            cure = f"Name a day from {first.isoformat()} to {last.isoformat()}."
            yield Finding("out-of-bounds", where, message, cure)


def _out_of_turn(own: list[_Placed]) -> Iterator[Finding]:
    for (_, before), (where, stop) in pairwise(own):
        if before.date is None or stop.date is None:
            continue
        free_from = before.date + dt.timedelta(days=before.nights or 1)
        if stop.date < free_from:
            nights = f" for {before.nights} nights" if before.nights else ""
            message = (
                f"group '{stop.group}' arrives in '{stop.place}' on {stop.date.isoformat()}, but it is in "
                f"'{before.place}' from {before.date.isoformat()}{nights}."
            )
            cure = f"Name {free_from.isoformat()} or a later day; list the stops of a group by their days."
            yield Finding("range-order", where, message, cure)


def _unreachable(own: list[_Placed], group: Group, scenario: Scenario) -> Iterator[Finding]:
    settings = scenario.settings
    routes = usable_routes(scenario.routes, settings.start, settings.end, rides_trains=group.rides_trains)
    at = group.origin
    for where, stop in own:
        if stop.place not in reachable(routes, at):
            message = f"group '{group.id}' has no way from '{at}' to '{stop.place}'."
            yield Finding(
                "no-way", where, message, "Name a place on its way, or add the missing route to the scenario."
            )
        at = stop.place
