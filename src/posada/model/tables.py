"""The tables of a scenario: which record each one holds, and what identifies a row."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from posada.model.displacement import (
    Closure,
    Condition,
    Conflict,
    Correction,
    Demographic,
    KnownRoute,
    PlaceAttribute,
    PlaceChange,
    Present,
)
from posada.model.fields import Kind, column
from posada.model.geography import Place, Route
from posada.model.journeys import Destination, Group, Status, Stop, Transition
from posada.model.offers import STANCES, Site, Stance, Supply, Vehicle
from posada.model.rates import Parameter
from posada.model.statements import Report, Signal, Source

TABLES: dict[str, type[Any]] = {
    "places": Place,
    "routes": Route,
    "groups": Group,
    "destinations": Destination,
    "itinerary": Stop,
    "sites": Site,
    "vehicles": Vehicle,
    "supplies": Supply,
    "stances": Stance,
    "statuses": Status,
    "procedure": Transition,
    "signals": Signal,
    "reports": Report,
    "sources": Source,
    "parameters": Parameter,
    "conflicts": Conflict,
    "closures": Closure,
    "place_changes": PlaceChange,
    "conditions": Condition,
    "place_attributes": PlaceAttribute,
    "demographics": Demographic,
    "known_routes": KnownRoute,
    "present": Present,
    "corrections": Correction,
}
"""Every table by name, in the order in which it is written. A file is the name with ``.csv``."""

DISPLACEMENT_TABLES = (
    "conflicts",
    "closures",
    "place_changes",
    "conditions",
    "place_attributes",
    "demographics",
    "known_routes",
    "present",
    "corrections",
)
"""Tables that only the section ``[movement]`` makes use of."""

REQUIRED_TABLES = ("places", "routes", "groups", "statuses", "sources")
JOURNEY_TABLES = ("groups", "statuses")
"""Required tables that a scenario of dispersed movement does without."""


def required_tables(*, has_movement: bool) -> tuple[str, ...]:
    """Return the tables that must have rows, with a section ``[movement]`` or without one."""
    return tuple(table for table in REQUIRED_TABLES if not (has_movement and table in JOURNEY_TABLES))


ROW_IDENTITY: dict[str, tuple[str, ...]] = {
    "places": ("id",),
    "routes": ("from_place", "to_place", "mode", "open_from", "parallel"),
    "groups": ("id",),
    "destinations": ("group", "place"),
    "itinerary": ("group", "place", "date"),
    "sites": ("id",),
    "vehicles": ("id",),
    "supplies": ("item", "place"),
    "stances": ("place", "since"),
    "statuses": ("id",),
    "procedure": ("id",),
    "signals": ("date", "name", "affects"),
    "reports": ("id",),
    "sources": ("id",),
    "parameters": ("name",),
    "conflicts": ("place", "date"),
    "closures": ("kind", "first", "second", "closes", "reopens"),
    "place_changes": ("place", "date"),
    "conditions": ("kind", "where", "date"),
    "place_attributes": ("place", "name"),
    "demographics": ("attribute", "value", "place"),
    "known_routes": ("way", "step"),
    "present": ("place", "attributes"),
    "corrections": ("place", "date"),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """What ``scenario.toml`` holds."""

    id: str = column(Kind.ID, "Identifier of the scenario.")
    title: str = column(Kind.TEXT, "Title that readers see.")
    start: dt.date = column(Kind.DATE, "First day.")
    end: dt.date = column(Kind.DATE, "Last day.")
    summary: str | None = column(Kind.TEXT, "What it is about, in a sentence or two.", default=None)
    as_of: dt.date | None = column(
        Kind.DATE, "As-of date of a run that names none; empty: run from the first day.", default=None
    )
    default_stance: str = column(
        Kind.CHOICE, "Stance of a town that stances.csv does not name.", options=STANCES, default="tolerate"
    )
    climate: str = column(
        Kind.CHOICE,
        "Climate for the needs by standard.",
        options=("temperate", "cold", "hot"),
        default="temperate",
    )
