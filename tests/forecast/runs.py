"""Hand-made runs: a few members, days and places, everything zero but what a test writes down."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np

from posada.model.geography import Place, Route
from posada.model.journeys import Group, Status
from posada.model.run import Run
from posada.model.scenario import Scenario
from posada.model.start import GroupStart, Range, StartingState
from posada.model.statements import Report, Source
from posada.model.tables import Settings

FIRST = dt.date(2030, 3, 1)
PLACES = ("alder", "birch", "cedar")
STATUSES = (
    Status("travelling", "Goes with the group.", "travelling", ("survey",), initial=True),
    Status("permit", "Has a permit.", "permitted", ("survey",)),
    Status("queue", "Waits at the crossing.", "waiting", ("survey",)),
    Status("returned", "Was taken back.", "final", ("survey",)),
    Status("crossed", "Was let across.", "final", ("survey",)),
)
SOURCES = (
    Source("survey", "Town offices", "A survey", 0.8, dt.date(2030, 2, 20)),
    Source("radio", "A radio station", "News", 0.6, FIRST),
    Source("late", "A newspaper", "News of later", 0.6, dt.date(2030, 3, 9)),
    Source("map", "A map maker", "A map", 1.0),
)


def day(number: int) -> dt.date:
    """Return the date of a day, 0 being the first."""
    return FIRST + dt.timedelta(days=number)


def group(id_: str = "main", **changes: Any) -> Group:
    fields: dict[str, Any] = {"name": id_.title(), "origin": "alder", "departs": FIRST, "destination": "cedar"}
    fields |= {"size_low": 800, "size_likely": 1000, "size_high": 1200, "source": ("survey",)}
    return Group(id_, **(fields | changes))


def scenario(**tables: Any) -> Scenario:
    """Return three towns on a road, 40 km apart, for ten days; one group unless others are given."""
    rows: dict[str, Any] = {
        "places": tuple(
            Place(name, name.title(), "AAA", 10.0 + index / 3, -90.0, "town", ("map",), population=10_000)
            for index, name in enumerate(PLACES)
        ),
        "routes": (
            Route("alder", "birch", 40, "road", ("map",)),
            Route("birch", "cedar", 40, "road", ("map",)),
        ),
        "groups": (group(),),
        "statuses": STATUSES,
        "sources": SOURCES,
    }
    settings = tables.pop("settings", Settings("made", "Made by hand", FIRST, day(9)))
    return Scenario(settings, **(rows | tables))


def report(id_: str, published: int, kind: str, **fields: Any) -> Report:
    """Return a report published on a day, about that day unless ``about`` names another."""
    about = fields.pop("about", published)
    known: dict[str, Any] = {"unit": "people", "speaker_role": "reporter", "on_record": True, "source": ("radio",)}
    known |= {"group": "main"} | fields
    return Report(id_, day(published), day(about), kind, **known)


def run(whole: Scenario, *, members: int, days: int, at: StartingState | None = None, **arrays: Any) -> Run:
    """Return a run of zeros, with the arrays that are given; nobody is anywhere."""
    places, statuses, groups = len(whole.places), len(whole.statuses), len(whole.groups)
    axes: dict[str, tuple[int, ...]] = {
        **dict.fromkeys(("people", "arrived", "without_roof", "places_short"), (places,)),
        **dict.fromkeys(("entries", "current"), (statuses,)),
        **dict.fromkeys(("together", "under_way", "total"), ()),
        "main_people": (groups,),
    }
    made: dict[str, Any] = {name: np.zeros((members, days, *axis), np.int32) for name, axis in axes.items()}
    made["main_place"] = np.full((members, days, groups), -1, np.int16)
    made["largest_departure"] = np.zeros((members, places), np.int32)
    made["arrival_hour"] = np.full((members, places), np.nan, np.float32)
    made["drawn"], made["drawn_names"] = np.zeros((members, 0)), ()
    return Run(
        scenario=whole,
        seed=1,
        first_member=0,
        start=at,
        dates=tuple(day(number) for number in range(days)),
        place_ids=tuple(row.id for row in whole.places),
        status_ids=tuple(row.id for row in sorted(whole.statuses, key=lambda row: row.role == "final")),
        group_ids=tuple(row.id for row in whole.groups),
        **(made | arrays),
    )


def stays(where: list[list[int]], people: int = 100) -> dict[str, Any]:
    """Return where the main body sleeps, per member and day (-1: nowhere), and its people in the towns."""
    place = np.array(where, np.int16)
    counts = np.zeros((*place.shape, len(PLACES)), np.int32)
    for index in range(len(PLACES)):
        counts[:, :, index] = np.where(place == index, people, 0)
    body = np.where(place >= 0, people, 0).astype(np.int32)
    return {"main_place": place[:, :, None], "main_people": body[:, :, None], "people": counts}


def in_alder(likely: float = 1000) -> StartingState:
    return StartingState(FIRST, (GroupStart("main", "alder", Range(likely, likely, likely), ()),))
