"""Small corridors with made-up towns, people and offers, for tests of plans."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
from collections.abc import Sequence

import numpy as np

from posada.io.folder import read_scenario
from posada.model.demand import DemandScenarios, joined_legs
from posada.model.geography import Place, Route
from posada.model.plan import PlanFleet, PlanOptions, PlanSite
from posada.model.scenario import Scenario
from posada.model.statements import Source
from posada.model.tables import Settings
from posada.plan.problem import Problem, build_problem

FIRST = dt.date(2030, 5, 1)
SOURCE = Source(id="made_up", title="Made up", publisher="Tests", reliability=1.0, date=FIRST)
EXACT = PlanOptions(
    near_days=9, gap_share=0.0, ride_uptake_share=1.0, least_group=0.0, reserve_vehicles_share=0.0, family_size=2
)
"""Everything is decided now and to the end, and everybody rides who can."""


def corridor(towns: int, km: float = 30.0, names: Sequence[str] | None = None) -> Scenario:
    """Return towns in a row, each as far from the next."""
    names = names or [f"t{number}" for number in range(towns)]
    places = tuple(
        Place(id=name, name=name.upper(), country="AAA", lat=10.0, lon=-90 + at, kind="town", source=("made_up",),
              population=10_000)
        for at, name in enumerate(names)
    )  # fmt: skip
    routes = tuple(
        Route(from_place=a, to_place=b, km=km, mode="road", source=("made_up",)) for a, b in itertools.pairwise(names)
    )
    settings = Settings(id="corridor", title="Corridor", start=FIRST, end=FIRST + dt.timedelta(days=30))
    valley = read_scenario("valley")
    group = dataclasses.replace(
        valley.groups[0], origin=names[0], destination=names[-1], departs=FIRST, source=("made_up",)
    )
    return Scenario(
        settings=settings,
        places=places,
        routes=routes,
        sources=(SOURCE,),
        groups=(group,),
        statuses=tuple(dataclasses.replace(row, source=("made_up",)) for row in valley.statuses),
    )


def walk(
    scenario: Scenario,
    groups: Sequence[Sequence[float]],
    days: int,
    *,
    nights: int = 1,
    road_nights: int = 0,
    weights: Sequence[float] | None = None,
) -> DemandScenarios:
    """Return one group per scenario that walks from the first town to the last, so many nights in each."""
    ids = tuple(place.id for place in scenario.places)
    people = np.zeros((len(groups), days, len(ids), 4))
    parts = []
    for index, group in enumerate(groups):
        day = 0
        for town in range(len(ids)):
            last = town == len(ids) - 1
            stay = days - day if last else nights
            people[index, day : day + stay, town] = group
            day += stay
            if last or day >= days:
                break
            parts.append((index, day, town, town + 1, day + road_nights, tuple(float(number) for number in group)))
            day += road_nights
    shares = np.array(weights or [1 / len(groups)] * len(groups))
    dates = tuple(FIRST + dt.timedelta(days=day) for day in range(days))
    return DemandScenarios(dates, ids, shares, people, joined_legs(parts), tuple("abcdefgh"[: len(groups)]))


def site(place: str, target: int, low: int | None = None, **more: object) -> PlanSite:
    """Return a site that is named after its town."""
    name = str(more.pop("id", f"{place}-site"))
    return PlanSite(name, place, name, target, target if low is None else low, **more)  # type: ignore[arg-type]


def buses(place: str, count: int, seats: int, **more: object) -> PlanFleet:
    """Return buses of a town."""
    name = str(more.pop("id", f"{place}-buses"))
    kind = str(more.pop("type", "bus"))
    accessible = bool(more.pop("accessible", False))
    reach = more.pop("range_km", None)
    limit = more.pop("limit_place", None)
    return PlanFleet(name, place, kind, count, seats, reach, limit, accessible, **more)  # type: ignore[arg-type]


def problem(
    scenario: Scenario,
    demand: DemandScenarios,
    sites: Sequence[PlanSite],
    fleets: Sequence[PlanFleet] = (),
    options: PlanOptions = EXACT,
) -> Problem:
    """Return the problem of a corridor."""
    return build_problem(scenario, demand, options, sites, fleets)
