"""A new journey on a map that is there: its roads, what past journeys taught, and one group without reports."""

from __future__ import annotations

import dataclasses
import datetime as dt
from os import PathLike
from pathlib import Path
from typing import Any

from posada.io.folder import WORKBOOK_SUFFIX, read_scenario
from posada.io.template import identifier_from, write_with_readme
from posada.model.errors import InvalidValueError
from posada.model.journeys import Group
from posada.model.scenario import Scenario
from posada.model.statements import Source
from posada.model.tables import Settings

GROUP = "group"
FIRST_COUNT = "first_count"
KEPT = ("places", "routes", "statuses", "parameters")
"""Tables that are of the region and not of one journey; of ``procedure`` and ``destinations`` a part is kept."""
REPORTED = ("reports", "sites", "vehicles", "stances", "signals")
"""Tables that are to be filled as people report."""


@dataclasses.dataclass(frozen=True, slots=True)
class NextJourney:
    """What is known of a journey that begins: when, where and how many people (low, likely, high)."""

    start: dt.date
    origin: str
    size: tuple[int, int, int]


def begin_journey(path: str | PathLike[str], template: str, asked: NextJourney) -> Scenario:
    """Write the folder or workbook of a new journey on the map of another scenario, and return the scenario.

    Raises
    ------
    InvalidValueError
        When the other scenario has no group, or people are not in ascending order.
    UnknownNameError
        When there is no such scenario or place.
    OutputExistsError
        When something stands there already.
    """
    made = next_journey(read_scenario(template), asked, Path(path).resolve().name.removesuffix(WORKBOOK_SUFFIX))
    write_with_readme(made, path, REPORTED)
    return made


def next_journey(known: Scenario, asked: NextJourney, title: str) -> Scenario:
    """Return a journey with the map, statuses and parameters of another, and one group at its origin.

    It lasts as long as the other one. Transitions with dates were made for that time and are left out, and so is all
    that was reported: reports, sites, vehicles, stances and signals. Border cities have the chances of the other's
    first group. The size has a source of its own, which says that nobody is named yet.
    """
    if not known.groups:
        raise InvalidValueError(f"'{known.settings.id}' has no group, so no journey can begin on its map.")
    if not 0 <= asked.size[0] <= asked.size[1] <= asked.size[2]:
        raise InvalidValueError(f"{asked.size} people are not in ascending order. Give low, likely and high.")
    first = known.groups[0]
    group = Group(
        GROUP, title, known.place(asked.origin).id, asked.start, *asked.size, first.destination, (FIRST_COUNT,)
    )
    whole: dict[str, Any] = {name: known.table(name) for name in KEPT}
    procedure = tuple(row for row in known.procedure if row.open_from is None and row.open_to is None)
    destinations = tuple(dataclasses.replace(row, group=GROUP) for row in known.destinations if row.group == first.id)
    used = {source for rows in (*whole.values(), procedure, destinations) for row in rows for source in row.source}
    count = Source(FIRST_COUNT, "not named yet", "First count of the group: name who said it", 0.5, asked.start)
    settings = Settings(
        identifier_from(title),
        title,
        asked.start,
        asked.start + (known.settings.end - known.settings.start),
        default_stance=known.settings.default_stance,
        climate=known.settings.climate,
    )
    return Scenario(
        settings=settings,
        groups=(group,),
        procedure=procedure,
        destinations=destinations,
        sources=(count, *(row for row in known.sources if row.id in used)),
        **whole,
    )
