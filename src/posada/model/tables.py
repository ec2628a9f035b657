"""The tables of a scenario: which record each one holds, and what identifies a row."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from posada.model.fields import Kind, column
from posada.model.geography import Place, Route
from posada.model.journeys import Destination, Group, Status, Stop, Transition
from posada.model.offers import STANCES, Site, Stance, Vehicle
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
    "stances": Stance,
    "statuses": Status,
    "procedure": Transition,
    "signals": Signal,
    "reports": Report,
    "sources": Source,
    "parameters": Parameter,
}
"""Every table by name, in the order in which it is written. A file is the name with ``.csv``."""

REQUIRED_TABLES = ("places", "routes", "groups", "statuses", "sources")

ROW_IDENTITY: dict[str, tuple[str, ...]] = {
    "places": ("id",),
    "routes": ("from_place", "to_place", "mode", "open_from"),
    "groups": ("id",),
    "destinations": ("group", "place"),
    "itinerary": ("group", "place", "date"),
    "sites": ("id",),
    "vehicles": ("id",),
    "stances": ("place", "since"),
    "statuses": ("id",),
    "procedure": ("id",),
    "signals": ("date", "name", "affects"),
    "reports": ("id",),
    "sources": ("id",),
    "parameters": ("name",),
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
